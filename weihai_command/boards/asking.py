"""A question that is asked again and again: one at a time, so that a long first answer is neither begun twice nor thrown away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from .bridge import Bridge

T = TypeVar("T")


class Asking(Generic[T]):
    """`ask` while an answer is on its way asks once more when that has arrived. Only for the window's thread."""

    def __init__(self, bridge: Bridge, key: str, fn: Callable[[], T], done: Callable[[T], None]) -> None:
        """fn: runs on a reader; done: gets what it gave, in the window's thread; what it raised the bridge's `fail` gets."""
        self._bridge, self._key, self._fn, self._done = bridge, key, fn, done
        self._is_asked = self._is_wanted = False

    def ask(self) -> None:
        if self._is_asked:
            self._is_wanted = True
            return
        self._is_asked, self._is_wanted = True, False
        self._bridge.ask(self._key, self._answer, self._take)

    def _answer(self) -> tuple[T | None, Exception | None]:
        # Also who failed has answered: the next question goes out.
        try:
            return self._fn(), None
        except Exception as error:  # noqa: BLE001 - the bridge tells it
            return None, error

    def _take(self, found: tuple[T | None, Exception | None]) -> None:
        self._is_asked = False
        answer, error = found
        if error:
            self._bridge.fail(error)
        else:
            self._done(answer)  # type: ignore[arg-type]
        if self._is_wanted:
            self.ask()
