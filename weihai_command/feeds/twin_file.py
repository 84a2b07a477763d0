"""The twin's file: its tables, its clock per kind and one writing transaction at a time. What a platform answers is in `twin`."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL DEFAULT 0, raw BLOB NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_version ON record (kind, version);
CREATE TABLE IF NOT EXISTS history (
    n INTEGER PRIMARY KEY, op TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, action TEXT NOT NULL, raw BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS history_op ON history (op);
CREATE TABLE IF NOT EXISTS clock (kind TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS identity (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


class TwinFile:
    """Records, history and identity on SQLite; any thread may call."""

    def __init__(self, path: str, now: Callable[[], float]) -> None:
        self.now = now
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        self._memory = path == ":memory:"

    def seed(self, kind: str, record: dict[str, Any]) -> None:
        """Put one record in place, unchecked and without history."""
        with self._writing():
            self._keep(kind, record)

    def purge_tombstones(self, kind: str) -> None:
        with self._lock:
            self._db.execute("DELETE FROM record WHERE kind=? AND deleted=1", (kind,))

    def load(self, records: Iterable[tuple[str, dict[str, Any]]]) -> int:
        """Bring in many records at once, without history and unchecked; returns how many."""
        clocks: dict[str, int] = {}
        with self._writing():
            start = int(self.now() * 1000)
            self._db.executemany("INSERT OR REPLACE INTO record VALUES (?,?,?,0,?)", self._loaded(records, clocks, start))
            self._db.executemany("INSERT OR REPLACE INTO clock VALUES (?,?)", [*clocks.items()])
        return self.count()

    def count(self, kind: str | None = None) -> int:
        with self._lock:
            row = self._db.execute("SELECT count(*) FROM record WHERE deleted=0 AND (? IS NULL OR kind=?)", (kind, kind)).fetchone()
        return int(row[0])

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _loaded(self, records: Iterable[tuple[str, dict[str, Any]]], clocks: dict[str, int], start: int) -> Iterable[tuple[Any, ...]]:
        for kind, record in records:
            # Rows of one load are spread over the milliseconds before it, so that the clock does not run ahead of the time.
            if kind not in clocks:
                clocks[kind] = max(self._version(kind), start - 3_600_000)
            clocks[kind] += 1
            yield kind, record["id"], clocks[kind], orjson.dumps({**record, "last_modified": clocks[kind]})

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, also against another process with the same file."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _store(self, kind: str, record: dict[str, Any], action: str, op_id: str) -> int:
        version, raw = self._keep(kind, record)
        self._db.execute("INSERT INTO history (op, kind, id, action, raw) VALUES (?,?,?,?,?)", (op_id, kind, record["id"], action, raw))
        return version

    def _keep(self, kind: str, record: dict[str, Any]) -> tuple[int, bytes]:
        version = max(int(self.now() * 1000), self._version(kind) + 1)
        raw = orjson.dumps({**record, "last_modified": version})
        row = (kind, record["id"], version, bool(record.get("deleted")), raw)
        self._db.execute("INSERT OR REPLACE INTO record VALUES (?,?,?,?,?)", row)
        self._db.execute("INSERT OR REPLACE INTO clock VALUES (?,?)", (kind, version))
        return version, raw

    def _alive(self, kind: str, id: str) -> dict[str, Any] | None:
        with self._lock:
            row = self._db.execute("SELECT raw FROM record WHERE kind=? AND id=? AND deleted=0", (kind, id)).fetchone()
        return orjson.loads(row[0]) if row else None

    def _version(self, kind: str) -> int:
        row = self._db.execute("SELECT version FROM clock WHERE kind=?", (kind,)).fetchone()
        return int(row[0]) if row else 0

    def _identity(self, name: str) -> str:
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO identity VALUES (?,?)", (name, str(uuid.uuid4())))
            return str(self._db.execute("SELECT value FROM identity WHERE name=?", (name,)).fetchone()[0])
