"""The command log's rows: time, incident, kind, who, sentence; what was corrected stands struck beneath."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from weihai_command.boards.incident_board import ROW
from weihai_command.boards.log_board import LogBoard

from . import icons, theme
from .tables import RIGHT, Index, draw_text
from .timeline_list import WRAP, breakable, draw_struck, struck_height

PAD = 16
#: Widths of time, incident, kind, who.
COLUMNS = (132, 84, 52, 92)
AMENDED = "更正"


class LogDelegate(QStyledItemDelegate):
    """Rows of 28 px and more; the selected one on a lighter ground with a bar."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, area = index.data(ROW), QRectF(option.rect)  # type: ignore[attr-defined]
        view = self.parent()
        if isinstance(view, QListView) and view.currentIndex().row() == index.row():
            painter.fillRect(area, theme.colour("bg2"))
            painter.fillRect(QRectF(area.left(), area.top(), theme.size("selected_bar"), area.height()), theme.colour("text"))
        line = QRectF(area.left() + PAD, area.top(), 0, theme.size("row_read_only"))
        for width, text, tone in zip(COLUMNS, (row.at, row.number, row.kind, row.who), ("text2", "text", "text2", "text2"), strict=True):
            draw_text(painter, QRectF(line.left(), line.top(), width - 8, line.height()), text, theme.font(), theme.colour(tone))
            line.translate(width, 0)
        mark = _mark_width(row)
        if row.earlier:
            draw_text(painter, QRectF(line.left(), line.top(), mark, line.height()), AMENDED, theme.font("small", bold=True), theme.colour("yellow"))
        box = self._box(row, area.left() + area.width())
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        painter.drawText(box.translated(0, area.top() + 2), WRAP, breakable(row.text))
        draw_struck(painter, QRectF(box.left() - mark, area.top() + 2 + box.height(), box.width() + mark, 0), row.earlier)
        if row.sync:
            draw_text(painter, QRectF(area.right() - PAD - 88, area.top(), 64, theme.size("row_read_only")), row.sync, theme.font("small"), theme.colour("text2"), RIGHT)
            icons.paint_unsent(painter, QPointF(area.right() - PAD - 8, area.top() + theme.size("row_read_only") / 2), theme.colour("text"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row, view = index.data(ROW), self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 900
        box = self._box(row, width)
        struck = struck_height(row.earlier, int(box.width()) + _mark_width(row))
        return QSize(80, max(theme.size("row_read_only"), int(box.height()) + struck + 4))

    @staticmethod
    def _box(row, right: float) -> QRectF:  # type: ignore[no-untyped-def]
        left = PAD + sum(COLUMNS) + _mark_width(row)
        width = max(int(right - left - PAD - (92 if row.sync else 0)), 80)
        found = QFontMetrics(theme.font()).boundingRect(QRect(0, 0, width, 10_000), WRAP, breakable(row.text))
        return QRectF(left, 0, width, found.height())


def _mark_width(row) -> int:  # type: ignore[no-untyped-def]
    return 38 if row.earlier else 0


class LogList(QListView):
    """One row at a time by the arrows; letters are the panel's."""

    def __init__(self, board: LogBoard) -> None:
        super().__init__()
        self.setAccessibleName("指挥日志")
        self.setModel(board)
        self.setItemDelegate(LogDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the panel, not a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.text().strip() or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)
