"""When to speak to the platform: after every act, on a period, and slower while nobody answers. The work runs off the window's thread."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.domain.faults import PlatformFault, Unauthorised
from weihai_command.domain.kinds import KINDS
from weihai_command.operations import syncing
from weihai_command.operations.runner import Runner

from .bridge import Bridge, as_fault

EVERY_MS = 5_000
#: The embedded city has nobody else who writes to it.
EMBEDDED_MS = 60_000
#: The longest wait between two tries while nobody answers.
SLOWEST_MS = 15_000
WATCH_MS = 1_000
#: What screens beside the records show of sync.
LINK_KINDS = frozenset({"outbox", "conflicts", "link"})


class SyncBoard(QObject):
    """`lost(Fault)` once when the platform goes away, `found()` once when it is back; `refused(Fault)` when what an officer allowed was not done."""

    lost = Signal(object)
    found = Signal()
    refused = Signal(object)
    _finished = Signal(object)
    _allowed = Signal(object)

    def __init__(self, bridge: Bridge, runner: Runner) -> None:
        super().__init__()
        self._bridge, self._runner = bridge, runner
        self._desk: Any = bridge.desk
        self._period = EMBEDDED_MS if self._desk.city.embedded else EVERY_MS
        self._failures = 0
        self._running = self._again = False
        self._seen: tuple[int, int] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.sync_now)
        self._watch = QTimer(self, interval=WATCH_MS)
        self._watch.timeout.connect(self._look)
        self._finished.connect(self._settle)
        self._allowed.connect(self._settle_allowed)

    def start(self, after_ms: int = 0) -> None:
        """Begin, at the latest after `after_ms`: the first picture comes from the store and must not wait for the platform."""
        self._watch.start()
        self._timer.start(after_ms)

    def stop(self) -> None:
        self._watch.stop()
        self._timer.stop()

    def sync_now(self, *, wake: bool = False) -> None:
        """Push and pull as soon as the one before is through."""
        if self._running:
            self._again = True
            return
        self._running = True
        self._timer.stop()
        finished = self._finished.emit
        self._runner.sync(lambda: syncing.sync(self._desk, wake=wake), finished, finished)

    def accept_vanished(self, kind: str) -> None:
        """An officer has looked: what vanished of this kind on the platform goes here too."""
        self._runner.sync(lambda: syncing.sync(self._desk, allow_vanish=kind), self._allowed.emit, self._allowed.emit)

    def _settle(self, outcome: Any) -> None:
        self._running = False
        if isinstance(outcome, Exception):
            self._fail(outcome)
        else:
            self._succeed(outcome)
        again, self._again = self._again, False
        wait = 0 if again else min(SLOWEST_MS, self._period * 2 ** min(self._failures, 4))
        self._timer.start(wait)

    def _settle_allowed(self, outcome: Any) -> None:
        """What a person asked for is always answered; a rule's refusal says nothing about the line."""
        if not isinstance(outcome, Exception):
            self._succeed(outcome)
            return
        fault = as_fault(outcome)
        if isinstance(fault, PlatformFault):
            self._failures += 1
        self.refused.emit(fault)
        self._runner.announce(LINK_KINDS)

    def _succeed(self, report: syncing.Report) -> None:
        if self._failures:
            self._failures = 0
            self.found.emit()
        if report.refused:
            self.lost.emit(report.refused)
        self._runner.announce(frozenset(report.kinds) | LINK_KINDS)

    def _fail(self, error: Exception) -> None:
        fault = as_fault(error)
        self._failures += 1
        if self._failures == 1 or isinstance(fault, Unauthorised):
            self.lost.emit(fault)
        self._runner.announce(LINK_KINDS)

    def _look(self) -> None:
        """Another process (the command line) may have written beside us."""
        seen = self._desk.store.generation()
        if self._seen is not None and seen != self._seen:
            self._runner.announce(frozenset(KINDS) - {"video_points", "meta"} | LINK_KINDS)
            self.sync_now()
        self._seen = seen
