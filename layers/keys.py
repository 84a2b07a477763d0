"""The map's keys: everything that the mouse does over it. They hold while the map or one of its controls has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from .page_feeds import PageFeeds

#: West, south, east, north in degrees.
Box = tuple[float, float, float, float]
#: Part of the picture that an arrow moves the map by.
PAN = 0.25


def bind(widget: QWidget, keys: Mapping[str, Callable[[], object]]) -> dict[str, QShortcut]:
    """Give a widget and its children shortcuts, by their key; one that only a mode needs is switched by its owner."""
    made = {}
    for key, action in keys.items():
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)
        made[key] = shortcut
    return made


def pan_keys(feeds: PageFeeds, extent: Callable[[], Box | None], moved: Callable[[], object]) -> dict[str, Callable[[], None]]:
    """The arrows move the map by a quarter of what it shows."""

    def pan(east: int, north: int) -> None:
        box = extent()
        if box is not None:
            view = feeds.view
            feeds.go(view["lon"] + east * (box[2] - box[0]) * PAN, view["lat"] + north * (box[3] - box[1]) * PAN, view["zoom"])
            moved()

    return {"Left": lambda: pan(-1, 0), "Right": lambda: pan(1, 0), "Up": lambda: pan(0, 1), "Down": lambda: pan(0, -1)}
