"""The sample city: Weihai's real geography with invented happenings, as wire records. An exercise city, never a real picture.

Deterministic: ids, places and states depend on the scale alone, times on `now` alone. Records carry no last_modified.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from weihai_command.domain.record import full

from .sample_city_cases import Cases, note, plans, receive, tell
from .sample_city_ground import words
from .sample_city_history import past
from .sample_city_more import more_incidents
from .sample_city_points import cameras, facilities, sensors
from .sample_city_units import listed_units
from .sample_city_warnings import started, warnings

#: scale → (cameras, sensors)
SCALES: dict[str, tuple[int, int]] = {"small": (300, 120), "city": (350_000, 5_000)}
BEIJING = timezone(timedelta(hours=8))


def records(scale: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, record) of the whole city, the few and busy kinds first, the cameras last.

    `scale` small or city; `now` with its offset (ValueError without), times are given in Beijing time to the second.
    350,000 cameras take about 1.5 s on two cores.
    """
    if scale not in SCALES:
        raise ValueError(f"scale must be one of {', '.join(SCALES)}, not {scale!r}")
    if now.tzinfo is None:
        raise ValueError("now needs an offset")
    now = now.astimezone(BEIJING).replace(microsecond=0)
    told = words("sample_city.toml")
    yield from _happenings(told, scale, now)
    yield from (("plans", row) for row in plans(told["plan"]))
    yield from (("warnings", row) for row in warnings(told["warning"], now))
    yield from (("facilities", row) for row in facilities(scale))
    yield from (("sensors", row) for row in sensors(SCALES[scale][1], now))
    yield from (("video_points", row) for row in cameras(SCALES[scale][0], now))


def _happenings(told: dict[str, Any], scale: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    cases = Cases(now, {unit.name: unit for unit in listed_units(told["unit"], scale, now)})
    for row in [*told["incident"], *(more_incidents(cases.units) if scale == "city" else ())]:
        tell(cases, row)
    for row in told["log"]:
        note(cases, row["text"], row["ago"])
    for row in told["message"]:
        receive(cases, row)
    past(cases)
    for row in told["started"]:
        cases.log += started(row, next(each.id for each in cases.incidents if each.number == row["incident"]), told["plan"], now)
    yield from (("incidents", full(each)) for each in cases.incidents)
    yield from (("units", full(each)) for each in cases.units.values())
    yield from (("assignments", full(each)) for each in cases.assignments)
    yield from (("log", row) for row in sorted(cases.log, key=lambda row: str(row["at"])))


def summary(scale: str) -> dict[str, int]:
    """How many records of each kind the city has (makes them all: about 1.5 s for the big one)."""
    return dict(Counter(kind for kind, _ in records(scale, datetime(2026, 1, 1, tzinfo=BEIJING))))
