"""Legs of time between two recorded moments. An absent, negative or inferred leg is blank (None); a true zero is zero."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .foreign import moment

#: Legs of an emergency in their order: name, from, to. A moment is `reported` or a unit's state.
LEGS = (
    ("report_dispatch", "reported", "dispatching"),
    ("dispatch_acknowledge", "dispatching", "dispatched"),
    ("acknowledge_en_route", "dispatched", "en_route"),
    ("en_route_on_scene", "en_route", "on_scene"),
    ("on_scene_release", "on_scene", "returning"),
    ("report_on_scene", "reported", "on_scene"),
    ("dispatch_on_scene", "dispatching", "on_scene"),
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What is aimed at: `share` (0 … 1) of the legs take at most `seconds`."""

    seconds: float
    share: float


def leg(start: datetime | None, end: datetime | None, *, inferred: bool = False) -> float | None:
    """Seconds from `start` to `end`; None where either is absent, the leg is negative or one end was only inferred."""
    if start is None or end is None or inferred:
        return None
    seconds = (end - start).total_seconds()
    return seconds if seconds >= 0 else None


def legs(reported_at: object, steps: Iterable[Mapping[str, Any]]) -> dict[str, float | None]:
    """Seconds of every leg of LEGS, of one unit's steps {state, at, inferred?}; the first time in a state counts."""
    times: dict[str, tuple[datetime | None, bool]] = {"reported": (moment(reported_at), False)}
    for step in steps:
        if isinstance(step, Mapping):
            times.setdefault(str(step.get("state")), (moment(step.get("at")), bool(step.get("inferred"))))
    nothing = (None, False)
    found = {}
    for name, first, last in LEGS:
        (start, guessed), (end, as_well) = times.get(first, nothing), times.get(last, nothing)
        found[name] = leg(start, end, inferred=guessed or as_well)
    return found


def percentile(values: Iterable[float | None], share: float) -> float | None:
    """The smallest value that `share` of the values do not exceed (nearest rank); blanks count for nothing, None without values."""
    known = sorted(value for value in values if value is not None)
    return known[max(math.ceil(share * len(known)) - 1, 0)] if known else None


def within(values: Sequence[float | None], seconds: float) -> float | None:
    """Share (0 … 1) of the values that are at most `seconds`; None without values."""
    known = [value for value in values if value is not None]
    return sum(value <= seconds for value in known) / len(known) if known else None


def is_met(values: Sequence[float | None], benchmark: Benchmark) -> bool | None:
    """Whether the benchmark is reached; None while there is nothing to judge."""
    found = within(values, benchmark.seconds)
    return None if found is None else found >= benchmark.share
