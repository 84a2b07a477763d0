"""The platform's fast twin on SQLite: same interface, same answers, no server and no network. It serves the sample city, drills and tests.

Faults can be set for tests: `offline`, `lose_reply(n)` (applied, but the answer never comes), `drop_request(n)` (never arrives).
"""

from __future__ import annotations

import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from weihai_command.domain.city import ServerMeta
from weihai_command.domain.kinds import KINDS

from . import platform, trouble
from .platform import Flags, HistoryEntry, Page, Reply

PAGE_ROWS = 5000
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


class TwinPlatform:
    """A platform in the file `path`, or in memory. Any thread may call; one call runs at a time. `now` gives epoch seconds."""

    can = Flags(deltas=True, deletions=True, writes=True, versions=True)

    def __init__(self, path: str = ":memory:", *, name: str = "样例城市", exercise: bool = True, page_rows: int = PAGE_ROWS,
                 now: Callable[[], float] = time.time) -> None:
        self.name, self.exercise, self.page_rows, self.now = name, exercise, page_rows, now
        self.offline = False
        self._lost = self._dropped = 0
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + _SCHEMA)
        self._memory = path == ":memory:"

    def lose_reply(self, n: int = 1) -> None:
        """The next `n` writes are applied and their answers lost."""
        self._lost = n

    def drop_request(self, n: int = 1) -> None:
        """The next `n` writes never arrive."""
        self._dropped = n

    # -- reading -------------------------------------------------------------------------------------------------------------

    def meta(self) -> ServerMeta:
        self._check_online()
        return ServerMeta(self._identity("id"), self._identity("epoch"), self.exercise, not self._memory)

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        self._check(kind)
        after = int(next) if next else since or 0
        # A first read has no use for tombstones; what follows it has, for a row may go between two pages.
        hide = since is None and next is None
        with self._lock:
            rows = self._db.execute(
                "SELECT id, version, deleted, raw FROM record WHERE kind=? AND version>? AND deleted<=? ORDER BY version LIMIT ?",
                (kind, after, 0 if hide else 1, self.page_rows + 1),
            ).fetchall()
            last = self._version(kind)
        more, rows = len(rows) > self.page_rows, rows[: self.page_rows]
        seen = rows[-1][1] if rows else after or None
        alive = [orjson.loads(raw) for _, _, deleted, raw in rows if not deleted]
        gone = [(id, version) for id, version, deleted, _ in rows if deleted]
        return Page(alive, gone, str(seen) if more else None, seen if more else last or seen, self.now())

    def versions(self, kind: str) -> dict[str, int]:
        self._check(kind)
        with self._lock:
            return dict(self._db.execute("SELECT id, version FROM record WHERE kind=? AND deleted=0", (kind,)).fetchall())

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        self._check(kind)
        return self._alive(kind, id)

    def history(self, op_id: str) -> list[HistoryEntry]:
        self._check_online()
        with self._lock:
            rows = self._db.execute("SELECT kind, id, action, raw FROM history WHERE op=? ORDER BY n", (op_id,)).fetchall()
        return [HistoryEntry(kind, id, action, orjson.loads(raw)) for kind, id, action, raw in rows]

    def offset(self) -> float | None:
        return self.now() - time.time()

    # -- writing -------------------------------------------------------------------------------------------------------------

    def create(self, kind: str, record: dict[str, Any], op_id: str) -> Reply:
        return self._through(lambda: self._create(kind, record, op_id))

    def patch(self, kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply:
        return self._through(lambda: self._patch(kind, id, patch, version, op_id))

    def delete(self, kind: str, id: str) -> int:
        """Leave a tombstone, as an administrator's DELETE does; returns its version (0 = there was no such record)."""
        with self._writing():
            existing = self._alive(kind, id)
            return self._store(kind, {"id": id, "deleted": True}, "delete", existing.get("last_op", "")) if existing else 0

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

    # -- inside --------------------------------------------------------------------------------------------------------------

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

    def _through(self, write: Callable[[], Reply]) -> Reply:
        if self.offline or self._dropped:
            sent = not self.offline
            self._dropped = max(0, self._dropped - (not self.offline))
            return Reply(platform.TRANSIENT, error=str(trouble.timed_out(self.name) if sent else trouble.unreachable(self.name)), sent=sent)
        with self._writing():
            reply = write()
        if self._lost:
            self._lost -= 1
            return Reply(platform.TRANSIENT, error=str(trouble.lost(self.name)))
        return reply

    def _create(self, kind: str, record: dict[str, Any], op_id: str) -> Reply:
        if existing := self._alive(kind, record["id"]):
            return Reply(platform.STALE, existing=existing, error="记录已存在", server_time=self.now())
        return self._accept(kind, {**record, "last_op": op_id}, "create", op_id)

    def _patch(self, kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply:
        existing = self._alive(kind, id)
        if existing is None:
            return Reply(platform.MISSING, error="记录不存在", server_time=self.now())
        if existing["last_modified"] != version:
            return Reply(platform.STALE, existing=existing, error="记录已被改动", server_time=self.now())
        return self._accept(kind, {**existing, **patch, "id": id, "last_op": op_id}, "update", op_id)

    def _accept(self, kind: str, record: dict[str, Any], action: str, op_id: str) -> Reply:
        # Reading the models takes a third of a second; a city that is only looked at never needs them.
        from .wire import Invalid, validate

        try:
            validate(kind, record)
        except Invalid as invalid:
            return Reply(platform.REJECTED, error=str(invalid), field=invalid.field, server_time=self.now())
        self._store(kind, record, action, op_id)
        return Reply(platform.APPLIED, record=self._alive(kind, record["id"]), server_time=self.now())

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

    def _check(self, kind: str) -> None:
        self._check_online()
        if kind not in KINDS:
            raise trouble.refused_read(self.name, 404, kind)

    def _check_online(self) -> None:
        if self.offline:
            raise trouble.unreachable(self.name)
