"""Menus and hints keep off the bars at the top: whatever opens, the alarm strip is seen whole."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QToolTip, QWidget

from . import theme


def strip_end(widget: QWidget) -> int:
    """The first pixel (of the screen) under the bars of the window that `widget` is in; far above where it is in none."""
    window = widget.window()
    head = window.menuWidget() if isinstance(window, QMainWindow) else None
    return head.mapToGlobal(QPoint(0, head.height())).y() if head is not None else -(1 << 20)


def open_menu(menu: QMenu, under: QWidget) -> None:
    """Open `menu` under a button, and under the bars."""
    spot, end = under.mapToGlobal(under.rect().bottomLeft()), strip_end(under)
    menu.popup(QPoint(spot.x(), max(spot.y(), end)))
    # Where the screen ends Qt moves a menu up.
    if menu.y() < end:
        menu.move(menu.x(), end)


def lines_below(widget: QWidget) -> int:
    """Lines of a menu that stand between the bars and the window's end."""
    window = widget.window()
    return max((window.mapToGlobal(QPoint(0, window.height())).y() - strip_end(widget) - 16) // theme.size("popup_row"), 3)


class HintsBelow(QObject):
    """A filter for what stands in the bars: its hint opens under them."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and isinstance(watched, QWidget) and watched.toolTip():
            QToolTip.showText(QPoint(event.globalPos().x(), strip_end(watched)), watched.toolTip(), watched)
            return True
        return False
