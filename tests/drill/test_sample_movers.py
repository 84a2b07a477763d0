from __future__ import annotations

import numpy as np

from weihai_command.drill.sample_city_ground import on_land
from weihai_command.drill.sample_movers import ON_LAND_S, UNDER_WAY_S, fleet

BEGIN = 1_780_000_000.0


def test_no_ship_is_ever_on_land_no_vehicle_in_the_water_and_none_jumps() -> None:
    movers = fleet()
    everyone, ships = np.arange(len(movers)), ~movers.is_vehicle
    assert len(movers) == len(set(movers.ids)) == len(set(movers.names)) == 108
    assert int(ships.sum()) == 86
    assert all("演" in name and name.endswith("（示意）") == is_vehicle for name, is_vehicle in zip(movers.names, movers.is_vehicle, strict=True))
    for minute in range(0, 24 * 60, 11):
        lon, lat, heading, speed = movers.at(everyone, np.full(108, BEGIN + 60.0 * minute))
        assert np.array_equal(on_land(lon, lat), movers.is_vehicle)
        assert ((heading >= 0) & (heading <= 360)).all()
        assert (speed < 12.0).all()
        later = movers.at(everyone, np.full(108, BEGIN + 60.0 * minute + 10))
        assert np.hypot((later[0] - lon) * 88_300, (later[1] - lat) * 111_195).max() < 160
    assert int(np.count_nonzero(speed[movers.is_vehicle] == 0)) == 3


def test_the_same_second_is_the_same_picture() -> None:
    some = np.array([3, 40, 85, 90])
    first, again = (fleet().at(some, np.full(4, BEGIN)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_each_reports_at_its_own_moments_and_the_silent_ones_never() -> None:
    movers = fleet()
    counts = np.zeros(len(movers))
    for second in range(600):
        counts[movers.due(BEGIN + second, BEGIN + second + 1)] += 1
    assert set(np.flatnonzero(counts == 0)) == {13, 33, 102}
    for period, times in ((UNDER_WAY_S, 50), (ON_LAND_S, 40)):
        assert set(counts[(movers.report_s == period) & (movers.silent_s == 0)]) == {times}
