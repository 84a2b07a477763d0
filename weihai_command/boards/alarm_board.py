"""Alarms at the desk: which of them the strip shows and the keys mean, what has been done about them, and how loud it is.

The one that F8 acknowledges is the one that the officer sees: when the strip turned to another by itself, the key waits until he could have
read it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.faults import Fault, Refused

from .alarm_rows import Item, items
from .alarm_sounds import AlarmSounds
from .bridge import Bridge
from .clock import Clock
from .pacing import Paced

#: What may change the picture.
TOUCHED = frozenset({"alarms", "log", "officer"})
#: Seconds after the strip turned by itself in which F8 does nothing.
READING_S = 0.8
NONE = Refused("没有未确认的告警", "没有改动", code="no_alarm")
_DONE = {"ack_alarm": "已确认", "shelve_alarm": "已搁置", "unshelve_alarm": "已取消搁置", "dismiss_alarm": "已消除"}


class AlarmBoard(QObject):
    """`changed` when the strip has to be painted anew, `proposed` when it is known what an incident of it would be; `said(sentence)`,
    `refused(Fault)`; `list_wanted(key)` where only the list can answer; `acted(act, alarm id)`; `raised(incident id, alarm id, op id)`."""

    changed = Signal()
    proposed = Signal()
    said = Signal(str)
    refused = Signal(object)
    list_wanted = Signal(str)
    acted = Signal(str, str)
    raised = Signal(str, str, str)

    def __init__(self, bridge: Bridge, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._bridge, self.clock, self._monotonic = bridge, clock, monotonic
        self.sounds = AlarmSounds()
        self.items: list[Item] = []
        self.load = 0
        self.counts: dict[str, int] = {}
        self.is_read = False
        self.proposal: tuple[str, Any] = ("", None)
        self._key, self._is_chosen = "", False
        self._turned = float("-inf")
        #: Announcements that were acknowledged here and may still be in the next picture.
        self._sent: set[tuple[Any, ...]] = set()
        self._asking = Paced(bridge, "alarms", lambda: bridge.queries.alarm_desk.picture(bridge.desk), self._take, self)
        bridge.changed.connect(lambda kinds: self.refresh() if kinds & TOUCHED else None)
        clock.aged.connect(self._on_aged)

    def refresh(self) -> None:
        self._asking.ask()

    @property
    def current(self) -> Item | None:
        """What the strip shows and the keys mean."""
        return next((item for item in self.items if item.key == self._key), None)

    @property
    def beside(self) -> list[Item]:
        """The others, in the order of the keys."""
        place = next((place for place, item in enumerate(self.items) if item.key == self._key), -1)
        return [*self.items[place + 1 :], *self.items[: max(place, 0)]]

    def count(self, standing: str) -> int:
        return int(self.counts.get(standing, 0))

    def choose(self, key: str) -> None:
        """The officer means this one; whatever is no item of the strip leaves it as it is."""
        if any(item.key == key for item in self.items):
            self._is_chosen = True
            self._show(key)

    def next(self) -> None:
        """F7: the next one, round and round."""
        if self.beside:
            self.choose(self.beside[0].key)
        elif not self.items:
            self.refused.emit(NONE)

    def acknowledge(self, alarm_id: str = "", reason: str = "") -> None:
        """F8: the officer knows of this one, else of the one that the strip shows; never of more than one."""
        item = self.current
        if alarm_id:
            item = next((each for each in self.items if each.key == alarm_id), None)
        elif item is None:
            self.refused.emit(NONE)
            return
        elif self._monotonic() - self._turned < READING_S:
            self.refused.emit(Refused("告警条刚换了一条", "没有确认", "请看清后再按 F8", code="just_turned"))
            return
        elif item.is_group:
            self.list_wanted.emit(item.key)
            return
        self._send("ack_alarm", alarm_id or self._key, reason, call=item.call if item else None)

    def shelve(self, alarm_id: str, reason: str, hours: float) -> None:
        self._send("shelve_alarm", alarm_id, reason, hours)

    def unshelve(self, alarm_id: str) -> None:
        self._send("unshelve_alarm", alarm_id)

    def dismiss(self, alarm_id: str, reason: str) -> None:
        self._send("dismiss_alarm", alarm_id, reason)

    def raise_incident(self, alarm_id: str = "") -> None:
        """Join the incident that is about it, or report one; of a group only the list knows which alarm is meant."""
        item = self.current
        if not alarm_id and item is None:
            self.refused.emit(NONE)
        elif not alarm_id and item is not None and item.is_group:
            self.list_wanted.emit(item.key)
        else:
            self._raise(alarm_id or self._key)

    def take_back(self, alarm_id: str, op_id: str) -> None:
        """Undo `raise_incident`."""
        act, desk = self._bridge.acts.take_alarm_incident_back, self._bridge.desk
        done = partial(self._finish, "take_alarm_incident_back", alarm_id, "已撤回，告警不再关联事件")
        self._bridge.act(lambda: act(desk, alarm_id, op_id), done, self.refused.emit, frozenset({"incidents", "log", "alarms"}))

    def ask_proposal(self, alarm_id: str) -> None:
        """What an incident of this alarm would be: `proposal` is (alarm id, operations' Proposal) when it is `proposed`."""
        queries, desk = self._bridge.queries, self._bridge.desk
        self._bridge.ask("alarm-proposal", lambda: _proposal(queries, desk, alarm_id), lambda found: self._propose(alarm_id, found))

    def _raise(self, alarm_id: str) -> None:
        act, desk = self._bridge.acts.alarm_incident, self._bridge.desk
        self._bridge.act(lambda: act(desk, alarm_id), lambda outcome: self._raised(alarm_id, outcome), self._refuse, frozenset({"incidents", "log", "alarms"}))

    def _raised(self, alarm_id: str, outcome: Any) -> None:
        self.said.emit(f"告警已关联 {outcome.number} · Ctrl+Z 撤回")
        self.raised.emit(outcome.id, alarm_id, outcome.op_id)
        self.refresh()

    def _propose(self, alarm_id: str, found: Any) -> None:
        self.proposal = (alarm_id, found)
        self.proposed.emit()

    def _send(self, name: str, alarm_id: str, *given: Any, call: tuple[Any, ...] | None = None) -> None:
        act, desk = getattr(self._bridge.acts, name), self._bridge.desk
        if call:
            self._sent.add(call)
            self._set(self.items)
        self._bridge.act(
            lambda: act(desk, alarm_id, *given), partial(self._finish, name, alarm_id, _DONE[name]), partial(self._refuse, call=call),
            frozenset({"log", "alarms"}),
        )

    def _finish(self, name: str, alarm_id: str, word: str, outcome: Any) -> None:
        number = str(getattr(outcome, "number", "") or "") if name in _DONE else ""
        self.said.emit(f"{word} {number}".strip())
        self.acted.emit(name, alarm_id)
        self.refresh()

    def _refuse(self, fault: Fault, call: tuple[Any, ...] | None = None) -> None:
        self._sent.discard(call or ())
        self.refused.emit(fault)
        self.refresh()

    def _take(self, picture: Any) -> None:
        self.is_read, self.load, self.counts = True, picture.load, dict(picture.counts)
        found = items(picture)
        self._sent &= {item.call for item in found}
        self._set(found)

    def _set(self, found: list[Item]) -> None:
        before, known = self.current, {item.key for item in self.items}
        self.items = [item for item in found if item.call not in self._sent]
        worse = self.items and before and self.items[0].severity < before.severity and not self.items[0].is_over and self.items[0].key not in known
        if self.current is None or worse or (not self._is_chosen and self.items[0].key != self._key):
            self._is_chosen = False
            self._turned = self._monotonic()
            self._key = self.items[0].key if self.items else ""
        self.sounds.take(self.items)
        self.changed.emit()

    def _show(self, key: str) -> None:
        if key != self._key:
            self._key, self._turned = key, float("-inf")
            self.changed.emit()

    def _on_aged(self) -> None:
        """Reminders and shelves that ran out are this desk's too, and the load of ten minutes falls by itself."""
        tick = getattr(self._bridge.queries.alarm_desk, "tick", None)
        if tick is not None:
            desk = self._bridge.desk
            self._bridge.act(lambda: tick(desk), lambda _: self.refresh(), self._bridge.fail, frozenset())


def _proposal(queries: Any, desk: Any, alarm_id: str) -> Any:
    try:
        return queries.alarm_desk.proposal(desk, alarm_id)
    except Refused:
        # It ended meanwhile: nobody has to hear of what he did not ask for.
        return None
