from __future__ import annotations

import numpy as np

from weihai_command.drill.sample_city_ground import on_land
from weihai_command.drill.sample_movers import UNDER_WAY_S, fleet

BEGIN = 1_780_000_000.0


def test_no_ship_is_ever_on_land_and_none_jumps() -> None:
    ships = fleet()
    everyone = np.arange(len(ships))
    assert len(ships) == len(set(ships.ids)) == len(set(ships.names)) == 86
    assert all("演" in name for name in ships.names)
    for minute in range(0, 24 * 60, 11):
        lon, lat, heading, speed = ships.at(everyone, np.full(86, BEGIN + 60.0 * minute))
        assert not on_land(lon, lat).any()
        assert ((heading >= 0) & (heading <= 360)).all()
        assert (speed < 12.0).all()
        later = ships.at(everyone, np.full(86, BEGIN + 60.0 * minute + 10))
        assert np.hypot((later[0] - lon) * 88_300, (later[1] - lat) * 111_195).max() < 160


def test_the_same_second_is_the_same_picture() -> None:
    some = np.array([3, 40, 85])
    first, again = (fleet().at(some, np.full(3, BEGIN)) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(first, again, strict=True))


def test_each_reports_at_its_own_moments_and_the_silent_ones_never() -> None:
    ships = fleet()
    counts = np.zeros(len(ships))
    for second in range(600):
        counts[ships.due(BEGIN + second, BEGIN + second + 1)] += 1
    assert set(np.flatnonzero(counts == 0)) == {13, 33}
    usual = (ships.report_s == UNDER_WAY_S) & (ships.silent_s == 0)
    assert set(counts[usual]) == {50}
