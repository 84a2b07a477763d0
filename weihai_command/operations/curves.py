"""Readings of some sensors over a span of time as the screen draws them: thinned to its pixels, with limits and the spans of alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import numpy as np

from ..domain.alarm_rules import PERIOD_S, Ladder, own_rule
from ..domain.foreign import one_line
from ..store import view
from ..store.trends import Floats, Series, Trend
from . import alarm_desk, catalogue, readings
from .alarm_rules import rules
from .desk import Desk

#: A line breaks where so many periods pass without a reading; a sensor is late after so many.
BREAK, LATE = 3.0, 2.0
#: Spans longer than this are drawn from buckets; a table shows so many rows, the newest.
LONG_S, MOST_ROWS = 3 * 86_400.0, 2_000
#: Characters of a name.
NAMED = 60


class Kept(Protocol):
    """Where readings are kept: store.readings.Readings."""

    def window(self, sensor: str, since: float, until: float) -> Series: ...

    def trend(self, sensor: str, since: float, until: float, width_s: float = ...) -> Trend: ...

    def last(self, sensors: Sequence[str]) -> Series: ...


class CityReadings:
    """The readings of a desk's city (operations.readings), opened when the first is asked for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def window(self, sensor: str, since: float, until: float) -> Series:
        return readings.window(self._desk, sensor, since, until)

    def trend(self, sensor: str, since: float, until: float, width_s: float = 900.0) -> Trend:
        return readings.trend(self._desk, sensor, since, until, max(round((until - since) / width_s), 1))

    def last(self, sensors: Sequence[str]) -> Series:
        return readings.of(self._desk).last(sensors)


@dataclass(frozen=True, slots=True)
class Span:
    """How long an alarm stood: epoch seconds, `ended` None while its cause stands."""

    begun: float
    ended: float | None
    severity: int
    text: str


@dataclass(frozen=True, slots=True)
class Curve:
    """One sensor. `at` epoch seconds and `value` (n,) in `unit`, NaN where the line breaks; `high` and `low` are its limits, mildest first.

    `count` readings are in the span; `newest` is when its last reading was, None where it has none at all.
    """

    sensor_id: str
    name: str
    word: str
    unit: str
    at: Floats
    value: Floats
    high: Ladder
    low: Ladder
    spans: tuple[Span, ...]
    count: int
    newest: float | None
    period_s: float

    def late(self, now: float) -> bool:
        """Whether its last reading is older than it should be."""
        return self.newest is not None and now - self.newest > LATE * self.period_s


def curves(desk: Desk, kept: Kept, sensor_ids: Sequence[str], since: float, until: float, pixels: int) -> list[Curve]:
    """The curves of `sensor_ids` between two times (epoch seconds) for a plot of that width; sensors that are gone are left out."""
    found = [(each, view.record(desk.store, "sensors", each)) for each in sensor_ids]
    newest = kept.last(list(sensor_ids)).at
    return [
        _curve(desk, kept, each, row, None if np.isnan(newest[place]) else float(newest[place]), (since, until), max(pixels, 16))
        for place, (each, row) in enumerate(found) if row is not None
    ]


def _curve(desk: Desk, kept: Kept, sensor_id: str, row: Mapping[str, Any], newest: float | None, span: tuple[float, float], pixels: int) -> Curve:
    since, until = span
    period = row.get("period_s")
    period_s = float(period) if isinstance(period, (int, float)) and not isinstance(period, bool) and period > 0 else PERIOD_S
    if until - since > LONG_S:
        trend = kept.trend(sensor_id, since, until, max((until - since) / pixels, 1.0))
        at, value, count = _of_trend(trend), np.column_stack((trend.low, trend.high)).ravel(), int(trend.n.sum())
        step = max(BREAK * period_s, 2 * (until - since) / pixels, 2_000.0)
    else:
        series = kept.window(sensor_id, since, until)
        at, value = thinned(series.at, series.value, since, until, pixels)
        count, step = len(series), max(BREAK * period_s, 2 * (until - since) / pixels)
    rule = own_rule(row, rules(desk.profile.root))
    quantity = str(row.get("quantity") or "")
    word = one_line(catalogue.word("quantity", quantity), 40) if quantity else ""
    return Curve(sensor_id, one_line(row.get("name"), NAMED), word, one_line(row.get("unit"), 20), *broken(at, value, step),
                 rule.high, rule.low, _spans(desk, sensor_id, since, until), count, newest, period_s)


def _of_trend(trend: Trend) -> Floats:
    return np.repeat(trend.start, 2)


def thinned(at: Floats, value: Floats, since: float, until: float, pixels: int) -> tuple[Floats, Floats]:
    """Readings (n,) as at most four points a pixel that draw the same picture: of each pixel the first, least, most and last, by time."""
    if len(at) <= 4 * pixels:
        return at, value
    pixel = np.clip(((at - since) / max(until - since, 1e-9) * pixels).astype(np.int64), 0, pixels - 1)
    good = np.isfinite(value)
    first = np.flatnonzero(np.r_[True, pixel[1:] != pixel[:-1]])
    last = np.r_[first[1:] - 1, len(at) - 1]
    order = np.lexsort((np.where(good, value, np.inf), pixel))
    lows = order[np.searchsorted(pixel[order], pixel[first])]
    order = np.lexsort((np.where(good, -value, np.inf), pixel))
    highs = order[np.searchsorted(pixel[order], pixel[first])]
    chosen = np.unique(np.concatenate((first, last, lows, highs)))
    return at[chosen], value[chosen]


def broken(at: Floats, value: Floats, step: float) -> tuple[Floats, Floats]:
    """The same with a NaN in every gap longer than `step` seconds: what nobody measured is no line."""
    gaps = np.flatnonzero(np.diff(at) > step) + 1
    return np.insert(at, gaps, at[gaps - 1] + step / 2), np.insert(value, gaps, np.nan)


def _spans(desk: Desk, sensor_id: str, since: float, until: float) -> tuple[Span, ...]:
    return tuple(
        Span(each.alarm.since, each.alarm.cleared_at, each.alarm.severity, each.text) for each in alarm_desk.of_sensor(desk, sensor_id)
        if each.alarm.since <= until and (each.alarm.cleared_at is None or each.alarm.cleared_at >= since)
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of a table."""

    at: float
    name: str
    value: float
    unit: str


def table(desk: Desk, kept: Kept, sensor_ids: Sequence[str], since: float, until: float, most: int | None = MOST_ROWS) -> tuple[list[Reading], int]:
    """The readings themselves, the newest first and `most` at most (None: all); and how many there are."""
    found: list[Reading] = []
    for each in sensor_ids:
        row, series = view.record(desk.store, "sensors", each), kept.window(each, since, until)
        if row is not None:
            name, unit = one_line(row.get("name"), NAMED), one_line(row.get("unit"), 20)
            shown = slice(None) if most is None else slice(-most, None)
            found += [Reading(at, name, value, unit) for at, value in zip(series.at[shown].tolist(), series.value[shown].tolist(), strict=True)]
    total = sum(len(kept.window(each, since, until)) for each in sensor_ids) if most is not None else len(found)
    return sorted(found, key=lambda reading: (-reading.at, reading.name))[:most], total


HEADS = ("时间", "传感器", "数值", "单位")


def cells(reading: Reading) -> tuple[str, str, str, str]:
    """As HEADS; a reading without a number has none."""
    value = "" if reading.value != reading.value else f"{reading.value:.6g}"
    return datetime.fromtimestamp(reading.at).astimezone().strftime("%Y-%m-%d %H:%M:%S"), reading.name, value, reading.unit
