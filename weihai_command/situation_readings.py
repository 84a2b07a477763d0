"""The readings behind the leaders' screen where it runs alone: without a desk of this city on the machine nobody else would take them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from .domain.faults import Fault
from .operations import alarm_desk
from .operations.desk import Desk
from .operations.ingest import Ingest
from .operations.ingest_sources import declared
from .operations.live import Live
from .operations.runner import Runner

#: The first picture comes first.
FIRST_MS = 600
#: How often shelves that ran out are looked for.
TICK_MS = 10_000
#: Kinds that report by themselves.
STREAMED = ("sensors", "video_points")


class SituationReadings(QObject):
    """Announces alarms that changed to the runner. What is lost is told by the panels' own age, and once in the log."""

    def __init__(self, desk: Desk, runner: Runner, is_shown: Callable[[], bool]) -> None:
        """is_shown: whether the screen has read what was announced."""
        super().__init__()
        self._desk, self._runner, self._is_shown = desk, runner, is_shown
        self.live = Live()
        self.ingest: Ingest | None = None
        self._first = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._first.timeout.connect(self._begin)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(lambda: runner.change(lambda: alarm_desk.tick(desk), self._ticked, lambda _: None))

    def start(self) -> None:
        self._first.start()
        self._tick.start()

    def stop(self) -> None:
        """Wait for the batch under way; nothing is told any more."""
        self._first.stop()
        self._tick.stop()
        if self.ingest is not None:
            self.ingest.stop()

    def reported(self) -> dict[str, float]:
        """Kind → epoch seconds of the last report."""
        return {kind: at for kind in STREAMED if (at := self.live.last_report(kind)) is not None}

    @property
    def is_behind(self) -> bool:
        """Whether the sample city's alarms are still to come; real readings never end."""
        made = self.ingest
        if not self._desk.city.embedded:
            return False
        return made is None or not (made.is_elsewhere or made.is_settled.is_set()) or not self._is_shown()

    def _ticked(self, changed: int) -> None:
        if changed:
            self._runner.announce({"alarms"})

    def _begin(self) -> None:
        try:
            sources = [*declared(self._desk), *self._sample()]
        except Fault:
            # The feeds' own board says what is wrong with their file.
            sources = self._sample()
        self.ingest = Ingest(self._desk, self.live, sources, self._runner.announce)
        self.ingest.start()

    def _sample(self) -> list[object]:
        city = self._desk.city
        if not (city.embedded and city.exercise):
            return []
        from .operations.sample_readings import SampleReadings

        return [SampleReadings(self._desk, self.live.now)]
