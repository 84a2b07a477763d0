"""The readings joined to the seat: the ingest thread, what it tells, and how late an alarm is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from .boards.desk_boards import DeskBoards
from .boards.live_board import LiveBoard
from .domain.faults import Fault
from .feeds.measured import Source
from .operations.ingest import Ingest
from .operations.ingest_sources import declared
from .operations.runner import Runner

#: The first picture comes first, but alarms do not wait for a map that never comes.
FIRST_MS = 4_000


class SeatReadings(QObject):
    """`lost(Fault)` and `found(sentence)` once each for a source that goes and comes back."""

    lost = Signal(object)
    found = Signal(str)

    def __init__(self, boards: DeskBoards, living: LiveBoard, runner: Runner) -> None:
        super().__init__()
        self._boards, self._living, self._runner = boards, living, runner
        self._desk = boards.bridge.desk
        self.ingest: Ingest | None = None
        #: Measurements bring sources and an ingest of their own.
        self.make_sources: Callable[[], Sequence[Source]] = self._sources
        self.kind: type[Ingest] = Ingest
        self._first = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._first.timeout.connect(self._begin)
        # The strip has painted its picture when the next turn of the loop comes.
        boards.alarms.changed.connect(lambda: QTimer.singleShot(0, self._note_shown))
        boards.bridge.changed.connect(self._note_changes)

    def start(self) -> None:
        self._first.start()

    def hurry(self) -> None:
        """The first picture stands."""
        if self._first.isActive():
            self._first.stop()
            self._begin()

    def stop(self) -> None:
        """Wait for the batch under way; nothing is told any more."""
        self._first.stop()
        if self.ingest is not None:
            self.ingest.stop()

    @property
    def is_behind(self) -> bool:
        """Whether the sample city's alarms are not on the screen yet; real readings never end."""
        if not self._desk.city.embedded:
            return False
        made = self.ingest
        return made is None or not (made.is_elsewhere or (made.is_settled.is_set() and made.unshown is None))

    def _begin(self) -> None:
        self.ingest = self.kind(self._desk, self._living.live, self.make_sources(), self._runner.announce, self.lost.emit, self.found.emit)
        self.ingest.start()

    def _sources(self) -> list[Source]:
        city, found = self._desk.city, []
        try:
            found = declared(self._desk)
        except Fault as fault:
            self.lost.emit(fault)
        if city.embedded and city.exercise:
            from .operations.sample_readings import SampleReadings

            found.append(SampleReadings(self._desk, self._living.live.now))
        return found

    def _note_shown(self) -> None:
        if self.ingest is not None:
            self.ingest.shown()

    def _note_changes(self, kinds: frozenset[str]) -> None:
        if self.ingest is not None and "sensors" in kinds:
            self.ingest.sensors_changed()
