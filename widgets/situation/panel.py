"""One panel of the leaders' screen: it paints its sheet, and lays a place for the keyboard and the pointer over every figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from weihai_command.domain.situation import Situation
from widgets import theme

from .painting import paint
from .sheet import Figure, Sheet, Type

Lay = Callable[[Type, float, float, Situation, datetime], Sheet]
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class FigureButton(QAbstractButton):
    """Lies over a figure and shows only that the keyboard or the pointer is there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.name = ""
        self._is_under = False

    def become(self, figure: Figure, scale: float) -> None:
        self.name = figure.name
        self.setAccessibleName(figure.words)
        box = figure.box
        self.setGeometry(QRect(round(box.x * scale), round(box.y * scale), round(box.w * scale), round(box.h * scale)))
        self.show()

    def enterEvent(self, event: QEvent) -> None:
        self._is_under = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._is_under = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self.hasFocus() or self._is_under):
            return
        painter = QPainter(self)
        width = 2 if self.hasFocus() else 1
        painter.setPen(QPen(theme.colour("focus" if self.hasFocus() else "border"), width))
        painter.drawRect(self.rect().adjusted(1, 1, -width, -width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            # Arrows are the screen's: they lead from figure to figure, over all panels.
            event.ignore()


class Panel(QWidget):
    """`opened(name)` when a figure is chosen."""

    opened = Signal(str)

    def __init__(self, name: str, lay: Lay, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"situation-{name}")
        self.name, self._lay = name, lay
        self.sheet: Sheet | None = None
        self._buttons: list[FigureButton] = []

    def show_situation(self, found: Situation, now: datetime, scale: float) -> None:
        """Lay the panel out anew; nothing is painted again where nothing changed."""
        made = self._lay(Type(scale), self.width() / scale, self.height() / scale, found, now)
        if made == self.sheet:
            return
        self.sheet = made
        self._cover(made)
        self.update()

    def _cover(self, sheet: Sheet) -> None:
        """One button for each figure; they are used again, so that a night leaves none behind."""
        while len(self._buttons) < len(sheet.figures):
            button = FigureButton(self)
            button.clicked.connect(lambda _=False, one=button: self.opened.emit(one.name))
            self._buttons.append(button)
        for button, figure in zip(self._buttons, sheet.figures, strict=False):
            button.become(figure, sheet.type.scale)
        for button in self._buttons[len(sheet.figures) :]:
            button.hide()

    @property
    def buttons(self) -> list[FigureButton]:
        """Those that stand over a figure now."""
        return self._buttons[: len(self.sheet.figures)] if self.sheet else []

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sheet is not None:
            painter = QPainter(self)
            paint(painter, self.sheet)


def step_of(key: int) -> tuple[int, int] | None:
    """The direction of an arrow key."""
    return _STEPS.get(Qt.Key(key)) if key in {each.value for each in _STEPS} else None


def nearest(here: QRect, others: list[tuple[QRect, FigureButton]], step: tuple[int, int]) -> FigureButton | None:
    """The figure next to `here` in a direction: what lies ahead, the nearest, those straight ahead before those aside."""
    best: tuple[float, FigureButton] | None = None
    for rect, button in others:
        dx, dy = rect.center().x() - here.center().x(), rect.center().y() - here.center().y()
        ahead, aside = (dx * step[0], dy) if step[0] else (dy * step[1], dx)
        if ahead <= 2:
            continue
        cost = ahead + 3.0 * abs(aside)
        if best is None or cost < best[0]:
            best = (cost, button)
    return best[1] if best else None
