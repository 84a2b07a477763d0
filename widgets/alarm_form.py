"""The words that an act on an alarm asks for: a reason, and for a shelf until when. One line, Enter does it, Esc leaves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit

from .parts import Elided, KeyButton

#: act -> (word, what the reason asks, whether it may be left out).
ACTS = {"ack": ("确认", "原因，可不写", True), "shelve": ("搁置", "为什么搁置", False), "dismiss": ("消除", "为什么消除", False)}
HOURS = {0.5: "30 分钟", 1.0: "1 小时", 2.0: "2 小时", 4.0: "4 小时", 8.0: "8 小时"}


class AlarmForm(QFrame):
    """`submitted(act, alarm id, reason, hours)`, `left`."""

    submitted = Signal(str, str, str, float)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("form")
        self._act = self._alarm = ""
        self.words, self.reason, self.hours = Elided("", bold=True), QLineEdit(), QComboBox()
        self.done = KeyButton("", "Enter", primary=True)
        for hours, word in HOURS.items():
            self.hours.addItem(f"搁置 {word}", hours)
        self.hours.setCurrentIndex(1)
        self.reason.setAccessibleName("原因")
        self.hours.setAccessibleName("搁置到")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 2)
        row.addWidget(self.reason, 3)
        row.addWidget(self.hours)
        row.addWidget(self.done)
        self.done.clicked.connect(self.submit)
        self.hide()

    def start(self, act: str, alarm_id: str, what: str) -> None:
        """Ask for the words of `act` (ack, shelve, dismiss) on one alarm."""
        word, asked, _ = ACTS[act]
        self._act, self._alarm = act, alarm_id
        self.words.setText(f"{word}：{what}")
        self.reason.setPlaceholderText(asked)
        self.reason.clear()
        self.hours.setVisible(act == "shelve")
        self.done.set_text(word)
        self.show()
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit(self) -> None:
        reason = self.reason.text().strip()
        if not self.isHidden() and (reason or ACTS[self._act][2]):
            self.submitted.emit(self._act, self._alarm, reason, float(self.hours.currentData()))

    def leave(self) -> None:
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif not event.text().strip():
            super().keyPressEvent(event)
