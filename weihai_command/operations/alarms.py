"""Alarms of the city at this desk: what detection brings, what officers do about it here and elsewhere, and what is listed.

What an officer does is an entry of the log of kind "alarm" and nothing else; the table of alarms follows the entries, those of this desk at
once and those of other desks when they arrive. So no act is lost between the two, whoever is killed when.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..domain.alarm import ACTIVE, Alarm, Command, Settings, decide, evolve
from ..domain.entries import LogEntry
from ..domain.faults import Ambiguous, Refused
from ..domain.foreign import moment, one_line
from ..store import alarms as kept
from ..store import logbook, view
from . import alarm_words
from .alarm_flood import flood as flood
from .alarm_flood import load as load
from .alarm_words import place as place
from .alarm_words import sentence as sentence
from .desk import Desk
from .draft import Draft, Outcome
from .noting import need_officer

if TYPE_CHECKING:
    from ..domain.detection import DetectionBook, Transition

#: What a change of them is called beside the kinds of record.
KIND = "alarms"
#: Transitions of one write: another writer never waits longer than this takes.
BATCH = 200
#: What is over is kept so long, and an entry of another desk waits so long for its alarm.
KEPT, LOOKED_BACK = timedelta(days=90), timedelta(days=1)
_ACTS = {"raise": "raise", "severity": "worsen", "clear": "clear"}
#: What becomes of an alarm when an act is taken back before anybody heard of it; the others leave it as it is.
_BACK = {"acknowledge": "recall", "dismiss": "recall", "shelve": "unshelve", "link": "unlink"}
#: Act of an alarm -> verb of the audit and of domain.words.ACTS.
VERBS = {"acknowledge": "ack_alarm", "shelve": "shelve_alarm", "unshelve": "unshelve_alarm", "dismiss": "dismiss_alarm", "link": "link_alarm", "unlink": "link_alarm"}


def apply(desk: Desk, sensors: Sequence[Mapping[str, Any]], transitions: Sequence[Transition]) -> list[Alarm]:
    """Keep what detection brought, each batch of it in one write; `sensors[row]` are the sensors' records. The alarms that changed.

    Any thread and any process may bring the same: what is known already changes nothing.
    """
    if not transitions:
        return []
    rules, now = _rules(desk), _seconds(desk)
    changed: dict[str, Alarm] = {}
    for start in range(0, len(transitions), BATCH):
        commands = [(each, _command(sensors[each.row], each, rules.cause)) for each in transitions[start : start + BATCH]]

        def write(db: sqlite3.Connection, commands: list[tuple[Transition, Command]] = commands) -> list[Alarm]:
            pairs = ((str(sensors[each.row]["id"]), each.kind, command) for each, command in commands)
            return [found for sensor, kind, command in pairs for found in _decided(db, kept.latest(db, sensor, kind), command, now, rules.settings)]

        changed |= {each.id: each for each in desk.store.desk_change(write)}
    if any(each.what != "clear" for each in transitions):
        # Another desk may have known of it first.
        changed |= {each.id: each for each in follow(desk) if each.id in changed}
    return list(changed.values())


def _rules(desk: Desk) -> Any:
    # The rules come with numpy: a verb of the command line that only lists does not need them.
    from .alarm_rules import rules

    return rules(desk.profile.root)


def _seconds(desk: Desk) -> float:
    return desk.clock().timestamp()


def _command(sensor: Mapping[str, Any], found: Transition, cause: Callable[[str, str], str]) -> Command:
    given: dict[str, Any] = {"severity": found.severity, "value": found.value, "limit": found.limit, "peak": found.peak}
    if found.what == "clear":
        given = {"value": found.value, "peak": found.peak}
    elif found.what in _ACTS:
        quantity = str(sensor.get("quantity") or "")
        told = {name: one_line(sensor.get(name), 80) for name in ("name", "field", "quantity", "unit", "district", "town")}
        place = {name: sensor.get(name) for name in ("lon", "lat")}
        given |= {"sensor_id": str(sensor["id"]), "kind": found.kind, "cause": cause(quantity, found.kind), **told, **place}
    return Command(_ACTS[found.what], at=found.at, fields=given)


def _decided(db: sqlite3.Connection, alarm: Alarm | None, command: Command, now: float, settings: Settings) -> list[Alarm]:
    """The alarm as it was kept after a command, [] where it changed nothing (Refused)."""
    after = alarm
    for event in decide(alarm, command, now, settings):
        after = evolve(after, event)
        kept.put(db, after)
    return [after] if after is not None and after != alarm else []


def recover(desk: Desk, book: DetectionBook, row_of: Mapping[str, int]) -> int:
    """Tell a new book what is active, so that it is not raised a second time and ends when its cause ends; how many. Forgets what is old."""
    now = desk.clock()
    kept.forget(desk.store, (now - KEPT).timestamp(), (now - 30 * LOOKED_BACK).date().isoformat())
    here = [each for each in kept.active(desk.store) if each.sensor_id in row_of]
    for alarm in here:
        book.restore(row_of[alarm.sensor_id], alarm.kind, alarm.severity, alarm.since)
    return len(here)


def settle(desk: Desk, book: DetectionBook, row_of: Mapping[str, int]) -> int:
    """Make book and store agree where an officer or another process changed the store; how many differed.

    What was dismissed while its cause stands is judged anew, what another process raised can end here.
    """
    there = {(row_of[sensor], kind) for sensor, kind in kept.active_pairs(desk.store) if sensor in row_of}
    here = book.raised()
    for row, kind in here - there:
        book.release(row, kind)
    if there - here:
        recover(desk, book, row_of)
    return len(here ^ there)


def tick(desk: Desk) -> list[Alarm]:
    """Reminders that are due and shelves that ran out; the alarms that changed. Cheap: nothing is written where nothing is due."""
    now, settings, acts = _seconds(desk), _rules(desk).settings, {"unacked": "escalate", "shelved": "expire"}
    due = kept.due(desk.store, now, settings.steps)[:BATCH]
    if not due:
        return []

    def write(db: sqlite3.Connection) -> list[Alarm]:
        found = [alarm for each in due if (alarm := kept.known(db, each)) is not None and alarm.standing in acts]
        return [after for alarm in found for after in _decided(db, alarm, Command(acts[alarm.standing]), now, settings)]

    return desk.store.desk_change(write)


def acknowledge(desk: Desk, alarm_id: str, reason: str = "", *, op_id: str | None = None) -> Outcome:
    """The officer knows of this one alarm (Refused: known already, over)."""
    return _act(desk, alarm_id, "acknowledge", {"reason": reason.strip()}, op_id)


def shelve(desk: Desk, alarm_id: str, reason: str, until: str | float, *, op_id: str | None = None) -> Outcome:
    """Put an alarm aside with a reason until a time (ISO 8601 with offset) or for so many hours, eight at most; then it asks again."""
    at = moment(until) if isinstance(until, str) else desk.clock() + timedelta(hours=until)
    return _act(desk, alarm_id, "shelve", {"reason": reason, "until": at.timestamp() if at else None}, op_id)


def unshelve(desk: Desk, alarm_id: str, *, op_id: str | None = None) -> Outcome:
    """Let a shelved alarm ask again at once."""
    return _act(desk, alarm_id, "unshelve", {}, op_id)


def dismiss(desk: Desk, alarm_id: str, reason: str, *, op_id: str | None = None) -> Outcome:
    """End an alarm by hand with a reason; while its cause stands detection raises it anew."""
    return _act(desk, alarm_id, "dismiss", {"reason": reason}, op_id)


def link(desk: Desk, alarm_id: str, incident_id: str | None, *, op_id: str | None = None) -> Outcome:
    """Tie an alarm to an incident, or to none any more; the entry stands in the incident's timeline."""
    return _act(desk, alarm_id, "link" if incident_id else "unlink", {"incident": incident_id} if incident_id else {}, op_id)


def _act(desk: Desk, alarm_id: str, act: str, given: dict[str, Any], op_id: str | None) -> Outcome:
    draft = Draft(desk, VERBS[act], op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    alarm = kept.get(desk.store, alarm_id)
    if not decide(alarm, Command(act, draft.officer.user, desk.role, fields=given), _seconds(desk)) or alarm is None:
        raise Refused("这条告警本来就是这样", "没有改动", code="no_change")
    said = {name: value for name, value in given.items() if value not in (None, "")}
    data = {"alarm": alarm.id, "sensor_id": alarm.sensor_id, "kind": alarm.kind, "act": act, "severity": alarm.severity,
            "announced_at": alarm.announced_at, **said}
    incident = str(given.get("incident") or _there(desk, alarm.incident_id) or "") or None
    entry = LogEntry(desk.new_id(), alarm_words.entry(alarm, act, said), draft.now, draft.officer.user, "alarm", incident, data=data)
    draft.create("log", entry)
    outcome = draft.keep("log", entry.id, alarm.name, alarm=alarm.id, act=act, **{name: value for name, value in said.items() if name != "until"})
    follow(desk)
    return outcome


def _there(desk: Desk, incident_id: str | None) -> str | None:
    """An incident whose report was withdrawn has no timeline."""
    return incident_id if incident_id and view.record(desk.store, "incidents", incident_id) else None


def follow(desk: Desk) -> list[Alarm]:
    """Do to the alarms what the log says that officers did, here and at other desks; the alarms that changed. Each entry counts once.

    What an officer took back before it went out is taken back from the alarm too.

    An entry whose alarm is not known here yet waits for it, a day long.
    """
    since = (desk.clock() - LOOKED_BACK).date().isoformat()
    rows = logbook.alarm_entries(desk.store, since)
    ids = {str(row["id"]) for row in rows}
    done = kept.followed(desk.store, ids)
    gone = kept.withdrawn(desk.store, kept.followed_since(desk.store, since) - ids)
    waiting = sorted((row for row in rows if str(row["id"]) not in done), key=lambda row: str(row.get("at")))
    if not waiting and not gone:
        return []

    def write(db: sqlite3.Connection) -> list[Alarm]:
        back = [after for row in gone for after in _taken_back(db, row)]
        return back + [after for row in waiting for after in _followed(db, row)]

    return desk.store.desk_change(write)


def _followed(db: sqlite3.Connection, row: Mapping[str, Any]) -> list[Alarm]:
    data, at = row.get("data"), moment(row.get("at"))
    if not isinstance(data, Mapping) or at is None or data.get("act") not in VERBS:
        kept.mark_followed(db, str(row["id"]), str(row.get("at")))
        return []
    alarm = kept.known(db, str(data.get("alarm"))) or kept.latest(db, str(data.get("sensor_id")), str(data.get("kind")))
    if alarm is None or not kept.mark_followed(db, str(row["id"]), str(row.get("at"))):
        return []
    if not _saw(alarm, data, at):
        return []
    if (met := _met(alarm, data, at, str(row.get("by") or ""))) is not None:
        kept.put(db, met)
        return [met]
    command = Command(str(data["act"]), str(row.get("by") or ""), "officer", at.timestamp(), {key: data[key] for key in ("reason", "until", "incident") if key in data})
    try:
        return _decided(db, alarm, command, at.timestamp(), Settings())
    except (Refused, TypeError, ValueError):
        # Two desks did the same, or somebody's entry makes no sense: the first that counts has counted.
        return []


def _met(alarm: Alarm, data: Mapping[str, Any], at: datetime, by: str) -> Alarm | None:
    """What was done apart and meets: at every desk the first acknowledgement holds, the shelf that ends first, and a shelf for what is over."""
    until, reason = data.get("until"), data.get("reason") or None
    if data["act"] == "acknowledge" and alarm.acked_at is not None and (at.timestamp(), by) < (alarm.acked_at, alarm.acked_by or ""):
        return replace(alarm, acked_at=at.timestamp(), acked_by=by, ack_reason=reason)
    if data["act"] != "shelve" or not isinstance(until, float) or (alarm.shelved_until is None and alarm.state == ACTIVE):
        return None
    if alarm.shelved_until is None or (until, by) < (alarm.shelved_until, alarm.shelved_by or ""):
        return replace(alarm, shelved_until=until, shelved_by=by, shelf_reason=reason)
    return None


def _taken_back(db: sqlite3.Connection, row: Mapping[str, Any]) -> list[Alarm]:
    alarm, act, by = kept.known(db, str(row["data"]["alarm"])), _BACK.get(row["data"]["act"]), row["by"]
    if not kept.unmark(db, str(row["id"])) or alarm is None or act is None:
        return []
    # What somebody else did since stays.
    if (act == "recall" and alarm.acked_by != by) or (act == "unshelve" and alarm.shelved_by != by):
        return []
    at = moment(row["at"])
    try:
        return _decided(db, alarm, Command(act, by, "officer"), at.timestamp() if at else 0.0, Settings())
    except Refused:
        return []


def _saw(alarm: Alarm, data: Mapping[str, Any], at: datetime) -> bool:
    """Whether who wrote the entry knew the alarm as it stands: not milder than now, nor before it last began or asked.

    A link holds in any case.
    """
    if data["act"] in ("link", "unlink"):
        return True
    severity, asked = data.get("severity"), data.get("announced_at")
    seen = max(asked if isinstance(asked, (int, float)) else 0.0, at.timestamp())
    begun = alarm.announced_at or 0.0 if alarm.is_chattering else max(alarm.announced_at or 0.0, alarm.since)
    # What is on the shelf comes and goes there: it need not be the same coming.
    return isinstance(severity, int) and severity <= alarm.severity and (data["act"] == "shelve" or begun <= seen + 1.0)


def alarms(desk: Desk, standings: Sequence[str] = ("unacked",), limit: int | None = None) -> list[Alarm]:
    """Alarms that stand so (domain.alarm.STANDINGS), worst first, then those that wait longest."""
    return kept.standing(desk.store, standings, limit)


def alarm(desk: Desk, alarm_id: str) -> Alarm | None:
    return kept.get(desk.store, alarm_id)


def of_sensor(desk: Desk, sensor_id: str, limit: int = 50) -> list[Alarm]:
    """The newest alarms of a sensor, newest first."""
    return kept.of_sensor(desk.store, sensor_id, limit)


def of_incident(desk: Desk, incident_id: str) -> list[Alarm]:
    """The alarms that are tied to an incident, worst first."""
    return kept.of_incident(desk.store, incident_id)


def counts(desk: Desk) -> dict[str, Any]:
    """{unacked, acked, shelved, cleared: alarms; by_severity: {1 … 4: those not acknowledged}}."""
    return {**kept.counts(desk.store), "by_severity": kept.severities(desk.store)}


def rows(desk: Desk) -> list[dict[str, Any]]:
    """What is listed, for `query alarms`: the fields of an alarm with times in ISO 8601, its `standing` and its `text`."""
    listed = kept.standing(desk.store, ("unacked", "acked", "shelved", "cleared"))
    return [alarm_words.row(each, desk.clock().tzinfo) for each in listed]


def find_alarm(desk: Desk, word: str) -> str:
    """The id of an alarm by itself or a beginning that only one has, or by its sensor's name while it is listed (Refused, Ambiguous)."""
    if kept.get(desk.store, word):
        return word
    listed = kept.standing(desk.store, ("unacked", "acked", "shelved", "cleared"))
    found = _unique(kept.beginning(desk.store, word)) if word else []
    found = found or [each for each in listed if each.name == word] or [each for each in listed if word and word in each.name]
    if not found:
        raise Refused(f"没有找到告警“{word}”", "没有改动", "用 query alarms 查看", code="unknown_record")
    if len(found) > 1:
        raise Ambiguous(f"“{word}”对应 {len(found)} 条告警", [(each.id, f"{each.name} {each.id[:8]}") for each in found])
    return found[0].id


def _unique(found: Iterable[Alarm]) -> list[Alarm]:
    return list({each.id: each for each in found}.values())
