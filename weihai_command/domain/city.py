"""The standing things of the city: sensors, video points, facilities, and what the platform says of itself."""

from __future__ import annotations

from dataclasses import dataclass

FIELDS = ("municipal", "water", "weather", "traffic", "marine", "ecology", "police", "emergency")


@dataclass(frozen=True, slots=True)
class Sensor:
    """`quantity` is what it measures, `period_s` the seconds between readings, `low`/`high` its thresholds in `unit`."""

    id: str
    name: str
    field: str
    quantity: str
    state: str = "normal"
    unit: str | None = None
    period_s: float | None = None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    observed_at: str | None = None
    owner: str | None = None
    district: str | None = None
    town: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class VideoPoint:
    """A camera: `state` is online or offline since `changed_at`."""

    id: str
    name: str
    state: str = "online"
    field: str | None = None
    owner: str | None = None
    district: str | None = None
    town: str | None = None
    changed_at: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """A place of use in an incident: hospital, shelter, store, fire or police station, pump, school."""

    id: str
    name: str
    kind: str
    field: str | None = None
    state: str | None = None
    capacity: int | None = None
    contact: str | None = None
    owner: str | None = None
    district: str | None = None
    town: str | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class ServerMeta:
    """`meta/server`: who the platform is; a changed `epoch` means that it was restored."""

    id: str
    epoch: str
    exercise: bool = False
    durable: bool = True
