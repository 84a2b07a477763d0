"""The platform's records as we last saw them. Newer versions win; nothing here knows of acts that are still waiting."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson

from .cells import insert_sql, kind_of, row_of, update_sql
from .store import Store

#: Rows handled between two looks at the clock, and the time after which a transaction ends: the writer is an officer's.
_BATCH = 100
_SLICE_S = 0.03
#: Characters of JSON after which a transaction ends: what is written only at its end takes time and room too.
_SLICE_SIZE = 1_000_000
Row = tuple[Any, ...]
Work = Callable[[sqlite3.Connection, Sequence[Row]], tuple[int, int]]


@dataclass(slots=True)
class Applied:
    """How many rows a page changed."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0


def apply(
    store: Store, kind: str, rows: Sequence[Mapping[str, Any]], tombstones: Sequence[tuple[str, int]] = (), feed: str = ""
) -> Applied:
    """Take rows whose version is newer than ours and remove what a newer tombstone names; both in short transactions.

    rows: records with `id` and integer `last_modified`, validated by the caller (KeyError, ValueError: nothing is applied).
    """
    sort = kind_of(kind)
    prepared = list({row[0]: row for row in sorted((row_of(sort, each, feed) for each in rows), key=_version_of)}.values())
    inserted, updated = _sliced(store, kind, prepared, lambda db, batch: _take(db, kind, batch))
    sql = f"DELETE FROM mirror_{kind} WHERE id=? AND version<=?"
    deleted, _ = _sliced(store, kind, tombstones, lambda db, batch: (_remove(db, sql, batch), 0))
    return Applied(inserted, updated, deleted)


def put(store: Store, kind: str, record: Mapping[str, Any], feed: str = "") -> bool:
    """Take one record, a push's reply; False when ours is as new or newer."""
    row = row_of(kind_of(kind), record, feed)
    with store.mirror_write() as db:
        changed = sum(_take(db, kind, [row])) > 0
        if changed:
            _bump(db, kind)
    return changed


def bulk(store: Store, kind: str, rows: Iterable[Mapping[str, Any]], feed: str = "") -> int:
    """Load a mass of records at once, all or none, whatever their versions; how many.

    One long transaction (350,000 rows: some seconds), so only before anyone works with the store. Of one id the last counts.
    """
    sort = kind_of(kind)
    source = (row_of(sort, each, feed) for each in rows)
    updates = ",".join(f"{name}=excluded.{name}" for name in ("version", "feed", *sort.columns, "words", "raw"))
    with store.mirror_write() as db:
        total, again = (0, source) if _has_rows(db, kind) else _fill(db, kind, source)
        for row in again:
            db.execute(f"{insert_sql(kind)} ON CONFLICT(id) DO UPDATE SET {updates}", row)
            total += 1
        _bump(db, kind)
    return total


def _fill(db: sqlite3.Connection, kind: str, source: Iterable[Row]) -> tuple[int, Iterable[Row]]:
    """Fill an empty table with its indexes made last, sorted: half the time. How many, and the rows whose id came twice."""
    sql = "SELECT name, sql FROM sqlite_master WHERE type='index' AND sql IS NOT NULL AND tbl_name=?"
    indexes = db.execute(sql, (f"mirror_{kind}",)).fetchall()
    for name, _ in indexes:
        db.execute(f'DROP INDEX "{name}"')
    seen: set[str] = set()
    again: list[Row] = []

    def first() -> Iterable[Row]:
        for row in source:
            if row[0] in seen:
                again.append(row)
            else:
                seen.add(row[0])
                yield row

    db.executemany(insert_sql(kind), first())
    for _, create in indexes:
        db.execute(create)
    return len(seen), again


def _has_rows(db: sqlite3.Connection, kind: str) -> bool:
    return db.execute(f"SELECT 1 FROM mirror_{kind} LIMIT 1").fetchone() is not None


def delete(store: Store, kind: str, ids: Iterable[str]) -> int:
    """Remove rows whatever their version; how many were there."""
    kind_of(kind)
    sql = f"DELETE FROM mirror_{kind} WHERE id=?"
    gone, _ = _sliced(store, kind, [(each,) for each in ids], lambda db, batch: (_remove(db, sql, batch), 0))
    return gone


def get(store: Store, kind: str, record_id: str) -> dict[str, Any] | None:
    """The record with all its fields, also those that we do not know."""
    kind_of(kind)
    with store.mirror_read() as db:
        row = db.execute(f"SELECT raw FROM mirror_{kind} WHERE id=?", (record_id,)).fetchone()
    return orjson.loads(row[0]) if row else None


def version(store: Store, kind: str, record_id: str) -> int | None:
    kind_of(kind)
    with store.mirror_read() as db:
        row = db.execute(f"SELECT version FROM mirror_{kind} WHERE id=?", (record_id,)).fetchone()
    return int(row[0]) if row else None


def versions(store: Store, kind: str, feed: str = "") -> dict[str, int]:
    """id -> version of what this feed brought."""
    kind_of(kind)
    with store.mirror_read() as db:
        return dict(db.execute(f"SELECT id, version FROM mirror_{kind} WHERE feed=?", (feed,)).fetchall())


def count(store: Store, kind: str, feed: str | None = None) -> int:
    """Rows of a kind, of one feed or of all."""
    kind_of(kind)
    where, values = ("", ()) if feed is None else (" WHERE feed=?", (feed,))
    with store.mirror_read() as db:
        return int(db.execute(f"SELECT COUNT(*) FROM mirror_{kind}{where}", values).fetchone()[0])


def tally(store: Store, kind: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """(value of each hot column …, rows) of a kind as the mirror has it; KeyError for a column that it has not."""
    known = kind_of(kind).columns
    for column in columns:
        if column not in known:
            raise KeyError(column)
    names = ", ".join(columns)
    with store.mirror_read() as db:
        return list(db.execute(f"SELECT {names}, COUNT(*) FROM mirror_{kind} GROUP BY {names}"))


def cursor(store: Store, kind: str, feed: str = "") -> int | None:
    """The version up to which this kind was read from this feed; None before its first whole read."""
    with store.mirror_read() as db:
        row = db.execute("SELECT etag FROM cursors WHERE feed=? AND kind=?", (feed, kind)).fetchone()
    return int(row[0]) if row else None


def set_cursor(store: Store, kind: str, etag: int, feed: str = "", server_time: float | None = None) -> None:
    """Remember how far was read; call it after the rows are in. `server_time` in epoch seconds."""
    kind_of(kind)
    with store.mirror_write() as db:
        db.execute(
            "INSERT INTO cursors VALUES(?,?,?,?)"
            " ON CONFLICT(feed, kind) DO UPDATE SET etag=excluded.etag, server_time=excluded.server_time",
            (feed, kind, etag, server_time),
        )


def forget_cursor(store: Store, kind: str, feed: str = "") -> None:
    """Let the next pull read the kind from the start."""
    with store.mirror_write() as db:
        db.execute("DELETE FROM cursors WHERE feed=? AND kind=?", (feed, kind))


def stamp(store: Store, kind: str) -> tuple[str, int]:
    """Changes with every write of the kind, also when the mirror was begun anew: what caches are keyed by."""
    with store.mirror_read() as db:
        row = db.execute("SELECT (SELECT id FROM identity), n FROM stamps WHERE kind=?", (kind,)).fetchone()
    return str(row[0]), int(row[1])


def _take(db: sqlite3.Connection, kind: str, batch: Sequence[Row]) -> tuple[int, int]:
    ids = orjson.dumps([row[0] for row in batch]).decode()
    known = dict(db.execute(f"SELECT id, version FROM mirror_{kind} WHERE id IN (SELECT value FROM json_each(?))", (ids,)).fetchall())
    new = [row for row in batch if row[0] not in known]
    newer = [(*row[1:], row[0]) for row in batch if row[0] in known and row[1] > known[row[0]]]
    if new:
        db.executemany(insert_sql(kind), new)
    if newer:
        db.executemany(update_sql(kind), newer)
    return len(new), len(newer)


def _remove(db: sqlite3.Connection, sql: str, batch: Sequence[tuple[Any, ...]]) -> int:
    return sum(db.execute(sql, values).rowcount for values in batch)


def _sliced(store: Store, kind: str, items: Sequence[Row], work: Work) -> tuple[int, int]:
    """Do `work` batch by batch, ending the transaction after _SLICE_S or _SLICE_SIZE; the sums of what it counted."""
    done = first = second = 0

    def one_slice(db: sqlite3.Connection) -> tuple[int, int, int]:
        # It may run twice when the disk is full, so it counts for itself.
        at, a, b, size, started = done, 0, 0, 0, perf_counter()
        while at < len(items) and size < _SLICE_SIZE and (at == done or perf_counter() - started < _SLICE_S):
            batch = items[at : at + _BATCH]
            counted = work(db, batch)
            at, a, b = at + _BATCH, a + counted[0], b + counted[1]
            size += sum(len(each[-1]) for each in batch if isinstance(each[-1], str))
        if a or b:
            _bump(db, kind)
        return at, a, b

    while done < len(items):
        done, more, others = store.mirror_change(one_slice)
        first, second = first + more, second + others
    return first, second


def _bump(db: sqlite3.Connection, kind: str) -> None:
    db.execute("UPDATE stamps SET n=n+1 WHERE kind=?", (kind,))


def _version_of(row: Row) -> int:
    return int(row[1])
