"""Readings of the city's sensors in a file of their own: an officer's act never waits for them, and losing them loses no act.

One thread writes (`put`, `thin`, `mark`); any thread reads. What is older than the retention lives on as trends. Everything here can be
lost without an officer's work being lost, so the file is written without waiting for the disk (synchronous NORMAL): a killed program
loses nothing that was put, a power cut may lose the last seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from . import opening, trends, trouble
from .pool import Pool
from .profile import Profile
from .retention import Retention
from .trends import Floats, Ints, Series, Trend

T = TypeVar("T")
#: Readings of one write and rows of one step of thinning: some 30 ms, so that nobody waits longer than 50.
SLICE, THINNED = 2_500, 1_500
#: Milliseconds of a bucket in which old readings live on.
BUCKET_MS = 900_000
#: Of the size that is allowed so much is left when something had to go.
ROOM = 0.95
#: Times that fit a file, in milliseconds: far from what any clock says.
_MOST_MS = 2**53
_MARK = "judged"


@dataclass(frozen=True, slots=True)
class Put:
    """What became of a batch: `stored` are new; `twice` were there, by source id or by sensor and time."""

    stored: int = 0
    twice: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Readings as they came: `seq` of the last, ids of sensors, epoch seconds, values (NaN: none)."""

    seq: int
    sensors: list[str]
    at: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.sensors)


class Readings:
    """readings.db of one city. `open` mends what it finds; StoreFault as everywhere in this package."""

    def __init__(self, pool: Pool, retention: Retention) -> None:
        self.retention = retention
        self._pool = pool
        self._numbers: dict[str, int] = {}

    @classmethod
    def open(cls, profile: Profile, notes: list[str], retention: Retention | None = None) -> Self:
        """Open or begin the file; a damaged one is set aside and told in `notes` (StoreFault)."""
        try:
            profile.folder.mkdir(parents=True, exist_ok=True)
            return cls(opening.open_readings(profile, notes), retention or Retention())
        except (sqlite3.Error, OSError) as error:
            raise trouble.fault_of(error, profile.readings_db) or error from error

    def close(self) -> None:
        """Close all connections, those of other threads too; later calls raise StoreFault (code Closed)."""
        self._pool.close()

    def put(self, sensors: Sequence[str], at: ArrayLike, values: ArrayLike, sources: Sequence[str | None] | None = None) -> Put:
        """Keep readings (n,): ids, epoch seconds (finite), values (NaN: the sensor gave none), the source's own ids where it has some.

        Kept when this returns. Of two readings of a sensor at the same millisecond, or with the same source id, the first counts.
        """
        times, numbers = _milliseconds(at), np.asarray(values, np.float64)
        rows = self._numbers_of(sensors)
        order = np.lexsort((times, rows))
        marks = [None] * len(rows) if sources is None else [_digest(each) for each in sources]
        cells = [None if value != value or abs(value) == float("inf") else value for value in numbers.tolist()]
        stored, who, when = 0, rows.tolist(), times.tolist()
        for start in range(0, len(order), SLICE):
            some = [(who[n], when[n], cells[n], marks[n]) for n in order[start : start + SLICE].tolist()]
            with self._faults(), self._pool.write() as db:
                stored += db.executemany("INSERT OR IGNORE INTO readings(sensor, at, value, source) VALUES(?,?,?,?)", some).rowcount
        return Put(stored, len(rows) - stored)

    def window(self, sensor: str, since: float, until: float) -> Series:
        """The readings of a sensor from `since` to `until` (epoch seconds, both included), by time."""
        number = self._number(sensor)
        found = [] if number is None else self._asked(lambda db: db.execute(
            "SELECT at, value FROM readings WHERE sensor=? AND at BETWEEN ? AND ? ORDER BY at", (number, *_span(since, until))).fetchall())
        return Series(_seconds([row[0] for row in found]), _values([row[1] for row in found]))

    def last(self, sensors: Sequence[str]) -> Series:
        """The newest reading of each sensor, in their order; NaN and NaN where there is none."""
        self._learn()
        numbers = [self._numbers.get(each, -1) for each in sensors]
        ask = "SELECT at, value FROM readings WHERE sensor=? ORDER BY at DESC LIMIT 1"
        found = self._asked(lambda db: [db.execute(ask, (each,)).fetchone() if each >= 0 else None for each in numbers])
        at = np.array([row[0] / 1000 if row else np.nan for row in found], np.float64)
        return Series(at, _values([row[1] if row else None for row in found]))

    def trend(self, sensor: str, since: float, until: float, width_s: float = BUCKET_MS / 1000) -> Trend:
        """Buckets of `width_s` seconds (taken as a whole multiple of 900 where readings have aged out) that begin in the span."""
        number, width = self._number(sensor), max(1, round(width_s * 1000))
        span = _span(since, until)

        def ask(db: sqlite3.Connection) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
            raw = db.execute("SELECT at, value FROM readings WHERE sensor=? AND at BETWEEN ? AND ?", (number, *span)).fetchall()
            old = db.execute("SELECT bucket, n, low, mean, high FROM trends WHERE sensor=? AND bucket BETWEEN ? AND ?", (number, *span)).fetchall()
            return raw, old

        raw, old = ([], []) if number is None else self._asked(ask)
        width = max(1, round(width / BUCKET_MS)) * BUCKET_MS if old else width
        fresh = trends.of_readings(np.zeros(len(raw), np.int64), np.array([row[0] for row in raw], np.int64), _values([row[1] for row in raw]), width)
        return _joined(fresh, old, width)

    def after(self, seq: int, limit: int, last: int = _MOST_MS) -> Batch:
        """Up to `limit` readings that came after the one of this number, up to that of number `last`, in the order in which they came."""
        ask = "SELECT seq, id, at, value FROM readings JOIN sensors ON number=sensor WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
        rows = self._asked(lambda db: db.execute(ask, (seq, last, limit)).fetchall())
        return Batch(rows[-1][0] if rows else seq, [row[1] for row in rows], _seconds([row[2] for row in rows]), _values([row[3] for row in rows]))

    def newest(self) -> int:
        """The number of the reading that came last, 0 before the first."""
        return int(self._asked(lambda db: db.execute("SELECT COALESCE(MAX(seq), 0) FROM readings").fetchone()[0]))

    def judged(self) -> int:
        """Up to which number readings have been judged."""
        return int(self.noted(_MARK) or 0)

    def mark(self, seq: int, **notes: str) -> None:
        """Remember that everything up to this number has been judged: after a crash judging goes on behind it. With `notes` in one write."""
        with self._faults(), self._pool.write() as db:
            found = {_MARK: str(seq), **notes}
            db.executemany("INSERT INTO marks VALUES(?,?) ON CONFLICT(name) DO UPDATE SET value=excluded.value", list(found.items()))

    def noted(self, name: str) -> str:
        """The text that was last noted under this name, "" for none."""
        row = self._asked(lambda db: db.execute("SELECT value FROM marks WHERE name=?", (name,)).fetchone())
        return str(row[0]) if row else ""

    def count(self) -> int:
        """Readings that are kept as they came."""
        return int(self._asked(lambda db: db.execute("SELECT COUNT(*) FROM readings").fetchone()[0]))

    def size(self) -> int:
        """Bytes of the file that are in use."""
        ask = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        return int(self._asked(lambda db: db.execute(ask).fetchone()[0]))

    def thin(self, now: float) -> Iterator[int]:
        """Turn what is older than the retention at `now` (epoch seconds), or too much for the size, into trends, and drop trends that are too old.

        Each step is one short write and gives how many readings it took: whoever writes goes on in between. The newest reading of a
        sensor always stays.
        """
        yield from self._fold(int((now - self.retention.raw_s) * 1000))
        yield from self._drop(int((now - self.retention.trend_s) * 1000))
        if self.size() > self.retention.size:
            yield from self._fold(_MOST_MS, is_enough=lambda: self.size() <= ROOM * self.retention.size)
        oldest = self._oldest_trend()
        while oldest is not None and self.size() > self.retention.size:
            oldest += max(BUCKET_MS, int(now * 1000 - oldest) // 10)
            yield from self._drop(oldest)
            oldest = self._oldest_trend()

    def _oldest_trend(self) -> int | None:
        found = self._asked(lambda db: db.execute("SELECT MIN(bucket) FROM trends").fetchone()[0])
        return None if found is None else int(found)

    def _fold(self, before: int, is_enough: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Readings from before a time (ms) become trends, in the order in which they came, until a whole slice is younger."""
        seq = 0
        while not is_enough():
            with self._faults(), self._pool.write() as db:
                rows = db.execute("SELECT seq, sensor, at, value FROM readings WHERE seq > ? ORDER BY seq LIMIT ?", (seq, THINNED)).fetchall()
                old = [row for row in rows if row[2] < before]
                newest = {each: db.execute("SELECT MAX(at) FROM readings WHERE sensor=?", (each,)).fetchone()[0] for each in {row[1] for row in old}}
                gone = [row for row in old if row[2] < newest[row[1]]]
                _keep_trend(db, gone)
                db.executemany("DELETE FROM readings WHERE seq=?", [(row[0],) for row in gone])
            yield len(gone)
            if not old:
                return
            seq = int(rows[-1][0])

    def _drop(self, before: int) -> Iterator[int]:
        """Trends from before a time (ms) go, some sensors at a time."""
        last = self._asked(lambda db: db.execute("SELECT COALESCE(MAX(sensor), 0) FROM trends").fetchone()[0])
        for first in range(1, int(last) + 1, 200):
            with self._faults(), self._pool.write() as db:
                db.execute("DELETE FROM trends WHERE sensor BETWEEN ? AND ? AND bucket < ?", (first, first + 199, before))
            yield 0

    def _number(self, sensor: str) -> int | None:
        if sensor not in self._numbers:
            self._learn()
        return self._numbers.get(sensor)

    def _learn(self) -> None:
        """The numbers of sensors that became known since."""
        known = len(self._numbers)
        fresh = self._asked(lambda db: db.execute("SELECT id, number FROM sensors WHERE number > ?", (known,)).fetchall())
        self._numbers |= dict(fresh)

    def _numbers_of(self, sensors: Sequence[str]) -> Ints:
        """The numbers of sensors (n,), new ones taken on. Numbers are given without gaps, from 1."""
        unknown = list(dict.fromkeys(each for each in sensors if each not in self._numbers))
        for start in range(0, len(unknown), SLICE):
            with self._faults(), self._pool.write() as db:
                db.executemany("INSERT OR IGNORE INTO sensors(id) VALUES(?)", [(each,) for each in unknown[start : start + SLICE] if each])
        if unknown:
            self._learn()
        return np.array([self._numbers[each] for each in sensors], np.int64)

    def _asked(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        with self._faults(), self._pool.read() as db:
            return ask(db)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            fault = trouble.fault_of(error, self._pool.file)
            if fault is None:
                raise
            if trouble.is_corrupt(error):
                opening.mark_suspicious(self._pool.file)
            raise fault from error


def _keep_trend(db: sqlite3.Connection, rows: list[tuple[int, int, int, float | None]]) -> None:
    kept = trends.of_readings(
        np.array([row[1] for row in rows], np.int64), np.array([row[2] for row in rows], np.int64), _values([row[3] for row in rows]), BUCKET_MS)
    # Readings that came late find their bucket there already.
    db.executemany(
        "INSERT INTO trends VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET mean=(mean*n + excluded.mean*excluded.n)/(n + excluded.n),"
        " low=MIN(low, excluded.low), high=MAX(high, excluded.high), n=n + excluded.n",
        list(zip(*(each.tolist() for each in (kept.key, kept.bucket, kept.n, kept.low, kept.mean, kept.high)), strict=True)))


def _joined(fresh: trends.Buckets, old: list[tuple[float, ...]], width: int) -> Trend:
    """Buckets of readings and kept trends together."""
    kept = np.array(old, np.float64).reshape(-1, 5)
    start = np.concatenate((fresh.bucket, kept[:, 0].astype(np.int64) // width * width))
    n = np.concatenate((fresh.n, kept[:, 1].astype(np.int64)))
    low, mean, high = (np.concatenate((mine, kept[:, at])) for mine, at in ((fresh.low, 2), (fresh.mean, 3), (fresh.high, 4)))
    found = trends.gathered(np.zeros(len(start), np.int64), start, n, low, mean, high)
    return Trend(found.bucket / 1000, found.n, found.low, found.mean, found.high)


def _digest(source: str | None) -> int | None:
    return None if source is None else int.from_bytes(blake2b(source.encode(), digest_size=8).digest(), "big", signed=True)


def _milliseconds(at: ArrayLike) -> Ints:
    return np.clip(np.rint(np.asarray(at, np.float64) * 1000), -_MOST_MS, _MOST_MS).astype(np.int64)


def _span(since: float, until: float) -> tuple[int, int]:
    first, last = np.clip(np.array([np.ceil(since * 1000 - 1e-6), np.floor(until * 1000 + 1e-6)]), -_MOST_MS, _MOST_MS)
    return int(first), int(last)


def _seconds(milliseconds: list[int]) -> Floats:
    return np.array(milliseconds, np.float64) / 1000


def _values(cells: list[float | None]) -> Floats:
    return np.array([np.nan if each is None else each for each in cells], np.float64)
