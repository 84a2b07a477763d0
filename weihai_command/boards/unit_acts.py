"""What an officer does to units from their board, and the last step of this desk as long as it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject

from weihai_command.domain.faults import Refused

from .act_board import ActBoard
from .bridge import Bridge
from .clock import Clock
from .unit_board import UnitBoard

#: Seconds within which a step can be taken back by one key.
UNDO_S = 120.0
#: Acts that are decisions about others, or about who sits here: there is no last step after them.
FINAL = frozenset({"resolve", "retry", "withdraw", "hand_over", "sign_handover", "sign_in", "sign_out"})


class UnitActs(QObject):
    """Joins the board's calls to the acts; owned by the window's wiring."""

    def __init__(self, bridge: Bridge, clock: Clock, units: UnitBoard, acts: ActBoard) -> None:
        super().__init__()
        self._bridge, self._clock, self._acts = bridge, clock, acts
        self._last: tuple[Callable[[], None], datetime] | None = None
        acts.done.connect(self._remember)
        units.lapsed.connect(self.write_lapsed)

    def roll_call(self, unit_id: str, answer: str) -> None:
        """`answer` of domain.roll_call.ANSWERS."""
        self._acts.roll_call(unit_id, answer)

    def undo(self) -> Refused | None:
        """Take the last step back; why not, where there is none that can be."""
        if self._last is None or (self._clock.now() - self._last[1]).total_seconds() > UNDO_S:
            return Refused("没有刚做的一步可以撤回", "没有改动", f"只能撤回 {UNDO_S / 60:.0f} 分钟内、还没有送达平台的最后一步；其余请做新的操作", code="nothing_to_undo")
        take_back, self._last = self._last[0], None
        take_back()
        return None

    def offer_undo(self, take_back: Callable[[], None]) -> None:
        """The last step is one that somebody else knows how to take back."""
        self._last = (take_back, self._clock.now())

    def write_lapsed(self) -> None:
        """The misses of this officer's own calls go into the log."""
        write = getattr(self._bridge.acts, "write_lapsed", None)
        if write is not None:
            desk = self._bridge.desk
            self._bridge.act(lambda: write(desk), lambda _: None, self._bridge.fail, frozenset({"log"}))

    def _remember(self, act: str, outcome: Any) -> None:
        op_id = str(getattr(outcome, "op_id", ""))
        self._last = (lambda: self._acts.withdraw(op_id), self._clock.now()) if op_id and act not in FINAL else None
