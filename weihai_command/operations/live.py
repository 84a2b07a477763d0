"""The seam where what moves and what changes its state by itself enters: batches from any thread, one frame for the window.

Adapters and measurements bring numpy columns; nothing here is stored, drawn or asked of the network. Of several reports between two
frames the newest counts; every report is accounted for: received = applied + outdated + suspect, and every mover: came = placed + forgotten.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..domain.foreign import one_line
from ..domain.movers import (
    AGE,
    DOUBTS,
    FORGET_AFTER_S,
    KINDS,
    KNOT,
    LATE,
    LOST,
    RESTS,
    VEHICLE,
    MoverFrame,
    age_words,
    doubts,
    is_forgotten,
    last_of_each,
    looks,
)
from .live_columns import MoverColumns, StateBook, StateFrame

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Seconds between two reports of a mover that does not say its own period.
PERIOD_S = 60.0
#: Suspects that are listed; all are counted.
LISTED = 1_000
#: What the codes of `states` mean, by kind.
STATES: dict[str, tuple[str, ...]] = {
    "sensors": ("normal", "high", "low", "alarm", "fault", "stale", "lost"),
    "video_points": ("online", "offline"),
}
_AGES = {LATE: "信号过期", LOST: "失去信号"}


@dataclass(slots=True)
class Counts:
    """Reports since the start: `coalesced` were replaced by a newer one before a frame showed them, `outdated` came after a newer one or
    were too old to be shown at all. Movers since the start: `came` were placed, again after they had been forgotten; `forgotten` left."""

    received: int = 0
    applied: int = 0
    coalesced: int = 0
    outdated: int = 0
    suspect: int = 0
    frames: int = 0
    came: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What one drain gives: the movers that changed or grew older, and by kind the states that changed."""

    movers: MoverFrame
    states: dict[str, StateFrame]

    @property
    def is_empty(self) -> bool:
        movers = self.movers
        return not (len(movers.rows) or movers.new or movers.names or movers.owners or self.states)


class Live:
    """Holds the newest of everything that reports by itself. Every method may be called from any thread.

    `wake` is called, from the thread that brought it, when there is something where nothing was waiting; it must not block. A mover that
    has been silent for `forget_after` seconds is forgotten at the next `drain`.
    """

    def __init__(self, now: Callable[[], float] = time.time, forget_after: float = FORGET_AFTER_S) -> None:
        self.now, self.forget_after = now, forget_after
        self.wake: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._counts = Counts()
        self._movers = MoverColumns()
        self._books: dict[str, StateBook] = {}
        self._suspects: dict[str, tuple[str, str]] = {}

    def rows(self, ids: Sequence[str]) -> Rows:
        """The rows (n,) of movers by id, for adapters that report the same ones again and again; unknown ones are taken on unplaced.

        These rows are theirs for good: for ids that come and go, bring ids.
        """
        with self._lock:
            return self._movers.keep(ids)

    def introduce(self, names: dict[str, str]) -> None:
        """What movers are called; id -> name. Only those that have a row or get one later are shown."""
        with self._lock:
            self._movers.names.set({ident: one_line(name, 40) for ident, name in names.items()})

    def positions(
        self, movers: Sequence[str] | Rows, lon: ArrayLike, lat: ArrayLike, heading: ArrayLike, speed: ArrayLike, at: ArrayLike,
        *, period: float = PERIOD_S, source: str = "", kind: str = "vessel",
    ) -> None:
        """A batch of positions: ids (or rows from `rows`), degrees, degrees clockwise from north and m/s (NaN = unknown), epoch seconds.

        Everything is (n,) or one value for all. A position that cannot be true is counted and listed under its id with `source`.
        A time in the future or without sense counts as now: a fast clock must not hold back all that follows. `kind` is one of
        domain.movers.KINDS (KeyError).
        """
        count, bits = len(movers), KINDS[kind]
        lons, lats, ats = (np.broadcast_to(np.asarray(each, np.float64), (count,)) for each in (lon, lat, at))
        angle, pace = (np.broadcast_to(np.asarray(each, np.float32), (count,)) for each in (heading, speed))
        doubt = doubts(lons, lats)
        present = self.now()
        times = np.where(np.isfinite(ats) & (ats <= present), ats, present)
        is_old = is_forgotten(present - times, self.forget_after)
        good = np.flatnonzero((doubt == 0) & ~is_old)
        times = times[good]
        with self._lock:
            was_idle = not self.backlog
            self._counts.received += count
            if len(good) < count:
                self._suspect(movers, np.flatnonzero(doubt), doubt, source)
                self._counts.outdated += int(np.count_nonzero(is_old & (doubt == 0)))
            rows = self._rows_of(movers, good)
            self._report(rows, np.column_stack((lons[good], lats[good])), np.column_stack((angle[good], pace[good])), times, period, bits)
        if was_idle:
            self.wake()

    def trace(self, rows: Rows, tails: Floats, at: ArrayLike) -> None:
        """The way that movers without a position yet have come: rows from `rows` (n,), degrees (n, TAIL, 2), epoch seconds of the last place."""
        with self._lock:
            self._movers.trace(rows, tails, np.broadcast_to(np.asarray(at, np.float64), (len(rows),)))

    def _rows_of(self, movers: Sequence[str] | Rows, good: Rows) -> Rows:
        if isinstance(movers, np.ndarray):
            return np.asarray(movers[good], np.int64)
        # A batch without suspects, as nearly all are, is not taken apart.
        return self._movers.rows(movers if len(good) == len(movers) else [movers[place] for place in good.tolist()])

    def _report(self, rows: Rows, places: Floats, motion: NDArray[np.float32], times: Floats, period: float, kind: int) -> None:
        last = last_of_each(rows, times)
        newest = last[times[last] >= self._movers.at[rows[last]]]
        # Reports of the batch that another one of the same batch replaces are coalesced, those older than what is known are outdated.
        outdated = int(np.count_nonzero(times < self._movers.at[rows]))
        fresh = self._movers.take(rows[newest], places[newest], motion[newest], times[newest], period, kind)
        self._counts.outdated += outdated
        self._counts.applied += len(rows) - outdated
        self._counts.coalesced += len(rows) - outdated - fresh

    def _suspect(self, movers: Sequence[str] | Rows, places: Rows, doubt: NDArray[np.uint8], source: str) -> None:
        self._counts.suspect += len(places)
        for place in places[:LISTED].tolist():
            ident = self._movers.ids[movers[place]] if isinstance(movers, np.ndarray) else movers[place]
            if ident in self._suspects or len(self._suspects) < LISTED:
                self._suspects[ident] = (source, DOUBTS[doubt[place]])

    def states(self, kind: str, ids: Sequence[str], codes: ArrayLike, at: ArrayLike) -> None:
        """A batch of states of a kind in STATES: ids, codes into its words (n,), epoch seconds (KeyError, ValueError: what is not known)."""
        words = STATES[kind]
        count = len(ids)
        values = np.broadcast_to(np.asarray(codes, np.uint8), (count,))
        if count and int(values.max()) >= len(words):
            raise ValueError(f"{kind} has no state {int(values.max())}")
        present = self.now()
        ats = np.broadcast_to(np.asarray(at, np.float64), (count,))
        with np.errstate(invalid="ignore"):
            times = np.where(ats <= present, ats, present)
        with self._lock:
            was_idle = not self.backlog
            book = self._books.setdefault(kind, StateBook())
            outdated, fresh = book.take(ids, values, times)
            self._counts.received += count
            self._counts.outdated += outdated
            self._counts.applied += count - outdated
            self._counts.coalesced += count - outdated - fresh
        if was_idle:
            self.wake()

    @property
    def backlog(self) -> int:
        """Changes that no frame has shown yet; never more than there are movers, sensors and cameras that report."""
        return self._movers.waiting + sum(book.waiting for book in self._books.values())

    def drain(self) -> Frame:
        """What changed since the last call, each mover and each point once with its newest value; ages are judged anew for all."""
        with self._lock:
            self._counts.frames += 1
            now = self.now()
            self._counts.forgotten += self._movers.forget(now, self.forget_after)
            states = {kind: book.drain() for kind, book in self._books.items() if book.waiting}
            return Frame(self._movers.drain(now), states)

    def states_now(self, kind: str) -> tuple[NDArray[np.uint8], Floats]:
        """Codes and epoch seconds of everything of a kind that reported, by row: for a table that was read anew from the store."""
        with self._lock:
            book = self._books.get(kind)
            count = len(book.ids) if book else 0
            return (book.code[:count].copy(), book.at[:count].copy()) if book else (np.empty(0, np.uint8), np.empty(0))

    def state_of(self, kind: str, ident: str) -> tuple[str, float] | None:
        """The word of the last reported state of a point and its epoch seconds; None where it never reported."""
        with self._lock:
            book = self._books.get(kind)
            row = book.row_of.get(ident) if book else None
            return (STATES[kind][int(book.code[row])], float(book.at[row])) if book and row is not None else None

    def counts(self) -> dict[str, int]:
        """Counts as a dict."""
        with self._lock:
            self._counts.came = self._movers.came
            return asdict(self._counts)

    def last_report(self, kind: str) -> float | None:
        """Epoch seconds of the newest report of a kind (movers, or one of STATES), None before the first."""
        with self._lock:
            known = self._movers if kind == "movers" else self._books.get(kind)
            newest = float(known.at[: len(known.ids)].max(initial=-np.inf)) if known is not None else -np.inf
        return newest if np.isfinite(newest) else None

    def suspects(self) -> list[tuple[str, str, str]]:
        """(id, source, reason) of movers whose last unbelievable position is listed, LISTED of them at most."""
        with self._lock:
            return [(ident, source, reason) for ident, (source, reason) in self._suspects.items()]

    def tally(self) -> tuple[int, int, int]:
        """Movers that have a position, those late, those lost."""
        with self._lock:
            age = self._looks() & AGE
            return len(age), int(np.count_nonzero(age == LATE)), int(np.count_nonzero(age == LOST))

    def _looks(self) -> NDArray[np.uint8]:
        known = self._movers
        rows = np.flatnonzero(np.isfinite(known.at[: len(known.ids)]))
        motion = known.motion[rows]
        return looks(self.now() - known.at[rows], known.period[rows], motion[:, 1], motion[:, 0], known.kind[rows])

    def sentence(self, ident: str) -> str:
        """One line about a mover: name, course, speed, and the age of its position in words."""
        with self._lock:
            row = self._movers.row_of.get(ident)
            if row is None or not np.isfinite(self._movers.at[row]):
                return "这个目标没有位置"
            heading, speed = self._movers.motion[row].tolist()
            age = self.now() - float(self._movers.at[row])
            look = int(self._movers.look_now(row, self.now()))
            name = self._movers.names.get(ident) or ident
        parts = [name, "车辆" if look & VEHICLE else "船舶", *_course(look, heading, speed), f"位置 {age_words(age)}"]
        return " · ".join([*parts, _AGES[look & AGE]] if look & AGE else parts)


def _course(look: int, heading: float, speed: float) -> Iterator[str]:
    is_vehicle = bool(look & VEHICLE)
    if look & RESTS:
        yield "停放" if is_vehicle else "停泊"
        return
    word = "方向" if is_vehicle else "航向"
    yield f"{word} {heading % 360:03.0f}°" if heading == heading else f"{word}不明"
    if speed == speed:
        yield f"时速 {speed * 3.6:.0f} 公里" if is_vehicle else f"航速 {speed / KNOT:.1f} 节"
