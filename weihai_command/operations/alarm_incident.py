"""From an alarm to an incident: the one that is already about the same thing, or a new one; both know of each other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from ..domain.alarm import Alarm
from ..domain.faults import Refused
from ..domain.incident import Incident
from ..domain.record import read
from ..store import alarms as kept
from ..store import outbox, view
from . import acts, alarms, nearby, resolving
from .desk import Desk
from .draft import Draft, Outcome

#: From this likeness on an open incident counts as the same thing (domain.similarity: the same type, near, and of the last hours).
ALIKE = 0.7
_SPACE = uuid.UUID("a4f3a6de-0f0b-4a43-8ad5-7f2fb86d5b90")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one key would do. `kind`: linked (it has its incident already), join or new; for new incident_id is "" and number too.

    `fields` are those of acts.report for a new one; `reason` says in words why it is this.
    """

    kind: str
    incident_id: str
    number: str
    title: str
    reason: str
    fields: dict[str, Any]

    @property
    def sentence(self) -> str:
        """Linked: 已关联 应0417; join: 并入 应0417 燃气泄漏; new: 新报 凤林街道 泵站前池水位 …."""
        word = {"linked": "已关联", "join": "并入", "new": "新报"}[self.kind]
        return " ".join(part for part in (word, self.number, self.title) if part)


def proposal(desk: Desk, alarm_id: str) -> Proposal:
    """What would become of an alarm (Refused for one that is not known)."""
    alarm = kept.get(desk.store, alarm_id)
    if alarm is None:
        raise Refused("没有这条告警", "没有改动", "用 query alarms 查看", code="unknown_record")
    if own := _open(desk, alarm.incident_id):
        return _to(own, "linked", "这条告警已经关联它")
    for other in kept.of_sensor(desk.store, alarm.sensor_id, 20):
        if found := _open(desk, other.incident_id):
            return _to(found, "join", "同一传感器的告警已经关联它")
    fields = _fields(desk, alarm)
    # Words and places are looked up for it: only who asks pays.
    from . import intake

    for row in intake.similar_draft(desk, fields):
        if row["score"] >= ALIKE and row.get("type") == fields.get("type") and (found := _open(desk, row["id"])):
            return _to(found, "join", "、".join(("地点和时间相近", *row["reasons"])))
    return Proposal("new", "", "", fields["title"], "没有同地同类的未结事件", fields)


def _open(desk: Desk, incident_id: str | None) -> Incident | None:
    row = view.record(desk.store, "incidents", incident_id) if incident_id else None
    found = read(Incident, row) if row and not row.get("feed") else None
    return found if found and not found.is_ended else None


def _to(incident: Incident, kind: str, reason: str) -> Proposal:
    return Proposal(kind, incident.id, incident.number, incident.title, reason, {})


def _fields(desk: Desk, alarm: Alarm) -> dict[str, Any]:
    """What a new incident would be reported with; where the sensor has no position its town's is taken with its radius."""
    from .alarm_rules import rules

    rule, words = rules(desk.profile.root).rule(alarm.quantity), alarms.sentence(alarm)
    where = alarms.place(alarm)
    found: dict[str, Any] = {
        "title": f"{where} {words}".strip(), "source": "sensor", "priority": rule.priority,
        "description": f"传感器 {alarm.name}：{words}",
    }
    if rule.incident:
        found["type"] = rule.incident
    if alarm.lon is not None and alarm.lat is not None:
        found |= {"lon": alarm.lon, "lat": alarm.lat}
    if where:
        found["place"] = where
    return found


def raise_incident(desk: Desk, alarm_id: str, *, op_id: str | None = None) -> Outcome:
    """Do what `proposal` says: join or report, then tie the alarm to it. The outcome is the incident's.

    The same op id, or a second call after something broke in between, ends the same.
    """
    op = op_id or desk.new_id()
    if (known := Draft(desk, "report", op).known()) is not None:
        return _tied(desk, alarm_id, known, op)
    if Draft(desk, "link_alarm", _part(op, "link")).known() is not None and (done := kept.get(desk.store, alarm_id)) is not None:
        return _joined(desk, done.incident_id or "", op)
    found = proposal(desk, alarm_id)
    if found.kind == "linked":
        raise Refused(f"这条告警已经关联 {found.number}", "没有改动", code="already_linked")
    if found.kind == "join":
        alarms.link(desk, alarm_id, found.incident_id, op_id=_part(op, "link"))
        return _joined(desk, found.incident_id, op)
    return _tied(desk, alarm_id, acts.report(desk, op_id=op, **found.fields), op)


def take_back(desk: Desk, alarm_id: str, op_id: str) -> Outcome:
    """Undo raise_incident: a report that waits here is withdrawn (Refused: it reached the platform), and the alarm is tied to nothing again."""
    if (report := outbox.get(desk.store, op_id)) is not None:
        tie = outbox.get(desk.store, _part(op_id, "link"))
        if tie is not None and report.state not in ("done", "withdrawn") and tie.state not in ("done", "withdrawn"):
            # It stands on the report, which goes only when nothing does.
            resolving.withdraw(desk, tie.op_id)
        done = resolving.withdraw(desk, op_id)
        if (alarm := kept.get(desk.store, alarm_id)) is None or alarm.incident_id is None:
            # The tie went with its entry.
            return done
    return alarms.link(desk, alarm_id, None)


def _joined(desk: Desk, incident_id: str, op: str) -> Outcome:
    row = view.record(desk.store, "incidents", incident_id) or {}
    return Outcome(op, "incidents", incident_id, str(row.get("number") or ""), str(row.get("state", "")))


def _tied(desk: Desk, alarm_id: str, outcome: Outcome, op: str) -> Outcome:
    alarms.link(desk, alarm_id, outcome.id, op_id=_part(op, "link"))
    return outcome


def _part(op: str, part: str) -> str:
    """The op id of an act that belongs to another one."""
    return str(uuid.uuid5(_SPACE, f"{part}|{op}"))


def after_close(desk: Desk, incident_id: str) -> list[Alarm]:
    """The alarms of an incident that are still listed: what to offer for acknowledging or dismissing when it ends, worst first."""
    return [each for each in kept.of_incident(desk.store, incident_id) if each.standing != "closed"]


def around(desk: Desk, alarm_id: str, shown: nearby.Shown | None = None) -> nearby.Nearby | None:
    """What stands around an alarm's sensor, cameras first (operations.nearby); None where its place is not known."""
    alarm = kept.get(desk.store, alarm_id)
    if alarm is None or alarm.lon is None or alarm.lat is None:
        return None
    return nearby.nearby(desk, alarm.lon, alarm.lat, shown=shown)
