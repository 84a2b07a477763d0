"""The window before the desk: what is being opened, or what went wrong, what was kept and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from weihai_command.domain.faults import Fault

from .parts import Plain


class FrontWindow(QWidget):
    """`retried`, `signed_in(user, password)`, `sample_wanted`; every sentence from outside is plain text."""

    retried = Signal()
    signed_in = Signal(str, str)
    sample_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("front")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("威海市 · 城市运行指挥平台")
        self.resize(640, 360)
        self.head = Plain("威海市 城市运行指挥平台", step="title", bold=True)
        self.lines = [Plain("", bold=True), Plain("", tone="second"), Plain("")]
        self.progress = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.user, self.password = QLineEdit(placeholderText="账号"), QLineEdit(placeholderText="密码")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter, self.retry = QPushButton("登录"), QPushButton("重试")
        self.sample, self.leave = QPushButton("打开演练城市"), QPushButton("退出")
        for button in (self.enter, self.retry):
            button.setProperty("primary", True)
        self._arrange()
        self.enter.clicked.connect(self._submit)
        self.password.returnPressed.connect(self._submit)
        self.retry.clicked.connect(self.retried)
        self.sample.clicked.connect(self.sample_wanted)
        self.leave.clicked.connect(self.close)

    def show_waiting(self, text: str) -> None:
        """Something is under way; there is nothing to decide."""
        self._say(text, "", "")
        self._offer(waiting=True, asks=False)

    def show_fault(self, fault: Fault, *, asks_password: bool, user: str) -> None:
        """What happened, what was kept, what to do; with a sign-in where the password is the trouble."""
        self._say(fault.happened, fault.kept, fault.todo)
        self._offer(waiting=False, asks=asks_password)
        if asks_password:
            self.user.setText(user)
            self.password.clear()
            (self.password if user else self.user).setFocus()
        else:
            self.retry.setFocus()

    def _say(self, *texts: str) -> None:
        for line, text in zip(self.lines, texts, strict=True):
            line.setText(text)
            line.setVisible(bool(text))

    def _offer(self, *, waiting: bool, asks: bool) -> None:
        self.progress.setVisible(waiting)
        for field in (self.user, self.password, self.enter):
            field.setVisible(asks)
        self.retry.setVisible(not waiting and not asks)
        self.sample.setVisible(not waiting)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(12)
        column.addWidget(self.head)
        for line in self.lines:
            line.setWordWrap(True)
            column.addWidget(line)
        for field in (self.progress, self.user, self.password):
            column.addWidget(field)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.leave, self.sample, self.retry, self.enter):
            row.addWidget(button)
        column.addLayout(row)

    def _submit(self) -> None:
        if self.user.text().strip() and self.password.text():
            self.signed_in.emit(self.user.text().strip(), self.password.text())
