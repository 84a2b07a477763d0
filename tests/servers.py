"""One platform for several desks in a test, either the fast twin or a real Kinto, behind the same faults."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from weihai_command.feeds.platform import MISSING, TRANSIENT, HistoryEntry, Page, Reply
from weihai_command.feeds.rights import group
from weihai_command.feeds.trouble import unreachable


class Server:
    """What stands behind all desks; `seat(user)` is the platform as that officer reaches it. Faults count writes of all seats."""

    def __init__(self, login: Callable[[str], Any], admin: Any, hub: Any = None) -> None:
        self.offline = False
        self.lost = self.dropped = 0
        self.answers: list[Reply] = []
        self.login, self.admin, self.hub = login, admin, hub
        self.seats: list[Any] = []

    def seat(self, user: str) -> Seat:
        platform = self.login(user)
        self.seats.append(platform)
        return Seat(self, platform)

    def lose_reply(self, n: int = 1) -> None:
        self.lost = n

    def drop_request(self, n: int = 1) -> None:
        self.dropped = n

    def answer(self, *replies: Reply) -> None:
        """The next writes get these answers and never reach the server."""
        self.answers.extend(replies)

    def load(self, records: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Records as strangers wrote them."""
        if self.hub is None:
            self.admin.load(records)
            return
        for kind, record in records:
            body = {"data": record, "permissions": {"write": [group("officer"), group("feed")]}}
            assert self.hub.send("admin", "PUT", self.hub.records(kind, record["id"]), body).status in (200, 201)

    def delete(self, kind: str, record_id: str) -> None:
        if self.hub is None:
            self.admin.delete(kind, record_id)
        else:
            assert self.hub.send("admin", "DELETE", self.hub.records(kind, record_id)).status == 200

    def get(self, kind: str, record_id: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.admin.get(kind, record_id)
        return found

    def versions(self, kind: str) -> dict[str, int]:
        return dict(self.admin.versions(kind))

    def history(self, op_id: str) -> list[HistoryEntry]:
        return list(self.admin.history(op_id))

    def stranger(self, kind: str, record_id: str, **patch: Any) -> None:
        """A write of somebody whose program is not ours: no op ids are kept by it."""
        record = self.get(kind, record_id)
        assert record
        reply = self.admin.patch(kind, record_id, patch, record["last_modified"], str(uuid.uuid4()))
        assert reply.status == "applied", reply

    def close(self) -> None:
        for each in {id(each): each for each in (*self.seats, self.admin)}.values():
            each.close()


class Seat:
    """A platform whose line may break; writes that break may or may not have arrived."""

    def __init__(self, server: Server, platform: Any) -> None:
        self.server, self.platform, self.name, self.can = server, platform, platform.name, platform.can

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        self._check()
        found: Page = self.platform.page(kind, since=since, next=next)
        return found

    def create(self, kind: str, record: dict[str, Any], op_id: str) -> Reply:
        return self._through(lambda: self.platform.create(kind, record, op_id))

    def patch(self, kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply:
        return self._through(lambda: self.platform.patch(kind, id, patch, version, op_id))

    def __getattr__(self, name: str) -> Any:
        self._check()
        return getattr(self.platform, name)

    def close(self) -> None:
        """Closed with the server."""

    def _check(self) -> None:
        if self.server.offline:
            raise unreachable("test")

    def _through(self, write: Callable[[], Reply]) -> Reply:
        server = self.server
        if server.offline:
            return Reply(TRANSIENT, error="无法连接", sent=False)
        if server.answers:
            return server.answers.pop(0)
        if server.dropped:
            server.dropped -= 1
            return Reply(TRANSIENT, error="没有答复")
        reply = write()
        if server.lost and reply.status not in (MISSING,):
            server.lost -= 1
            return Reply(TRANSIENT, error="答复丢失")
        return reply
