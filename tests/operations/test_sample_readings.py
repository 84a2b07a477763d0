"""The sample city's own readings: the three that the mock-ups show are raised by the machine, and nothing else is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from weihai_command.operations import alarms
from weihai_command.operations import readings as reading
from weihai_command.operations.desk import Desk
from weihai_command.operations.ingest import Ingest
from weihai_command.operations.live import Live
from weihai_command.operations.opening import open_sample
from weihai_command.operations.sample_readings import Curve, SampleReadings
from weihai_command.store import mirror


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Desk]:
    opened = open_sample(tmp_path, "small")
    yield opened
    opened.close()


def begun(desk: Desk, ahead: float = 0.0) -> Ingest:
    """An Ingest at work, `ahead` seconds from now."""
    clock = desk.clock
    made = Ingest(desk, Live(), [SampleReadings(desk, lambda: clock().timestamp() + ahead)], now=lambda: clock().timestamp() + ahead)
    made.begin()
    while made.turn():
        pass
    return made


def test_three_alarms_arise_by_the_machine_and_stay(city: Desk) -> None:
    first = begun(city)
    assert sorted((each.quantity, each.town) for each in alarms.alarms(city)) == [
        ("gas_concentration", "皇冠街道"), ("pump_level", "凤林街道"), ("road_water", "羊亭镇")]
    assert {alarms.sentence(each) for each in alarms.alarms(city)} == {"泵站前池水位 4.62 m，限 4.20", "路面积水 18 cm，限 15", "燃气浓度 0.9 %VOL，限 0.5"}
    report = first.ledger.report()
    assert report["received"] == report["kept"] > 200 and not report["unknown"]


def test_an_hour_on_nothing_else_has_been_raised(city: Desk) -> None:
    begun(city)
    later = begun(city, 3_600.0)
    source = SampleReadings(city, lambda: 0.0)
    source._begin()
    now = city.clock().timestamp()
    for curve in source._curves:
        times = curve.times(now, now + 3_600)
        if len(times):
            rows = np.full(len(times), later.table.row_of[curve.id])
            assert not [each for each in later.book.take(rows, curve.at(times), times) if each.what == "raise"], curve.id
    assert len(alarms.alarms(city)) == 3


def test_a_day_of_a_curve_is_made_when_it_is_asked_for(city: Desk) -> None:
    kept, now = reading.of(city), city.clock().timestamp()
    quiet = next(each for each in mirror_rows(city) if each["state"] == "normal" and each["period_s"] == 300)
    before = kept.count()
    found = reading.window(city, quiet["id"], now - 86_400, now)
    assert abs(len(found) - 288) <= 2 and kept.count() - before == len(found)
    assert np.ptp(found.value) <= 0.09 * abs(quiet["value"]) and found.value.tolist() == Curve(quiet, now).at(found.at).tolist()
    assert len(reading.window(city, quiet["id"], now - 86_400, now)) == len(found)
    assert len(reading.trend(city, quiet["id"], now - 86_400, now, 96)) >= 90


def mirror_rows(desk: Desk) -> list[dict[str, object]]:
    with desk.store.mirror_read() as db:
        ids = [row[0] for row in db.execute("SELECT id FROM mirror_sensors ORDER BY id")]
    return [row for each in ids if (row := mirror.get(desk.store, "sensors", each))]
