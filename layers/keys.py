"""The map's keys: everything that the mouse does over it. They hold while the map or one of its controls has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def bind(widget: QWidget, keys: Mapping[str, Callable[[], object]]) -> dict[str, QShortcut]:
    """Give a widget and its children shortcuts, by their key; one that only a mode needs is switched by its owner."""
    made = {}
    for key, action in keys.items():
        shortcut = QShortcut(QKeySequence(key), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)
        made[key] = shortcut
    return made
