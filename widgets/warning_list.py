"""The list of the view 预警: what is in force, the worst first, and what ended today."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from weihai_command.boards.incident_board import ROW
from weihai_command.boards.warning_board import WarningBoard

from . import theme, warning_badge
from .parts import PaneTitle
from .tables import LEFT, RIGHT, Index, draw_mood, draw_text

#: A warning has two lines, a heading one; the badge; what the right column takes.
_TALL, _LOW, _BADGE, _SIDE = 64, 36, 32, 150


class WarningDelegate(QStyledItemDelegate):
    """Badge, title and area; at the right what is left, until when, and what is proposed."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        if not row.id:
            draw_text(painter, area.adjusted(16, 8, -16, 0), row.title, theme.font("small"), theme.colour("text2"), LEFT)
            return
        state = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("bg2" if selected else "hover"))
        if selected:
            painter.fillRect(QRectF(area.left(), area.top(), theme.size("selected_bar"), area.height()), theme.colour("text"))
        self._paint_row(painter, area, row)
        painter.fillRect(QRectF(area.left() + 16, area.bottom(), area.width() - 32, 1), theme.colour("line"))

    def _paint_row(self, painter: QPainter, area: QRectF, row) -> None:  # type: ignore[no-untyped-def]
        if row.colour:
            painter.setOpacity(0.5 if row.is_over else 1.0)
            warning_badge.paint(painter, row.colour, QPointF(area.left() + 34, area.center().y()), _BADGE)
            painter.setOpacity(1.0)
        tone = theme.colour("stale" if row.is_over else "text")
        upper, lower = area.adjusted(60, 9, -16, -area.height() / 2 + 1), area.adjusted(60, area.height() / 2 - 1, -16, -9)
        draw_text(painter, upper.adjusted(0, 0, -_SIDE, 0), row.title, theme.font(bold=not row.is_over), tone)
        draw_text(painter, lower.adjusted(0, 0, -_SIDE, 0), row.place, theme.font("small"), theme.colour("text2"))
        draw_mood(painter, upper, " ".join(part for part in (row.left, row.until if not row.left else "") if part), row.mood, RIGHT)
        second = " · ".join(part for part in (row.note, row.until if row.left else "") if part)
        draw_text(painter, lower.adjusted(lower.width() - 2 * _SIDE + 40, 0, 0, 0), second, theme.font("small"), theme.colour("text2"), RIGHT)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.data(ROW)
        return QSize(200, _TALL if row is not None and row.id else _LOW)


class Rows(QListView):
    """Enter and the space bar are keys of the pane."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            event.ignore()
        else:
            super().keyPressEvent(event)


class WarningList(QWidget):
    """`chosen(id)` for the current row; Enter does what the detail's button does, the space bar shows the area on the map."""

    chosen = Signal(str)
    wanted = Signal()
    located = Signal()

    def __init__(self, board: WarningBoard) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board = board
        self.title = PaneTitle("预警")
        self.list = Rows()
        self.list.setModel(board.rows)
        self.list.setItemDelegate(WarningDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setAccessibleName("预警列表")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.list, 1)
        self.list.selectionModel().currentChanged.connect(self._choose)
        board.listed.connect(self.show_board)
        board.changed.connect(self.show_board)

    def show_board(self) -> None:
        self.title.count.setText(f"生效 {self.board.count}" if self.board.count else "没有生效的预警")
        at = self.board.rows.place_of(self.board.warning_id)
        if at >= 0 and self.list.currentIndex().row() != at:
            self.list.setCurrentIndex(self.board.rows.index(at, 0))

    def enter_rows(self) -> None:
        """The keyboard goes to the list."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.wanted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.located.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self, current: QModelIndex, _: QModelIndex) -> None:
        row = current.data(ROW)
        if row is not None and row.id:
            self.chosen.emit(row.id)
