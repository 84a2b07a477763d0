"""The real hub, and web servers that misbehave on purpose."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def _shared(file: str) -> object:
    """A file of tests/ under a name of its own, once for all folders."""
    name = f"weihai_tests_{file}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / f"{file}.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


hub = _shared("hubs").hub
things, mortal_things, broker, tls_broker = (getattr(_shared("neighbours"), name) for name in ("things", "mortal_things", "broker", "tls_broker"))


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[BaseHTTPRequestHandler], None]], str]]:
    """serve(handler) starts a server on this machine whose every request goes to `handler`; returns its address."""
    servers: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(handle: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self) -> None:
                # The body must be read before the answer, or the connection is out of step.
                self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                handle(self)

            do_GET = do_PUT = do_PATCH = do_POST = do_HEAD = do

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join(5)


def answer(request: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Send one answer; header names are written with _ for -."""
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name.replace("_", "-"), value)
    request.send_header("Content-Length", str(len(body)))
    request.send_header("Connection", "close")
    request.end_headers()
    if request.command != "HEAD":
        request.wfile.write(body)
    request.close_connection = True


@pytest.fixture
def reply() -> Callable[..., None]:
    return answer
