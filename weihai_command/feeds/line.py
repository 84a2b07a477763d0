"""The socket under a Transport's request, held so that another thread can cut it: a silent server holds up nobody who leaves."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from weakref import WeakSet

_lines: WeakSet[Line] = WeakSet()
_known = threading.Lock()


def hang_up_all() -> None:
    """Every request of this process that is under way ends at once, and its line is never used again."""
    with _known:
        lines = list(_lines)
    for line in lines:
        if line.is_busy:
            line.cut()


class Line:
    """Holds the newest socket of one Transport by a handle of its own: TLS takes the first one away. `is_busy` while something is asked. For any thread."""

    def __init__(self) -> None:
        self.is_over = self.is_busy = False
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        with _known:
            _lines.add(self)

    def hold(self, made: socket.socket) -> bool:
        """Remember a new socket instead of the one before; whether it may be used."""
        self.drop()
        with self._lock:
            if not self.is_over:
                self._handle = made.dup()
            return not self.is_over

    def cut(self) -> None:
        """End what is being sent or read, at once and for good; a new socket is refused."""
        with self._lock:
            self.is_over = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def drop(self) -> None:
        """The socket is done with: while we hold it the other side does not see it closed."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None

    def __del__(self) -> None:
        self.drop()
