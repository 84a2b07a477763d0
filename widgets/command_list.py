"""What the typed line may become: a plain list above the line, the keys and the count below it. The keyboard stays in the line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from weihai_command.domain.command_line import Completion

from . import theme

MOST_ROWS = 8
PAD, GAP = 12, 24
#: No word takes more of the width than this.
WORD_SHARE = 0.6
_LEFT, _RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)


class CommandList(QWidget):
    """`marked` is the row that Enter would take, -1 for none; `taken(row)` when one was clicked. A child of the window, never one of its own."""

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName("命令行候选")
        self._offers: list[Completion] = []
        self._usage = ""
        self._first = 0
        self.marked = -1
        self.hide()

    def show_offers(self, offers: Sequence[Completion], usage: str, line: QWidget) -> None:
        """Stand over the field `line` with `offers`; nothing where there are none."""
        self._offers, self._usage, self._first, self.marked = list(offers), usage, 0, -1
        window = line.window()
        if not offers:
            self.hide()
            return
        if self.parentWidget() is not window:
            self.setParent(window)
        height = (min(len(offers), MOST_ROWS) + 1) * theme.size("row") + 2
        corner = line.mapTo(window, QPoint(0, 0))
        width = min(max(line.width(), 720), window.width() - corner.x() - 8)
        self.setGeometry(corner.x(), corner.y() - height - 8, width, height)
        self.show()
        self.raise_()
        self.update()

    def step(self, by: int) -> None:
        """Mark the next row, or above the first one none."""
        self.marked = max(-1, min(self.marked + by, len(self._offers) - 1))
        self._first = max(min(self._first, max(self.marked, 0)), self.marked - MOST_ROWS + 1)
        self.setAccessibleDescription(self._spoken())
        self.update()

    def words(self) -> list[str]:
        return [offer.word for offer in self._offers]

    def _spoken(self) -> str:
        return f"{self._offers[self.marked].word} {self._offers[self.marked].note}" if self.marked >= 0 else ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._first + (event.position().toPoint().y() - 1) // theme.size("row")
        if row < min(self._first + MOST_ROWS, len(self._offers)):
            self.taken.emit(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg2"))
        shown = list(enumerate(self._offers))[self._first : self._first + MOST_ROWS]
        self._paint_rows(painter, shown)
        self._paint_foot(painter)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_rows(self, painter: QPainter, shown: list[tuple[int, Completion]]) -> None:
        painter.setFont(theme.font())
        metrics, height = painter.fontMetrics(), theme.size("row")
        room = self.width() - 2 * PAD
        column = min(max((metrics.horizontalAdvance(offer.word) for _, offer in shown), default=0) + GAP, int(room * WORD_SHARE))
        for place, (row, offer) in enumerate(shown):
            area = QRect(PAD, 1 + place * height, room, height)
            if row == self.marked:
                painter.fillRect(QRect(1, area.top(), self.width() - 2, height), theme.colour("bg3"))
                painter.fillRect(QRect(1, area.top(), 3, height), theme.colour("text"))
            painter.setPen(theme.colour("text"))
            painter.drawText(QRect(area.left(), area.top(), column - 8, height), _LEFT, _short(painter, offer.word, column - 8))
            painter.setPen(theme.colour("text2"))
            painter.drawText(area.adjusted(column, 0, 0, 0), _LEFT, _short(painter, offer.note, room - column))

    def _paint_foot(self, painter: QPainter) -> None:
        area = QRect(PAD, self.height() - theme.size("row") - 1, self.width() - 2 * PAD, theme.size("row"))
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(1, area.top(), self.width() - 2, area.top())
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("text2"))
        count = f"{len(self._offers)} 个匹配"
        painter.drawText(area, _RIGHT, count)
        painter.drawText(area, _LEFT, _short(painter, self._usage, area.width() - painter.fontMetrics().horizontalAdvance(count) - GAP))


def _short(painter: QPainter, text: str, room: int) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
