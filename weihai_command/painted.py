"""Whether the whole desk stands on the screen: asked of pixels, polled, never of flags alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from .seat import Seat

POLL_MS = 15


class PaintedWatch(QObject):
    """Calls `done(seconds waited)` once the map shows land or sea with its marks and the list shows rows; `late()` after the patience."""

    def __init__(self, seat: Seat, done: Callable[[float], None], late: Callable[[], None], patience_s: float = 120.0) -> None:
        super().__init__()
        self._seat, self._done, self._late = seat, done, late
        self._began, self._patience = time.monotonic(), patience_s
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        waited = time.monotonic() - self._began
        if self._seat.is_painted():
            self._timer.stop()
            self._done(waited)
        elif waited > self._patience:
            self._timer.stop()
            self._late()
