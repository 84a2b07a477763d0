"""One conflict: by field what was there, what this desk wants, what the platform has; and the two ways out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from weihai_command.boards.words import tip
from weihai_command.domain.foreign import one_line

from .parts import KeyButton, Plain

SIDES = (("base", "原来"), ("mine", "我的"), ("theirs", "平台的"))
MOST_FIELDS = 8


def told(conflict: dict[str, Any]) -> list[str]:
    """The steps of the act in words: what the platform has and what becomes of it, where it stopped, what never left, and what each key does."""
    steps = list(conflict.get("steps") or ())
    arrived = [f"{step['word']}（{step['undo']}）" for step in steps if step["state"] == "done"]
    stopped = [step["word"] for step in steps if step["state"] == "conflict"]
    waiting = [step["word"] for step in steps if step["state"] in ("pending", "sending")]
    lines = [f"{word}：{'；'.join(each)}" for word, each in (("已到平台", arrived), ("停在", stopped), ("还没发出", waiting)) if each]
    if not steps:
        # Of a desk that tells no steps.
        lines = ["已到平台：" + "；".join(str(step) for step in conflict["done_steps"])] if conflict.get("done_steps") else []
    if refused := conflict.get("mine_refused"):
        lines.append(f"M 用我的：现在做不了，{refused}")
    elif steps:
        lines.append("M 用我的：按平台现在的情况再做这一步" + (f"，接着发后面 {len(waiting)} 步" if waiting else ""))
    if steps:
        back = sum(1 for step in steps if step["undo"].startswith("可撤回"))
        lines.append("P 用平台的：放弃没到的步骤" + (f"，另发一个动作撤回已到的 {back} 步" if back else ""))
    return lines


def _subject(conflict: dict[str, Any]) -> str:
    """The act and what it was about; the unit by its call sign where the conflict is about one: 派遣 应0417 · 消防101."""
    number, name = one_line(conflict.get("number"), 40), one_line(conflict.get("name"), 40)
    act = f"{conflict.get('verb_word') or '修改'} {number}".strip()
    return act if not name or name == number else f"{act} · {name}" if number else f"{act} {name}"


class ConflictPanel(QFrame):
    """`resolved(op_id, "mine"|"theirs")`. Values are words already. Keys in the panel: M, P."""

    resolved = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conflict")
        self.setAccessibleName("冲突")
        self.conflict: dict[str, Any] | None = None
        self._head = Plain("", bold=True)
        self._done = Plain("", step="small", tone="second")
        self._done.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self.mine, self.theirs = KeyButton("用我的", "M"), KeyButton("用平台的", "P")
        self.mine.clicked.connect(lambda: self._resolve("mine"))
        self.theirs.clicked.connect(lambda: self._resolve("theirs"))
        self._build()
        self.hide()

    def show_conflict(self, conflict: dict[str, Any] | None) -> None:
        if conflict == self.conflict:
            return
        self.conflict = conflict
        self.setVisible(conflict is not None)
        if conflict is None:
            return
        self._head.setText(f"冲突：{_subject(conflict)}，别的席位先改了")
        self._done.setText("\n".join(told(conflict)))
        self._done.setVisible(bool(self._done.text()))
        refused = str(conflict.get("mine_refused") or "")
        self.mine.set_dim(bool(refused))
        self.mine.setToolTip(tip(refused) if refused else "")
        self._fill(list(conflict.get("fields") or ()))

    def _fill(self, fields: list[dict[str, Any]]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for column, (_, word) in enumerate(SIDES, 1):
            self._grid.addWidget(Plain(word, step="small", tone="second"), 0, column)
            self._grid.setColumnStretch(column, 1)
        for row, field in enumerate(fields[:MOST_FIELDS], 1):
            self._grid.addWidget(Plain(str(field.get("word") or field.get("field")), step="small", tone="second"), row, 0)
            for column, (side, _) in enumerate(SIDES, 1):
                label = Plain(str(field.get(side)), step="small", bold=side == "mine")
                label.setWordWrap(True)
                self._grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        if len(fields) > MOST_FIELDS:
            self._grid.addWidget(Plain(f"另有 {len(fields) - MOST_FIELDS} 个字段", step="small", tone="second"), MOST_FIELDS + 1, 1, 1, 3)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 16, 8)
        column.setSpacing(6)
        self._head.setWordWrap(True)
        column.addWidget(self._head)
        column.addLayout(self._grid)
        column.addWidget(self._done)
        row = QHBoxLayout()
        row.addWidget(self.mine)
        row.addWidget(self.theirs)
        row.addStretch(1)
        column.addLayout(row)

    def _resolve(self, take: str) -> None:
        if self.conflict:
            self.resolved.emit(str(self.conflict["op_id"]), take)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if not self.press(event):
            super().keyPressEvent(event)

    def press(self, event: QKeyEvent) -> bool:
        """Take the key of a way out; False for any other key, or while nothing is in conflict."""
        take = {Qt.Key.Key_M: "mine", Qt.Key.Key_P: "theirs"}.get(Qt.Key(event.key()))
        if take is None or event.modifiers() or self.isHidden():
            return False
        self._resolve(take)
        return True
