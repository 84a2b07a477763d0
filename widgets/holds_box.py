"""Mass deletions that wait for an officer's word: one line a kind, what and how many; agreeing takes two steps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from weihai_command.domain.kinds import KINDS

from .parts import KeyButton, Plain, restyle

#: The second step is asked for this long.
SURE_MS = 10_000


class HoldLine(QWidget):
    """`agreed(kind)` after the second press."""

    agreed = Signal(str)

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind, self._vanished = kind, -1
        self.words = Plain("")
        self.words.setWordWrap(True)
        self.button = KeyButton("")
        self._is_asked = False
        self._timer = QTimer(self, singleShot=True, interval=SURE_MS)
        self._timer.timeout.connect(self.ask_anew)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self._press)

    def show_hold(self, hold: dict[str, Any], since: str) -> None:
        word, vanished, total = KINDS[self.kind].word, int(hold["vanished"]), int(hold["total"])
        noticed = f"，{since} 发现" if since else ""
        self.words.setText(f"平台上的{word}少了 {vanished} 条（本席共 {total} 条{noticed}）。本席都还留着")
        if vanished != self._vanished:
            # Another number is another question.
            self._vanished = vanished
            self.ask_anew()

    def ask_anew(self) -> None:
        self._is_asked = False
        self._timer.stop()
        self._show(f"本席也删这 {self._vanished} 条…", "")

    def _press(self) -> None:
        if not self._is_asked:
            self._is_asked = True
            self._show(f"确认删除 {self._vanished} 条{KINDS[self.kind].word}", "over")
            self._timer.start()
            return
        self.ask_anew()
        self.agreed.emit(self.kind)

    def _show(self, text: str, tone: str) -> None:
        self.button.set_text(text)
        restyle(self.button, tone=tone)


class HoldsBox(QFrame):
    """`agreed(kind)`; hidden while nothing waits."""

    agreed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("conflict")
        self.setAccessibleName("等待值班员决定的大批删除")
        self.lines: dict[str, HoldLine] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(6)
        head = Plain("平台少了大批记录，请先与平台核对；每一类分别决定，不决定就一直留着", bold=True)
        head.setWordWrap(True)
        self._column.addWidget(head)
        self.hide()

    def show_holds(self, holds: list[tuple[dict[str, Any], str]]) -> None:
        """(row of status["holds"], when it was noticed) each."""
        known = {str(hold["kind"]): (hold, since) for hold, since in holds}
        for kind in [kind for kind in self.lines if kind not in known]:
            self.lines.pop(kind).deleteLater()
        for kind, (hold, since) in known.items():
            if kind not in self.lines:
                line = self.lines[kind] = HoldLine(kind)
                line.agreed.connect(self.agreed)
                self._column.addWidget(line)
            self.lines[kind].show_hold(hold, since)
        self.setVisible(bool(known))
