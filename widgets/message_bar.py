"""What just happened, or why not: one line at the bottom, plain text, never modal. Esc puts it away."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from weihai_command.boards.words import tip
from weihai_command.domain.faults import Fault

from .parts import Elided, KeyButton, Plain, hint, restyle

#: A confirmation leaves by itself; a fault stays until it is put away or followed by another message.
CONFIRMED_MS = 8000
LINE_KEYS = (("Tab", "补全"), ("↑↓", "选择、以前的"), ("Enter", "执行"), ("Esc", "离开"))


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
        self._keys, self._line_keys = _key_row(keys), _key_row(LINE_KEYS)
        self._preview = Elided("")
        self._is_line = self._is_fault = False
        self._mark = Plain("", step="small", tone="second")
        self._mark.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self._happened)
        row.addWidget(self._rest, 1)
        row.addWidget(self._preview, 1)
        row.addWidget(self._leave)
        row.addWidget(self._mark)
        row.addWidget(self._keys)
        row.addWidget(self._line_keys)
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

    def show_line(self, sentence: str, is_wrong: bool) -> None:
        """What the keyboard line would do, or lacks; what the bar said before waits until the line is left."""
        self._is_line = True
        self._preview.setText(" ".join(sentence.split()))
        restyle(self._preview, tone="near" if is_wrong else "")
        self._arrange()

    def end_line(self) -> None:
        self._is_line = False
        self._preview.setText("")
        self._arrange()

    def line_text(self) -> str:
        return self._preview.text()

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
        self._arrange(bool(tone))

    def _arrange(self, is_fault: bool | None = None) -> None:
        """The line's sentence and keys while it is open, else what happened."""
        self._is_fault = self._is_fault if is_fault is None else is_fault
        for widget in (self._happened, self._rest):
            widget.setVisible(not self._is_line)
        self._leave.setVisible(self._is_fault and not self._is_line)
        self._keys.setVisible(not self._is_fault and not self._is_line)
        self._preview.setVisible(self._is_line)
        self._line_keys.setVisible(self._is_line)


def _key_row(keys: tuple[tuple[str, str], ...]) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for key, word in keys:
        row.addWidget(hint(key))
        row.addWidget(Plain(word, step="small", tone="second"))
    return made
