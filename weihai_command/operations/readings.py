"""The readings of a city for whoever shows them: opened once a desk, kept as readings.toml says."""

from __future__ import annotations

import threading

from ..store.readings import Readings
from ..store.trends import Series, Trend
from . import readings_file
from .desk import Desk

_opening = threading.Lock()


def of(desk: Desk) -> Readings:
    """The desk's readings, opened by the first who asks (StoreFault). They are closed with the desk."""
    with _opening:
        if desk.readings is None:
            desk.readings = _opened(desk)
        return desk.readings


def _opened(desk: Desk) -> Readings:
    kept = readings_file.retention(desk.profile.root)
    if not (desk.city.embedded and desk.city.exercise):
        return Readings.open(desk.profile, desk.store.notes, kept)
    from .sample_readings import SampleStore

    made = SampleStore.open(desk.profile, desk.store.notes, kept)
    made.desk = desk
    return made


def window(desk: Desk, sensor_id: str, since: float, until: float) -> Series:
    """The readings of a sensor from `since` to `until`, epoch seconds."""
    return of(desk).window(sensor_id, since, until)


def trend(desk: Desk, sensor_id: str, since: float, until: float, points: int = 800) -> Trend:
    """The same as at most some `points` buckets, each with its least, mean and most: for spans that are too long to draw."""
    return of(desk).trend(sensor_id, since, until, max(1.0, (until - since) / points))
