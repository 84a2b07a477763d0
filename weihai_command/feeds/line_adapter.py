"""Connections of requests that run on a Line. Apart from it, for the desk's start needs the one and not the other."""

from __future__ import annotations

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from .line import Line


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
