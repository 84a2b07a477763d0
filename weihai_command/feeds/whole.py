"""Sources that are read as a whole: a file or an address, what changed since the last time, and what may not be believed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from weihai_command.domain.faults import PlatformFault

from . import trouble
from .feed import FeedConfig, Memory
from .mapping import BadField
from .platform import Page, Reject
from .transport import SIZE_CAP, Transport
from .wire import Invalid

#: Body, ETag and Last-Modified; None where the source says that nothing changed.
Got = tuple[bytes, str | None, str | None] | None


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a source: `make` gives it checked (BadField, Invalid), `raw` is what came."""

    id: str
    make: Callable[[], dict[str, Any]]
    raw: Any


class Source:
    """A file beside feeds.toml, or an address with ETag. `accept` is what is asked for."""

    def __init__(self, config: FeedConfig, secret: str | None, accept: str, size_cap: int = SIZE_CAP) -> None:
        self._config, self._accept, self._cap = config, accept, size_cap
        auth = None if secret is None else (config.user, secret) if config.user else secret
        self.http = Transport(config.source, auth, size_cap=size_cap) if "://" in config.source else None

    def fetch(self, memory: Memory) -> Got:
        return self.download(self._config.source, memory) if self.http else self._open(memory)

    def close(self) -> None:
        if self.http:
            self.http.close()

    def _open(self, memory: Memory) -> Got:
        path = self._config.folder / self._config.source
        try:
            about = path.stat()
            if about.st_size > self._cap:
                raise trouble.too_large(self._config.name, self._cap // 1024 // 1024)
            mark = f"{about.st_mtime_ns}-{about.st_size}"
            return None if mark == memory.etag else (path.read_bytes(), mark, None)
        except OSError:
            raise trouble.missing_file(str(path)) from None

    def download(self, url: str, memory: Memory | None = None) -> Got:
        """What stands at `url`, an address of the same origin."""
        assert self.http is not None
        headers = {"Accept": self._accept}
        if memory and memory.etag:
            headers["If-None-Match"] = memory.etag
        if memory and memory.modified:
            headers["If-Modified-Since"] = memory.modified
        answer = self.http.send("GET", url, headers=headers)
        if answer.status == 304:
            return None
        if answer.status != 200:
            raise self._refused(answer.status, answer.retry_after)
        return answer.body, answer.headers.get("ETag"), answer.headers.get("Last-Modified")

    def _refused(self, status: int, wait: float | None) -> PlatformFault:
        name, user = self._config.name, self._config.user
        if status == 401:
            return trouble.wrong_password(user or name)
        if status == 403:
            return trouble.forbidden(user or name)
        if status >= 500 or status in (408, 425, 429):
            return trouble.busy(name, status, wait)
        return trouble.refused_read(name, status, "")


def compare(
    items: Iterable[Item], memory: Memory, now: float, *, total: int, nameless: bool, generated: float | None = None,
    stamp: Callable[[Mapping[str, Any]], str] | None = None,
) -> tuple[Page, dict[str, str]]:
    """What is new, changed or gone since `memory`, with the digests of what stands now; `now` in epoch seconds.

    `nameless`: something cannot be told apart and might be any of the missing ones, so nothing counts as gone. `stamp` adds to a digest
    what must be known of the record without it.
    """
    version = max(int(now * 1000), (memory.cursor or 0) + 1)
    changed: list[dict[str, Any]] = []
    rejected: list[Reject] = []
    digests: dict[str, str] = {}
    seen: set[str] = set()
    for item in items:
        seen.add(item.id)
        try:
            record = item.make()
        except (BadField, Invalid) as bad:
            rejected.append(Reject(item.id, bad.field, bad.reason, item.raw))
            # Its last good state stays, and so does what is known of it.
            digests |= {item.id: memory.digests[item.id]} if item.id in memory.digests else {}
            continue
        digests[item.id] = digest(record) + (stamp(record) if stamp else "")
        if item.id not in memory.versions or digests[item.id] != memory.digests.get(item.id):
            changed.append({**record, "last_modified": version})
    gone = [] if nameless else [(id, version) for id in memory.versions if id not in seen]
    cursor = version if changed or gone else memory.cursor
    return Page(changed, gone, None, cursor, generated, total, rejected, not changed and not gone), digests


def digest(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
