"""The clock of the open incident: stage, what is left, when it ends and in which time it counts, over a thin bar of what is used."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from weihai_command.boards.limit_words import ClockLine

from . import theme
from .parts import Elided, restyle

_BAR_PX = 3
_COLOURS = {"near": "yellow", "over": "red"}


class ShareBar(QWidget):
    """A hairline that fills from the left; `share` 0 … 1."""

    def __init__(self) -> None:
        super().__init__()
        self.share, self.mood = 0.0, "plain"
        self.setFixedHeight(_BAR_PX)

    def show_share(self, share: float, mood: str) -> None:
        self.share, self.mood = share, mood
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("line"))
        painter.fillRect(QRectF(0, 0, self.width() * self.share, _BAR_PX), theme.colour(_COLOURS.get(self.mood, "text2")))


class ClockWidget(QWidget):
    """Hidden while no clock runs."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.bar = Elided("", step="small", tone="second"), ShareBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(3)
        column.addWidget(self.words)
        column.addWidget(self.bar)

    def show_line(self, line: ClockLine | None) -> None:
        self.setVisible(line is not None)
        if line is None:
            return
        self.words.setText(line.text)
        restyle(self.words, tone=line.mood if line.mood in _COLOURS else "second")
        self.words.setToolTip(line.text)
        self.bar.show_share(line.share, line.mood)
        self.setAccessibleName(f"{line.text}，已用 {round(line.share * 100)} %")
