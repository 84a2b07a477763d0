"""督办: which cases have used half, four fifths or all of their stage's time, until the officer has opened them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.clocks import STAGES
from weihai_command.domain.foreign import one_line
from weihai_command.operations.supervision import MOST_WRITTEN

from .asking import Asking
from .bridge import Bridge
from .clock import Clock
from .detail_board import DetailBoard

#: Every so many agings of the clock (ten seconds each) the limits are looked at.
EVERY = 3
#: Who hears of every case; others hear of their own and of those that nobody has.
OF_ALL = frozenset({"shift_leader", "leader"})


class SupervisionBoard(QObject):
    """`changed` when there is another list; `said(sentence)` for a year whose holidays nobody has told."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, detail: DetailBoard) -> None:
        super().__init__()
        self._bridge = bridge
        self._asking = Asking(bridge, "supervision", self._read, self._take)
        self._count = 0
        self._written: set[str] = set()
        self.notices: list[Any] = []
        self._noticed: frozenset[str] = frozenset()
        clock.aged.connect(self._on_aged)
        bridge.changed.connect(self._on_changed)
        detail.settled.connect(lambda: self._look_at(detail.incident_id))

    def refresh(self) -> None:
        self._asking.ask()

    @property
    def is_over(self) -> bool:
        return any(each.percent >= 100 for each in self.notices)

    def lines(self) -> list[tuple[str, str]]:
        """(incident id, words) of each case, the most urgent first; plain text, the figures of one width."""
        return [
            (each.incident_id, f"{each.percent:\u2007>3} %  {one_line(each.number, 20)}  {one_line(each.title, 24)} · {STAGES[each.clock]}时限") for each in self.notices
        ]

    def _read(self) -> list[Any]:
        """What concerns who sits here; there may be tens of thousands, so this is a reader's work."""
        officer = self._bridge.desk.officer
        notices: list[Any] = self._bridge.queries.supervision.notices(self._bridge.desk)
        return [each for each in notices if each.owner in ("", officer.user)] if officer and officer.role not in OF_ALL else notices

    def _take(self, mine: list[Any]) -> None:
        if mine != self.notices:
            self.notices, self._noticed = mine, frozenset(each.incident_id for each in mine)
            self.changed.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"incidents", "officer"}:
            self.refresh()

    def _on_aged(self) -> None:
        self._count += 1
        if self._count % EVERY == 0:
            self.refresh()
            self._write()

    def _write(self) -> None:
        """Lines of the log for what this officer answers for, and once what is not known of the calendar."""
        officer, desk, supervision = self._bridge.desk.officer, self._bridge.desk, self._bridge.queries.supervision
        fresh = {each.key for each in self.notices if officer and each.owner == officer.user} - self._written
        if self._count == EVERY:
            self._bridge.act(lambda: supervision.unknown_years(desk), self._tell, _ignore, frozenset())
        if fresh:
            self._written |= fresh
            self._bridge.act(lambda: supervision.write(desk), self._wrote, self._bridge.fail, frozenset({"log"}))

    def _wrote(self, count: int | None) -> None:
        if (count or 0) >= MOST_WRITTEN:
            # There may be more of them: the next turn goes on.
            self._written.clear()

    def _tell(self, sentences: list[str]) -> None:
        for each in sentences:
            self.said.emit(each)

    def _look_at(self, incident_id: str) -> None:
        if incident_id in self._noticed:
            supervision, desk = self._bridge.queries.supervision, self._bridge.desk
            self._bridge.act(lambda: supervision.look_at(desk, incident_id), lambda _: self.refresh(), self._bridge.fail, frozenset())


def _ignore(_: object) -> None:
    """A sentence about the calendar comes again at the next start."""
