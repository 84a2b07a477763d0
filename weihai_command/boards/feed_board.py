"""When to read the neighbours that feeds.toml declares. The work runs on a thread of its own: a slow neighbour holds up nobody."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.operations import feeding
from weihai_command.operations.runner import Runner

from .bridge import Bridge, as_fault

LOOK_MS = 5_000


class FeedBoard(QObject):
    """`lost(Fault)` and `found(sentence)`, once each for a source that goes and comes back."""

    lost = Signal(object)
    found = Signal(str)
    _finished = Signal(object)

    def __init__(self, bridge: Bridge, runner: Runner) -> None:
        super().__init__()
        self._desk, self._runner = bridge.desk, runner
        self._running = False
        self._told = ""
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._finished.connect(self._settle)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        if not self._running:
            self._running = True
            self._runner.feed(lambda: feeding.pull_due(self._desk), self._finished.emit, self._finished.emit)

    def _settle(self, outcome: Any) -> None:
        self._running = False
        if isinstance(outcome, Exception):
            fault = as_fault(outcome)
            # A feeds.toml that cannot be read is said once, not every five seconds.
            if fault.happened != self._told:
                self._told = fault.happened
                self.lost.emit(fault)
            return
        self._told = ""
        for fault in outcome.lost:
            self.lost.emit(fault)
        for sentence in outcome.found:
            self.found.emit(sentence)
        self._runner.announce(outcome.kinds)
