"""The incident's two state tables as data, and the pure rules that apply them.

`decide(incident, command, now) -> events` refuses or says what happened; `evolve(incident, event) -> incident` applies it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .faults import Refused
from .incident import EMERGENCY, FINAL, MUNICIPAL, Incident
from .rights import Post, holds
from .words import ACTS, NEEDS, ROLES, STATES

OPEN = ("*open",)
EMERGENCY_OPEN = ("new", "queued", "active", "monitored")
MUNICIPAL_OPEN = (
    "reported", "verifying", "registered", "returned", "dispatched", "accepted", "handling", "handled", "checking", "suspended",
)


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table. `target` may be `*before` (the state before a suspension)."""

    track: str
    sources: tuple[str, ...]
    act: str
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()


def _rows(track: str, *rows: tuple[str, str, str, str, str]) -> tuple[Transition, ...]:
    return tuple(
        Transition(track, tuple(sources.split()), act, target, tuple(roles.split()), tuple(needs.split()))
        for sources, act, target, roles, needs in rows
    )


TABLE: tuple[Transition, ...] = (
    *_rows(
        EMERGENCY,
        ("-", "report", "new", "officer feed", "title"),
        ("new monitored", "queue", "queued", "officer", "type priority place"),
        ("new queued active monitored", "dispatch", "active", "officer", "type priority place unit"),
        ("new queued active", "monitor", "monitored", "officer", "reason"),
        ("new queued active monitored", "close", "ended", "officer", "outcome no_unit"),
        ("new queued active monitored", "merge", "ended", "officer", "parent"),
    ),
    *_rows(
        MUNICIPAL,
        ("-", "report", "reported", "officer feed", "title"),
        ("reported", "verify", "verifying", "officer", "owner"),
        ("verifying", "register", "registered", "officer", "type place"),
        ("reported verifying", "reject", "rejected", "officer", "reason"),
        ("registered returned", "dispatch", "dispatched", "officer", "department"),
        ("dispatched", "accept", "accepted", "department", ""),
        ("dispatched accepted", "return", "returned", "department", "reason"),
        ("accepted", "handle", "handling", "department", ""),
        ("handling", "finish", "handled", "department", "result"),
        ("handled", "check", "checking", "officer", ""),
        ("checking", "close", "closed", "officer", "outcome"),
        ("checking", "rework", "handling", "officer", "reason"),
        ("dispatched accepted handling", "suspend", "suspended", "shift_leader", "reason until"),
        ("suspended", "resume", "*before", "officer", ""),
        ("reported verifying registered", "cancel", "cancelled", "officer", "reason"),
        (" ".join(MUNICIPAL_OPEN), "force_close", "force_closed", "shift_leader", "reason"),
        (" ".join(MUNICIPAL_OPEN), "promote", "*emergency", "officer", ""),
    ),
    *_rows(EMERGENCY, ("new queued active monitored", "demote", "*municipal", "officer", "no_unit")),
    *_rows(EMERGENCY, (" ".join(EMERGENCY_OPEN), "claim", "*same", "officer", "owner")),
    *_rows(MUNICIPAL, (" ".join(MUNICIPAL_OPEN), "claim", "*same", "officer department", "owner")),
)


#: What becomes of the municipal case when its emergency ends.
AFTERWARDS = ("resume", "close")
#: States that a suspension may come from and go back to.
SUSPENDABLE = ("dispatched", "accepted", "handling")
#: What an act may fill along with it; state, history and committed units are the rules' alone.
FILLED = frozenset(
    {
        "title", "type", "priority", "grade", "lon", "lat", "place", "radius_m", "district", "town", "owner", "department", "reason", "outcome", "result",
        "until", "parent", "alarm_level",
    }
)


@dataclass(frozen=True, slots=True)
class Command:
    """What an officer wants: `fields` are the fields filled along with it (reason, outcome, department, unit_ids …).

    `post` binds a department to its own cases, `area` is the administrative code of the incident's place where it is known.
    """

    act: str
    by: str
    role: str
    op_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    post: Post | None = None
    area: str = ""


@dataclass(frozen=True, slots=True)
class IncidentChanged:
    """What happened: from `before` to `after`, with the fields that changed."""

    incident_id: str
    act: str
    before: str
    after: str
    track: str
    at: str
    by: str
    op_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def transitions(track: str, state: str) -> list[Transition]:
    """The rows that leave `state`."""
    return [row for row in TABLE if row.track == track and state in row.sources]


def find(track: str, state: str, act: str) -> Transition | None:
    return next((row for row in transitions(track, state) if row.act == act), None)


def missing(row: Transition, incident: Incident, fields: Mapping[str, Any]) -> list[str]:
    """Names of the needs of `row` that neither the incident nor `fields` fill."""

    def filled(need: str) -> bool:
        if need == "place":
            return incident.has_place or (fields.get("lon") is not None and fields.get("lat") is not None)
        if need == "unit":
            return bool(fields.get("unit_ids"))
        if need == "no_unit":
            return not incident.unit_ids
        if need in {"reason", "outcome", "result", "until", "parent"}:
            return _says(fields.get(need))
        return _says(fields.get(need)) or _says(getattr(incident, need))

    lacking = [need for need in row.needs if not filled(need)]
    return [*lacking, "municipal"] if _leaves_a_case(row, incident) and fields.get("municipal") not in AFTERWARDS else lacking


def _says(value: Any) -> bool:
    """A line of blanks fills nothing."""
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _leaves_a_case(row: Transition, incident: Incident) -> bool:
    """True where an emergency ends that was promoted: the officer says what becomes of the municipal case."""
    return row.act == "close" and row.track == EMERGENCY and bool(incident.frozen)


def decide(incident: Incident, command: Command, now: str) -> list[IncidentChanged]:
    """Turn a command into what happened, or refuse it with the reason (Refused)."""
    row = _row(incident, command)
    lacking = missing(row, incident, command.fields)
    if "no_unit" in lacking:
        raise Refused(f"{_name(incident)}还有 {len(incident.unit_ids)} 个力量在处置，不能{ACTS[command.act]}", "没有改动", "请先让力量离场", code="units_committed")
    if lacking:
        words = "、".join(NEEDS[need] for need in lacking)
        raise Refused(f"{ACTS[command.act]}{_name(incident)}缺少：{words}", "没有改动", "补齐后再试", code="missing_fields")
    if command.act == "merge" and command.fields["parent"] == incident.id:
        raise Refused(f"{_name(incident)}不能并入自己", "没有改动", "请选另一起事件", code="own_parent")
    track, target = _target(row, incident, command)
    fields = {key: value for key, value in command.fields.items() if key in FILLED} | _side_effects(row, incident, command, now)
    return [IncidentChanged(incident.id, command.act, incident.state, target, track, now, command.by, command.op_id, fields)]


def _row(incident: Incident, command: Command) -> Transition:
    if incident.is_ended:
        raise Refused(f"{_name(incident)}已{STATES.get(incident.state, incident.state)}，不能再{ACTS[command.act]}", "没有改动", code="incident_ended")
    row = find(incident.track, incident.state, command.act)
    if row is None:
        possible = "、".join(dict.fromkeys(ACTS[each.act] for each in transitions(incident.track, incident.state)))
        raise Refused(
            f"{_name(incident)}现在是“{STATES.get(incident.state, incident.state)}”，不能{ACTS[command.act]}", "没有改动", f"现在可以：{possible}", code="wrong_state"
        )
    if not holds(command.role, row.roles):
        who = "、".join(ROLES[role] for role in row.roles)
        raise Refused(f"{ACTS[command.act]}要由{who}来做，当前角色是{ROLES.get(command.role, command.role)}", "没有改动", code="wrong_role")
    mind_post(incident, command.role, command.post, command.area)
    return row


def mind_post(incident: Incident, role: str, post: Post | None, area: str = "") -> None:
    """A department acts on its own cases in its own area only (Refused); other roles and the samples have no post."""
    if role == "department" and post is not None and not post.covers(incident.department, area):
        todo = "请联系值班员派遣或改派" if post.department else "请管理员登记本账号的部门和区域"
        raise Refused(f"{_name(incident)}不是本部门、本区域的案卷", "没有改动", todo, code="wrong_department")


def _name(incident: Incident) -> str:
    return incident.number or "事件"


def _target(row: Transition, incident: Incident, command: Command) -> tuple[str, str]:
    """(track, state) after `row`."""
    if row.target == "*same":
        return incident.track, incident.state
    if row.target == "*before":
        return incident.track, incident.before if incident.before in SUSPENDABLE else "accepted"
    if row.target == "*emergency":
        ready = incident.type and incident.priority and incident.has_place
        return EMERGENCY, "queued" if ready else "new"
    if row.target == "*municipal" or (_leaves_a_case(row, incident) and command.fields.get("municipal") == "resume"):
        return MUNICIPAL, thawed(incident)
    return row.track, row.target


def thawed(incident: Incident) -> str:
    """The municipal state that a promoted incident goes back to; a record from elsewhere may name none of the table."""
    state = (incident.frozen or {}).get("state")
    return str(state) if state in MUNICIPAL_OPEN else "reported"


def own_handler(incident: Incident) -> bool:
    """True where the owner claimed the case after it was sent to the department: he goes before the department returns it."""
    for line in reversed(incident.history):
        if line.get("act") in {"claim", "dispatch"}:
            return bool(incident.owner) and line["act"] == "claim"
    return False


def _side_effects(row: Transition, incident: Incident, command: Command, now: str) -> dict[str, Any]:
    if row.act == "suspend":
        return {"before": incident.state}
    if row.act == "promote":
        return {"frozen": {"state": incident.state, "at": now}}
    if row.act == "demote":
        return {"frozen": None}
    if _leaves_a_case(row, incident):
        return {"frozen": None if command.fields["municipal"] == "resume" else {"state": "closed", "from": thawed(incident), "at": now}}
    if row.act == "return" and own_handler(incident):
        return {"owner": None}
    if row.act == "rework":
        return {"rework_count": incident.rework_count + 1}
    if row.act == "dispatch" and row.track == EMERGENCY:
        return {"unit_ids": tuple(dict.fromkeys((*incident.unit_ids, *command.fields.get("unit_ids", ()))))}
    return {}


def evolve(incident: Incident, event: IncidentChanged) -> Incident:
    """Apply what happened; the history gains one line that nobody edits."""
    line: dict[str, Any] = {"at": event.at, "act": event.act, "from": event.before, "to": event.after, "by": event.by, "op": event.op_id}
    line |= {name: event.fields[name] for name in ("reason", "outcome", "result") if event.fields.get(name)}
    if "owner" in event.fields and event.fields["owner"] is None:
        line["revoked"] = incident.owner
    state_at = event.at if event.after != event.before else incident.state_at
    changed: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in event.fields.items()}
    changed |= {"track": event.track, "state": event.after, "state_at": state_at, "history": (*incident.history, line)}
    return replace(incident, **changed)


def opened(incident: Incident, by: str, role: str, op_id: str, now: str) -> Incident:
    """A new incident in the first state of its track, with its first line of history (Refused without title or right)."""
    row = next((each for each in TABLE if each.track == incident.track and each.act == "report"), None)
    if row is None:
        raise Refused(f"没有这一类事件：{incident.track}", "没有改动", "可用：" + "、".join(FINAL), code="unknown_track")
    if not holds(role, row.roles):
        raise Refused(f"接报要由值班员来做，当前角色是{ROLES.get(role, role)}", "没有改动", code="wrong_role")
    if not incident.title.strip():
        raise Refused("接报缺少：标题", "没有改动", "请写一句发生了什么", code="missing_fields")
    line = {"at": now, "act": "report", "from": "", "to": row.target, "by": by, "op": op_id}
    return replace(incident, state=row.target, state_at=now, reported_at=incident.reported_at or now, history=(line,))


def is_final(track: str, state: str) -> bool:
    return state in FINAL[track]
