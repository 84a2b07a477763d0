"""Where a list of units and a unit's own record say different things, the unit's record is right: it is the lock."""

from __future__ import annotations

from dataclasses import replace

from ..domain.incident import Incident
from ..domain.rights import holds
from ..store import mirror, outbox, view
from ..store.store import Store
from .desk import Desk
from .draft import Draft

#: Acts of this desk that are looked at again for what they listed.
LAST = 500


def present(store: Store, incident: Incident) -> Incident:
    """The incident without the units that are elsewhere by their own record: they hold nothing up here. Unknown units stay."""
    here = tuple(each for each in incident.unit_ids if (view.record(store, "units", each) or {"incident_id": incident.id}).get("incident_id") == incident.id)
    return incident if here == incident.unit_ids else replace(incident, unit_ids=here)


def tidy(desk: Desk) -> int:
    """Take off the incidents that this desk sent units to, those that another desk had sent elsewhere before they were listed; the number of acts.

    The desk that listed them does it, so that not all do.
    """
    if desk.officer is None or not holds(desk.role, ("officer",)):
        return 0
    busy = {(step.kind, step.record_id) for _, step in outbox.open_steps(desk.store)}
    return sum(_tidied(desk, each, busy) for each in outbox.listed(desk.store, LAST) if ("incidents", each) not in busy)


def _tidied(desk: Desk, incident_id: str, busy: set[tuple[str, str]]) -> bool:
    raw = mirror.get(desk.store, "incidents", incident_id) or {}
    listed = [str(each) for each in raw.get("unit_ids") or ()]
    gone = {each for each in listed if ("units", each) not in busy and _is_elsewhere(desk.store, each, incident_id)}
    if not gone:
        return False
    draft = Draft(desk, "tidy")
    old = draft.load("incidents", incident_id, Incident)
    draft.change("incidents", old, replace(old, unit_ids=tuple(each for each in old.unit_ids if each not in gone)))
    draft.keep("incidents", old.id, old.number, units="、".join(str((mirror.get(desk.store, "units", each) or {}).get("name", each)) for each in sorted(gone)))
    return True


def _is_elsewhere(store: Store, unit_id: str, incident_id: str) -> bool:
    unit = mirror.get(store, "units", unit_id)
    return unit is not None and unit.get("incident_id") != incident_id
