"""From readings to what begins, worsens and ends at a sensor. Numpy columns, no clock, no words; the rules are domain.alarm_rules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transition:
    """`what` is raise, severity (it became worse) or clear; `kind` is one of domain.alarm.KINDS, `row` the sensor's place in the book.

    `severity` is the one that holds after it (for clear: that held before). `at` is epoch seconds of what it speaks of: a reading, or the
    moment at which a duration or the patience with a silent sensor ran out. `value`, `limit` and `peak` (the farthest since the raise)
    are in the sensor's unit, None where there is none.
    """

    row: int
    kind: str
    what: str
    severity: int
    at: float
    value: float | None = None
    limit: float | None = None
    peak: float | None = None
