"""The platform's fast twin on SQLite: same interface, same answers, no server and no network. It serves the sample city, drills and tests.

Faults can be set for tests: `offline`, `lose_reply(n)` (applied, but the answer never comes), `drop_request(n)` (never arrives).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import orjson

from weihai_command.domain.city import ServerMeta
from weihai_command.domain.kinds import KINDS

from . import platform, trouble
from .platform import Flags, HistoryEntry, Page, Reply
from .twin_file import TwinFile

PAGE_ROWS = 5000


class TwinPlatform(TwinFile):
    """A platform in the file `path`, or in memory. Any thread may call; one call runs at a time. `now` gives epoch seconds."""

    can = Flags(deltas=True, deletions=True, writes=True, versions=True)

    def __init__(self, path: str = ":memory:", *, name: str = "样例城市", exercise: bool = True, page_rows: int = PAGE_ROWS,
                 now: Callable[[], float] = time.time) -> None:
        super().__init__(path, now)
        self.name, self.exercise, self.page_rows = name, exercise, page_rows
        self.offline = False
        self._lost = self._dropped = 0

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

    def wake(self) -> None:
        """Nothing rests here."""

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

    # -- inside --------------------------------------------------------------------------------------------------------------

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

    def _check(self, kind: str) -> None:
        self._check_online()
        if kind not in KINDS:
            raise trouble.refused_read(self.name, 404, kind)

    def _check_online(self) -> None:
        if self.offline:
            raise trouble.unreachable(self.name)
