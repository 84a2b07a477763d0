"""Assigning (指派): a unit is meant for an incident but not sent. It is free for any dispatch and its record names no incident."""

from __future__ import annotations

from dataclasses import replace

from ..domain import unit_lifecycle
from ..domain.faults import Refused
from ..domain.incident import Incident
from ..domain.unit import Unit
from .desk import Desk
from .draft import Draft, Outcome
from .noting import need_officer, unit_line


def assign(desk: Desk, unit_id: str, incident_id: str | None = None, *, op_id: str | None = None) -> Outcome:
    """Keep an available unit for an incident, or ready in general; the incident's log says so, the unit's reason is its number."""
    draft = Draft(desk, "assign", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    unit = draft.load("units", unit_id, Unit)
    incident = draft.load("incidents", incident_id, Incident) if incident_id else None
    if incident and incident.is_ended:
        raise Refused(f"{incident.number}已经结束", "没有改动", code="incident_ended")
    number = incident.number if incident else None
    return _keep(draft, unit, "assigned", number, incident.id if incident else None)


def unassign(desk: Desk, unit_id: str, *, op_id: str | None = None) -> Outcome:
    """Make an assigned unit available again."""
    draft = Draft(desk, "unassign", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    unit = draft.load("units", unit_id, Unit)
    if unit.state != "assigned":
        raise Refused(f"{unit.name}没有被指派", "没有改动", code="wrong_state")
    return _keep(draft, unit, "available", None, None)


def _keep(draft: Draft, unit: Unit, state: str, number: str | None, incident_id: str | None) -> Outcome:
    after = unit_lifecycle.advance(unit, state, draft.officer.user, draft.now, number).unit
    draft.change("units", unit, after)
    if line := unit_line(draft, unit, after):
        draft.create("log", replace(line, incident_id=incident_id))
    return draft.keep("units", unit.id, unit.name, state=state, reason=number)
