"""The program ends while a server drips on: nobody waits for the last drop, and nothing new is asked."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import Unreachable
from weihai_command.feeds.breaker import Breaker
from weihai_command.feeds.kinto import KintoPlatform


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
