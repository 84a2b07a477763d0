"""Where every thread stood when the program hung or crashed: written by Python's own fault handler, which needs no thread of ours that still runs."""

from __future__ import annotations

import faulthandler
import os
import signal
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

#: Below the data folder.
NAME = Path("logs", "stacks.log")
#: The window's thread has stood still when it did not tick for so long (seconds); how often it ticks (ms).
STILL_S, TICK_MS = 20.0, 2_000
#: What the way out of the process may take (seconds).
LEAVE_S = 10.0
#: A file that has grown beyond this many bytes begins anew.
CAP = 1_000_000


class Stacks:
    """Writes all stacks into `root`/logs/stacks.log on a crash, on SIGUSR1, and once each time the window's thread stands still for `still_s`.

    It goes on to the very end of the process: the way out is where programs hang. A folder that cannot be written to is no reason not to open.
    """

    def __init__(self, root: Path, still_s: float = STILL_S, leave_s: float = LEAVE_S) -> None:
        self._still_s, self._leave_s = still_s, leave_s
        self._timer: Any = None
        self._size = 0
        self._file = _opened(root / NAME)
        if self._file is not None:
            faulthandler.enable(self._file)
            if hasattr(signal, "SIGUSR1"):
                faulthandler.register(signal.SIGUSR1, self._file)
            self._say("began")

    def watch(self) -> None:
        """From here on the window's thread has to tick; call it on that thread when there is an application."""
        from PySide6.QtCore import QTimer

        if self._file is not None:
            self._timer = QTimer(interval=TICK_MS)
            self._timer.timeout.connect(self._tick)
            self._timer.start()
            self._tick()

    def leave(self) -> None:
        """Everything of ours is kept and closed: what still hangs after LEAVE_S (Qt, the browser) is written down and ended."""
        if self._timer is not None:
            self._timer.stop()
        if self._file is not None:
            faulthandler.dump_traceback_later(self._leave_s, exit=True, file=self._file)

    def _tick(self) -> None:
        if self._file is None:
            return
        if os.fstat(self._file.fileno()).st_size != self._size:
            self._say("goes on")
        faulthandler.dump_traceback_later(self._still_s, file=self._file)

    def _say(self, word: str) -> None:
        """The fault handler knows no time: the lines around it do."""
        assert self._file is not None
        with suppress(OSError):
            self._file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} process {os.getpid()} {word}\n")
            self._file.flush()
        self._size = os.fstat(self._file.fileno()).st_size


def _opened(file: Path) -> TextIO | None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        is_long = file.exists() and file.stat().st_size > CAP
        return file.open("w" if is_long else "a", encoding="utf-8")
    except OSError:
        return None
