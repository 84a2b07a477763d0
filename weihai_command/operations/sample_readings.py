"""The sample city's sensors measure: slow curves that anybody can compute again, with the three that are over their limits.

Values depend on the sensor and the time alone. A day of history of a sensor is made when its curve is asked for; only those that alarm
bring theirs by the same way as any reading, so that the alarms are the machine's own.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.faults import Fault
from ..domain.foreign import moment
from ..drill.sample_city_points import TOLD
from ..feeds.measured import Measured
from ..store import mirror, settings
from ..store.readings import BUCKET_MS, Readings
from ..store.trends import Series, Trend
from .desk import Desk
from .opening import SEEDED
from .sensor_table import SensorTable

Floats = NDArray[np.float64]
NAME = "演练测值"
DAY_S = 86_400.0
#: Seconds between two looks at which sensors are due, and before the city was made at which a told one rose over its limit.
STEP_S, ROSE_S = 1.0, {"pump_level": 760.0, "gas_concentration": 430.0, "road_water": 980.0}
#: How far a normal value swings: of itself at most, of its way to the nearest limit at most.
SWING, OF_WAY = 0.04, 0.3
#: Seconds over which a told value climbs towards its limit.
CLIMB_S = 7_200.0
_making = threading.Lock()


class Curve:
    """What one sensor shows at a time; `record` is its record in the mirror, `made` when the city was made (epoch seconds)."""

    def __init__(self, record: Mapping[str, Any], made: float) -> None:
        self.id, self.period = str(record["id"]), max(float(record.get("period_s") or 600.0), 10.0)
        self.seed = zlib.crc32(self.id.encode())
        self.middle = float(record.get("value") or 0.0)
        self.quantity = str(record.get("quantity"))
        self.rose = made - ROSE_S[self.quantity] if is_told(record) else None
        limits = [float(record[name]) for name in ("low", "high") if isinstance(record.get(name), (int, float))]
        ways = [abs(limit - self.middle) for limit in limits]
        self.swing = min([abs(self.middle) * SWING, *(way * OF_WAY for way in ways)])
        self.limit = max(limits, default=self.middle)

    def at(self, times: Floats) -> Floats:
        """Values (n,) at epoch seconds (n,)."""
        turn = 2 * np.pi * (times / DAY_S + self.seed % 1000 / 1000)
        wave = 0.6 * np.sin(turn) + 0.25 * np.sin(5 * turn + self.seed % 7) + 0.15 * np.sin(times / 97.0 + self.seed % 11)
        if self.rose is None:
            return np.asarray(np.round(self.middle + self.swing * wave, 4), np.float64)
        since = times - self.rose
        before = self.limit * (0.93 - 0.35 * np.clip(-since / CLIMB_S, 0, 1) + 0.02 * wave)
        after = self.middle * (1 + np.where(since > 900, 0.004 * wave, 0.0))
        return np.asarray(np.round(np.where(since < 0, before, after), 2), np.float64)

    def times(self, since: float, until: float) -> Floats:
        """When the sensor speaks in (since, until]: each at its own moments."""
        offset = self.seed % 10_000 / 10_000 * self.period
        first, last = np.floor((since - offset) / self.period) + 1, np.floor((until - offset) / self.period)
        return np.arange(float(first), float(last) + 1.0) * self.period + offset


def is_told(record: Mapping[str, Any]) -> bool:
    """Whether the first incidents of the city speak of this sensor."""
    told = {(quantity, town, value) for quantity, town, value, _ in TOLD}
    return (record.get("quantity"), record.get("town"), record.get("value")) in told and record.get("state") == "high"


def speaks(record: Mapping[str, Any]) -> bool:
    """A sensor that the city was made with as strange stays so: it says nothing."""
    return record.get("state") == "normal" or is_told(record)


class SampleReadings:
    """Offers what feeds.measured.Source asks. The first `take` reads all sensors; later ones take a millisecond or so."""

    def __init__(self, desk: Desk, now: Callable[[], float]) -> None:
        self.name = NAME
        self.fault: Fault | None = None
        self.wake: Callable[[], None] = lambda: None
        self._desk, self._now = desk, now
        self._curves: list[Curve] = []
        self._period, self._offset = np.empty(0), np.empty(0)
        self._told = 0.0

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def confirm(self) -> None: ...

    def take(self) -> Measured:
        """What came due since the last time; first the day of those that alarm."""
        now, found = self._now(), Measured()
        if not self._told:
            self._begin()
            for curve in self._curves:
                if curve.rose is not None:
                    add(found, curve, curve.times(now - DAY_S, now))
        elif now - self._told < STEP_S:
            return found
        else:
            due = np.floor((now - self._offset) / self._period) > np.floor((self._told - self._offset) / self._period)
            for place in np.flatnonzero(due).tolist():
                add(found, self._curves[place], self._curves[place].times(self._told, now)[-1:])
        self._told = now
        return found

    def _begin(self) -> None:
        made = made_at(self._desk)
        self._curves = [Curve(record, made) for record in SensorTable(self._desk.store) if speaks(record)]
        self._period = np.array([curve.period for curve in self._curves])
        self._offset = np.array([curve.seed % 10_000 / 10_000 * curve.period for curve in self._curves])


def add(found: Measured, curve: Curve, times: Floats) -> None:
    """The readings of a curve at these times."""
    for at, value in zip(times.tolist(), curve.at(times).tolist(), strict=True):
        found.add(curve.id, at, value, None)


def made_at(desk: Desk) -> float:
    """When the sample city was made, epoch seconds."""
    found: datetime | None = moment(settings.get(desk.store, SEEDED))
    return (found or desk.clock()).timestamp()


class SampleStore(Readings):
    """Readings with the day before of each sensor whose curve is asked for. `desk` is set by whoever opens it."""

    desk: Desk
    #: Sensors of one question that are worth making a day of each.
    few = 20

    def window(self, sensor: str, since: float, until: float) -> Series:
        self._mind(sensor)
        return super().window(sensor, since, until)

    def trend(self, sensor: str, since: float, until: float, width_s: float = BUCKET_MS / 1000) -> Trend:
        self._mind(sensor)
        return super().trend(sensor, since, until, width_s)

    def last(self, sensors: Sequence[str]) -> Series:
        if len(sensors) <= self.few:
            for each in sensors:
                self._mind(each)
        return super().last(sensors)

    def _mind(self, sensor: str) -> None:
        """Make what a sensor showed in the last day, once a process; what is there already stays."""
        with _making:
            made: set[str] = self.__dict__.setdefault("made", set())
            if sensor in made:
                return
            record = mirror.get(self.desk.store, "sensors", sensor)
            if record is not None and speaks(record):
                now, curve, found = self.desk.clock().timestamp(), Curve(record, made_at(self.desk)), Measured()
                add(found, curve, curve.times(now - DAY_S, now))
                self.put(found.sensors, found.at, found.values)
            made.add(sensor)
