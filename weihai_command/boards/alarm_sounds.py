"""What is to be heard of the alarms: red again and again, orange every ten seconds, yellow once, blue never; a group of a flood once."""

from __future__ import annotations

from collections.abc import Sequence

from .alarm_rows import Item

#: Seconds between two soundings of a severity that goes on.
PERIODS = {1: 2.0, 2: 10.0}
LOUDEST, SOFTEST = 1, 3
MUTE_S = 300.0


class AlarmSounds:
    """Says which severity sounds at a moment (seconds of any clock that only goes forward); plays nothing itself."""

    def __init__(self) -> None:
        self._heard: set[tuple[object, ...]] = set()
        self._standing = self._fresh = 0
        self._last = float("-inf")
        self.muted_until = float("-inf")

    def take(self, items: Sequence[Item]) -> None:
        """What asks for an officer now."""
        asking = [item for item in items if not item.is_over and LOUDEST <= item.severity <= SOFTEST]
        new = [item.severity for item in asking if item.call not in self._heard]
        self._heard = {item.call for item in asking}
        self._fresh = min([*new, *([self._fresh] if self._fresh else [])], default=0)
        # A chattering one and a group were heard when they came.
        self._standing = min((item.severity for item in asking if item.severity in PERIODS and not item.is_group and not item.is_quiet), default=0)

    def due(self, now: float) -> int:
        """The severity to sound now, 0 for none."""
        fresh, self._fresh = self._fresh, 0
        if self.muted_left(now) > 0:
            return 0
        if not fresh and (not self._standing or now - self._last < PERIODS[self._standing]):
            return 0
        found = min(each for each in (fresh, self._standing) if each)
        if fresh and found != fresh and now - self._last < PERIODS[found]:
            # The worse one is being heard already.
            return 0
        self._last = now
        return found

    def mute(self, now: float) -> None:
        """Silent for MUTE_S from now on; while it is silent, heard again."""
        self.muted_until = float("-inf") if self.muted_left(now) > 0 else now + MUTE_S

    def muted_left(self, now: float) -> float:
        return max(self.muted_until - now, 0.0)
