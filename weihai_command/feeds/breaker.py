"""One circuit breaker per host: after some failures in a row the host is left alone for a while, longer each time."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed until `threshold` failures in a row; then open for `rest` seconds, doubling up to `longest`. Good news closes it."""

    def __init__(self, threshold: int = 5, rest: float = 2.0, longest: float = 15.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.threshold, self.rest, self.longest, self.clock = threshold, rest, longest, clock
        self.failures = 0
        self.until = 0.0

    def remaining(self) -> float:
        """Seconds until the next try is allowed; 0 = go ahead."""
        return max(0.0, self.until - self.clock())

    def wake(self) -> None:
        """A person asks: the next try is allowed now; if it fails the rest goes on as before."""
        self.until = 0.0

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= self.threshold:
            self.until = self.clock() + min(self.longest, self.rest * 2 ** min(self.failures - self.threshold, 10))

    def succeeded(self) -> None:
        self.failures, self.until = 0, 0.0


_breakers: dict[str, Breaker] = {}


def breaker_of(host: str) -> Breaker:
    return _breakers.setdefault(host, Breaker())
