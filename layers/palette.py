"""The colours of the theme as the map uses them, from resources/theme/tokens.json; and the symbols in those colours."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

#: Dark ink of symbols.svg → the token that stands for it in another theme.
_INKS = {
    "#1D232A": "bg1", "#E6EAEE": "text", "#A9B4BF": "text2", "#6B7783": "border", "#9AA5B1": "stale",
    "#FF5A5A": "red", "#FF9A3C": "orange", "#FFD84A": "yellow", "#5AA9FF": "blue",
}
_HALO = "#14181D"
#: Dark ink that lies on an orange or yellow badge stays dark in every theme.
_ON_BADGE = re.compile(r'id="(g2|g3|wo|wy)"')


@cache
def palette(theme: str) -> dict[str, str]:
    """Token name → #RRGGBB. What a theme does not name comes from the dark one."""
    colours = json.loads((files("resources") / "theme" / "tokens.json").read_text(encoding="utf-8"))["color"]
    merged = {**colours["dark"], **colours.get(theme, {})}
    return {name: token["value"] for name, token in merged.items()}


@cache
def symbols_svg(theme: str) -> str:
    """The text of symbols.svg in the colours of a theme (it is drawn in the dark ones)."""
    text = (files("resources") / "theme" / "symbols.svg").read_text(encoding="utf-8")
    if theme == "dark":
        return text
    return "".join(_dressed(part, palette(theme)) for part in re.split(r"(?=<symbol )", text))


def _dressed(symbol: str, colours: dict[str, str]) -> str:
    halo = rf'{_HALO}(" stroke="{_HALO})?(" stroke-width="4")'
    symbol = re.sub(halo, lambda found: found[0].replace(_HALO, colours["bg0"]), symbol)
    if not _ON_BADGE.search(symbol):
        symbol = symbol.replace(_HALO, colours["bg0"])
    return re.sub("|".join(_INKS), lambda found: colours[_INKS[found[0]]], symbol)
