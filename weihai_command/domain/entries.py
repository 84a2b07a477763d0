"""Log entries (指挥日志), warnings and plans: records that are added and read, never fought over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of the command log; `amends` names the entry that it corrects, which stays visible.

    `kind`: note radio phone roll_call handover signature, written by people; edit and unit, written along with an act that leaves no
    line elsewhere. `data` is what the line speaks of, for programs: of a radio or phone note {party}, of a roll call {answer}, of a
    handover its lists, of a signature {handover}, of an edit {field: [before, after]}, of a unit {from, to}, of an alarm {alarm, sensor_id,
    kind, act, severity, announced_at} with the reason, until or incident of the act (operations.alarms), of a plan {plan, title, level, warning,
    items, reports} and of a plan_tick {item, done} (domain/response.py).
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
    """One message of a warning. Together they are chains (domain/warning.py); this one alone does not say what is in force.

    `colour` red orange yellow blue; `kind` a code of warning_kinds.toml; CAP 1.2's category, urgency, severity, certainty, `status` (Actual;
    Exercise and Test are never shown as real) and `msg_type` (Alert, Update, Cancel); sender, identifier and sent are its name, and
    `references` the names "sender,identifier,sent" of those that it replaces or ends (a bare identifier where the source has no more).
    `area` is GeoJSON, or districts by name; `track` of a storm: {active, now, points: [{at, lon, lat, kind, wind_ms, hpa, radii: {"30": [ne, se, sw, nw]}}]},
    radii in km by wind in knots.
    """

    id: str
    title: str
    colour: str | None = None
    category: str | None = None
    sender: str | None = None
    sender_name: str | None = None
    sent: str | None = None
    effective: str | None = None
    expires: str | None = None
    urgency: str | None = None
    severity: str | None = None
    certainty: str | None = None
    text: str | None = None
    districts: tuple[str, ...] = ()
    area: dict[str, Any] | None = None
    kind: str | None = None
    status: str = "Actual"
    msg_type: str = "Alert"
    identifier: str | None = None
    references: tuple[str, ...] = ()
    onset: str | None = None
    headline: str | None = None
    instruction: str | None = None
    criteria: str | None = None
    geocodes: tuple[str, ...] = ()
    area_text: str | None = None
    track: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A response plan (预案): `items` are dicts {text, owner, due_min}."""

    id: str
    title: str
    type: str | None = None
    level: int | None = None
    items: tuple[dict[str, Any], ...] = ()
