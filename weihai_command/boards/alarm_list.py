"""All alarms that are not over as a table, with a filter; read while somebody looks at it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from .alarm_board import TOUCHED
from .alarm_rows import LISTED, AlarmRow, row
from .bridge import Bridge
from .clock import Clock
from .pacing import Paced
from .rows_model import RowsModel

HEADS = ("", "状态", "告警", "地点", "起", "历时", "次数", "备注", "事件")
#: Chip -> (word, standings).
CHIPS = {
    "all": ("全部", LISTED), "unacked": ("未确认", ("unacked",)), "cleared": ("已恢复未确认", ("cleared",)), "shelved": ("已搁置", ("shelved",)),
    "acked": ("已确认", ("acked",)),
}


class AlarmListBoard(RowsModel):
    """`told` after every answer. `rows` are AlarmRow, worst first of those that ask, then the others."""

    heads = HEADS
    told_rows = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self.is_watched = False
        self.chip, self.text = "all", ""
        #: Only these alarms, and what they are: a group of a flood, the alarms of an incident.
        self.only: frozenset[str] = frozenset()
        self.only_word = ""
        self._known: list[AlarmRow] = []
        self._asking = Paced(bridge, "alarm-list", lambda: bridge.queries.alarm_desk.listed(bridge.desk), self._take, self)
        bridge.changed.connect(lambda kinds: self.refresh() if kinds & TOUCHED else None)
        clock.aged.connect(self.refresh)

    def watch(self, watched: bool) -> None:
        self.is_watched = watched
        self.refresh()

    def refresh(self) -> None:
        if self.is_watched:
            self._asking.ask()

    def show(self, *, chip: str | None = None, text: str | None = None) -> None:
        """Another filter."""
        self.chip, self.text = self.chip if chip is None else chip, self.text if text is None else text
        self._narrow()

    def show_only(self, alarms: frozenset[str], word: str) -> None:
        """Only these, whatever their standing; () for all again."""
        self.only, self.only_word = alarms, word
        self._narrow()

    def count(self, chip: str) -> int:
        return sum(each.standing in CHIPS[chip][1] for each in self._known)

    def place_of(self, alarm_id: str) -> int:
        return next((place for place, each in enumerate(self.rows) if each.id == alarm_id), -1)

    def cells(self, row: AlarmRow) -> tuple[str, ...]:
        return "", *row.cells(self.clock.now())

    def _take(self, found: list[Any]) -> None:
        names = self._bridge.names()
        order = {standing: place for place, standing in enumerate(LISTED)}
        self._known = sorted((row(each, names) for each in found), key=lambda each: order.get(each.standing, len(order)))
        self._narrow()

    def _narrow(self) -> None:
        words = self.text.lower().split()
        standings = CHIPS[self.chip][1]
        self.take([
            each for each in self._known if each.standing in standings and each.fits(words) and (not self.only or each.id in self.only)
        ])
        self.told_rows.emit()
