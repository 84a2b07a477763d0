"""What has not reached the platform: what, when, whose, why it waits; conflicts to settle, acts to withdraw, questions of sync."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QWidget

from weihai_command.boards.status_board import StatusBoard

from .conflict_panel import ConflictPanel
from .panel import Panel
from .parts import KeyButton, Plain
from .tables import RowTable

WIDTHS = (84, 92, 116, 92, 76)


class OutboxTable(RowTable):
    """Delete withdraws the row."""

    withdraw_wanted = Signal()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Delete:
            self.withdraw_wanted.emit()
        elif event.key() in (Qt.Key.Key_M, Qt.Key.Key_P):
            event.ignore()
        else:
            super().keyPressEvent(event)


class OutboxPanel(Panel):
    """`withdraw_requested(op_id)`, `resolve_requested(op_id, side)`, `retry_requested(op_id)`, `incident_wanted(number)`,
    `vanish_allowed(kind)`: the officer lets the platform's mass deletion of a kind through."""

    withdraw_requested = Signal(str)
    resolve_requested = Signal(str, str)
    retry_requested = Signal(str)
    incident_wanted = Signal(str)
    vanish_allowed = Signal(str)

    def __init__(self, board: StatusBoard, parent: QWidget | None = None) -> None:
        super().__init__("待发与冲突", (760, 520), parent)
        self.board = board
        self.table, self.conflict = OutboxTable("待发的动作"), ConflictPanel()
        self.notes = Plain("", step="small", tone="second")
        self.notes.setWordWrap(True)
        self.empty = Plain("没有待发的动作，全部已送达", tone="second")
        self.retry, self.withdraw = KeyButton("重发"), KeyButton("撤回", "Del")
        self.allow = KeyButton("核对过，允许删除")
        self._build()
        self.table.withdraw_wanted.connect(self._withdraw)
        self.withdraw.clicked.connect(self._withdraw)
        self.retry.clicked.connect(lambda: self._emit(self.retry_requested))
        self.allow.clicked.connect(self._allow)
        self.conflict.resolved.connect(self.resolve_requested)
        self.table.activated_row.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        board.outbox.modelReset.connect(self._show_current)
        board.changed.connect(self._show_current)
        self._show_current()

    def start(self) -> None:
        self._show_current()
        self.show()
        self.raise_()
        # A table that gets the keyboard makes its first row current without selecting it.
        if self.board.outbox.rowCount() and not self.table.selectionModel().hasSelection():
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_current(self) -> None:
        row = self.board.outbox.row_at(self.table.currentIndex().row())
        op_id = row["op_id"] if row else None
        wanted = (each for each in self.board.conflicts if op_id is None or each["op_id"] == op_id)
        self.conflict.show_conflict(next(wanted, None))
        some = self.board.outbox.rowCount() > 0
        self.table.setVisible(some)
        self.empty.setVisible(not some)
        self.withdraw.setEnabled(row is not None)
        self.retry.setEnabled(row is not None and row.get("state") in ("rejected", "pending"))
        self.notes.setText("\n".join([*self.board.holds(), *self.board.notes()]))
        self.allow.setVisible(bool(self.board.holds()))
        self.remark.setText(self.board.chip()[0])

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if not self.conflict.press(event):
            super().keyPressEvent(event)

    def _emit(self, signal) -> None:  # type: ignore[no-untyped-def]
        row = self.board.outbox.row_at(self.table.currentIndex().row())
        if row:
            signal.emit(str(row["op_id"]))

    def _withdraw(self) -> None:
        self._emit(self.withdraw_requested)

    def _allow(self) -> None:
        kinds = self.board.held_kinds()
        if kinds:
            self.vanish_allowed.emit(kinds[0])

    def _on_activated(self, place: int) -> None:
        row = self.board.outbox.row_at(place)
        if row and row.get("number"):
            self.incident_wanted.emit(str(row["number"]))

    def _build(self) -> None:
        self.table.setModel(self.board.outbox)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        self.column.setContentsMargins(0, 0, 0, 12)
        rows = QHBoxLayout()
        rows.setContentsMargins(8, 0, 8, 0)
        rows.addWidget(self.table)
        self.column.addLayout(rows, 1)
        for widget in (self.empty, self.conflict, self.notes):
            box = QHBoxLayout()
            box.setContentsMargins(16, 8 if widget is self.empty else 0, 16, 0)
            box.addWidget(widget)
            self.column.addLayout(box)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.allow)
        foot.addStretch(1)
        foot.addWidget(self.retry)
        foot.addWidget(self.withdraw)
        self.column.addStretch(0)
        self.column.addLayout(foot)


