"""Log entries (指挥日志), warnings and plans: records that are added and read, never fought over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the command log; `amends` names the entry that it corrects, which stays visible.

    `kind`: note radio phone roll_call handover signature, written by people; edit and unit, written along with an act that leaves no
    line elsewhere. `data` is what the line speaks of, for programs: of a radio or phone note {party}, of a roll call {answer}, of a
    handover its lists, of a signature {handover}, of an edit {field: [before, after]}, of a unit {from, to}.
    """

    id: str
    text: str
    at: str
    by: str
    kind: str = "note"
    incident_id: str | None = None
    unit_id: str | None = None
    amends: str | None = None
    data: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Warning:
    """A warning in force: `colour` red orange yellow blue; CAP 1.2's urgency, severity, certainty; `area` is GeoJSON."""

    id: str
    title: str
    colour: str | None = None
    category: str | None = None
    sender: str | None = None
    sent: str | None = None
    effective: str | None = None
    expires: str | None = None
    urgency: str | None = None
    severity: str | None = None
    certainty: str | None = None
    text: str | None = None
    districts: tuple[str, ...] = ()
    area: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A response plan (预案): `items` are dicts {text, owner, due_min}."""

    id: str
    title: str
    type: str | None = None
    level: int | None = None
    items: tuple[dict[str, Any], ...] = ()
