"""The one 2 px ring around what has the keyboard: shown for keyboard use only, drawn above everything, in the way of nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from . import theme

_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}
_HANDS = {QEvent.Type.MouseButtonPress: False, QEvent.Type.KeyPress: True, QEvent.Type.ShortcutOverride: True}


class FocusRing(QWidget):
    """Follows the focused widget of `window` while the last input came from the keyboard."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._watched: list[QWidget] = []
        self._by_key = False
        self.hide()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        window.installEventFilter(self)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched = _chain(new, self.parentWidget()) if new else []
        for widget in self._watched:
            widget.installEventFilter(self)
        self._by_key = _by_keyboard(self._by_key)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._follow()
        elif event.type() in _HANDS and self._by_key != _HANDS[event.type()]:
            self._by_key = _HANDS[event.type()]
            self._follow()
        return False

    def _follow(self) -> None:
        target = self._watched[0] if self._watched else None
        area = _shown_area(target, self.parentWidget()) if target and self._by_key else QRect()
        if area.isEmpty():
            self.hide()
            return
        self.setGeometry(area.adjusted(-1, -1, 1, 1))
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), theme.size("focus_ring")))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)


def _by_keyboard(before: bool) -> bool:
    """Focus that moves while a mouse button is down came from the mouse."""
    return before if QApplication.mouseButtons() == Qt.MouseButton.NoButton else False


def _chain(widget: QWidget, window: QWidget) -> list[QWidget]:
    """`widget` and what it lies in, up to `window`; [] when it is of another window."""
    chain: list[QWidget] = []
    current: QWidget | None = widget
    while current is not None and current is not window:
        chain.append(current)
        current = current.parentWidget()
    return chain if current is window else []


def _shown_area(widget: QWidget, window: QWidget) -> QRect:
    """Where `widget` can be seen, in the coordinates of `window`."""
    if not widget.isVisible():
        return QRect()
    area, current = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()), widget.parentWidget()
    # Not visibleRegion(): children that paint all of themselves would be cut out of it.
    while current is not None and current is not window:
        area &= QRect(current.mapTo(window, QPoint(0, 0)), current.size())
        current = current.parentWidget()
    return area
