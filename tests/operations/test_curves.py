"""Curves as the screen draws them: nothing that stands out is lost by thinning, no line over a gap, limits and spans of the sensor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.detection import Transition
from weihai_command.operations import alarms, curves, queries
from weihai_command.operations.desk import Desk
from weihai_command.store.trends import Series, Trend

T = 1_784_188_800.0


class Kept:
    """Readings in memory."""

    def __init__(self, **series: tuple[np.ndarray, np.ndarray]) -> None:
        self.series = series

    def window(self, sensor: str, since: float, until: float) -> Series:
        at, value = self.series.get(sensor, (np.empty(0), np.empty(0)))
        inside = (at >= since) & (at <= until)
        return Series(at[inside], value[inside])

    def trend(self, sensor: str, since: float, until: float, width_s: float = 900.0) -> Trend:
        found = self.window(sensor, since, until)
        start = np.floor(found.at / width_s) * width_s
        keys = np.unique(start)
        groups = [found.value[start == key] for key in keys]
        return Trend(keys, np.array([len(each) for each in groups], np.int64), *(np.array([fn(each) for each in groups]) for fn in (np.min, np.mean, np.max)))

    def last(self, sensors: list[str]) -> Series:
        ends = [self.series[each] if each in self.series else (np.array([np.nan]), np.array([np.nan])) for each in sensors]
        return Series(np.array([at[-1] for at, _ in ends]), np.array([value[-1] for _, value in ends]))


@pytest.fixture
def sensors(twin, desk: Desk) -> list[str]:
    from weihai_command.operations import syncing

    base = {"field": "water", "quantity": "pump_level", "unit": "m", "period_s": 60.0, "high": 4.2, "state": "normal", "lon": 122.1, "lat": 37.4}
    ids = ["33333333-0000-4000-8000-000000000001", "33333333-0000-4000-8000-000000000002"]
    twin.load([("sensors", {"id": each, "name": f"泵站 {place}", **base}) for place, each in enumerate(ids)])
    syncing.sync(desk)
    return ids


@given(st.integers(0, 3000), st.integers(16, 300), st.integers(0, 2**32 - 1))
def test_thinning_keeps_what_stands_out(count: int, pixels: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    at = np.sort(random.uniform(0, 1000, count))
    value = np.where(random.random(count) < 0.05, np.nan, random.normal(size=count))
    shown_at, shown = curves.thinned(at, value, 0.0, 1000.0, pixels)
    assert len(shown) <= max(4 * pixels, 0) and (np.diff(shown_at) >= 0).all()
    pixel, place = (np.clip((each / 1000 * pixels).astype(int), 0, pixels - 1) for each in (at, shown_at))
    for each in np.unique(pixel):
        mine, kept = value[pixel == each], shown[place == each]
        assert len(kept)
        if np.isfinite(mine).any():
            assert np.nanmin(mine) == np.nanmin(kept) and np.nanmax(mine) == np.nanmax(kept)


def test_a_gap_is_no_line() -> None:
    at, value = curves.broken(np.array([0.0, 60.0, 400.0]), np.array([1.0, 2.0, 3.0]), 180.0)
    assert at.tolist() == [0.0, 60.0, 150.0, 400.0] and np.isnan(value[2]) and value[[0, 1, 3]].tolist() == [1.0, 2.0, 3.0]


def test_a_curve_has_its_limits_its_alarms_and_its_age(desk: Desk, sensors: list[str]) -> None:
    rows = [queries.record(desk, "sensors", each) or {} for each in sensors]
    alarms.apply(desk, rows, [Transition(0, "high", "raise", 2, T + 300, 4.62, 4.2, 4.62), Transition(0, "high", "clear", 2, T + 600, 4.0, None, 4.8)])
    kept = Kept(**{sensors[0]: (T + np.arange(0, 900, 60.0), np.linspace(4.0, 4.6, 15))})
    first, second = curves.curves(desk, kept, [*sensors, "none"], T, T + 900, 400)
    assert (first.name, first.unit, first.count, first.newest) == ("泵站 0", "m", 15, T + 840) and first.high[0][0] == 4.2
    assert [(span.begun, span.ended, span.severity) for span in first.spans] == [(T + 300, T + 600, 2)]
    assert not first.late(T + 900) and first.late(T + 1000)
    assert (second.count, second.newest, len(second.at)) == (0, None, 0) and not second.late(T + 9e9)
    assert not curves.curves(desk, kept, sensors[:1], T + 1000, T + 2000, 400)[0].spans


def test_a_long_span_is_drawn_from_buckets(desk: Desk, sensors: list[str]) -> None:
    at = T + np.arange(0, 10 * 86_400, 600.0)
    value = np.sin(at / 7000)
    value[500] = 99.0
    (found,) = curves.curves(desk, Kept(**{sensors[0]: (at, value)}), sensors[:1], T, T + 10 * 86_400, 200)
    assert found.count == len(at) and len(found.at) < 500 and np.nanmax(found.value) == 99.0


def test_the_table_is_the_readings_newest_first(desk: Desk, sensors: list[str]) -> None:
    kept = Kept(**{each: (T + np.arange(5) * 60.0, np.array([1.0, 2.0, np.nan, 4.0, 5.5])) for each in sensors})
    rows, total = curves.table(desk, kept, sensors, T, T + 600, 4)
    assert total == 10 and [(row.at - T, row.name) for row in rows] == [(240.0, "泵站 0"), (240.0, "泵站 1"), (180.0, "泵站 0"), (180.0, "泵站 1")]
    whole, _ = curves.table(desk, kept, sensors, T, T + 600, None)
    assert len(whole) == 10 and curves.cells(whole[0])[1:] == ("泵站 0", "5.5", "m") and curves.cells(whole[4])[2] == ""
