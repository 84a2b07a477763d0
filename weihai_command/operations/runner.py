"""Work off the window's thread: one writer in order, a few readers whose late answers to older questions are dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")
#: Questions for which an officer waits with his hand on the key: none of them stands behind readings that take longer.
PROMPT = frozenset({"detail", "incidents:shown"})
#: How long closing waits for what runs (seconds).
PATIENCE_S = 4.0


@dataclass(frozen=True, slots=True)
class Changes:
    """Which kinds of record a change touched; screens refresh only what they show."""

    kinds: frozenset[str] = frozenset()


class Runner:
    """Callbacks arrive on worker threads. After `close` nothing is called any more."""

    def __init__(self, readers: int = 3) -> None:
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(readers, "reader")
        self._prompt = ThreadPoolExecutor(1, "prompt")
        self._sync = ThreadPoolExecutor(1, "sync")
        self._feed = ThreadPoolExecutor(1, "feed")
        self._asked: dict[str, int] = {}
        self._pending: set[Future[Any]] = set()
        self._lock = threading.Lock()
        self._closed = False
        self.listeners: list[Callable[[Changes], None]] = []

    def query(self, key: str, fn: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Run `fn` on a reader; only the newest question of a `key` is answered."""
        with self._lock:
            turn = self._asked[key] = self._asked.get(key, 0) + 1
        if key in PROMPT:
            # Who walks a list overtakes his own questions.
            self._submit(self._prompt, lambda: fn() if self._asked[key] == turn else None, lambda value: done(cast(T, value)) if self._asked[key] == turn else None, failed)
            return
        self._submit(self._readers, fn, lambda value: done(value) if self._asked[key] == turn else None, failed)

    def change(self, fn: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Run `fn` on the writer, in order."""
        self._submit(self._writer, fn, done, failed)

    def sync(self, fn: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Run `fn` on the one thread that talks to the platform: a slow network never delays an officer's act."""
        self._submit(self._sync, fn, done, failed)

    def feed(self, fn: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Run `fn` on the one thread that reads the neighbours' sources: a slow one delays neither an act's way to the platform nor the pull."""
        self._submit(self._feed, fn, done, failed)

    def announce(self, kinds: Iterable[str]) -> None:
        """Tell every listener which kinds changed."""
        touched = frozenset(kinds)
        if touched and not self._closed:
            for listener in list(self.listeners):
                listener(Changes(touched))

    def close(self, patience_s: float = PATIENCE_S) -> bool:
        """Drop what waits and wait for what runs; whether it has ended and no thread is left."""
        self._closed = True
        pools = (self._writer, self._readers, self._prompt, self._sync, self._feed)
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            pending = set(self._pending)
        if wait(pending, patience_s).not_done:
            return False
        for pool in pools:
            pool.shutdown(wait=True)
        return True

    def _submit(self, pool: ThreadPoolExecutor, fn: Callable[[], T], done: Callable[[T], Any], failed: Callable[[Exception], Any]) -> None:
        if self._closed:
            return

        def settle(future: Future[T]) -> None:
            with self._lock:
                self._pending.discard(future)
            if self._closed or future.cancelled():
                return
            error = future.exception()
            if error is None:
                done(future.result())
            elif isinstance(error, Exception):
                failed(error)

        try:
            future = pool.submit(fn)
        except RuntimeError:
            # Closed by another thread just now.
            return
        with self._lock:
            self._pending.add(future)
        future.add_done_callback(settle)
