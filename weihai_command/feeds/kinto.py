"""The platform as Kinto 1.x speaks it, at the border only: nothing here decides what a conflict is or what is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson

from weihai_command.domain.city import ServerMeta
from weihai_command.domain.faults import PlatformFault
from weihai_command.domain.record import read

from . import judge, platform, trouble
from .breaker import Breaker
from .feed import FeedConfig, Memory
from .platform import Flags, HistoryEntry, Page, Reject, Reply
from .rights import BUCKET, ROLE_GROUPS, write_groups
from .transport import SIZE_CAP, TIME_CAP, Answer, Transport
from .wire import validate_all

PAGE_ROWS = 5000
#: Server time that a feed's delta reads again.
OVERLAP_MS = 30_000


def base_url(url: str) -> str:
    """`https://host` and `https://host/v1/` both mean `https://host/v1`."""
    trimmed = url.strip().rstrip("/")
    return trimmed if urlsplit(trimmed).path.strip("/") else f"{trimmed}/v1"


class KintoPlatform:
    """A Kinto server with our bucket. `password` alone (user empty) is a bearer token. Meant for one sync thread."""

    can = Flags(deltas=True, deletions=True, writes=True, versions=True)

    def __init__(self, url: str, user: str, password: str, *, breaker: Breaker | None = None, page_rows: int = PAGE_ROWS,
                 size_cap: int = SIZE_CAP, time_cap: float = TIME_CAP) -> None:
        self.url = base_url(url)
        self.user = user
        self.page_rows = page_rows
        self.http = Transport(self.url, (user, password) if user else password, breaker=breaker, size_cap=size_cap, time_cap=time_cap)
        self.name = self.http.host
        self._offset: float | None = None
        self._groups: list[str] | None = None

    # -- reading -------------------------------------------------------------------------------------------------------------

    def login_ok(self) -> bool:
        """Whether the platform accepts this account. False for a wrong password; raises when it cannot be asked."""
        return bool(self._hello().get("user"))

    def role_groups(self) -> list[str]:
        """The role groups that this account stands in, as the platform says."""
        if self._groups is None:
            user = self._hello().get("user")
            if not user:
                raise trouble.wrong_password(self.user)
            prefix = f"/buckets/{BUCKET}/groups/"
            self._groups = [name for name in user.get("principals", ()) if str(name).startswith(prefix)]
        return self._groups

    def meta(self) -> ServerMeta:
        record = self.get("meta", "server")
        if not record or not record.get("id") or not record.get("epoch"):
            raise trouble.not_ours(self.name)
        return read(ServerMeta, {**record, "id": record.get("server_id") or record["id"]})

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        from_since = {} if since is None else {"_since": f'"{since}"'}
        query = next or urlencode({"_sort": "last_modified", "_limit": self.page_rows, **from_since})
        answer = self._read("GET", f"{self._records(kind)}?{query}")
        rows = self._rows(answer)
        following = _next(answer)
        alive = [row for row in rows if not row.get("deleted")]
        gone = [(row["id"], row["last_modified"]) for row in rows if row.get("deleted")]
        # Between pages only what was seen counts; the last page also tells where the collection stands.
        seen = max((row["last_modified"] for row in rows), default=since)
        cursor = seen if following else _etag(answer) or seen
        return Page(alive, gone, following, cursor, answer.server_time, _count(answer))

    def versions(self, kind: str) -> dict[str, int]:
        found: dict[str, int] = {}
        query: str | None = urlencode({"_fields": "id,last_modified", "_sort": "last_modified", "_limit": self.page_rows})
        while query:
            answer = self._read("GET", f"{self._records(kind)}?{query}")
            found.update((row["id"], row["last_modified"]) for row in self._rows(answer))
            query = _next(answer)
        return found

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        answer = self._ask("GET", self._record(kind, id))
        if answer.status == 404 and isinstance(body := answer.json(), dict) and "errno" in body:
            return None
        data = self._object(self._checked(answer)).get("data")
        if not isinstance(data, dict) or (kind != "meta" and not _has_version(data)):
            raise trouble.cut_page(self.name)
        return data

    def history(self, op_id: str) -> list[HistoryEntry]:
        """What the platform remembers of one act, oldest first. A later write by somebody else may still carry its op id."""
        query = urlencode({"target.data.last_op": orjson.dumps(op_id).decode(), "resource_name": "record", "_sort": "last_modified"})
        rows = self._rows(self._read("GET", f"{self.url}/buckets/{BUCKET}/history?{query}"))
        try:
            return [HistoryEntry(row["collection_id"], row["record_id"], row["action"], row["target"]["data"]) for row in rows]
        except (KeyError, TypeError):
            raise trouble.cut_page(self.name) from None

    def offset(self) -> float | None:
        return self._offset

    # -- writing -------------------------------------------------------------------------------------------------------------

    def create(self, kind: str, record: dict[str, Any], op_id: str) -> Reply:
        try:
            groups = [name for name in self.role_groups() if name in ROLE_GROUPS]
        except PlatformFault as fault:
            return replace(_failed(fault), sent=False)
        body = {"data": _stamped(record, op_id), "permissions": {"write": write_groups(kind, groups)}}
        return self._write("PUT", kind, record["id"], body, {"If-None-Match": "*", "Idempotency-Key": op_id})

    def patch(self, kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply:
        headers = {"If-Match": f'"{version}"', "Idempotency-Key": op_id}
        return self._write("PATCH", kind, id, {"data": _stamped(patch, op_id)}, headers)

    def _write(self, method: str, kind: str, id: str, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        try:
            reply = judge.judge(self._ask(method, self._record(kind, id), headers, body))
            if reply.status == platform.STALE and reply.existing is None:
                return _with_existing(reply, self.get(kind, id))
        except PlatformFault as fault:
            return _failed(fault)
        return reply

    def wake(self) -> None:
        """A person asks: do not rest after earlier failures."""
        self.http.breaker.wake()

    def hang_up(self) -> None:
        self.http.hang_up()

    def close(self) -> None:
        self.http.close()

    # -- asking --------------------------------------------------------------------------------------------------------------

    def _records(self, kind: str) -> str:
        return f"{self.url}/buckets/{BUCKET}/collections/{quote(kind, safe='')}/records"

    def _record(self, kind: str, id: str) -> str:
        return f"{self._records(kind)}/{quote(id, safe='')}"

    def _ask(self, method: str, url: str, headers: dict[str, str] | None = None, body: object = None) -> Answer:
        answer = self.http.send(method, url, headers=headers, body=body)
        if answer.server_time is not None:
            self._offset = answer.server_time - answer.middle
        return answer

    def _read(self, method: str, url: str) -> Answer:
        return self._checked(self._ask(method, url))

    def _checked(self, answer: Answer) -> Answer:
        if answer.status == 200:
            return answer
        if answer.status == 401:
            raise trouble.wrong_password(self.user)
        if answer.status == 403:
            raise trouble.forbidden(self.user)
        if answer.status >= 500 or answer.status in (408, 409, 425, 429):
            raise trouble.busy(self.name, answer.status, answer.retry_after)
        body = answer.json()
        if not isinstance(body, dict) or "errno" not in body:
            raise trouble.not_ours(self.name)
        field, words = judge.complaint(body)
        if answer.status == 400 and field in ("_since", "_token"):
            raise trouble.unknown_cursor(self.name)
        raise trouble.refused_read(self.name, answer.status, words)

    def _object(self, answer: Answer) -> dict[str, Any]:
        body = answer.json()
        if not isinstance(body, dict):
            html = answer.body[:200].lstrip().startswith(b"<")
            raise trouble.not_ours(self.name) if html else trouble.cut_page(self.name)
        return body

    def _rows(self, answer: Answer) -> list[dict[str, Any]]:
        rows = self._object(answer).get("data")
        if not isinstance(rows, list) or not all(map(_has_version, rows)):
            raise trouble.cut_page(self.name)
        return rows

    def _hello(self) -> dict[str, Any]:
        """What the server says of itself; `user` is there when it accepts the account."""
        answer = self._ask("GET", f"{self.url}/")
        if answer.status == 401:
            return {}
        hello = self._object(self._checked(answer))
        if "project_name" not in hello or "http_api_version" not in hello:
            raise trouble.not_ours(self.name)
        return hello


def _stamped(data: dict[str, Any], op_id: str) -> dict[str, Any]:
    """What is sent: never the server's own fields, always the act that it belongs to."""
    return {**{key: value for key, value in data.items() if key not in ("last_modified", "schema")}, "last_op": op_id}


def _failed(fault: PlatformFault) -> Reply:
    status = platform.UNAUTHORISED if fault.code in ("wrong_password", "forbidden") else platform.TRANSIENT
    return Reply(status, error=str(fault), retry_after=trouble.retry_after(fault), sent=fault.code not in trouble.UNSENT)


def _with_existing(reply: Reply, existing: dict[str, Any] | None) -> Reply:
    if existing is None:
        return Reply(platform.MISSING, error=reply.error, server_time=reply.server_time)
    return Reply(platform.STALE, existing=existing, error=reply.error, server_time=reply.server_time)


def _has_version(row: Any) -> bool:
    """True for what can be kept at all: an id that is text and a version that the store can hold."""
    return isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"] != "" and judge.is_version(row.get("last_modified"))


def _next(answer: Answer) -> str | None:
    """Only the query of Next-Page is used: behind a proxy its host may be another one."""
    url = answer.headers.get("Next-Page")
    return urlsplit(url).query or None if url else None


def _etag(answer: Answer) -> int | None:
    tag = answer.headers.get("ETag", "").removeprefix("W/").strip('"')
    return int(tag) if tag.isdigit() else None


def _count(answer: Answer) -> int | None:
    text = answer.headers.get("Total-Objects") or answer.headers.get("Total-Records") or ""
    return int(text) if text.isdigit() else None


class KintoFeed:
    """A neighbour's Kinto server, read only: its collection of the feed's kind, in deltas."""

    can = Flags(deltas=True, deletions=True, versions=True)

    def __init__(self, config: FeedConfig, secret: str | None = None) -> None:
        self.name, self.kind, self.every = config.name, config.kind, config.every
        self.platform = KintoPlatform(config.source, config.user, secret or "")

    def read(self, memory: Memory, *, accept_shrink: bool = False) -> tuple[Page, Memory]:
        # With concurrent writers the cursor skips rows: a span before it is read again, and what is known of it left out.
        since = None if memory.cursor is None else max(1, memory.cursor - OVERLAP_MS)
        page = self.platform.page(self.kind, since=since, next=memory.next)
        known = memory.versions
        gone = [(id, version) for id, version in page.deletions if known.get(id, version) < version]
        page = replace(page, records=[row for row in page.records if known.get(row["id"]) != row["last_modified"]], deletions=gone)
        good, bad = validate_all(self.kind, page.records)
        rejected = [Reject(str(raw.get("id", "")), wrong.field, wrong.reason, raw) for raw, wrong in bad]
        if not accept_shrink and len(page.deletions) * 2 > len(memory.versions) > 0:
            raise trouble.shrunken(self.name, len(memory.versions), len(memory.versions) - len(page.deletions))
        nothing = not good and not page.deletions and not rejected
        page = replace(page, records=good, rejected=rejected, unchanged=nothing and page.next is None)
        return page, memory.following(page)

    def close(self) -> None:
        self.platform.close()
