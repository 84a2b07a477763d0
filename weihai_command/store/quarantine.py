"""Records that were refused at the border, each with the field and the reason."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from .store import Store

#: Characters of a refused record that are kept.
LONGEST = 65_536
_FIELDS = "id, at, feed, kind, record_id, field, reason, substr(raw, 1, ?)"


@dataclass(frozen=True, slots=True)
class Refused:
    """`raw` is the record as it came, as JSON text (cut to 64 kB); `at` when it was seen last."""

    id: int
    at: str
    feed: str
    kind: str
    record_id: str
    field: str
    reason: str
    raw: str


def put(store: Store, feed: str, kind: str, record_id: str, field: str, reason: str, raw: Any, at: str) -> None:
    """Keep a refused record; the same record for the same reason is kept once, with its newest content."""
    text = raw if isinstance(raw, str) else _text(raw)
    with store.desk_write() as db:
        db.execute(
            "INSERT INTO quarantine(at, feed, kind, record_id, field, reason, raw) VALUES(?,?,?,?,?,?,?)"
            " ON CONFLICT(feed, kind, record_id, field, reason) WHERE resolved=0 DO UPDATE SET at=excluded.at, raw=excluded.raw",
            (at, feed, kind, record_id, field, reason, text[:LONGEST]),
        )


def rows(store: Store, limit: int | None = None, feed: str | None = None, longest: int = LONGEST) -> list[Refused]:
    """What still waits, newest first, each `raw` cut to `longest` characters."""
    only, values = ("", []) if feed is None else (" AND feed=?", [feed])
    with store.desk_read() as db:
        sql = f"SELECT {_FIELDS} FROM quarantine WHERE resolved=0{only} ORDER BY at DESC, id DESC LIMIT ?"
        return [Refused(*row) for row in db.execute(sql, (longest, *values, -1 if limit is None else limit))]


def count(store: Store, feed: str | None = None) -> int:
    only, values = ("", []) if feed is None else (" AND feed=?", [feed])
    with store.desk_read() as db:
        return int(db.execute(f"SELECT COUNT(*) FROM quarantine WHERE resolved=0{only}", values).fetchone()[0])


def waiting_ids(store: Store, feed: str, kind: str) -> set[str]:
    """Whose records of a kind still wait; their contents are not read."""
    with store.desk_read() as db:
        sql = "SELECT DISTINCT record_id FROM quarantine WHERE feed=? AND kind=? AND resolved=0"
        return {row[0] for row in db.execute(sql, (feed, kind))}


def resolve(store: Store, ids: Iterable[int]) -> int:
    """Mark entries as dealt with (they are kept); how many were open."""
    with store.desk_write() as db:
        return sum(db.execute("UPDATE quarantine SET resolved=1 WHERE id=? AND resolved=0", (each,)).rowcount for each in ids)


def resolve_records(store: Store, feed: str, kind: str, record_ids: Iterable[str]) -> int:
    """The source sends these records rightly now; how many entries that closed."""
    known = waiting_ids(store, feed, kind)
    good = [each for each in record_ids if each in known]
    if not good:
        return 0
    sql = "UPDATE quarantine SET resolved=1 WHERE feed=? AND kind=? AND record_id=? AND resolved=0"
    with store.desk_write() as db:
        return sum(db.execute(sql, (feed, kind, each)).rowcount for each in good)


def _text(raw: Any) -> str:
    try:
        return orjson.dumps(raw, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # Half a character or a number beyond 64 bits is no JSON for orjson; the record is kept all the same, escaped.
        return json.dumps(raw, default=str)
