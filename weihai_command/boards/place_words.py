"""What a typed place is, before the report is sent: found with its error, several, or none. Nothing is chosen here."""

from __future__ import annotations

from dataclasses import dataclass

from weihai_command.domain.faults import Ambiguous, Refused
from weihai_command.operations import catalogue

#: Candidates that are listed; a longer name narrows them.
MOST = 8


@dataclass(frozen=True, slots=True)
class PlaceWord:
    """`sentence` under the field; `names` are the places that it may be, `is_wrong` where none or several are."""

    typed: str
    sentence: str = ""
    names: tuple[str, ...] = ()
    is_wrong: bool = False


def place_word(typed: str) -> PlaceWord:
    """Reads the gazetteer (some 40 ms the first time): not on the window's thread."""
    if not typed.strip():
        return PlaceWord(typed)
    try:
        found = catalogue.gazetteer().resolve(typed)
    except Ambiguous as several:
        names = tuple(label for _, label in several.candidates[:MOST])
        return PlaceWord(typed, f"有 {len(several.candidates)} 处叫这个名字，请选一处", names, True)
    except Refused:
        return PlaceWord(typed, "没有找到这个地点：写镇街、村居名，或 Ctrl+P 点图选位", (), True)
    return PlaceWord(typed, f"{found.name} · 误差 {found.radius_m:.0f} 米")
