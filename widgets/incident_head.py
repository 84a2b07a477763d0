"""The heads of the incident list's columns: a click, or the keyboard, sorts by one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from weihai_command.boards.incident_board import COLUMNS, ELAPSED, GRADE, LEFT, OWNER, PRIORITY, SORTS, STATE, SYNC, URGENCY, IncidentBoard

from . import theme
from .tables import CENTRE, RIGHT
from .tables import LEFT as TO_LEFT

#: What Alt with an arrow does: how many columns further, or whether it falls.
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
_WAYS = {Qt.Key.Key_Up: False, Qt.Key.Key_Down: True}
#: Half the width of the mark at the sorted column.
_MARK = 3.0


class IncidentHead(QHeaderView):
    """Column words aligned as the cells below them; the sorted one is bright, with a mark that points up or down."""

    sorted = Signal()

    def __init__(self, table: QWidget, board: IncidentBoard) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._board = board
        self.sectionClicked.connect(self.sort_by)

    def sort_by(self, column: int) -> None:
        """Rising first, then falling, then by urgency again."""
        now, is_falling = self._board.sorting
        if now != column:
            self._sort(column, is_falling=False)
        else:
            self._sort(URGENCY if is_falling else column, is_falling=not is_falling)

    def take_key(self, event: QKeyEvent) -> bool:
        """Alt with left or right sorts by the next column that is shown, urgency between the last and the first; with up or down turns it round."""
        if event.modifiers() != Qt.KeyboardModifier.AltModifier:
            return False
        column, _ = self._board.sorting
        if event.key() in _STEPS:
            shown = [URGENCY, *(each for each in range(len(COLUMNS)) if not self.isSectionHidden(each))]
            at = shown.index(column) if column in shown else 0
            self._sort(shown[(at + _STEPS[Qt.Key(event.key())]) % len(shown)], is_falling=False)
            return True
        if event.key() in _WAYS and column != URGENCY:
            self._sort(column, is_falling=_WAYS[Qt.Key(event.key())])
            return True
        return event.key() in _WAYS

    def _sort(self, column: int, *, is_falling: bool) -> None:
        self._board.order_by(column, is_falling=is_falling and column != URGENCY)
        self.viewport().update()
        self.sorted.emit()

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        column, is_falling = self._board.sorting
        is_sorted = section == column
        painter.fillRect(rect, theme.colour("bg1"))
        painter.setPen(theme.colour("text" if is_sorted else "text2"))
        painter.setFont(theme.font("small", bold=True) if is_sorted else theme.font("small"))
        align = {PRIORITY: CENTRE, ELAPSED: RIGHT, LEFT: RIGHT, SYNC: RIGHT}.get(section, TO_LEFT)
        left, right = {STATE: 16, OWNER: 16, GRADE: 5}.get(section, 0), 8 if section == SYNC else 0
        word = self._board.heading(section)
        area = rect.adjusted(left, 0, -right, 0)
        painter.drawText(area, int(align), word)
        if is_sorted:
            self._paint_mark(painter, painter.boundingRect(area, int(align), word), is_falling=is_falling)

    def _paint_mark(self, painter: QPainter, word: QRect, *, is_falling: bool) -> None:
        """Above or below the word: the narrow columns have no room beside it."""
        middle, turn = QPointF(word.center().x() + 0.5, word.bottom() + 4.0 if is_falling else word.top() - 4.0), 1 if is_falling else -1
        points = [QPointF(-_MARK, -turn * _MARK / 2), QPointF(_MARK, -turn * _MARK / 2), QPointF(0, turn * _MARK / 2)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawPolygon(QPolygonF([middle + each for each in points]))
        painter.restore()


def sorting_words(board: IncidentBoard) -> str:
    """`按紧急度排序`, or by which column and which way; messages begin with the newest."""
    column, is_falling = board.sorting
    if column == URGENCY and board.chip == "intake":
        return "新来的在前"
    return "按紧急度排序" if column == URGENCY else f"按{SORTS[column][1]}{'降序' if is_falling else '升序'}"
