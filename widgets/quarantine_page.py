"""What was refused at the border, for reading: the newest first, the whole reason and the record as it came under the table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from weihai_command.boards.quarantine_board import QuarantineBoard

from .parts import Plain
from .tables import RowTable
from .timeline_list import breakable

WIDTHS = (104, 80, 132, 92, 0, 116)
REASON = 4


class QuarantinePage(QWidget):
    """Read-only."""

    def __init__(self, board: QuarantineBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board, self.table = board, RowTable("隔离的记录")
        self.table.setModel(board)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        self.empty = Plain("没有被隔离的记录", tone="second")
        self.whole = Plain("", step="small", tone="second")
        self.whole.setWordWrap(True)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.table, self.empty, self.whole):
            inset = 8 if widget is self.table else 16
            box = QHBoxLayout()
            box.setContentsMargins(inset, 8 if widget is self.empty else 0, inset, 0)
            box.addWidget(widget)
            column.addLayout(box, 1 if widget is self.table else 0)
        column.addStretch(0)
        board.modelReset.connect(self._on_rows)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_whole())
        self._on_rows()

    def _on_rows(self) -> None:
        some = self.board.rowCount() > 0
        self.table.setVisible(some)
        self.empty.setVisible(not some)
        self._column.setStretch(0, 1 if some else 0)
        self._column.setStretch(self._column.count() - 1, 0 if some else 1)
        if some and self.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if some and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_whole()

    def _show_whole(self) -> None:
        self.whole.setText(breakable(self.board.whole(self.table.currentIndex().row())))
        self.whole.setVisible(bool(self.whole.text()))
