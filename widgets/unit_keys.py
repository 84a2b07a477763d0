"""What one key does with the unit that is selected on the board, told in the board's title and done at once."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QWidget

from weihai_command.boards.unit_rows import NEXT, UnitRow, next_states

from .parts import Plain, hint, restyle

#: How many keys a wide and a narrow title show; the key sheet has them all.
MOST, FEW = 5, 2
Wish = tuple[str, str]


def keys(row: UnitRow, now: datetime) -> dict[str, tuple[str, Wish]]:
    """Key -> (its word, (state | call | move, what)) for a unit, what is wanted most first."""
    found: dict[str, tuple[str, Wish]] = {}
    call = row.call(now)
    if call and call.state == "escalated":
        found |= {"U": ("知悉", ("call", "seen")), "R": ("应答", ("call", "ok"))}
    elif row.state == "dispatching":
        found["U"] = ("送达回执", ("state", "dispatched"))
    if call and call.state == "called":
        found |= {"R": ("应答", ("call", "ok")), "N": ("未应答", ("call", "missed"))}
    elif call and call.state != "escalated":
        found |= {"R": ("点名应答", ("call", "ok")), "C": ("呼叫", ("call", "called"))}
    usual = {".": (NEXT[row.state][1], ("state", NEXT[row.state][0]))} if row.state in NEXT else {}
    found = usual | found if not (call and call.state in ("escalated", "called")) else found | usual
    if call or row.incident_id:
        found["M"] = ("改派", ("move", row.id))
    if call and call.state == "due":
        found["N"] = ("未应答", ("call", "missed"))
    return found | {str(n): (word, ("state", state)) for n, (state, word) in enumerate(next_states(row.state), 1)}


class UnitKeys(QWidget):
    """What the selected unit is warned of, in full, and its keys one after the other: `. 到场  R 点名应答  C 呼叫  M 改派  空格 改状态`."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.most = MOST
        self.mark = Plain("", step="small")
        row.addWidget(self.mark)
        self._pairs = [(hint(""), Plain("", step="small", tone="second")) for _ in range(MOST + 1)]
        for pair in self._pairs:
            for widget in pair:
                row.addWidget(widget)
        self.show_unit(None, None)

    def show_unit(self, row: UnitRow | None, now: datetime | None) -> None:
        known = keys(row, now) if row and now else {}
        text, mood = (row.mark(now) if row and now else None) or ("", "")
        self.mark.setText(text)
        restyle(self.mark, tone=mood)
        told = [(key, word) for key, (word, _) in known.items() if not key.isdigit()][: self.most]
        told = [*told, ("空格", "改状态")]
        for place, (key, word) in enumerate(self._pairs):
            shown = place < len(told)
            if shown:
                key.setText(told[place][0])
                word.setText(told[place][1])
            key.setVisible(shown)
            word.setVisible(shown)
