"""How each feed fared: its last success, its last try, its error, its ETag and how much it brought."""

from __future__ import annotations

from dataclasses import dataclass

from .store import Store

_FIELDS = "feed, kind, last_ok, last_try, error, etag, records"


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """Times are ISO 8601; `error` is a sentence for a person, None when the last try was good."""

    feed: str
    kind: str = ""
    last_ok: str | None = None
    last_try: str | None = None
    error: str | None = None
    etag: str | None = None
    records: int = 0


def put(store: Store, status: FeedStatus) -> None:
    """Keep or replace the status of a feed."""
    values = (status.feed, status.kind, status.last_ok, status.last_try, status.error, status.etag, status.records)
    with store.desk_write() as db:
        db.execute("DELETE FROM feed_status WHERE feed=?", (status.feed,))
        db.execute(f"INSERT INTO feed_status({_FIELDS}) VALUES(?,?,?,?,?,?,?)", values)


def get(store: Store, feed: str) -> FeedStatus:
    """The status of a feed, empty before its first try."""
    with store.desk_read() as db:
        row = db.execute(f"SELECT {_FIELDS} FROM feed_status WHERE feed=?", (feed,)).fetchone()
    return FeedStatus(*row) if row else FeedStatus(feed)


def rows(store: Store) -> list[FeedStatus]:
    with store.desk_read() as db:
        return [FeedStatus(*row) for row in db.execute(f"SELECT {_FIELDS} FROM feed_status ORDER BY feed")]


def remove(store: Store, feed: str) -> None:
    """Forget a feed that is no longer declared."""
    with store.desk_write() as db:
        db.execute("DELETE FROM feed_status WHERE feed=?", (feed,))
