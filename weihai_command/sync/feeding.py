"""Bring a read-only neighbour's records into the mirror; what cannot be used is quarantined with the field that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

import orjson

from ..domain.faults import PlatformFault
from ..feeds.feed import Feed, Memory
from ..feeds.platform import Page
from ..store import feed_status, mirror, quarantine, settings
from ..store.feed_status import FeedStatus
from ..store.store import Store


@dataclass(slots=True)
class Fed:
    """What one pull of a feed changed."""

    records: int = 0
    deleted: int = 0
    quarantined: int = 0


def pull_feed(store: Store, feed: Feed, at: str, *, accept_shrink: bool = False) -> Fed:
    """Read all pages and apply each as a whole (PlatformFault passes through; what the feed gave before stays)."""
    fed = Fed()
    memory = _recall(store, feed)
    try:
        while True:
            page, following = feed.read(memory, accept_shrink=accept_shrink)
            _apply(store, feed, page, at, fed)
            memory = following
            if page.next is None:
                break
    except PlatformFault as fault:
        known = feed_status.get(store, feed.name)
        feed_status.put(store, replace(known, kind=feed.kind, last_try=at, error=fault.sentence()))
        raise
    _keep(store, feed, memory, at, fed)
    return fed


def _apply(store: Store, feed: Feed, page: Page, at: str, fed: Fed) -> None:
    for reject in page.rejected:
        fed.quarantined += 1
        quarantine.put(store, feed.name, feed.kind, reject.record_id, reject.field, reject.reason, reject.raw, at)
    marked = [{**record, "feed": feed.name} for record in page.records]
    applied = mirror.apply(store, feed.kind, marked, page.deletions, feed.name)
    quarantine.resolve_records(store, feed.name, feed.kind, [str(record["id"]) for record in page.records])
    fed.records += applied.inserted + applied.updated
    fed.deleted += applied.deleted


def _recall(store: Store, feed: Feed) -> Memory:
    kept = orjson.loads(settings.get(store, _key(feed)) or "{}")
    cursor = mirror.cursor(store, feed.kind, feed.name)
    versions = mirror.versions(store, feed.kind, feed.name)
    # A mirror that was rebuilt holds nothing of the feed: then "not modified" would leave it empty.
    known = kept if versions else {}
    return Memory(versions, known.get("digests", {}), known.get("etag"), known.get("modified"), cursor)


def _keep(store: Store, feed: Feed, memory: Memory, at: str, fed: Fed) -> None:
    text = orjson.dumps({"digests": dict(memory.digests), "etag": memory.etag, "modified": memory.modified}).decode()
    settings.put(store, _key(feed), text)
    if memory.cursor:
        mirror.set_cursor(store, feed.kind, memory.cursor, feed.name)
    count = mirror.count(store, feed.kind, feed.name)
    error = f"有 {fed.quarantined} 条记录进了隔离区" if fed.quarantined else None
    feed_status.put(store, FeedStatus(feed.name, feed.kind, at, at, error, memory.etag, count))


def _key(feed: Feed) -> str:
    return f"feed:{feed.name}"
