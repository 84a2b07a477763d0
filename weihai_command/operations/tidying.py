"""Where a list of units and a unit's own record say different things, the unit's record is right: it is the lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..domain import lifecycle, unit_lifecycle
from ..domain.incident import Incident
from ..domain.record import read
from ..domain.rights import holds
from ..domain.unit import COMMITTED, Assignment, Unit
from ..store import listing, mirror, outbox, view
from ..store.store import Store
from .desk import Desk
from .draft import Draft

#: Acts of this desk that are looked at again for what they listed.
LAST = 500


def present(store: Store, incident: Incident) -> Incident:
    """The incident with the units that are on it by their own record, listed or not; the others hold nothing up here. Unknown units stay, and so do
    all that a list names which came after the units were last read: their own records may say so by now. An act of this desk that waits takes no unit
    from where the platform has it.
    """
    is_unsure = listing.is_older(store, incident.id)
    listed = [each for each in incident.unit_ids if is_unsure or not _is_gone(view.record(store, "units", each), incident.id)
              or not _is_elsewhere(store, each, incident.id)]
    return _joined(store, replace(incident, unit_ids=tuple(listed)))


def _joined(store: Store, incident: Incident) -> Incident:
    there = [row["id"] for row in view.rows(store, "units", where={"incident_id": incident.id}) if row["state"] in COMMITTED]
    return replace(incident, unit_ids=tuple(dict.fromkeys((*incident.unit_ids, *there))))


def judged(store: Store, incident: Incident, act: str, *, is_decision: bool = False) -> Incident:
    """The incident as the tables decide about `act`: what only ends without units looks at the units themselves, the rest leaves the list alone.

    `is_decision`: against what stands there already; then whom the list names counts in any case.
    """
    row = lifecycle.find(incident.track, incident.state, act)
    if row is None or "no_unit" not in row.needs:
        return incident
    return _joined(store, incident) if is_decision else present(store, incident)


def tidy(desk: Desk) -> int:
    """Take off the incidents that this desk sent units to, those that another desk had sent elsewhere before they were listed; put on those that
    this desk sent and that a late tidying took off; release those that it sent to what has ended meanwhile. The number of acts.

    The desk that wrote the list, or the lock, does it, so that not all do.
    """
    if desk.officer is None or not holds(desk.role, ("officer",)):
        return 0
    busy = {(step.kind, step.record_id) for _, step in outbox.open_steps(desk.store)}
    come = _missing(desk.store, busy)
    ids = dict.fromkeys((*outbox.listed(desk.store, LAST), *come))
    left = [unit for each, units in come.items() if ("incidents", each) not in busy and _has_ended(desk.store, each) for unit in units]
    return sum(_released(desk, each) for each in left) + sum(_tidied(desk, each, come.get(each, []), busy) for each in ids if ("incidents", each) not in busy)


def _missing(store: Store, busy: set[tuple[str, str]]) -> dict[str, list[str]]:
    """incident -> the units that this desk has sent there and that are there, whatever its list says."""
    found: dict[str, list[str]] = {}
    for unit_id, assignment_id in outbox.sent(store, LAST):
        unit = mirror.get(store, "units", unit_id) or {}
        if unit.get("assignment_id") == assignment_id and unit.get("state") in COMMITTED and unit.get("incident_id") and ("units", unit_id) not in busy:
            found.setdefault(str(unit["incident_id"]), []).append(unit_id)
    return found


def _tidied(desk: Desk, incident_id: str, here: list[str], busy: set[tuple[str, str]]) -> bool:
    raw = mirror.get(desk.store, "incidents", incident_id)
    if raw is None or raw.get("feed"):
        return False
    draft = Draft(desk, "tidy")
    old = draft.load("incidents", incident_id, Incident)
    is_unsure = listing.is_older(desk.store, incident_id)
    gone = {each for each in old.unit_ids if not is_unsure and ("units", each) not in busy and _is_elsewhere(desk.store, each, incident_id)}
    come = [] if old.is_ended else [each for each in here if each not in old.unit_ids]
    if not gone and not come:
        return False
    draft.change("incidents", old, replace(old, unit_ids=(*(each for each in old.unit_ids if each not in gone), *come)))
    draft.keep("incidents", old.id, old.number, gone=_names(desk.store, gone), units=_names(desk.store, come))
    return True


def _has_ended(store: Store, incident_id: str) -> bool:
    raw = mirror.get(store, "incidents", incident_id)
    return raw is not None and read(Incident, raw).is_ended


def _released(desk: Desk, unit_id: str) -> bool:
    """A unit that came to what another desk was ending: nobody expects it there, and nobody else could send it."""
    draft = Draft(desk, "status")
    unit = draft.load("units", unit_id, Unit)
    move = unit_lifecycle.advance(unit, "returning", draft.officer.user, draft.now)
    draft.change("units", unit, move.unit)
    if unit.assignment_id and view.record(draft.store, "assignments", unit.assignment_id):
        assignment = draft.load("assignments", unit.assignment_id, Assignment)
        draft.change("assignments", assignment, unit_lifecycle.follow(assignment, move, draft.now))
    draft.keep("units", unit.id, unit.name, state="returning", reason="事件已结束")
    return True


def _names(store: Store, ids: Iterable[str]) -> str:
    return "、".join(str((mirror.get(store, "units", each) or {}).get("name", each)) for each in sorted(ids))


def _is_elsewhere(store: Store, unit_id: str, incident_id: str) -> bool:
    return _is_gone(mirror.get(store, "units", unit_id), incident_id)


def _is_gone(unit: Mapping[str, Any] | None, incident_id: str) -> bool:
    return unit is not None and unit.get("incident_id") != incident_id
