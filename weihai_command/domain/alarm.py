"""An alarm's state table as data, and the pure rules that apply it. Times are epoch seconds.

`decide(alarm, command, now) -> events` refuses or says what happened; `evolve(alarm, event) -> alarm` applies it. What detection brings
is never refused: what says nothing new gives no event. Its severity is the worst since it was raised, so an alarm that sways between two
limits asks for one acknowledgement and not for many.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .faults import Refused
from .rights import holds
from .words import ROLES

KINDS = ("high", "low", "silence", "repetition", "fault")
#: Smaller is worse, as with grades: red, orange, yellow, blue, and a record that asks nobody.
SEVERITIES = (1, 2, 3, 4, 5)
RECORD = 5
ACTIVE, CLEARED = "active", "cleared"
#: How an alarm stands: what of it an officer still has to do, and whether its cause is there.
STANDINGS = {"unacked": "未确认", "acked": "已确认", "shelved": "已搁置", "cleared": "已恢复未确认", "closed": "已结束"}
WORDS = {
    "raise": "告警", "worsen": "升级", "clear": "恢复", "acknowledge": "确认", "recall": "撤回确认", "shelve": "搁置", "unshelve": "取消搁置", "expire": "搁置到期",
    "escalate": "催办", "dismiss": "手工消除", "link": "关联事件", "unlink": "取消关联",
}
LONGEST_SHELF_S = 8 * 3600.0
_SPACE = uuid.UUID("3b0c8a52-7d4e-4d0c-8f6e-5f9f0d1f2a61")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: `target` may be `*same`, or `*again` (what a cause that comes back is told as)."""

    sources: tuple[str, ...]
    act: str
    target: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()


def _rows(*rows: tuple[str, str, str, str, str]) -> tuple[Row, ...]:
    return tuple(Row(tuple(sources.split()), act, target, tuple(roles.split()), tuple(needs.split())) for sources, act, target, roles, needs in rows)


TABLE: tuple[Row, ...] = _rows(
    ("-", "raise", "unacked", "feed", ""),
    ("cleared closed", "raise", "*again", "feed", ""),
    ("unacked acked shelved", "worsen", "unacked", "feed", ""),
    ("unacked", "clear", "cleared", "feed", ""),
    ("acked shelved", "clear", "closed", "feed", ""),
    ("shelved", "expire", "unacked", "feed", ""),
    ("unacked", "escalate", "unacked", "feed", ""),
    ("unacked", "acknowledge", "acked", "officer", ""),
    ("cleared", "acknowledge", "closed", "officer", ""),
    ("acked closed", "recall", "*again", "officer", ""),
    ("unacked acked", "shelve", "shelved", "officer", "reason until"),
    ("shelved", "unshelve", "unacked", "officer", ""),
    ("unacked acked shelved cleared", "dismiss", "closed", "officer", "reason"),
    ("unacked acked shelved cleared closed", "link", "*same", "officer", "incident"),
    ("unacked acked shelved cleared closed", "unlink", "*same", "officer", ""),
)
_NEEDS = {"reason": "原因", "until": "到何时", "incident": "事件"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One cause at one sensor, from its first raise until it is over and known.

    `raised_at` names it together with sensor and kind, `recent` are its last raises, `announced_at` is when it last asked for an
    acknowledgement. `severity` and `peak` are the worst since; `count` counts its raises, `escalations` the reminders that went out.
    `cause` is what floods are grouped by (domain.alarm_rules); `field`, `district`, `town`, `name`, `quantity`, `unit` are its sensor's.
    """

    id: str
    sensor_id: str
    kind: str
    severity: int
    raised_at: float
    state: str = ACTIVE
    announced_at: float | None = None
    recent: tuple[float, ...] = ()
    count: int = 1
    is_chattering: bool = False
    cleared_at: float | None = None
    value: float | None = None
    limit: float | None = None
    peak: float | None = None
    acked_at: float | None = None
    acked_by: str | None = None
    ack_reason: str | None = None
    shelved_until: float | None = None
    shelved_by: str | None = None
    shelf_reason: str | None = None
    escalations: int = 0
    incident_id: str | None = None
    cause: str = ""
    field: str = ""
    quantity: str = ""
    unit: str = ""
    name: str = ""
    district: str = ""
    town: str = ""
    lon: float | None = None
    lat: float | None = None

    @property
    def standing(self) -> str:
        """One of STANDINGS."""
        is_known = self.acked_at is not None or self.severity >= RECORD
        if self.state == ACTIVE:
            return "shelved" if self.shelved_until is not None else "acked" if is_known else "unacked"
        return "closed" if is_known or self.shelved_until is not None else "cleared"

    @property
    def since(self) -> float:
        """When its cause last began."""
        return self.recent[-1] if self.recent else self.raised_at


@dataclass(frozen=True, slots=True)
class Chatter:
    """More than `times` raises within `within_s` seconds are chattering."""

    times: int = 5
    within_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`steps`: severity -> seconds without an acknowledgement after which each reminder goes out, ascending."""

    chatter: Chatter = Chatter()
    steps: Mapping[int, tuple[float, ...]] = field(default_factory=lambda: {1: (60.0, 180.0, 300.0), 2: (180.0, 600.0), 3: (900.0,)})


@dataclass(frozen=True, slots=True)
class Command:
    """What is wanted. `at` is when it happened in the world where that is not now (a reading); `fields` come along with it.

    raise: sensor_id, kind, severity, value, limit and what else of the sensor's is known; worsen: severity, value, limit, peak;
    clear: value, peak; acknowledge: reason; shelve: reason, until (epoch seconds); dismiss: reason; link: incident.
    """

    act: str
    by: str = ""
    role: str = "feed"
    at: float | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlarmChanged:
    """What happened, with the fields that it left changed; `before` is - for a new alarm."""

    alarm_id: str
    act: str
    before: str
    at: float
    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def alarm_id(sensor_id: str, kind: str, raised_at: float) -> str:
    """The same id at every desk that sees the same readings."""
    return str(uuid.uuid5(_SPACE, f"{sensor_id}|{kind}|{raised_at:.3f}"))


def find(standing: str, act: str) -> Row | None:
    return next((row for row in TABLE if row.act == act and standing in row.sources), None)


def decide(alarm: Alarm | None, command: Command, now: float, settings: Settings = Settings()) -> list[AlarmChanged]:
    """What a command makes of `alarm` (for raise: the sensor's last one of this kind, or None); Refused says why an officer may not."""
    before, at = alarm.standing if alarm else "-", now if command.at is None else command.at
    act = "raise" if command.act == "worsen" and before in {"-", "cleared", "closed"} else command.act
    if act == "raise" and alarm is not None and alarm.state == ACTIVE:
        act = "worsen"
    row = find(before, act)
    if row is None or not holds(command.role, row.roles):
        if any(each.act == act and "feed" in each.roles for each in TABLE):
            return []
        raise _refused(alarm, act, row, command.role)
    lacking = [need for need in row.needs if not _says(command.fields.get(need))]
    if lacking:
        raise Refused(f"{WORDS[act]}告警缺少：{'、'.join(_NEEDS[need] for need in lacking)}", "没有改动", "补齐后再试", code="missing_fields")
    changed = _CHANGES[act](alarm, command, at, settings)
    if changed is None:
        return []
    return [AlarmChanged(changed.get("id") or (alarm.id if alarm else ""), act, before if "id" not in changed else "-", at, command.by, changed)]


def evolve(alarm: Alarm | None, event: AlarmChanged) -> Alarm:
    """Apply what happened; an event with an `id` among its fields begins a new alarm."""
    if alarm is None or "id" in event.fields:
        return Alarm(**event.fields)
    return replace(alarm, **event.fields)


def _refused(alarm: Alarm | None, act: str, row: Row | None, role: str) -> Refused:
    if row is not None:
        who = "、".join(ROLES[each] for each in row.roles)
        return Refused(f"{WORDS[act]}告警要由{who}来做，当前角色是{ROLES.get(role, role)}", "没有改动", code="wrong_role")
    if alarm is None:
        return Refused("没有这条告警", "没有改动", code="unknown_record")
    if act == "acknowledge" and alarm.acked_at is not None:
        return Refused(f"{_name(alarm)}的告警已由 {alarm.acked_by} 确认", "没有改动", code="already_acked")
    word = WORDS.get(act, act)
    return Refused(f"{_name(alarm)}的告警现在是“{STANDINGS[alarm.standing]}”，不能{word}", "没有改动", code="wrong_state")


def _name(alarm: Alarm) -> str:
    return alarm.name or "传感器"


def _says(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


Changed = dict[str, Any]
_UNSHELVED: Changed = {"shelved_until": None, "shelved_by": None, "shelf_reason": None}
#: What an alarm loses that asks for an officer anew.
_ASKING: Changed = {**_UNSHELVED, "acked_at": None, "acked_by": None, "ack_reason": None, "escalations": 0}


def _asking(at: float, severity: int) -> Changed:
    return {**_ASKING, "announced_at": at if severity < RECORD else None}


def _raise(alarm: Alarm | None, command: Command, at: float, settings: Settings) -> Changed | None:
    given = dict(command.fields)
    severity, value = int(given["severity"]), given.get("value")
    if alarm is not None and (at <= alarm.since or (alarm.cleared_at is not None and at < alarm.cleared_at)):
        # Another process saw the same readings and was first.
        return None
    if alarm is None or _is_over(alarm, at, settings.chatter):
        new = {key: each for key, each in given.items() if each is not None} | {"raised_at": at, "recent": (at,), "announced_at": at, "peak": value}
        return {**new, "id": alarm_id(given["sensor_id"], given["kind"], at)} | ({"announced_at": None} if severity >= RECORD else {})
    recent = (*(each for each in alarm.recent if at - each <= settings.chatter.within_s), at)[-(settings.chatter.times + 1) :]
    chatters = len(recent) > settings.chatter.times
    again = {
        "state": ACTIVE, "cleared_at": None, "recent": recent, "count": alarm.count + 1, "is_chattering": chatters, "value": value,
        "limit": given.get("limit"), "severity": min(severity, alarm.severity), "peak": worst(alarm.kind, alarm.peak, value),
    }
    is_worse = severity < alarm.severity
    if not is_worse and ((alarm.shelved_until is not None and alarm.shelved_until > at) or (chatters and alarm.acked_at is not None)):
        return again
    if alarm.standing == "cleared" and not is_worse:
        # It still asks: its reminders go on, it is not announced a second time.
        return again | _UNSHELVED
    return again | _asking(at, min(severity, alarm.severity))


def _is_over(alarm: Alarm, at: float, chatter: Chatter) -> bool:
    """Whether a cause that comes back at `at` is another alarm: the last one is known, is not on the shelf, and began long ago."""
    is_shelved = alarm.shelved_until is not None and alarm.shelved_until > at
    return alarm.standing == "closed" and not is_shelved and at - alarm.since > chatter.within_s


def worst(kind: str, one: float | None, other: float | None) -> float | None:
    """The farther of two values in the direction of `kind`; the later one where it has none."""
    if one is None or other is None:
        return one if other is None else other
    return max(one, other) if kind == "high" else min(one, other) if kind == "low" else other


def _worsen(alarm: Alarm, command: Command, at: float, _settings: Settings) -> Changed | None:
    severity = int(command.fields["severity"])
    if severity >= alarm.severity or at < alarm.since:
        return None
    value = command.fields.get("value")
    peak = worst(alarm.kind, alarm.peak, worst(alarm.kind, command.fields.get("peak"), value))
    return {"severity": severity, "value": value, "limit": command.fields.get("limit"), "peak": peak} | _asking(at, severity)


def _clear(alarm: Alarm, command: Command, at: float, _settings: Settings) -> Changed | None:
    if at < alarm.since:
        return None
    peak = worst(alarm.kind, alarm.peak, command.fields.get("peak"))
    return {"state": CLEARED, "cleared_at": at, "value": command.fields.get("value", alarm.value), "peak": peak}


def _expire(alarm: Alarm, _command: Command, at: float, _settings: Settings) -> Changed | None:
    until = alarm.shelved_until or 0.0
    return _asking(until, alarm.severity) if at >= until else None


def _escalate(alarm: Alarm, _command: Command, at: float, settings: Settings) -> Changed | None:
    asked = alarm.announced_at if alarm.announced_at is not None else alarm.since
    passed = sum(at - asked >= step for step in settings.steps.get(alarm.severity, ()))
    return {"escalations": passed} if passed > alarm.escalations else None


def _acknowledge(_alarm: Alarm, command: Command, at: float, _settings: Settings) -> Changed:
    return {"acked_at": at, "acked_by": command.by, "ack_reason": _text(command)}


def _recall(alarm: Alarm, _command: Command, _at: float, _settings: Settings) -> Changed | None:
    """The acknowledgement was taken back before anybody else heard of it: the alarm asks on, its reminders with it."""
    return None if alarm.acked_at is None else {"acked_at": None, "acked_by": None, "ack_reason": None}


def _shelve(_alarm: Alarm, command: Command, at: float, _settings: Settings) -> Changed:
    until = float(command.fields["until"])
    if not at < until <= at + LONGEST_SHELF_S:
        raise Refused("搁置要到今后 8 小时之内的某一时刻", "没有改动", "请改时间；到期时原因仍在会再次提示", code="shelf_too_long")
    return {"shelved_until": until, "shelved_by": command.by, "shelf_reason": _text(command)}


def _unshelve(alarm: Alarm, _command: Command, at: float, _settings: Settings) -> Changed:
    if alarm.acked_at is not None and alarm.acked_at > at:
        # Another desk acknowledged it after it had come off the shelf, and heard of both later.
        return dict(_UNSHELVED)
    return _asking(at, alarm.severity)


def _dismiss(alarm: Alarm, command: Command, at: float, _settings: Settings) -> Changed:
    known = {"acked_at": at, "acked_by": command.by, "ack_reason": _text(command)}
    return {"state": CLEARED, "cleared_at": alarm.cleared_at or at, **_UNSHELVED, **known}


def _link(_alarm: Alarm, command: Command, _at: float, _settings: Settings) -> Changed:
    return {"incident_id": str(command.fields["incident"])}


def _unlink(alarm: Alarm, _command: Command, _at: float, _settings: Settings) -> Changed | None:
    return {"incident_id": None} if alarm.incident_id else None


def _text(command: Command) -> str | None:
    return str(command.fields.get("reason") or "").strip() or None


_CHANGES: dict[str, Any] = {
    "raise": _raise, "worsen": _worsen, "clear": _clear, "expire": _expire, "escalate": _escalate, "acknowledge": _acknowledge, "recall": _recall, "shelve": _shelve,
    "unshelve": _unshelve, "dismiss": _dismiss, "link": _link, "unlink": _unlink,
}
