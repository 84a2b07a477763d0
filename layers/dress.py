"""The style sheet of the controls that lie over the map."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from .palette import palette

_SHEET = Template("""
#map { background: $bg0; }
QFrame#map { background: $bg1; border: 1px solid $line; border-radius: 4px; }
#map QWidget { font-family: "Noto Sans CJK SC", "Microsoft YaHei"; font-size: 14px; font-weight: 400; color: $text; }
#map #plate { background: $bg1; border: 1px solid $line; border-radius: 4px; }
#map #row { background: $bg1; border-top: 1px solid $line; }
#map QLabel { background: transparent; }
#map QLabel#quiet, #map QLabel#coordinate { color: $text2; }
#map QLabel#head { font-weight: 700; }
#map QLabel#key { border: 1px solid $border; border-radius: 3px; color: $text2; padding: 0 5px; }
#map QPushButton { background: $bg1; border: 1px solid $line; border-radius: 4px; padding: 0 8px; min-height: 30px; color: $text; }
#map QPushButton:hover { background: $bg3; }
#map QPushButton:checked { background: $bg3; border-color: $text2; }
#map QPushButton:focus { border: 2px solid $focus; }
#map QPushButton#view { text-align: left; }
#map QPushButton#square { padding: 0; min-width: 30px; max-width: 30px; }
#map QPushButton#segment0, #map QPushButton#segment1 { color: $text2; padding: 0 9px; }
#map QPushButton#segment0 { border-top-right-radius: 0; border-bottom-right-radius: 0; }
#map QPushButton#segment1 { border-top-left-radius: 0; border-bottom-left-radius: 0; border-left: none; }
#map QPushButton#segment0:checked, #map QPushButton#segment1:checked { background: $bg3; border-color: $line; color: $text; }
#map QPushButton#segment0:focus, #map QPushButton#segment1:focus { border: 2px solid $focus; }
#map QScrollArea#kinds, #map QScrollArea#kinds > QWidget > QWidget { background: transparent; }
#map QTreeView#fields { background: transparent; border: none; outline: none; }
#map QTreeView#fields::item, #map QTreeView#fields::branch { background: transparent; }
#map QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
#map QScrollBar::handle:vertical { background: $border; border-radius: 4px; min-height: 32px; }
#map QScrollBar::add-line:vertical, #map QScrollBar::sub-line:vertical { height: 0; }
#map QScrollBar::add-page:vertical, #map QScrollBar::sub-page:vertical { background: transparent; }
#map QListWidget { background: transparent; border: none; outline: none; }
#map QListWidget::item:selected { background: $bg3; color: $text; }
#map QLineEdit { background: $bg0; border: 1px solid $border; border-radius: 4px; padding: 0 8px; min-height: 30px; color: $text; }
#map QLineEdit:focus { border: 2px solid $focus; }
#map QSlider { min-height: 32px; background: transparent; }
#map QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
#map QSlider::sub-page:horizontal { background: $text2; border-radius: 2px; }
#map QSlider::handle:horizontal { width: 14px; margin: -6px 0; border-radius: 7px; background: $text; }
#map QSlider:focus { border: 2px solid $focus; border-radius: 4px; }
#map QPushButton#dots { border-color: transparent; background: transparent; padding: 0; min-width: 30px; max-width: 30px; color: $text2; }
#map QPushButton#dots:hover { background: $bg3; }
#map QPushButton#dots:focus { border: 2px solid $focus; }
#map QCheckBox { spacing: 8px; min-height: 32px; background: transparent; outline: none; }
#map QCheckBox:focus { border: 2px solid $focus; border-radius: 4px; }
#map QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid $text2; border-radius: 2px; background: $bg0; }
#map QCheckBox::indicator:checked { image: url("$check"); }
#map QCheckBox::indicator:indeterminate { image: url("$dash"); }
""")


def style_sheet(theme: str) -> str:
    """For the widget named `map` and what it holds."""
    marks = {name: Path(str(files("resources") / "map" / f"{name}-{theme}.svg")).as_posix() for name in ("check", "dash")}
    return _SHEET.substitute(palette(theme), **marks)
