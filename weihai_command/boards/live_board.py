"""The window's side of the live seam: one frame at a time, never a queue, so that the window's thread is never late for a hand."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from weihai_command.domain.points import PointTable
from weihai_command.operations.live import STATES, Live
from weihai_command.operations.live_rows import PointRows, stored_since
from weihai_command.operations.live_sample import SampleFleet
from weihai_command.operations.nearby import Shown

from .bridge import Bridge
from .live_states import Found, Patch, StateRows

#: Between two frames at least; and at most, while changes wait for a page that is busy or hidden.
FRAME_MS, PATIENCE_MS = 100, 600
#: A frame may take this share of the window's thread.
SHARE = 0.1
#: How often ages are judged where nothing else happens; how often the sample city's ships are asked.
AGES_MS, SAMPLE_MS = 2_000, 1_000


class LiveBoard(QObject):
    """`moved(MoverFrame)` and `restated(kind, rows, symbol, flags)`; the map answers by `painted(kind)`. `doubted(list)` of (id, source, reason)
    when another mover's position could not be true.

    The next frame waits until the page has painted the last one: what comes meanwhile is coalesced in the seam.
    """

    moved = Signal(object)
    restated = Signal(str, object, object, object)
    doubted = Signal(list)
    _woken = Signal()

    def __init__(self, bridge: Bridge, live: Live | None = None) -> None:
        super().__init__()
        self.live = live or Live()
        self.longest_ms = 0.0
        self._bridge = bridge
        self._states = {kind: StateRows(kind, self._find) for kind in STATES}
        self._unpainted: set[str] = set()
        self._last = self._interval = 0.0
        self._running = False
        self._frame_timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._frame_timer.timeout.connect(self._frame)
        self._ages = QTimer(self, interval=AGES_MS)
        self._ages.timeout.connect(self._grow_old)
        self._doubts = 0
        self._sample = SampleFleet(self.live)
        self._sample_timer = QTimer(self, interval=SAMPLE_MS)
        self._sample_timer.timeout.connect(self._sample.tick)
        self._woken.connect(self._on_wake, Qt.ConnectionType.QueuedConnection)

    def start(self, *, has_sample: bool = False) -> None:
        """From here on frames are given; with the sample city's ships, which are made ready off the window's thread."""
        if self._running:
            return
        self._running = True
        self.live.wake = self._woken.emit
        self._ages.start()
        self._on_wake()
        if has_sample:
            self._bridge.ask("live:sample", self._sample.begin, lambda _: self._running and self._sample_timer.start())

    def stop(self) -> None:
        """No frame any more; the seam still takes what comes."""
        self._running = False
        self.live.wake = lambda: None
        for timer in (self._frame_timer, self._ages, self._sample_timer):
            timer.stop()

    def painted(self, kind: str) -> None:
        """The page shows the newest of a kind."""
        self._unpainted.discard(kind)
        if not self._unpainted and self.live.backlog:
            self._on_wake()

    def know(self, table: PointTable) -> None:
        """The map shows another table of a kind: what was reported about it is shown on it again."""
        if table.kind in self._states:
            self._states[table.kind].know(table)

    def shown(self) -> Shown:
        """What the map shows of the kinds whose states are reported."""
        return Shown({kind: states.table for kind, states in self._states.items() if states.table is not None}, self.live.state_of)

    def _grow_old(self) -> None:
        self._on_wake()
        suspects = self.live.suspects()
        if len(suspects) != self._doubts:
            self._doubts = len(suspects)
            self.doubted.emit(suspects)

    def _on_wake(self) -> None:
        """Ask for a frame as soon as one is due."""
        if not self._running:
            return
        passed = (perf_counter() - self._last) * 1000
        wait = (PATIENCE_MS if self._unpainted else max(FRAME_MS, self._interval)) - passed
        if not self._frame_timer.isActive() or self._frame_timer.remainingTime() > wait:
            self._frame_timer.start(max(0, round(wait)))

    def _frame(self) -> None:
        began = self._last = perf_counter()
        frame = self.live.drain()
        if not frame.is_empty:
            self._unpainted.clear()
            for kind, states in frame.states.items():
                self._restate(kind, self._states[kind].take(states))
            if len(frame.movers.rows) or frame.movers.new or frame.movers.names:
                self._unpainted.add("movers")
                self.moved.emit(frame.movers)
        took = (perf_counter() - began) * 1000
        self.longest_ms = max(self.longest_ms, took)
        self._interval = min(took / SHARE, PATIENCE_MS)
        if self.live.backlog:
            self._on_wake()

    def _restate(self, kind: str, patch: Patch | None) -> None:
        if patch is not None and len(patch[0]):
            self._unpainted.add(kind)
            self.restated.emit(kind, *patch)

    def _find(self, table: PointTable, rows: PointRows | None, ids: Sequence[str]) -> None:
        desk, now = self._bridge.desk, self.live.now()

        def find() -> Found:
            known = rows or PointRows(table.ids)
            return Found(table, known, known.find(ids), stored_since(desk, table.kind, ids, now))

        self._bridge.ask(f"live:{table.kind}", find, self._settle)

    def _settle(self, found: Found) -> None:
        if self._running:
            kind = found.table.kind
            self._restate(kind, self._states[kind].settle(found, *self.live.states_now(kind)))
