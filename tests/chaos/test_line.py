"""A faulty line breaks about as often as it was told, in all its ways, and the same way for the same seed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests

from weihai_command.chaos.line import FAULTS, FaultyLine

TEXT = b"x" * 2000


class _Plain(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(TEXT)))
        self.end_headers()
        self.wfile.write(TEXT)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


def _asked(port: int, seed: str, share: float) -> tuple[list[bool], dict[str, int]]:
    """Which of forty requests came through, and the faults met."""
    came = []
    with closing(FaultyLine([port, port], seed, share)) as line:
        for _ in range(40):
            try:
                came.append(requests.get(line.url, headers={"Connection": "close"}, timeout=10).content == TEXT)
            except requests.RequestException:
                came.append(False)
        return came, dict(line.hits)


def test_faults_are_drawn_by_seed(port: int) -> None:
    came, hits = _asked(port, "one", 0.5)
    assert _asked(port, "one", 0.5) == (came, hits)
    assert set(hits) == set(FAULTS) and min(hits.values()) > 0
    assert came.count(False) == sum(hits.values()) - hits["delayed"]


def test_a_sound_line_breaks_nothing(port: int) -> None:
    came, hits = _asked(port, "two", 0.0)
    assert all(came) and sum(hits.values()) == 0
