"""Alarms as rows of desk.db. The rules are domain.alarm; callers decide inside one write what a row becomes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

import orjson

from ..domain.alarm import RECORD, STANDINGS, Alarm
from .store import Store

_NAMES = tuple(each.name for each in fields(Alarm))
_RECENT, _CHATTERS = _NAMES.index("recent"), _NAMES.index("is_chattering")
#: `limit` is a word of SQL.
_COLUMNS = ", ".join(f'"{name}"' for name in (*_NAMES, "standing"))
_PUT = (
    f"INSERT INTO alarms({_COLUMNS}) VALUES({','.join('?' * (len(_NAMES) + 1))}) ON CONFLICT(id) DO UPDATE SET "
    + ", ".join(f'"{name}"=excluded."{name}"' for name in (*_NAMES[1:], "standing"))
)
#: Worst first; of the same severity the one that waits longest.
_ORDER = "ORDER BY severity, COALESCE(announced_at, raised_at), id"


def put(db: sqlite3.Connection, alarm: Alarm) -> None:
    """Keep an alarm inside a write of desk.db (sqlite3.IntegrityError: another one of its sensor and kind is active)."""
    row = {name: getattr(alarm, name) for name in _NAMES} | {"recent": orjson.dumps(alarm.recent).decode(), "is_chattering": int(alarm.is_chattering)}
    db.execute(_PUT, (*row.values(), alarm.standing))


def latest(db: sqlite3.Connection, sensor_id: str, kind: str) -> Alarm | None:
    """The newest alarm of a sensor and kind, over or not."""
    return next(_read(db, "sensor_id=? AND kind=? ORDER BY raised_at DESC LIMIT 1", (sensor_id, kind)), None)


def known(db: sqlite3.Connection, alarm_id: str) -> Alarm | None:
    return next(_read(db, "id=?", (alarm_id,)), None)


def get(store: Store, alarm_id: str) -> Alarm | None:
    with store.desk_read() as db:
        return known(db, alarm_id)


def standing(store: Store, standings: Sequence[str], limit: int | None = None) -> list[Alarm]:
    """Alarms that stand so, worst first, then those that wait longest."""
    with store.desk_read() as db:
        return list(_read(db, f"standing IN ({','.join('?' * len(standings))}) {_ORDER} LIMIT ?", (*standings, -1 if limit is None else limit)))


def due(store: Store, now: float, steps: Mapping[int, Sequence[float]]) -> list[str]:
    """Ids of alarms whose next reminder is due (`steps`: severity -> seconds after the announcement, ascending) or whose shelf has run out."""
    where, values = ["standing='shelved' AND shelved_until <= ?"], [now]
    for severity, passed in steps.items():
        for count, after in enumerate(passed, 1):
            where.append("standing='unacked' AND severity=? AND escalations<? AND announced_at<=?")
            values += [severity, count, now - after]
    with store.desk_read() as db:
        return [row[0] for row in db.execute(f"SELECT id FROM alarms WHERE {' OR '.join(f'({each})' for each in where)}", values)]


def active(store: Store) -> list[Alarm]:
    with store.desk_read() as db:
        return list(_read(db, f"state='active' {_ORDER}", ()))


def active_pairs(store: Store) -> set[tuple[str, str]]:
    """(sensor, kind) of all that is active."""
    with store.desk_read() as db:
        return set(db.execute("SELECT sensor_id, kind FROM alarms WHERE state='active'"))


def of_sensor(store: Store, sensor_id: str, limit: int) -> list[Alarm]:
    """The newest alarms of a sensor, newest first."""
    with store.desk_read() as db:
        return list(_read(db, "sensor_id=? ORDER BY raised_at DESC LIMIT ?", (sensor_id, limit)))


def of_incident(store: Store, incident_id: str) -> list[Alarm]:
    with store.desk_read() as db:
        return list(_read(db, f"incident_id=? {_ORDER}", (incident_id,)))


def beginning(store: Store, word: str) -> list[Alarm]:
    """Alarms whose id begins so; of two, one too many."""
    with store.desk_read() as db:
        return list(_read(db, "id >= ? AND id < ? LIMIT 2", (word, word + "\U0010ffff")))


def counts(store: Store) -> dict[str, int]:
    """Standing -> alarms, for all standings but what is over."""
    with store.desk_read() as db:
        found = dict(db.execute("SELECT standing, COUNT(*) FROM alarms WHERE standing <> 'closed' GROUP BY standing"))
    return {name: int(found.get(name, 0)) for name in STANDINGS if name != "closed"}


def severities(store: Store) -> dict[int, int]:
    """Severity -> alarms that nobody has acknowledged."""
    with store.desk_read() as db:
        found = dict(db.execute("SELECT severity, COUNT(*) FROM alarms WHERE standing='unacked' GROUP BY severity"))
    return {severity: int(found.get(severity, 0)) for severity in range(1, RECORD)}


def announced(store: Store, since: float) -> int:
    """Alarms that last asked for an acknowledgement at `since` (epoch seconds) or later."""
    with store.desk_read() as db:
        return int(db.execute("SELECT COUNT(*) FROM alarms WHERE announced_at >= ?", (since,)).fetchone()[0])


def followed(store: Store, entries: Iterable[str]) -> set[str]:
    """Which of these log entries have been followed."""
    with store.desk_read() as db:
        return {row[0] for row in db.execute("SELECT entry_id FROM alarm_entries WHERE entry_id IN (SELECT value FROM json_each(?))",
                                             (orjson.dumps(list(entries)).decode(),))}


def mark_followed(db: sqlite3.Connection, entry_id: str, at: str) -> bool:
    """Inside a write; False when it was followed before."""
    return db.execute("INSERT OR IGNORE INTO alarm_entries VALUES(?,?)", (entry_id, at)).rowcount > 0


def followed_since(store: Store, day: str) -> set[str]:
    """Entries of the day (YYYY-MM-DD) or later that have been followed."""
    with store.desk_read() as db:
        return {row[0] for row in db.execute("SELECT entry_id FROM alarm_entries WHERE at >= ?", (day,))}


def withdrawn(store: Store, entries: Iterable[str]) -> list[dict[str, Any]]:
    """Of these log entries those that an officer of this desk took back, as they were written."""
    sql = (
        "SELECT s.patch FROM steps s JOIN acts a USING(op_id) WHERE s.kind='log' AND s.method='create' AND a.state='withdrawn'"
        " AND s.record_id IN (SELECT value FROM json_each(?)) ORDER BY a.seq DESC"
    )
    with store.desk_read() as db:
        return [orjson.loads(row[0]) for row in db.execute(sql, (orjson.dumps(list(entries)).decode(),))]


def unmark(db: sqlite3.Connection, entry_id: str) -> bool:
    """Inside a write; False when it was not followed."""
    return db.execute("DELETE FROM alarm_entries WHERE entry_id=?", (entry_id,)).rowcount > 0


def forget(store: Store, before: float, day: str) -> int:
    """Remove what was over before `before` (epoch seconds), and the memory of entries of before `day` (YYYY-MM-DD); how many alarms."""
    with store.desk_write() as db:
        db.execute("DELETE FROM alarm_entries WHERE at < ?", (day,))
        return db.execute("DELETE FROM alarms WHERE standing='closed' AND COALESCE(cleared_at, raised_at) < ?", (before,)).rowcount


def _read(db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> Iterator[Alarm]:
    for row in db.execute(f"SELECT {_COLUMNS} FROM alarms WHERE {where}", values):
        # In the order of the fields, for a flood has thousands.
        made = list(row[:-1])
        made[_RECENT], made[_CHATTERS] = tuple(orjson.loads(made[_RECENT])), bool(made[_CHATTERS])
        yield Alarm(*made)
