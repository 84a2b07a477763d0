"""Mass deletions that wait for an officer's word, one a kind."""

from __future__ import annotations

from dataclasses import dataclass

from .store import Store


@dataclass(frozen=True, slots=True)
class Hold:
    """`vanished` of `total` rows of a kind are gone on the platform; here nothing was deleted."""

    kind: str
    feed: str
    at: str
    vanished: int
    total: int
    detail: str


def put(store: Store, kind: str, feed: str, at: str, vanished: int, total: int, detail: str = "") -> None:
    """Keep or replace the question about a kind."""
    with store.desk_write() as db:
        db.execute("DELETE FROM holds WHERE kind=?", (kind,))
        values = (kind, feed, at, vanished, total, detail)
        db.execute("INSERT INTO holds(kind, feed, at, vanished, total, detail) VALUES(?,?,?,?,?,?)", values)


def get(store: Store, kind: str) -> Hold | None:
    return next((each for each in rows(store) if each.kind == kind), None)


def rows(store: Store) -> list[Hold]:
    """All open questions, oldest first."""
    with store.desk_read() as db:
        return [Hold(*row) for row in db.execute("SELECT kind, feed, at, vanished, total, detail FROM holds ORDER BY at, kind")]


def clear(store: Store, kind: str) -> None:
    """The question is answered or no longer stands; free of cost when there is none."""
    if get(store, kind) is not None:
        with store.desk_write() as db:
            db.execute("DELETE FROM holds WHERE kind=?", (kind,))
