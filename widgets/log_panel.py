"""指挥日志: everything that was done, said and corrected, with a filter; a correction is written here, a copy taken out."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from weihai_command.boards.log_board import PERIODS, LogBoard
from weihai_command.domain.log_words import KINDS

from .log_list import LogList
from .panel import WatchingPanel
from .parts import KeyButton, Plain

#: A search begins when the typing rests.
REST_MS = 150


class LogPanel(WatchingPanel):
    """`amend_requested(entry id, text)`, `incident_wanted(id)`, `said(sentence)`. Keys on the list: Enter, A, Ctrl+C, X."""

    amend_requested = Signal(str, str)
    incident_wanted = Signal(str)
    said = Signal(str)

    def __init__(self, board: LogBoard, parent: QWidget | None = None) -> None:
        super().__init__("指挥日志", (1040, 720), parent)
        self.board, self.list = board, LogList(board)
        self.kind, self.period, self.person = QComboBox(), QComboBox(), QComboBox()
        self.search, self.correction = QLineEdit(), QLineEdit()
        self.only = KeyButton("只看选中的事件", "I")
        self.amend, self.copy, self.export = KeyButton("更正", "A"), KeyButton("复制", "Ctrl+C"), KeyButton("导出 CSV", "X")
        self.empty = Plain("没有符合的记录", tone="second")
        self._incident = self._chosen = self._amending = ""
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._build()
        self._connect()

    def start(self, incident_id: str = "") -> None:
        if incident_id != self._incident and self.only.property("on"):
            self._turn_only()
        self._incident = incident_id
        self.only.setVisible(bool(incident_id))
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def finish(self) -> None:
        """The correction is kept."""
        self._amending = ""
        self.correction.clear()
        self.correction.hide()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape and self.correction.isVisible():
            self.finish()
        elif event.key() == Qt.Key.Key_C and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif not event.modifiers() and event.key() in (Qt.Key.Key_A, Qt.Key.Key_X, Qt.Key.Key_I):
            {Qt.Key.Key_A: self._start_amending, Qt.Key.Key_X: self.board.export, Qt.Key.Key_I: self._turn_only}[Qt.Key(event.key())]()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.correction.hasFocus():
            if self.correction.text().strip():
                self.amend_requested.emit(self._amending, self.correction.text().strip())
            return
        row = self.board.row_at(self.list.currentIndex().row())
        if row and row.incident_id:
            self.incident_wanted.emit(row.incident_id)

    def _start_amending(self) -> None:
        row = self.board.row_at(self.list.currentIndex().row())
        if row is None or not row.amendable:
            self.said.emit("这一条不能由您更正：记录由本人或值班长更正，动作留下的由新的动作更正")
            return
        self._amending = row.id
        self.correction.setPlaceholderText(f"更正为…（原文保留可见）：{row.text[:60]}")
        self.correction.show()
        self.correction.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _turn_only(self) -> None:
        shown = self.only.property("on") is not True
        self.only.setProperty("on", shown and bool(self._incident))
        self.only.set_text("看全城" if self.only.property("on") else "只看选中的事件")
        self.board.ask(incident_id=self._incident if self.only.property("on") else None)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.board.text())
        self.said.emit(f"已复制 {self.board.rowCount()} 条")

    def _filter(self) -> None:
        kind = self.kind.currentData()
        self.board.ask(
            period=self.period.currentData(), kinds=frozenset({kind}) if kind else frozenset(), by=self.person.currentData() or None, text=self.search.text(),
        )

    def _on_told(self) -> None:
        board = self.board
        some = board.rowCount() > 0
        self.list.setVisible(some)
        self.empty.setVisible(not some)
        self.remark.setText(f"只增不改 · {board.rowCount()} / {board.total} 条")
        known = [self.person.itemData(place) for place in range(1, self.person.count())]
        people = [user for user in board.people if user not in known]
        for user in people:
            self.person.addItem(board.name_of(user), user)
        if some:
            place = max(board.place_of(self._chosen), 0)
            self.list.setCurrentIndex(board.index(place))

    def _on_current(self) -> None:
        row = self.board.row_at(self.list.currentIndex().row())
        if row:
            self._chosen = row.id
        self.amend.set_dim(row is None or not row.amendable)

    def _connect(self) -> None:
        for box in (self.kind, self.period, self.person):
            box.activated.connect(lambda _: self._filter())
        self.search.textChanged.connect(lambda _: self._rest.start())
        self._rest.timeout.connect(self._filter)
        self.board.told.connect(self._on_told)
        self.board.exported.connect(lambda path: self.said.emit(f"已导出 {path}"))
        self.list.selectionModel().currentChanged.connect(lambda *_: self._on_current())
        self.list.doubleClicked.connect(lambda _: self._enter())
        self.only.clicked.connect(self._turn_only)
        self.amend.clicked.connect(self._start_amending)
        self.copy.clicked.connect(self._copy)
        self.export.clicked.connect(self.board.export)

    def _build(self) -> None:
        self.kind.addItem("全部类别", "")
        for code, word in KINDS.items():
            self.kind.addItem(word, code)
        for code, (word, _) in PERIODS.items():
            self.period.addItem(word, code)
        self.person.addItem("全部人员", "")
        for control, name in ((self.kind, "类别"), (self.period, "时段"), (self.person, "人员"), (self.search, "搜索"), (self.correction, "更正")):
            control.setAccessibleName(name)
        self.search.setPlaceholderText("搜索：文字、编号、人员")
        self.correction.hide()
        self.column.setContentsMargins(0, 12, 0, 12)
        top, foot = QHBoxLayout(), QHBoxLayout()
        for row in (top, foot):
            row.setContentsMargins(16, 0, 16, 0)
        for widget in (self.period, self.kind, self.person):
            top.addWidget(widget)
        top.addWidget(self.search, 1)
        for widget in (self.only, None, self.amend, self.copy, self.export):
            if widget is None:
                foot.addStretch(1)
            else:
                foot.addWidget(widget)
        middle = QHBoxLayout()
        middle.setContentsMargins(16, 0, 16, 0)
        middle.addWidget(self.correction)
        self.column.addLayout(top)
        self.column.addWidget(self.list, 1)
        self.empty.setContentsMargins(16, 8, 16, 8)
        self.column.addWidget(self.empty, 1)
        self.column.addLayout(middle)
        self.column.addLayout(foot)
