"""How one cell of the incident list is painted."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from weihai_command.boards.incident_board import ELAPSED, GRADE, LEFT, NUMBER, OWNER, PLACE, PRIORITY, STATE, SYNC, TYPE, IncidentBoard
from weihai_command.boards.incident_rows import WAITING, IncidentRow

from . import icons, theme
from .tables import CENTRE, RIGHT, Index, draw_mood, draw_text, paint_ground
from .tables import LEFT as TO_LEFT

#: Where the text of a column starts inside its cell.
INDENT = {STATE: 16, OWNER: 16}
ALIGN = {PRIORITY: CENTRE, ELAPSED: RIGHT, LEFT: RIGHT}
QUIET = frozenset({NUMBER, ELAPSED, OWNER})


class IncidentDelegate(QStyledItemDelegate):
    """Normal rows are grey and white; only a limit, a grade symbol and a refused act carry colour."""

    def __init__(self, table: QTableView, board: IncidentBoard) -> None:
        super().__init__(table)
        self._table, self._board = table, board

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # The board is asked itself: hundreds of cells by way of the index took longer than to draw them.
        place, column = index.row(), index.column()
        row = self._board.row_at(place)
        if row is None:
            return
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        worry = self._board.worries.get(row.id) if column == STATE else None
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        paint_ground(painter, self._table, area, place, selected=selected, first=column == 0)
        if column == GRADE:
            icons.paint(painter, row.symbol(self._board.clock.now()), area.center(), 22 if row.track == "emergency" else 20)
        elif column == SYNC:
            self._paint_sync(painter, row, area)
        else:
            self._paint_word(painter, row, column, area.adjusted(INDENT.get(column, 0), 0, -4, 0), selected)
        if worry:
            _paint_worry(painter, QPointF(area.left() + 8, area.center().y()), is_lost=worry[0] == "over")

    def _paint_sync(self, painter: QPainter, row: IncidentRow, area: QRectF) -> None:
        if row.is_unsent:
            lost = row.sync in ("conflict", "rejected")
            icons.paint_unsent(painter, QPointF(area.right() - 14, area.center().y()), theme.colour("red_text" if lost else "text"))

    def _paint_word(self, painter: QPainter, row: IncidentRow, column: int, area: QRectF, selected: bool) -> None:
        if column == LEFT:
            text, mood = row.left(self._board.clock.now())
            draw_mood(painter, area.adjusted(0, 0, 4, 0), text, mood, RIGHT)
            return
        if column in STRETCHED and not row.place:
            self._paint_title(painter, row, area, selected)
            return
        text = self._board.cell(row, column)
        bold = (column == STATE and row.state in WAITING) or (column == TYPE and selected)
        name = "stale" if row.ended else "text2" if column in QUIET else "text"
        align = ALIGN.get(column, TO_LEFT)
        area = area.adjusted(0, 0, 4, 0) if column in ALIGN else area
        draw_text(painter, area, text, theme.font(bold=bold), theme.colour(name), align)

    def _paint_title(self, painter: QPainter, row: IncidentRow, area: QRectF, selected: bool) -> None:
        """A message without a place has the room of both columns for what it says; each of the two cells paints its part."""
        whole = QRectF(area)
        whole.setLeft(self._table.columnViewportPosition(TYPE))
        whole.setWidth(self._table.columnWidth(TYPE) + self._table.columnWidth(PLACE) - 4)
        painter.save()
        painter.setClipRect(area.adjusted(0, 0, 4, 0))
        draw_text(painter, whole, row.type, theme.font(bold=selected), theme.colour("stale" if row.ended else "text"))
        painter.restore()


def _paint_worry(painter: QPainter, at: QPointF, *, is_lost: bool) -> None:
    """Before the state: a full red dot for a unit that is lost, a hollow grey one for one that should be heard of."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = theme.colour("red_text" if is_lost else "text2")
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if is_lost else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 3.0, 3.0)
    painter.restore()


WIDTHS = {STATE: 76, GRADE: 28, PRIORITY: 28, NUMBER: 68, TYPE: 104, PLACE: 92, ELAPSED: 52, LEFT: 84, OWNER: 84, SYNC: 24}
#: What a narrow window leaves out (mockups/notes.md).
DROPPED = (PRIORITY, ELAPSED, OWNER)
STRETCHED = (TYPE, PLACE)


def column_widths(available: int, number_width: int, *, compact: bool) -> dict[int, int]:
    """Width of every column; what is left goes to type and place, 0 = hidden."""
    widths = {**WIDTHS, NUMBER: max(WIDTHS[NUMBER], number_width)}
    if compact:
        widths.update(dict.fromkeys(DROPPED, 0))
        widths[SYNC] = 28
    fixed = sum(width for column, width in widths.items() if column not in STRETCHED)
    rest = max(available - fixed, 120)
    widths[TYPE] = rest * 53 // 100
    widths[PLACE] = rest - widths[TYPE]
    return widths
