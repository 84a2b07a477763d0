"""A small form for what an act still needs: reason, outcome, type, priority … Enter sends, Esc leaves. Never modal."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QDateTime, Qt, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.domain.words import GRADES, NEEDS

from .choices import Choice
from .parts import KeyButton, Plain

#: Needs that no form can fill: they are met by other acts.
UNFILLABLE = frozenset({"unit", "no_unit"})
LABELS = {**NEEDS, "text": "记录", "grade": "级别", "municipal": "市政案卷"}


def editor(need: str) -> QWidget:
    """The control that fills `need`."""
    if need == "type":
        return Choice(list(words.incident_types().items()))
    if need == "priority":
        return Choice([("urgent", "1 紧急"), ("high", "2 高"), ("normal", "3 一般"), ("low", "4 低")])
    if need == "grade":
        return Choice([(str(grade), word) for grade, word in GRADES.items()])
    if need == "municipal":
        return Choice([("resume", "恢复办理"), ("close", "一并结案")])
    if need == "department":
        return Choice(words.departments())
    if need == "until":
        edit = QDateTimeEdit(QDateTime.currentDateTime().addDays(1))
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        return edit
    return QLineEdit()


def value(control: QWidget) -> str:
    """What stands in a control of `editor`, "" where nothing does."""
    if isinstance(control, Choice):
        return control.code()
    if isinstance(control, QDateTimeEdit):
        return control.dateTime().toPython().astimezone().isoformat(timespec="minutes")  # type: ignore[attr-defined]
    return control.text().strip() if isinstance(control, QLineEdit) else ""


class ActForm(QWidget):
    """`submitted(act, fields)`; empty fields keep it open and take the keyboard."""

    submitted = Signal(str, dict)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.act = ""
        self._controls: dict[str, QWidget] = {}
        self._title = Plain("", bold=True)
        self._fields = QFormLayout()
        self._fields.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._send, self._leave = KeyButton("确定", "Enter", primary=True), KeyButton("取消", "Esc")
        self._send.clicked.connect(self.submit)
        self._leave.clicked.connect(self.close_form)
        frame = QFrame()
        frame.setObjectName("form")
        # The room around the frame belongs to the form, so that a hidden one takes none.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 2, 16, 10)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._title)
        column.addLayout(self._fields)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._leave)
        row.addWidget(self._send)
        column.addLayout(row)
        self.hide()

    def ask(self, act: str, title: str, needs: list[str], given: dict[str, Any] | None = None) -> None:
        """Open for `needs`; what `given` holds already stands in the controls."""
        while self._fields.rowCount():
            self._fields.removeRow(0)
        self.act = act
        self._title.setText(title)
        self._controls = {need: editor(need) for need in needs}
        for need, control in self._controls.items():
            control.setAccessibleName(LABELS.get(need, need))
            self._fields.addRow(Plain(LABELS.get(need, need), tone="second"), control)
            self._fill(control, (given or {}).get(need))
        self.show()
        first = next(iter(self._controls.values()), self._send)
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit(self) -> None:
        fields = {need: value(control) for need, control in self._controls.items()}
        empty = next((need for need, text in fields.items() if not text), None)
        if empty:
            self._controls[empty].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        typed: dict[str, Any] = {need: int(text) if need == "grade" else text for need, text in fields.items()}
        self.hide()
        self.submitted.emit(self.act, typed)

    def close_form(self) -> None:
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_form()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _fill(control: QWidget, given: Any) -> None:
        if given is None:
            return
        if isinstance(control, Choice):
            control.choose(str(given))
        elif isinstance(control, QLineEdit) and not isinstance(control, QComboBox):
            control.setText(str(given))
