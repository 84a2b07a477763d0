"""How fresh each layer's data is, looked at now and then off the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.domain.freshness import Freshness
from weihai_command.operations import freshness as reading
from weihai_command.operations.live import Live

from .bridge import Bridge

LOOK_MS = 5_000
#: Kinds that report by themselves.
STREAMED = ("movers", "sensors", "video_points")


class FreshnessBoard(QObject):
    """`told(kind, Freshness)` where a kind's level, words or times are other than before."""

    told = Signal(str, object)

    def __init__(self, bridge: Bridge, live: Live) -> None:
        super().__init__()
        self._bridge, self._live = bridge, live
        self._known: dict[str, Freshness] = {}
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        self._timer.start()
        self.look()

    def stop(self) -> None:
        self._timer.stop()

    def freshness(self, kind: str) -> tuple[int, str]:
        """(level, words) of a kind as last looked at; fresh before the first look."""
        known = self._known.get(kind, Freshness())
        return known.level, known.words

    def look(self) -> None:
        """Judge every kind anew."""
        desk, live = self._bridge.desk, self._live
        self._bridge.ask("freshness", lambda: reading.freshness(desk, _reported(live)), self._take)

    def _take(self, found: dict[str, Freshness]) -> None:
        changed = {kind: each for kind, each in found.items() if self._known.get(kind) != each}
        self._known = found
        for kind, each in changed.items():
            self.told.emit(kind, each)


def _reported(live: Live) -> dict[str, float]:
    return {kind: at for kind in STREAMED if (at := live.last_report(kind)) is not None}
