"""Who sits at the desk: account and password, or leaving. The password is handed on and forgotten."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from .panel import Panel
from .parts import KeyButton, Plain


class SignInPanel(Panel):
    """`submitted(user, password)`, `sign_out_wanted`."""

    submitted = Signal(str, str)
    sign_out_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("登录", (400, 260), parent)
        self.user, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.user.setAccessibleName("账号")
        self.password.setAccessibleName("密码")
        self.note = Plain("", step="small", tone="second")
        self.note.setWordWrap(True)
        self.out, self.enter = KeyButton("退出当前账号"), KeyButton("登录", "Enter", primary=True)
        self.enter.clicked.connect(self.submit)
        self.out.clicked.connect(self.sign_out_wanted)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        form.addRow(Plain("账号", tone="second"), self.user)
        form.addRow(Plain("密码", tone="second"), self.password)
        self.column.addLayout(form)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.out)
        foot.addStretch(1)
        foot.addWidget(self.enter)
        self.column.addLayout(foot)

    def start(self, officer: str, *, signed_in: bool, waiting: int) -> None:
        self.remark.setText(officer if signed_in else "")
        self.out.setVisible(signed_in)
        self.note.setText(f"还有 {waiting} 条待发，会一直留给它的作者" if waiting and signed_in else "动作以登录的账号发出")
        self.show()
        self.raise_()
        (self.password if self.user.text() else self.user).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit(self) -> None:
        user, password = self.user.text().strip(), self.password.text()
        if not user:
            self.user.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.password.clear()
        self.note.setText("正在核对…")
        self.submitted.emit(user, password)

    def refuse(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        self.leave()

    def leave(self) -> None:
        self.password.clear()
        super().leave()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
