"""What has not reached the platform: what, when, whose, why it waits; conflicts to settle, acts to withdraw, questions of sync;
and in a second tab what was refused at the border."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from weihai_command.boards.status_board import StatusBoard

from .conflict_panel import ConflictPanel
from .holds_box import HoldsBox
from .panel import Panel
from .parts import KeyButton, Plain
from .quarantine_page import QuarantinePage
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
        super().__init__("待发与冲突", (760, 640), parent)
        self.board = board
        self.table, self.conflict = OutboxTable("待发的动作"), ConflictPanel()
        self.notes = Plain("", step="small", tone="second")
        self.notes.setWordWrap(True)
        self.empty = Plain("", tone="second")
        self.retry, self.withdraw = KeyButton("重发"), KeyButton("撤回", "Delete")
        self.holds, self.refused = HoldsBox(), QuarantinePage(board.quarantine)
        self.tabs, self._pages = QTabBar(), QStackedWidget()
        self._build()
        self.table.withdraw_wanted.connect(self._withdraw)
        self.withdraw.clicked.connect(self._withdraw)
        self.retry.clicked.connect(lambda: self._emit(self.retry_requested))
        self.holds.agreed.connect(self.vanish_allowed)
        self.conflict.resolved.connect(self.resolve_requested)
        self.table.activated_row.connect(self._on_activated)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_current())
        self.tabs.currentChanged.connect(self._on_tab)
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
        self._on_tab(self.tabs.currentIndex())

    def _on_tab(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        if place == 1:
            self.board.quarantine.refresh()
        rows = self.refused.table if place == 1 else self.table
        (self.tabs if rows.isHidden() else rows).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_current(self) -> None:
        row = self.board.outbox.row_at(self.table.currentIndex().row())
        op_id = row["op_id"] if row else None
        wanted = (each for each in self.board.conflicts if op_id is None or each["op_id"] == op_id)
        self.conflict.show_conflict(next(wanted, None))
        some = self.board.outbox.rowCount() > 0
        self.table.setVisible(some)
        self.empty.setVisible(not some)
        self.empty.setText("没有待发的动作，全部已送达" if self.board.sends else "动作只记在本机，不发往平台")
        # An empty list leaves its room below, not above what there is to read.
        self._waiting.setStretch(1, 1 if some else 0)
        self._waiting.setStretch(self._waiting.count() - 2, 0 if some else 1)
        self.withdraw.setEnabled(row is not None)
        self.retry.setEnabled(row is not None and row.get("state") in ("rejected", "pending"))
        self.notes.setText("\n".join(self.board.notes()))
        self.holds.show_holds(self.board.holds())
        self.tabs.setTabText(0, f"1  待发与冲突 {self.board.outbox.rowCount()}")
        self.tabs.setTabText(1, f"2  隔离的记录 {self.board.status['quarantined']}")
        self.remark.setText(self.board.chip()[0])

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_1, Qt.Key.Key_2) and not event.modifiers():
            self.tabs.setCurrentIndex(event.key() - Qt.Key.Key_1)
        elif not self.conflict.press(event):
            super().keyPressEvent(event)

    def _emit(self, signal) -> None:  # type: ignore[no-untyped-def]
        row = self.board.outbox.row_at(self.table.currentIndex().row())
        if row:
            signal.emit(str(row["op_id"]))

    def _withdraw(self) -> None:
        self._emit(self.withdraw_requested)

    def _on_activated(self, place: int) -> None:
        row = self.board.outbox.row_at(place)
        if row and row.get("number"):
            self.incident_wanted.emit(str(row["number"]))

    def _build(self) -> None:
        self.table.setModel(self.board.outbox)
        for column, width in enumerate(WIDTHS):
            self.table.setColumnWidth(column, width)
        self.table.horizontalHeader().setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for name in ("待发与冲突", "隔离的记录"):
            self.tabs.addTab(name)
        self.column.setContentsMargins(0, 0, 0, 12)
        self.column.addWidget(self.tabs)
        self.column.addWidget(self._pages, 1)
        page = QWidget()
        self._pages.addWidget(page)
        self._pages.addWidget(self.refused)
        column = self._waiting = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.holds, self.table, self.empty, self.conflict, self.notes):
            box = QHBoxLayout()
            inset = 8 if widget is self.table else 16
            box.setContentsMargins(inset, 8 if widget is self.empty else 0, inset, 0)
            box.addWidget(widget)
            column.addLayout(box, 1 if widget is self.table else 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addStretch(1)
        foot.addWidget(self.retry)
        foot.addWidget(self.withdraw)
        column.addStretch(0)
        column.addLayout(foot)
