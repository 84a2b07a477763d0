"""Waiting in tests that have no thread to wait for."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any


def settle() -> None:
    """Let queued answers and the gathering of changes arrive, and what is asked for because of them."""
    from PySide6.QtTest import QTest

    for wait_ms in (60, 5, 5):
        # A wait that took much longer than it should was full of work, which may have asked for more.
        for _ in range(10):
            began = perf_counter()
            QTest.qWait(wait_ms)
            if (perf_counter() - began) * 1000 < wait_ms + 20:
                break


def until(condition: Callable[[], Any], words: str = "", seconds: float = 60.0) -> Any:
    """Let the window work until `condition()` is true and give its answer; AssertionError with `words` when that never happens."""
    from PySide6.QtTest import QTest

    end = perf_counter() + seconds
    while not (found := condition()):
        assert perf_counter() < end, words
        QTest.qWait(20)
    return found
