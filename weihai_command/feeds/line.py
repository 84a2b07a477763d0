"""The socket under a Transport's request, held so that another thread can cut it: a silent server holds up nobody who leaves."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

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


class LineAdapter(HTTPAdapter):
    """An adapter of requests whose connections run on `line`."""

    def __init__(self, line: Line, **options: Any) -> None:
        self._plain, self._tls = _on_line(HTTPConnection, line), _on_line(HTTPSConnection, line)
        super().__init__(**options)

    def get_connection_with_tls_context(self, *args: Any, **options: Any) -> HTTPConnectionPool:
        """The pool of an address, through a proxy or not."""
        pool: Any = super().get_connection_with_tls_context(*args, **options)
        pool.ConnectionCls = self._tls if isinstance(pool, HTTPSConnectionPool) else self._plain
        return pool  # type: ignore[no-any-return]


def _on_line(kind: type[Any], line: Line) -> type[Any]:
    class OnLine(kind):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            made: socket.socket | None = None if line.is_over else super()._new_conn()
            if made is None or not line.hold(made):
                if made is not None:
                    made.close()
                raise NewConnectionError(self, "leaving")
            return made

    return OnLine
