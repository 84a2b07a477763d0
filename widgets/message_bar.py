"""What just happened, or why not: one line at the bottom, plain text, never modal. Esc puts it away."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from weihai_command.boards.words import tip
from weihai_command.domain.faults import Fault

from .parts import KeyButton, Plain, hint, restyle

#: A confirmation leaves by itself; a fault stays until it is put away or followed by another message.
CONFIRMED_MS = 8000


class MessageBar(QWidget):
    """40 px, always: news must not move the map. What follows the bold part has two small lines, all of it is the tooltip."""

    def __init__(self, keys: tuple[tuple[str, str], ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(40)
        self._happened, self._rest = Plain("", bold=True), Plain("", step="small", tone="second")
        self._rest.setMaximumHeight(40)
        self._rest.setWordWrap(True)
        self._leave = KeyButton("知道了", "Esc")
        self._leave.clicked.connect(self.clear)
        self._timer = QTimer(self, singleShot=True, interval=CONFIRMED_MS)
        self._timer.timeout.connect(self.clear)
        self._keys = QWidget()
        self._mark = Plain("", step="small", tone="second")
        self._mark.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._happened)
        row.addWidget(self._rest, 1)
        row.addWidget(self._leave)
        row.addWidget(self._mark)
        row.addWidget(self._keys)
        self._show_keys(keys)
        self.clear()

    def show_fault(self, fault: Fault) -> None:
        """Happened in bold, then what was kept and what to do; it stays."""
        self._timer.stop()
        rest = Fault(fault.kept, "", fault.todo).sentence() if fault.kept or fault.todo else ""
        self._show(fault.happened, rest, "near")

    def show_done(self, sentence: str) -> None:
        self._show(sentence, "", "")
        self._timer.start()

    def set_mark(self, text: str, why: str) -> None:
        """Something that is so as long as the desk is open: it stays beside whatever is said."""
        self._mark.setText(text)
        self._mark.setToolTip(tip(why))
        self._mark.setVisible(bool(text))

    def text(self) -> str:
        return " ".join(part for part in (self._happened.text(), self._rest.text()) if part)

    @property
    def is_showing(self) -> bool:
        return bool(self._happened.text())

    def clear(self) -> None:
        self._show("", "", "")

    def _show(self, happened: str, rest: str, tone: str) -> None:
        self._happened.setText(" ".join(happened.split()))
        self._rest.setText(" ".join(rest.split()))
        self.setToolTip(tip("\n".join(part for part in (happened, rest) if part)) if happened else "")
        restyle(self._happened, tone=tone)
        self._leave.setVisible(bool(tone))
        self._keys.setVisible(not tone)

    def _show_keys(self, keys: tuple[tuple[str, str], ...]) -> None:
        row = QHBoxLayout(self._keys)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for key, word in keys:
            row.addWidget(hint(key))
            row.addWidget(Plain(word, step="small", tone="second"))
