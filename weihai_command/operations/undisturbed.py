"""When the interpreter's collector may run: never while a mass is read, and in a program with a window on the window's thread alone.

It runs on whichever thread happens to allocate, and stops all others meanwhile. What it finds there may be a part of the window, which dies only on
the thread that it lives on: destroyed on a reader's thread it takes the window with it.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds between two looks through everything that is not kept for good.
WHOLE_S = 30.0


class _Turns:
    """Who reads, and whether somebody else than the interpreter collects."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.readers = 0
        self.is_ours = False
        self.was_automatic = True
        self.whole_at = 0.0


_turns = _Turns()


def take_over() -> None:
    """From here on nothing is collected but by `collect`."""
    with _turns.lock:
        if not _turns.is_ours:
            _turns.is_ours, _turns.was_automatic = True, gc.isenabled()
            _turns.whole_at = time.monotonic()
            gc.disable()


def give_back() -> None:
    """The interpreter collects by itself again."""
    with _turns.lock:
        if _turns.is_ours:
            _turns.is_ours = False
            if _turns.was_automatic and not _turns.readers:
                gc.enable()


def collect() -> None:
    """Collect what is due on the calling thread, unless a mass is being read: the young often, everything at most each WHOLE_S."""
    with _turns.lock:
        if _turns.readers:
            return
    counts, limits = gc.get_count(), gc.get_threshold()
    now = time.monotonic()
    if counts[2] > limits[2] and now - _turns.whole_at > WHOLE_S:
        _turns.whole_at = now
        gc.collect(2)
    elif counts[1] > limits[1]:
        gc.collect(1)
    elif counts[0] > limits[0]:
        gc.collect(0)


@contextmanager
def undisturbed(*, is_kept: bool) -> Iterator[None]:
    """No collection inside. What is there afterwards is never looked through again if it `is_kept`: for what stays as long as the program.

    Of 100,000 rows each look took 0.1 s. They are given back all the same when nobody holds them any more.
    """
    with _turns.lock:
        if not _turns.readers and not _turns.is_ours:
            _turns.was_automatic = gc.isenabled()
        _turns.readers += 1
        gc.disable()
    try:
        yield
        if is_kept and _turns.was_automatic:
            gc.freeze()
    finally:
        with _turns.lock:
            _turns.readers -= 1
            if not _turns.readers and not _turns.is_ours and _turns.was_automatic:
                gc.enable()
