"""督办: whoever answers for a case is told when half, four fifths and all of its stage's time are used, once each per stage.

Every desk shows the notices it has not looked at yet; only the desk of the responsible officer writes the line of the log. Ids
come from incident, stage and threshold, so that a restart or a second desk of the same officer writes nothing twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from ..domain import clocks
from ..domain.calendar import SECONDS
from ..domain.entries import LogEntry
from ..domain.foreign import moment
from ..domain.incident import Incident
from ..domain.record import read
from ..domain.rights import holds
from ..store import outbox, settings, view
from ..store.store import Store
from . import deadlines
from .desk import Desk
from .draft import Draft
from .incident_list import Kept

#: Name of the settings that hold what was looked at and which years were said to be missing.
SEEN, SAID = "supervision_seen", "calendar_said"
SYSTEM = "system"
_SPACE = uuid.UUID("6e0c1a53-5d0f-4b52-9a5e-7c1f3b8a2d41")
#: Only what is gone from the list is forgotten; until then no more than so many are kept in mind.
MOST_SEEN = 20_000
#: Lines of the log written at once: an officer's act stands behind them.
MOST_WRITTEN = 20
_FAR = float("inf")


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


def notices(desk: Desk) -> list[Notice]:
    """What has crossed a threshold and was not looked at on this desk, the most urgent first."""
    seen = set(_seen(desk))
    return [each for each in crossed(desk) if each.key not in seen]


@dataclass(slots=True)
class _Watched:
    """An incident whose clock runs; `reported` and `due` are counters of the time that it counts in.

    `told` is what was last found out of it. That stays so from the moment `since` on, until the counter reaches `counted` or the time `until`.
    """

    incident: Incident
    unit: str
    reported: float
    due: float
    told: Notice | None = None
    since: float = _FAR
    counted: float = _FAR
    until: float = _FAR

    def look(self, counter: float, now: datetime, rules: clocks.Rules) -> Notice | None:
        """Its notice at a moment that the counter of its time stands for; the history is only told again when a threshold may be crossed."""
        # Less than half of all its time can be used: most of a list.
        if counter - self.reported < self.due - counter:
            return None
        at = now.timestamp()
        if not (self.since <= at < self.until and counter < self.counted):
            self.told, counted, lasts = _notice(self.incident, now, rules)
            self.since, self.counted, self.until = at, counter + counted, at + lasts
        return self.told


def _watched(row: dict[str, Any]) -> _Watched | None:
    rules, incident = deadlines.rules(), read(Incident, row)
    clock = clocks.clock_of(incident)
    if incident.is_ended or incident.state == clocks.PAUSED or not clock:
        return None
    unit = rules.unit(clock, incident.type)
    due = moment(incident.due_at) or clocks.due_since(moment(incident.state_at) or moment(incident.reported_at), clock, incident.type, rules)
    reported = moment(incident.reported_at)
    if due is None:
        return None
    return _Watched(incident, unit, rules.calendar.count(reported, unit) if reported else float("-inf"), rules.calendar.count(due, unit))


_kept = Kept(_watched)
#: Of each store what was crossed last, as it was found and in order: sorting tens of thousands takes longer than finding them.
_sorted: WeakKeyDictionary[Store, tuple[list[Notice], list[Notice]]] = WeakKeyDictionary()
#: Of each store what needs no second look whether its line is written.
_done: WeakKeyDictionary[Store, set[str]] = WeakKeyDictionary()


def crossed(desk: Desk) -> list[Notice]:
    """Of every open incident whose clock runs the highest threshold that is crossed."""
    rules, now = deadlines.rules(), desk.clock()
    counters = {unit: rules.calendar.count(now, unit) for unit in SECONDS}
    found = [notice for each in _kept.of(desk).values() if each and (notice := each.look(counters[each.unit], now, rules))]
    known, ordered = _sorted.get(desk.store, ([], []))
    if found != known:
        ordered = sorted(found, key=lambda each: (-each.percent, each.due.timestamp() if each.due else _FAR, each.number))
        _sorted[desk.store] = found, ordered
    return list(ordered)


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


def look_at(desk: Desk, incident_id: str) -> None:
    """The officer has seen what there is about an incident: its notices go from this desk's list, other desks keep theirs."""
    listed = crossed(desk)
    keys = {each.key for each in listed}
    fresh = [each.key for each in listed if each.incident_id == incident_id]
    kept = [each for each in _seen(desk) if each in keys]
    settings.put(desk.store, SEEN, orjson.dumps([*dict.fromkeys([*kept, *fresh])][:MOST_SEEN]).decode())


def _seen(desk: Desk) -> list[str]:
    try:
        found = orjson.loads(settings.get(desk.store, SEEN, "[]"))
    except ValueError:
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def write(desk: Desk) -> int:
    """Write the log lines of the cases that the officer at this desk answers for, MOST_WRITTEN at a time; how many were written."""
    officer = desk.officer
    if officer is None or not holds(desk.role, ("officer", "department")):
        return 0
    done = _done.setdefault(desk.store, set())
    lacking = (each for each in crossed(desk) if each.owner == officer.user and each.key not in done)
    written = 0
    for each in lacking:
        written += _write(desk, each)
        done.add(each.key)
        if written >= MOST_WRITTEN:
            break
    return written


def _write(desk: Desk, notice: Notice) -> bool:
    entry_id, op_id = (str(uuid.uuid5(_SPACE, f"{part}|{notice.key}")) for part in ("entry", "op"))
    if outbox.get(desk.store, op_id) or view.record(desk.store, "log", entry_id):
        return False
    draft = Draft(desk, "supervise", op_id)
    text = f"督办：{clocks.STAGES[notice.clock]}时限已用 {notice.percent} %"
    data = {"clock": notice.clock, "percent": notice.percent}
    draft.create("log", LogEntry(entry_id, text, draft.now, SYSTEM, "note", notice.incident_id, data={"supervision": data}))
    draft.keep("log", entry_id, notice.number, text=text)
    return True


def rows(desk: Desk) -> list[dict[str, Any]]:
    """What `query supervision` tells."""
    return [
        {"id": each.incident_id, "number": each.number, "title": each.title, "clock": each.clock, "percent": each.percent, "owner": each.owner,
         "due_at": each.due.isoformat() if each.due else None}
        for each in notices(desk)
    ]


def unknown_years(desk: Desk) -> list[str]:
    """A sentence for each year without a published plan that open limits reach into; said once on this desk."""
    known = deadlines.rules().calendar.years
    due = (moment(each.incident.due_at) for each in _kept.of(desk).values() if each)
    years = {desk.clock().year} | {each.year for each in due if each}
    said = set(settings.get(desk.store, SAID).split())
    fresh = sorted(year for year in years if year not in known and str(year) not in said)
    if fresh:
        settings.put(desk.store, SAID, " ".join(sorted(said | {str(year) for year in fresh})))
    return [f"没有 {year} 年的假日安排，这一年暂按周一至周五计工作日；公布后请把 calendar-{year}.toml 放进数据文件夹" for year in fresh]
