"""From sources of readings to the store, the alarms and the live picture: one thread of its own, so that no officer's act stands behind a reading.

A batch is kept, then judged, then confirmed to its source. What was kept but not judged when the program was killed is judged at the next
start; what was not kept the source brings again. Nothing vanishes silently: ingest_counts has every reading.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..domain.alarm import Alarm
from ..domain.alarm_rules import columns
from ..domain.detection import DetectionBook, Transition
from ..domain.faults import Fault
from ..feeds.measured import Measured, Source
from ..store.locks import ingest_right
from ..store.readings import Batch
from . import alarms
from . import readings as reading
from .alarm_rules import rules
from .desk import Desk
from .ingest_counts import Ledger
from .ingest_sources import Sources
from .live import Live
from .sensor_table import GONE, NORMAL, STALE, UNTOLD, Codes, Floats, SensorTable, ages_of, codes_of

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
#: Seconds: how far ahead a clock may run, how often durations and silence are looked at, how often the store's alarms, marks of what was judged.
AHEAD_S, TICK_S, SETTLE_S, MARK_S = 300.0, 1.0, 5.0, 1.0
#: How long a batch waits for more, how often sources are asked that wake nobody, and how often old readings are thinned.
GATHER_S, IDLE_S, THIN_S = 0.05, 0.2, 3_600.0
#: Readings that a new book is shown of before, and the time that they may reach back.
PRIMED, PRIMED_S = 100_000, 3_600.0
#: A failed write is tried again after this, and the right to take readings while another process has it.
RETRY_S, TURN_S = 2.0, 5.0


@dataclass(frozen=True, slots=True)
class _Good:
    """What of a batch is kept: its places in the batch, rows of the table, epoch seconds, values."""

    places: list[int]
    rows: Rows
    at: Floats
    values: Floats


class Ingest:
    """`announce(kinds)` after alarms changed, `lost(Fault)` and `found(sentence)` once each for a source; all from the ingest thread.

    `begin`, `take`, `turn` and `tick` belong to one thread: the own one after `start`, a test's otherwise.
    """

    def __init__(
        self, desk: Desk, live: Live, sources: Sequence[Source] = (), announce: Callable[[set[str]], None] = lambda _: None,
        lost: Callable[[Fault], None] = lambda _: None, found: Callable[[str], None] = lambda _: None, now: Callable[[], float] = time.time,
    ) -> None:
        self.desk, self.live, self.now = desk, live, now
        self.sources = Sources(desk, sources, lost, found)
        self.ledger = Ledger()
        self.is_begun = threading.Event()
        #: Whether another process takes the readings of this city.
        self.is_elsewhere = False
        #: Whether everything that the sources had at the start has been judged.
        self.is_settled = threading.Event()
        #: Epoch seconds of the arrival of the oldest batch whose alarms were announced and not yet seen by `shown`.
        self.unshown: float | None = None
        self._announce = announce
        self._wake, self._leaving, self._stale = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="ingest", daemon=True)
        self._due = dict.fromkeys(("tick", "settle", "mark", "thin"), 0.0)
        self._thinning: Iterator[int] | None = None
        self._unkept: dict[int, Measured] = {}

    # -- for the window ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End within a batch; sources that were not confirmed bring theirs again."""
        self._leaving.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(20)
        self.sources.stop()

    def sensors_changed(self) -> None:
        """Sensors came, went or have other limits: the table is read anew before the next batch."""
        self._stale.set()
        self._wake.set()

    def shown(self) -> None:
        """The window shows the alarms that were announced: the lag ends here."""
        since, self.unshown = self.unshown, None
        if since is not None:
            counts = self.ledger.counts
            counts.lag_s = max(0.0, self.now() - since)
            counts.longest_lag_s = max(counts.longest_lag_s, counts.lag_s)

    def tally(self) -> tuple[int, int, int]:
        """Sensors that were heard, those late and those lost by their own period."""
        if not self.is_begun.is_set():
            return 0, 0, 0
        heard = np.isfinite(self.book.last_at)
        return int(np.count_nonzero(heard)), int(np.count_nonzero(self._codes == STALE)), int(np.count_nonzero(self._codes == GONE))

    # -- the thread ----------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._leaving.is_set():
            try:
                with ingest_right(self.desk.profile) as mine:
                    if mine:
                        self.begin()
                        self.sources.start(self._wake.set)
                        self._go_on()
                        self._mark()
                if not mine:
                    # Another window of this city takes them, and may be closed.
                    self.is_elsewhere = True
                    self._leaving.wait(TURN_S)
            except Exception as error:  # noqa: BLE001 - the thread must outlive a disk that is full
                self.ledger.counts.failed += 1
                self.sources.tell(error)
                self._leaving.wait(RETRY_S)

    def _go_on(self) -> None:
        while not self._leaving.is_set():
            if self._stale.is_set():
                self.begin()
            if not self.turn():
                self.is_settled.set()
                self._wake.wait(IDLE_S)
                self._wake.clear()
            # What comes one by one is kept together.
            self._leaving.wait(GATHER_S)

    def begin(self) -> None:
        """Read the sensors and make a book that knows what was before: the last readings, the active alarms, what was never judged."""
        self._stale.clear()
        self.is_elsewhere = False
        self.readings = reading.of(self.desk)
        self.table = SensorTable(self.desk.store)
        self.book = DetectionBook(columns(self.table, rules(self.desk.profile.root)))
        count = len(self.table)
        self._began = self.now()
        self._codes: Codes = np.full(count, UNTOLD, np.uint8)
        self._source = self.sources.of_feeds(self.table.feeds)
        self._heard = np.zeros(count, bool)
        judged = self.readings.judged()
        self._prime(judged)
        self._judged = judged
        while len(batch := self.readings.after(judged, PRIMED)):
            judged, self._judged = batch.seq, -1
            rows = self._rows_of(batch)
            known = rows >= 0
            self._judge(rows[known], batch.value[known], batch.at[known], self.now())
        self.is_begun.set()

    def _rows_of(self, batch: Batch) -> Rows:
        return np.array([self.table.row_of.get(each, -1) for each in batch.sensors], np.int64)

    def _prime(self, judged: int) -> None:
        """Show the book what was judged before, so that durations go on; nothing of it is told again."""
        batch = self.readings.after(max(0, judged - PRIMED), PRIMED, judged)
        known = self._rows_of(batch)
        recent = (known >= 0) & (batch.at > self.now() - PRIMED_S)
        self.book.take(known[recent], batch.value[recent], batch.at[recent])
        if judged:
            last = self.readings.last(self.table.ids)
            heard = np.isfinite(last.at) & ~(self.book.last_at >= last.at)
            waiting = self._rows_of(self.readings.after(judged, PRIMED))
            heard[waiting[waiting >= 0]] = False
            self.book.heard(np.flatnonzero(heard), last.at[heard])
        alarms.settle(self.desk, self.book, self.table.row_of)

    def turn(self) -> bool:
        """Take what the sources have, then what is due; whether anything came."""
        came = False
        for place, source in self.sources.ready():
            # What could not be kept last time comes first: its source thinks that it was taken.
            found = self._unkept.pop(place, None) or source.take()
            if len(found) or found.rejected:
                came = True
                self._unkept[place] = found
                self.take(found, place)
                del self._unkept[place]
                source.confirm()
        self.sources.look()
        self.tick()
        return came

    def take(self, found: Measured, place: int = -1) -> list[Alarm]:
        """Keep and judge a batch of a source; the alarms that changed. What cannot be kept has not been counted (StoreFault)."""
        before = replace(self.ledger.counts)
        try:
            return self._take(found, place)
        except BaseException:
            self.ledger.counts = before
            raise

    def _take(self, found: Measured, place: int) -> list[Alarm]:
        came, counts = self.now(), self.ledger.counts
        counts.received += len(found)
        self._reject(found, place)
        good = self._sifted(found, came)
        self._judged = -1
        if not len(good.rows):
            return []
        ids = [found.sensors[each] for each in good.places]
        put = self.readings.put(ids, good.at, good.values, [found.sources[each] for each in good.places])
        counts.kept += put.stored
        counts.twice += put.twice
        counts.writes += 1
        self._heard[good.rows] = True
        if place >= 0:
            self._source[good.rows] = place
        late = good.at < self.book.last_at[good.rows]
        counts.late += int(np.count_nonzero(late))
        counts.no_value += int(np.count_nonzero(~np.isfinite(good.values)))
        for kind, which in (("late", late), ("no_value", ~np.isfinite(good.values))):
            self.ledger.note(kind, ((ids[n], float(good.at[n]), good.values[n]) for n in np.flatnonzero(which).tolist()))
        return self._judge(good.rows, good.values, good.at, came)

    def _sifted(self, found: Measured, now: float) -> _Good:
        """The readings that can be kept; the others are counted and listed."""
        at, values = np.array(found.at, np.float64), np.array(found.values, np.float64)
        rows = np.array([self.table.row_of.get(each, -1) for each in found.sensors], np.int64)
        no_time = ~np.isfinite(at)
        with np.errstate(invalid="ignore"):
            faults = {
                "unknown": rows < 0, "no_time": no_time & (rows >= 0), "ahead": (rows >= 0) & (at > now + AHEAD_S),
                "aged": (rows >= 0) & (at < now - self.readings.retention.raw_s),
            }
        good = np.ones(len(rows), bool)
        for kind, which in faults.items():
            some = np.flatnonzero(which).tolist()
            good[some] = False
            setattr(self.ledger.counts, kind, getattr(self.ledger.counts, kind) + len(some))
            self.ledger.note(kind, ((found.sensors[n], found.at[n], found.values[n]) for n in some[-200:]))
        places = np.flatnonzero(good)
        return _Good(places.tolist(), rows[places], at[places], values[places])

    def _reject(self, found: Measured, place: int) -> None:
        self.ledger.counts.rejected += len(found.rejected)
        self.ledger.note("rejected", ((each.record_id, self.now(), each.reason) for each in found.rejected))
        self.sources.quarantine(place, found.rejected)

    def _judge(self, rows: Rows, values: Floats, at: Floats, came: float) -> list[Alarm]:
        fresh = at >= self.book.last_at[rows]
        transitions = self.book.take(rows, values, at)
        self._show(rows[fresh], values[fresh], at[fresh])
        return self._apply(transitions, came)

    def _apply(self, transitions: list[Transition], came: float) -> list[Alarm]:
        self.ledger.counts.transitions += len(transitions)
        changed = alarms.apply(self.desk, self.table, transitions)
        if changed:
            self.unshown = came if self.unshown is None else self.unshown
            self._announce({alarms.KIND})
        return changed

    def _show(self, rows: Rows, values: Floats, at: Floats) -> None:
        """Tell the map the states that changed, and always the newest reading's, so that its age is known."""
        if not len(rows):
            return
        order = np.lexsort((at, rows))
        last = order[np.r_[rows[order][1:] != rows[order][:-1], True]]
        rows, values, at = rows[last], values[last], at[last]
        codes = codes_of(self.book.rules, rows, values)
        told = codes != self._codes[rows]
        told[int(np.argmax(at))] = True
        self._codes[rows] = codes
        self.live.states("sensors", [self.table.ids[row] for row in rows[told].tolist()], codes[told], at[told])

    # -- what is due ---------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Durations that ran out, silence, ages, reminders, marks, thinning: each at its time."""
        now = self.now()
        if self._is_due("tick", now, TICK_S):
            self._apply(self.book.tick(now, self._watched(now)), now)
            self._grow_old(now)
            if alarms.tick(self.desk):
                self._announce({alarms.KIND})
        if self._is_due("settle", now, SETTLE_S):
            alarms.settle(self.desk, self.book, self.table.row_of)
        if self._judged < 0 and self._is_due("mark", now, MARK_S):
            self._mark()
        self._thin(now)

    def _is_due(self, what: str, now: float, every: float) -> bool:
        # A clock that was set back makes everything due.
        if 0 <= now - self._due[what] < every:
            return False
        self._due[what] = now
        return True

    def _watched(self, now: float) -> Flags:
        """Sensors whose silence is news: heard since the start, or long enough awaited, from a source that is there."""
        awaited = now - self._began > self.book.rules.silence
        return (self._heard | (awaited & (self._source >= 0))) & self.sources.are_there()[self._source]

    def _grow_old(self, now: float) -> None:
        known = np.isfinite(self.book.last_at)
        # Nobody listened while the program was closed: ages begin with it.
        codes = ages_of(np.where(known, now - np.maximum(self.book.last_at, self._began), 0.0), self.table.period)
        rows = np.flatnonzero((codes != NORMAL) & (codes != self._codes))
        if len(rows):
            self._codes[rows] = codes[rows]
            self.live.states("sensors", [self.table.ids[row] for row in rows.tolist()], codes[rows], self.book.last_at[rows])

    def _mark(self) -> None:
        if self._judged < 0:
            self._judged = self.readings.newest()
            self.readings.mark(self._judged, ledger=self.ledger.text())

    def _thin(self, now: float) -> None:
        """One short step of thinning a turn, once an hour."""
        if self._thinning is None:
            if self._is_due("thin", now, THIN_S):
                self._thinning = self.readings.thin(now)
            return
        if next(self._thinning, None) is None:
            self._thinning = None
