"""The look of the desk: design tokens made into a palette and a style sheet on Fusion. No widget lives here."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

MODES = ("dark", "light")
#: What the light theme does not name is mixed from two of its colours: name -> (of, with, part of the second).
_MIXED = {"bg3": ("bg2", "text", 0.08), "hover": ("bg1", "bg2", 0.5), "line": ("bg2", "border", 0.3)}
_SAME = {"red_text": "red"}


@cache
def tokens() -> dict[str, Any]:
    """The token file as it is: colours, sizes, columns, fonts."""
    found: dict[str, Any] = json.loads(files("resources").joinpath("theme", "tokens.json").read_text("utf-8"))
    return found


@cache
def colours(mode: str) -> dict[str, str]:
    """Every colour of `mode` as #RRGGBB; the light theme's gaps are filled from its own colours, badges from the dark one."""
    own = {name: entry["value"] for name, entry in tokens()["color"][mode].items()}
    for name, (of, other, part) in _MIXED.items():
        own.setdefault(name, _mix(own[of], own[other], part))
    for name, of in _SAME.items():
        own.setdefault(name, own[of])
    dark = {name: entry["value"] for name, entry in tokens()["color"]["dark"].items()}
    own["on_text"] = dark["on_light"] if mode == "dark" else own["bg1"]
    own["on_drill"] = dark["on_light"] if mode == "dark" else own["bg1"]
    return {**dark, **own}


def _channels(value: str) -> tuple[int, int, int]:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _mix(first: str, second: str, part: float) -> str:
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * part):02X}" for one, two in pairs)


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two #RRGGBB colours, 1–21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in _channels(value))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mode() -> str:
    """The theme that the running application wears."""
    app = QApplication.instance()
    return str((app.property("weihai_theme") if app else None) or "dark")


def colour(name: str) -> QColor:
    """A colour of the present theme, for painting; the same object every time."""
    return _colour(name, mode())


@cache
def _colour(name: str, of: str) -> QColor:
    return QColor(colours(of)[name])


@cache
def size(name: str) -> int:
    return int(tokens()["size"][name])


@cache
def font(step: str = "body", *, bold: bool | None = None) -> QFont:
    """The desk's font at a step of the token file: title, body, small, clock; digits all equally wide. The same object every time."""
    entry = tokens()["font"]["desk"][step]
    made = QFont(tokens()["font"]["family"])
    made.setPixelSize(int(entry["size"]))
    made.setBold(entry.get("weight", 400) >= 700 if bold is None else bold)
    # Tabular figures by OpenType feature exist from Qt 6.7 on; both families have them as their default anyway.
    if hasattr(QFont, "Tag"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def stylesheet(wanted: str) -> str:
    template = files("resources").joinpath("theme", "desk.css").read_text("utf-8")
    return Template(template).substitute(colours(wanted))


def palette(wanted: str) -> QPalette:
    of, roles = colours(wanted), QPalette.ColorRole
    pairs = {
        roles.Window: "bg1", roles.Base: "bg1", roles.AlternateBase: "bg1", roles.Button: "bg2", roles.ToolTipBase: "bg2", roles.Text: "text",
        roles.WindowText: "text", roles.ButtonText: "text", roles.ToolTipText: "text", roles.BrightText: "text", roles.Highlight: "bg3",
        roles.HighlightedText: "text", roles.PlaceholderText: "text2", roles.Link: "blue", roles.Mid: "line", roles.Dark: "line",
        roles.Light: "bg2", roles.Midlight: "bg2", roles.Shadow: "bg0",
    }
    made = QPalette()
    for role, name in pairs.items():
        made.setColor(role, QColor(of[name]))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(of["border"]))
    return made


def apply(app: QApplication, wanted: str = "dark") -> None:
    """Dress the whole application in `dark` or `light`."""
    is_first = app.property("weihai_theme") is None
    app.setProperty("weihai_theme", wanted)
    if is_first:
        # Both are the same in every theme, and each would dress every widget once more.
        app.setStyle("Fusion")
        app.setFont(font())
    app.setPalette(palette(wanted))
    app.setStyleSheet(stylesheet(wanted))
