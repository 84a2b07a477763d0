"""The program ends while a server drips on or says nothing at all: nobody waits for it, and nothing new is asked."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from weihai_command.domain.faults import Unreachable
from weihai_command.feeds.breaker import Breaker
from weihai_command.feeds.kinto import KintoPlatform
from weihai_command.feeds.transport import Transport


def test_a_reply_that_never_ends_is_left_and_nothing_more_is_asked(serve: Callable[[Any], str]) -> None:
    stop, asked = threading.Event(), threading.Event()

    def drip(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        asked.set()
        with contextlib.suppress(OSError):
            while not stop.wait(0.02):
                request.wfile.write(b" ")

    breaker = Breaker(10_000)
    platform = KintoPlatform(serve(drip), "o", "p", breaker=breaker)
    troubles: list[Unreachable] = []

    def read() -> None:
        try:
            platform.page("units")
        except Unreachable as fault:
            troubles.append(fault)

    reader = threading.Thread(target=read)
    reader.start()
    assert asked.wait(5)
    began = time.monotonic()
    try:
        platform.hang_up()
        reader.join(5)
        took = time.monotonic() - began
    finally:
        stop.set()
        reader.join()
    assert took < 2 and troubles[0].code == "lost"
    with pytest.raises(Unreachable, match="正在退出"):
        platform.page("units")
    reply = platform.patch("units", "1", {}, 1, "op")
    assert (reply.status, reply.sent, breaker.failures) == ("transient", False, 0)
    platform.close()


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_request_to_a_silent_server_ends_when_it_is_hung_up(silent: socket.socket, scheme: str, method: str) -> None:
    breaker = Breaker(10_000)
    transport = Transport(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/", "token", breaker=breaker)
    troubles: list[Unreachable] = []

    def ask() -> None:
        try:
            transport.send(method, f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/", body={})
        except Unreachable as fault:
            troubles.append(fault)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    other, _ = silent.accept()
    with other:
        # Its first bytes are here: the request, or the greeting of TLS, waits for its answer.
        assert other.recv(65536)
        transport.hang_up()
        # Less than READ_CAP, after which it would end by itself.
        asking.join(10)
        assert not asking.is_alive() and [fault.code for fault in troubles] == ["lost"] and breaker.failures == 0
        transport.close()
        other.settimeout(10)
        # Cut on both sides: the server sees the end as well.
        while other.recv(65536):
            pass


def test_a_line_that_is_cut_makes_no_new_connection(silent: socket.socket) -> None:
    transport = Transport(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    transport.hang_up()
    with pytest.raises(Unreachable, match="正在退出"):
        transport.send("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")
    silent.settimeout(0)
    with pytest.raises(BlockingIOError):
        silent.accept()
    transport.close()


def test_what_is_closed_after_an_answer_is_closed_for_the_server_too(silent: socket.socket) -> None:
    transport = Transport(f"http://127.0.0.1:{silent.getsockname()[1]}/")
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(transport.send("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/").status))
    asking.start()
    other, _ = silent.accept()
    with other:
        other.settimeout(10)
        assert other.recv(65536)
        other.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")
        asking.join(10)
        assert answers == [204]
        transport.close()
        assert other.recv(65536) == b""
