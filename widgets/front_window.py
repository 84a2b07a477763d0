"""The window before the desk: what is being opened, or what went wrong, what was kept and what can be done. Enter goes on, Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from weihai_command.domain.faults import Fault

from .focus_ring import FocusRing
from .parts import KeyButton, Plain, restyle, rule

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FrontWindow(QWidget):
    """`retried`, `signed_in(user, password)`, `sample_wanted`; every sentence from outside is plain text."""

    retried = Signal()
    signed_in = Signal(str, str)
    sample_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("威海市 · 城市运行指挥平台")
        self.resize(720, 400)
        self.setMinimumSize(560, 320)
        self.lines = [Plain("", bold=True), Plain("", tone="second"), Plain("")]
        self.progress = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName("正在打开")
        self.user, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.enter, self.retry = KeyButton("登录", "Enter", primary=True), KeyButton("重试", "Enter", primary=True)
        self.sample, self.leave = KeyButton("打开演练城市", "Alt S"), KeyButton("退出", "Esc")
        self.sample.setShortcut("Alt+S")
        self._said, self._form = Plain("", step="small", tone="near"), QWidget()
        self._arrange()
        self._ring = FocusRing(self)
        self.enter.clicked.connect(self._submit)
        self.retry.clicked.connect(self.retried)
        self.sample.clicked.connect(self.sample_wanted)
        self.leave.clicked.connect(self.close)
        self._offer(waiting=True, asks=False)

    def show_waiting(self, text: str) -> None:
        """Something is under way; there is nothing to decide."""
        self._say(text, "", "")
        restyle(self.lines[0], tone="")
        self._offer(waiting=True, asks=False)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_fault(self, fault: Fault, *, asks_password: bool, user: str) -> None:
        """What happened, what was kept, what to do; with a sign-in where the password is the trouble."""
        self._say(fault.happened, fault.kept, fault.todo)
        restyle(self.lines[0], tone="near")
        self._offer(waiting=False, asks=asks_password)
        if asks_password:
            self.user.setText(user or self.user.text())
            self.password.clear()
            (self.password if self.user.text() else self.user).setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.retry.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif event.key() in ENTER:
            self._go_on()
        else:
            super().keyPressEvent(event)

    def _go_on(self) -> None:
        """Enter does what stands on the button with the keyboard, else the one that leads on."""
        focus = self.focusWidget()
        if isinstance(focus, KeyButton) and focus.isVisibleTo(self):
            focus.click()
        elif self.enter.isVisibleTo(self):
            self._submit()
        elif self.retry.isVisibleTo(self):
            self.retried.emit()

    def _say(self, *texts: str) -> None:
        for line, text in zip(self.lines, texts, strict=True):
            line.setText(" ".join(text.split()))
            line.setVisible(bool(text))

    def _offer(self, *, waiting: bool, asks: bool) -> None:
        self.progress.setVisible(waiting)
        self._form.setVisible(asks)
        self._said.setText("")
        self.enter.setVisible(asks)
        self.retry.setVisible(not waiting and not asks)
        self.sample.setVisible(not waiting)

    def _submit(self) -> None:
        user = self.user.text().strip()
        if user and self.password.text():
            self._said.setText("")
            self.signed_in.emit(user, self.password.text())
            return
        self._said.setText("请填账号" if not user else "请填密码")
        (self.password if user else self.user).setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 32, 40, 24)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Plain("威海市", step="title", bold=True))
        head.addWidget(Plain("城市运行指挥平台", tone="second"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(rule())
        column.addSpacing(8)
        for line in self.lines:
            line.setWordWrap(True)
            column.addWidget(line)
        column.addWidget(self.progress)
        form = QFormLayout(self._form)
        form.setContentsMargins(0, 8, 0, 0)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for word, field in (("账号", self.user), ("密码", self.password)):
            field.setAccessibleName(word)
            field.setMaximumWidth(320)
            form.addRow(Plain(word, tone="second"), field)
        column.addWidget(self._form)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._said, 1)
        for button in (self.leave, self.sample, self.retry, self.enter):
            row.addWidget(button)
        column.addLayout(row)
