"""What happens in the sample city: incidents, the units sent to them, the log and plans; sample_city_warnings.py has what warns of them.

Everything goes through the domain's own rules (lifecycle, unit_lifecycle), so that no record can be in a state that they forbid.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from weihai_command.domain import unit_lifecycle
from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import Command, decide, evolve, opened
from weihai_command.domain.unit import Assignment, Unit

from .sample_city_ground import ground, ids, moved, on_land, words
from .sample_city_points import iso

#: How a municipal incident came to its state.
WAYS: dict[str, tuple[str, ...]] = {
    "reported": (),
    "verifying": ("verify",),
    "registered": ("verify", "register"),
    "dispatched": ("verify", "register", "dispatch"),
    "accepted": ("verify", "register", "dispatch", "accept"),
    "returned": ("verify", "register", "dispatch", "return"),
    "handling": ("verify", "register", "dispatch", "accept", "handle"),
    "suspended": ("verify", "register", "dispatch", "accept", "handle", "suspend"),
    "handled": ("verify", "register", "dispatch", "accept", "handle", "finish"),
    "checking": ("verify", "register", "dispatch", "accept", "handle", "finish", "check"),
    "rework": ("verify", "register", "dispatch", "accept", "handle", "finish", "check", "rework"),
    "closed": ("verify", "register", "dispatch", "accept", "handle", "finish", "check", "close"),
    "rejected": ("verify", "reject"),
    "cancelled": ("verify", "cancel"),
}
OF_DEPARTMENT = frozenset({"accept", "return", "handle", "finish"})
NEEDS: dict[str, tuple[str, ...]] = {
    "verify": ("owner",), "dispatch": ("department",), "return": ("reason",), "finish": ("result",), "suspend": ("reason", "until"),
    "rework": ("reason",), "close": ("outcome",), "reject": ("reason",), "cancel": ("reason",), "monitor": ("reason",),
}  # fmt: skip
BOATS = frozenset({"sea", "fish"})
#: Messages of these sources come from a person with a telephone.
CALLED = frozenset({"hotline_12345", "grid", "public"})


@dataclass(slots=True)
class Cases:
    """The running city while it is being told."""

    now: datetime
    units: dict[str, Unit]
    incidents: list[Incident] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    log: list[dict[str, Any]] = field(default_factory=list)
    ops: Iterator[str] = field(default_factory=lambda: iter(ids("ops", 20_000)))
    made: Iterator[str] = field(default_factory=lambda: iter(ids("cases", 20_000)))

    def ago(self, minutes: float) -> str:
        return iso(self.now - timedelta(minutes=minutes))


@dataclass(frozen=True, slots=True)
class Sending:
    """One unit of a told incident: its state now, when it was sent and since when it is in that state (minutes ago)."""

    name: str
    state: str
    sent: float
    since: float

    @classmethod
    def read(cls, line: str) -> Sending:
        name, state, sent, since = line.split()
        return cls(name, state, float(sent), float(since))


def tell(cases: Cases, row: dict[str, Any]) -> None:
    """Play one told incident to its present state and add what it leaves behind."""
    kinds = words("types.toml") if "rule" not in row else {row["type"]: row["rule"]}
    rule = kinds[row["type"]]
    incident = opened(_reported(cases, row, rule), *_reporter(row), next(cases.ops), cases.ago(row["age"]))
    row = {"department": rule["department"], **row}
    ways = _emergency if incident.track == "emergency" else _municipal
    cases.incidents.append(ways(cases, incident, row))
    for line in row.get("log", ()):
        minutes, text = line.split(" ", 1)
        note(cases, text, float(minutes), incident.id)


def receive(cases: Cases, row: dict[str, Any]) -> None:
    """Add a message that nobody has looked at yet: who sent it when, and what was said; type, grade and place are for the officer to find."""
    said = Incident(
        id=next(cases.made), title=row["title"], track=row["track"], number=row["number"], source=row["source"], description=row["text"],
        phone=f"000-{5310000 + len(cases.incidents)}" if row["source"] in CALLED else None, occurred_at=cases.ago(row["age"] + 1),
    )  # fmt: skip
    cases.incidents.append(opened(said, *_reporter(row), next(cases.ops), cases.ago(row["age"])))


def _reporter(row: dict[str, Any]) -> tuple[str, str]:
    return ("officer", "officer") if row["source"] in {"leader", "public"} else ("feed", "feed")


def _reported(cases: Cases, row: dict[str, Any], rule: dict[str, Any]) -> Incident:
    """The incident as it was reported, with its place."""
    town = ground().town_named(row["town"])
    lon, lat = _place(row)
    due = row.get("due")
    return Incident(
        id=next(cases.made), title=row["title"], track=rule["track"], number=row["number"], type=row["type"], grade=row.get("grade"),
        priority=row["priority"], lon=lon, lat=lat, place=row.get("place") or f"{row['town']} {row['village']}",
        radius_m=float(row.get("radius", 150)), district=town.district, town=town.name, source=row["source"], description=row["text"],
        phone=f"000-{5310000 + len(cases.incidents)}",
        occurred_at=cases.ago(row["age"] + 3), due_at=None if due is None else cases.ago(-due),
    )  # fmt: skip


def _place(row: dict[str, Any]) -> tuple[float, float]:
    """Where it is: told, by a berth and an offset, or the invented place of the village."""
    made = ground()
    if "at" in row:
        return float(row["at"][0]), float(row["at"][1])
    if "berth" in row:
        berth = next(each for each in made.berths if each["name"] == row["berth"])
        east, north = np.array([row.get("east_km", 0.0)]), np.array([row.get("north_km", 0.0)])
        x, y = moved(np.array([berth["lon"]]), np.array([berth["lat"]]), east, north)
        return float(x[0]), float(y[0])
    village = next(int(index) for index in made.villages_of(row["town"]) if made.villages[index] == row["village"])
    return float(made.lon[village]), float(made.lat[village])


def _act(cases: Cases, incident: Incident, act: str, minutes: float, row: dict[str, Any], **more: Any) -> Incident:
    """One act by whoever may do it, `minutes` ago."""
    by = "department" if act in OF_DEPARTMENT else "shift_leader" if act == "suspend" else "officer"
    known: dict[str, Any] = {"owner": "officer", **{key: row[key] for key in ("department", "reason", "result", "outcome") if key in row}}
    if act == "suspend":
        known["until"] = iso(cases.now + timedelta(minutes=row.get("until_min", 4320)))
    filled = {need: known[need] for need in NEEDS.get(act, ()) if need in known} | more
    for event in decide(incident, Command(act, by, by, next(cases.ops), filled), cases.ago(minutes)):
        incident = evolve(incident, event)
    return incident


def _municipal(cases: Cases, incident: Incident, row: dict[str, Any]) -> Incident:
    way = WAYS["rework" if row.get("rework") else row["state"]]
    defaults = {"result": "已按要求处理", "reason": "核查未达标", "outcome": "核查属实，结案"}
    for step, act in enumerate(way, start=1):
        minutes = row["age"] + (row["since"] - row["age"]) * step / len(way)
        incident = _act(cases, incident, act, minutes, defaults | row)
    return incident


def _emergency(cases: Cases, incident: Incident, row: dict[str, Any]) -> Incident:
    sendings = sorted((Sending.read(line) for line in row.get("units", ())), key=lambda each: -each.sent)
    state = row["state"]
    if state == "new":
        return incident
    incident = _act(cases, incident, "claim", row["age"] - 0.2, row, owner="officer", department=row["department"])
    if state == "queued":
        return _act(cases, incident, "queue", row["since"], row)
    late = [] if state != "monitored" else [each for each in sendings if each.sent < row["since"]]
    for sending in sendings:
        if sending not in late:
            incident = _sent(cases, incident, sending, row)
    if state == "monitored":
        # Units that go to a monitored incident make it active again; the officer puts it back under watch.
        for sending in late:
            incident = _sent(cases, incident, sending, row)
        incident = _act(cases, incident, "monitor", min(row["since"], *(each.sent for each in sendings)), row)
    incident = _left(cases, incident, sendings, row)
    return _act(cases, incident, "close", row["since"], row) if state == "ended" else incident


def _sent(cases: Cases, incident: Incident, sending: Sending, row: dict[str, Any]) -> Incident:
    """Dispatch one unit and bring it to its state: unit, incident and assignment say the same."""
    unit, assignment_id, sent = cases.units[sending.name], next(cases.made), cases.ago(sending.sent)
    incident = _act(cases, incident, "dispatch", sending.sent, row, unit_ids=(*incident.unit_ids, unit.id))
    unit = unit_lifecycle.send(unit, assignment_id, incident.id, "officer", sent)
    assignment = Assignment(assignment_id, incident.id, unit.id, by="officer", created_at=sent, steps=unit.steps)
    way = unit_lifecycle.WAY[1 : unit_lifecycle.WAY.index(sending.state) + 1]
    for step, state in enumerate(way, start=1):
        at = cases.ago(sending.sent + (sending.since - sending.sent) * step / len(way))
        move = unit_lifecycle.advance(unit, state, "officer", at)
        unit, assignment = move.unit, unit_lifecycle.follow(assignment, move, at)
    cases.units[sending.name] = replace(unit, **_position(cases, unit, incident))
    cases.assignments.append(assignment)
    return incident


def _left(cases: Cases, incident: Incident, sendings: list[Sending], row: dict[str, Any]) -> Incident:
    """Released units are no longer on the incident's list."""
    gone = {cases.units[each.name].id for each in sendings if each.state in {"returning", "available"}}
    return replace(incident, unit_ids=tuple(unit for unit in incident.unit_ids if unit not in gone))


def _position(cases: Cases, unit: Unit, incident: Incident) -> dict[str, Any]:
    """Where the unit is now: at the place, on a straight line to or from it, or at home; reported within the last minutes."""
    part = {"en_route": 0.6, "on_scene": 1.0, "returning": 0.5}.get(unit.state, 0.0)
    home = (unit.home_lon or 0.0, unit.home_lat or 0.0)
    x, y = np.array([home[0] + part * ((incident.lon or 0.0) - home[0])]), np.array([home[1] + part * ((incident.lat or 0.0) - home[1])])
    if part == 1.0:
        x, y = moved(x, y, np.array([0.06]), np.array([0.04]))
    fits = bool(on_land(x, y)[0]) != (unit.kind in BOATS)
    lon, lat = (float(np.round(x[0], 6)), float(np.round(y[0], 6))) if fits else home
    return {"lon": lon, "lat": lat, "position_at": cases.ago(0.3 + 0.1 * (len(cases.assignments) % 7))}


def note(cases: Cases, text: str, minutes: float, incident_id: str | None = None) -> None:
    entry = {"id": next(cases.made), "text": text, "at": cases.ago(minutes), "by": "officer", "kind": "note"}
    cases.log.append(entry | ({"incident_id": incident_id} if incident_id else {}))


def plans(told: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Response plans; an item is told as "text | owner | minutes"."""
    for ident, row in zip(ids("plans", len(told)), told, strict=True):
        items = [[part.strip() for part in line.split("|")] for line in row["items"]]
        yield {
            "id": ident, "title": row["title"], "type": row["type"], "level": row["level"],
            "items": [{"text": text, "owner": owner, "due_min": int(due)} for text, owner, due in items],
        }  # fmt: skip
