"""督办: whoever answers for a case is told when half, four fifths and all of its stage's time are used, once each per stage.

Every desk shows the notices it has not looked at yet; only the desk of the responsible officer writes the line of the log. Ids
come from incident, stage and threshold, so that a restart or a second desk of the same officer writes nothing twice.
"""

from __future__ import annotations

import uuid
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from ..domain import clocks
from ..domain.entries import LogEntry
from ..domain.rights import holds
from ..store import outbox, settings, view
from ..store.store import Store
from . import deadlines
from .desk import Desk
from .draft import Draft
from .incident_list import Kept
from .watch import Notice, Watch, watched

#: Name of the settings that hold what was looked at and which years were said to be missing.
SEEN, SAID = "supervision_seen", "calendar_said"
SYSTEM = "system"
_SPACE = uuid.UUID("6e0c1a53-5d0f-4b52-9a5e-7c1f3b8a2d41")
#: Only what is gone from the list is forgotten; until then no more than so many are kept in mind.
MOST_SEEN = 20_000
#: Lines of the log written at once: an officer's act stands behind them.
MOST_WRITTEN = 20

_kept = Kept(watched, Watch)
#: Of each store what needs no second look whether its line is written.
_done: WeakKeyDictionary[Store, set[str]] = WeakKeyDictionary()


def notices(desk: Desk) -> list[Notice]:
    """What has crossed a threshold and was not looked at on this desk, the most urgent first."""
    listed, seen = crossed(desk), set(_seen(desk))
    return [each for each in listed if each.key not in seen] if seen else listed


def crossed(desk: Desk) -> list[Notice]:
    """Of every open incident whose clock runs the highest threshold that is crossed, the most urgent first."""
    with _kept.of(desk) as watch:
        return watch.crossed(desk.clock(), deadlines.rules())


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
    with _kept.of(desk) as watch:
        years = {desk.clock().year} | watch.years()
    said = set(settings.get(desk.store, SAID).split())
    fresh = sorted(year for year in years if year not in known and str(year) not in said)
    if fresh:
        settings.put(desk.store, SAID, " ".join(sorted(said | {str(year) for year in fresh})))
    return [f"没有 {year} 年的假日安排，这一年暂按周一至周五计工作日；公布后请把 calendar-{year}.toml 放进数据文件夹" for year in fresh]
