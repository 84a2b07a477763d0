"""One timer for the whole window: seconds for the clock, every ten seconds for ages and limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

AGES_EVERY_S = 10


def utc_now() -> datetime:
    return datetime.now(UTC)


class Clock(QObject):
    """`ticked` once a second, `aged` every ten; `now` may be replaced by a drill's clock or a test's."""

    ticked = Signal()
    aged = Signal()

    def __init__(self, now: Callable[[], datetime] = utc_now, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = now
        self._count = 0
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def tick(self) -> None:
        self._count += 1
        self.ticked.emit()
        if self._count % AGES_EVERY_S == 0:
            self.aged.emit()
