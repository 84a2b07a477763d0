"""The seam to sources of readings: what they bring in one go, and what must be known of the last time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from weihai_command.domain.faults import Fault

from .mapping import BadField, time_of
from .platform import Reject


@dataclass(slots=True)
class Measured:
    """Readings as columns of equal length: our ids of sensors, epoch seconds, values (NaN: the sensor gave none), the source's own ids.

    `rejected` are messages that say nothing that can be used.
    """

    sensors: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    sources: list[str | None] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sensors)

    def add(self, sensor: str, at: float, value: float, source: str | None) -> None:
        self.sensors.append(sensor)
        self.at.append(at)
        self.values.append(value)
        self.sources.append(source)


class Source(Protocol):
    """Who brings readings. `wake` is called from any thread when there is something; `take` and `confirm` come from the ingest thread."""

    name: str
    wake: Callable[[], None]
    fault: Fault | None

    def start(self) -> None: ...
    def take(self) -> Measured: ...
    def confirm(self) -> None: ...
    def stop(self) -> None: ...


def number_of(field: str, value: Any) -> float:
    """A measured value as a number: yes and no are 1 and 0, nothing is NaN. Raises BadField."""
    if value is None:
        return math.nan
    try:
        if isinstance(value, (bool, int, float, str)):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise BadField(field, f"“{str(value)[:40]}”不是数字")


def seconds_of(field: str, value: Any) -> float:
    """Epoch seconds of a time as text or number. Raises BadField."""
    if isinstance(value, bool):
        raise BadField(field, "不是时间")
    return datetime.fromisoformat(time_of(field, value)).timestamp()
