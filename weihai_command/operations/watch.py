"""The open incidents whose stage's clock runs, as columns: only what may cross a threshold is told anew, and what crossed one stays in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ..domain import clocks
from ..domain.calendar import SECONDS
from ..domain.foreign import moment
from ..domain.incident import Incident
from ..domain.record import read
from . import deadlines

UNITS = tuple(SECONDS)
#: From so many changes on it is quicker to sort everything again.
MANY = 500
_FAR = float("inf")
#: Rows of the columns: the counter at which half of all time is used; since when, to which counter and until when what was told holds; the unit.
_SINCE, _UNTIL = 1, 3
#: Of an incident that nothing was told of yet, and of none at all.
_UNTOLD, _NOBODY = (_FAR, _FAR, _FAR), (_FAR, _FAR, _FAR, _FAR, 0)
#: By what notices are sorted: percent, due, number, and the place of the incident.
_Key = tuple[int, float, str, int]


@dataclass(frozen=True, slots=True)
class Notice:
    """An open incident that crossed `percent` (50, 80, 100) of its stage's time; `key` names incident, stage and threshold."""

    key: str
    incident_id: str
    number: str
    title: str
    clock: str
    percent: int
    owner: str
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Watched:
    """An incident whose clock runs; at the counter `half` of its `unit` half of the time from its report to its limit is used.

    `year` is that of a limit of its own.
    """

    incident: Incident
    unit: str
    half: float
    year: int | None


def watched(row: dict[str, Any]) -> Watched | None:
    """None for an incident whose clock does not run."""
    rules, incident = deadlines.rules(), read(Incident, row)
    clock = clocks.clock_of(incident)
    if incident.is_ended or incident.state == clocks.PAUSED or not clock:
        return None
    unit, own = rules.unit(clock, incident.type), moment(incident.due_at)
    due = own or clocks.due_since(moment(incident.state_at) or moment(incident.reported_at), clock, incident.type, rules)
    if due is None:
        return None
    reported = moment(incident.reported_at)
    begun = rules.calendar.count(reported, unit) if reported else -_FAR
    return Watched(incident, unit, (begun + rules.calendar.count(due, unit)) / 2, own.year if own else None)


class Watch:
    """A follower of incident_list.Kept. Places of incidents are never used again; a place of one that is gone is empty."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._items: list[Watched | None] = []
        self._told: list[Notice | None] = []
        self._keys: list[_Key | None] = []
        self._columns = np.empty((5, 0))
        self._is_begun = np.empty(0, bool)
        #: Places whose notice may be another one than that in the order.
        self._doubtful: set[int] = set()
        self._order: list[_Key] = []
        self._notices: list[Notice] = []

    def take(self, rows: Iterable[tuple[str, Watched | None]], gone: Iterable[str]) -> None:
        """What incidents are now."""
        fresh: dict[int, Watched | None] = {self._place.pop(each): None for each in gone if each in self._place}
        for each, item in rows:
            place = self._place.setdefault(each, len(self._items))
            if place == len(self._items):
                self._items.append(None)
                self._told.append(None)
                self._keys.append(None)
            fresh[place] = item
        self._grow()
        for place, item in fresh.items():
            self._items[place], self._told[place] = item, None
        if fresh:
            cells = [(item.half, *_UNTOLD, UNITS.index(item.unit)) if item else _NOBODY for item in fresh.values()]
            self._columns[:, list(fresh)] = np.array(cells).T
            self._doubtful |= fresh.keys()

    def _grow(self) -> None:
        new = len(self._items) - len(self._is_begun)
        if new:
            self._columns = np.append(self._columns, np.full((5, new), _FAR), axis=1)
            self._is_begun = np.append(self._is_begun, np.zeros(new, bool))

    def years(self) -> set[int]:
        """In which the limits of their own lie."""
        return {each.year for each in self._items if each and each.year}

    def crossed(self, now: datetime, rules: clocks.Rules) -> list[Notice]:
        """The notices at a moment: the highest percent first, of one percent what is due first."""
        half, since, counted, until, unit = self._columns
        counter = np.array([float(rules.calendar.count(now, each)) for each in UNITS])[unit.astype(np.intp)]
        at, begun = now.timestamp(), counter >= half
        lasts = (since <= at) & (at < until) & (counter < counted)
        for place in np.flatnonzero(begun & ~lasts).tolist():
            self._tell(place, float(counter[place]), now, rules)
        self._doubtful.update(np.flatnonzero(begun != self._is_begun).tolist())
        self._is_begun = begun
        self._arrange()
        return self._notices.copy()

    def _tell(self, place: int, counter: float, now: datetime, rules: clocks.Rules) -> None:
        item = self._items[place]
        assert item is not None
        self._told[place], counted, lasts = _notice(item.incident, now, rules)
        at = now.timestamp()
        self._columns[_SINCE : _UNTIL + 1, place] = at, counter + counted, at + lasts
        self._doubtful.add(place)

    def _key(self, place: int) -> _Key | None:
        told = self._told[place]
        if told is None or not self._is_begun[place]:
            return None
        return -told.percent, told.due.timestamp() if told.due else _FAR, told.number, place

    def _arrange(self) -> None:
        """Put what is doubtful where it belongs now."""
        doubtful, self._doubtful = self._doubtful, set()
        if len(doubtful) > MANY:
            for place in doubtful:
                self._keys[place] = self._key(place)
            self._order = sorted(each for each in self._keys if each)
            self._notices = [told for *_, place in self._order if (told := self._told[place])]
            return
        for place in doubtful:
            self._move(place)

    def _move(self, place: int) -> None:
        known, key, told = self._keys[place], self._key(place), self._told[place]
        self._keys[place] = key
        if known:
            at = bisect_left(self._order, known)
            del self._order[at], self._notices[at]
        if key and told:
            at = bisect_left(self._order, key)
            self._order.insert(at, key)
            self._notices.insert(at, told)


def _notice(incident: Incident, now: datetime, rules: clocks.Rules) -> tuple[Notice | None, float, float]:
    """The notice of the highest threshold that is crossed; no other is while less than so many seconds pass, of the clock's time and of any."""
    found = clocks.standing(incident, now, rules)
    if found is None:
        return None, 0.0, 0.0
    lasting = _lasting(found, now, rules)
    if found.share < clocks.THRESHOLDS[0]:
        return None, *lasting
    percent = round(100 * max(each for each in clocks.THRESHOLDS if found.share >= each))
    key = f"{incident.id}|{found.clock}|{found.began.isoformat()}|{percent}"
    return Notice(key, incident.id, incident.number, incident.title, found.clock, percent, incident.owner or "", found.due), *lasting


def _lasting(found: clocks.Standing, now: datetime, rules: clocks.Rules) -> tuple[float, float]:
    if found.share >= clocks.THRESHOLDS[-1]:
        return _FAR, _FAR
    ahead = min(each for each in clocks.THRESHOLDS if each > found.share)
    whole = found.left_s / (1 - found.share)
    if found.due and found.left_s == rules.calendar.seconds(now, found.due, found.unit):
        # Parts of a second are dropped on both sides.
        return (ahead - found.share) * whole - 2, _FAR
    # At night what is left is told by the wall clock, while what is spent stands still.
    return 1.0, found.left_s - found.share * whole * (1 - ahead) / ahead - 2
