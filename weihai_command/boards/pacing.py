"""A question that news ask again and again: one at a time, and the longer its answer takes the rarer it is asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer

from .bridge import Bridge

#: A pause is so many times as long as the answer before it took, but never longer than this (milliseconds).
TIMES, LONGEST_MS = 4.0, 600


class Paced(QObject):
    """`ask` during an answer or its pause asks once more when they are over. Only for the window's thread."""

    def __init__(self, bridge: Bridge, key: str, fn: Callable[[], Any], done: Callable[[Any], None], parent: QObject | None = None) -> None:
        """fn: runs on a reader; done: gets what it gave, in the window's thread; what it raised the bridge's `fail` gets."""
        super().__init__(parent)
        self._bridge, self._key, self._fn, self._done = bridge, key, fn, done
        self._is_asked = self._is_wanted = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._go)

    def ask(self) -> None:
        self._is_wanted = True
        self._go()

    def _go(self) -> None:
        if self._is_wanted and not self._is_asked and not self._pause.isActive():
            self._is_asked, self._is_wanted = True, False
            self._bridge.ask(self._key, self._answer, self._take)

    def _answer(self) -> tuple[Any, Exception | None, float]:
        began = time.perf_counter()
        try:
            found, error = self._fn(), None
        except Exception as fault:  # noqa: BLE001 - the bridge tells it
            found, error = None, fault
        return found, error, time.perf_counter() - began

    def _take(self, answer: tuple[Any, Exception | None, float]) -> None:
        found, error, took = answer
        self._is_asked = False
        self._pause.start(min(int(took * 1000 * TIMES), LONGEST_MS))
        if error:
            self._bridge.fail(error)
        else:
            self._done(found)
