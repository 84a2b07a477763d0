"""The incidents of the desk's list: all of them once, then only those that changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from ..domain.foreign import moment
from ..domain.incident import FINAL, Incident
from ..domain.record import filled
from ..store import view
from ..store.store import Store
from ..store.view import Mark
from .desk import Desk
from .undisturbed import undisturbed

T = TypeVar("T")
News = TypeVar("News", contravariant=True)
F = TypeVar("F", bound="Follows[Any]")
#: Ended incidents stay in the list this long.
KEEP_ENDED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """What was made of rows of `incidents`; unless it `is_whole` only what changed since an older mark, and `gone` are ids listed no longer."""

    rows: list[T]
    gone: set[str]
    mark: Mark | None
    is_whole: bool


def incidents(desk: Desk) -> list[dict[str, Any]]:
    """Open incidents and those ended in the last day, each with `sync` and `confirmed`."""
    return incident_changes(desk, lambda row: row).rows


def incident_changes(desk: Desk, shape: Callable[[dict[str, Any]], T], mark: Mark | None = None) -> Listing[T]:
    """What changed in `incidents` since an earlier answer's mark, all of it without one; `shape` makes of a row what is kept of it.

    What only grew too old is not told: `is_listed` asks that of a row at any time.
    """
    since = desk.clock() - KEEP_ENDED

    def listed(raw: dict[str, Any]) -> T | None:
        row = filled(Incident, raw)
        if not is_listed(row["state"] in FINAL.get(row["track"], ()), row.get("state_at"), since):
            return None
        row["confirmed"] = row["sync"] == "synced"
        return shape(row)

    # A day earlier than that, for the text of a time says another day in another zone.
    with undisturbed(is_kept=mark is None):
        found = view.incident_changes(desk.store, listed, (since - timedelta(days=1)).date().isoformat(), mark)
    return Listing(found.rows, found.gone, found.mark, found.is_whole)


class Follows(Protocol[News]):
    """What is kept of the listed incidents and told of each that changed; an id may be told again, or be gone that was never told."""

    def take(self, rows: Iterable[tuple[str, News]], gone: Iterable[str]) -> None: ...


class Kept(Generic[T, F]):
    """Of each store a follower of its listed incidents: told all of them once, then only what changed. For any thread."""

    def __init__(self, shape: Callable[[dict[str, Any]], T], follower: Callable[[], F]) -> None:
        """shape: what a follower is told of a row; follower: makes one that was told nothing yet and takes (id, shape) rows."""
        self._shape, self._follower = shape, follower
        self._lock = threading.Lock()
        self._known: WeakKeyDictionary[Store, tuple[Mark | None, F]] = WeakKeyDictionary()

    @contextmanager
    def of(self, desk: Desk) -> Iterator[F]:
        """The follower as of now; inside no other thread has it."""
        with self._lock:
            # Whoever stops in the middle leaves nothing half told behind.
            mark, follower = self._known.pop(desk.store, (None, None))
            found = incident_changes(desk, lambda row: (str(row["id"]), self._shape(row)), mark)
            if follower is None or found.is_whole:
                follower = self._follower()
            follower.take(found.rows, found.gone)
            self._known[desk.store] = found.mark, follower
            yield follower


def is_listed(is_ended: bool, ended_at: Any, since: datetime) -> bool:
    """Whether an incident stands in the list: one that ended without a readable time is not kept for ever."""
    if not is_ended:
        return True
    at = moment(ended_at)
    return at is not None and at >= since
