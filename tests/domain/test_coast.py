"""The coast: where land ends, and which straight ways lead over the sea."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.coast import NARROW_M, Coast
from weihai_command.domain.geometry import flat_m
from weihai_command.operations.land import KnownCoast, coast

#: Two islands, the second with a lake, some 8.8 km of water between them.
ISLANDS = Coast.of([
    [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0)],
    [(0.18, 0.0), (0.3, 0.0), (0.3, 0.1), (0.18, 0.1), (0.18, 0.0)],
    [(0.22, 0.04), (0.24, 0.04), (0.24, 0.06), (0.22, 0.06), (0.22, 0.04)],
])


@pytest.mark.parametrize(("lon", "lat", "land"), [(0.05, 0.05, True), (0.15, 0.05, False), (0.2, 0.05, True), (0.23, 0.05, False), (0.05, 0.2, False)])
def test_land(lon: float, lat: float, land: bool) -> None:
    assert ISLANDS.is_land(lon, lat) == land


def test_the_sea_on_a_way() -> None:
    assert ISLANDS.sea_m(0.02, 0.02, 0.08, 0.09) == 0
    assert ISLANDS.sea_m(0.05, 0.02, 0.25, 0.02) == pytest.approx(flat_m(0.1, 0.02, 0.18, 0.02), rel=1e-6)
    assert ISLANDS.sea_m(0.05, 0.05, 0.29, 0.05) == pytest.approx(flat_m(0.1, 0.05, 0.18, 0.05) + flat_m(0.22, 0.05, 0.24, 0.05), rel=1e-6)
    assert ISLANDS.sea_m(0.12, 0.05, 0.16, 0.05) == pytest.approx(flat_m(0.12, 0.05, 0.16, 0.05), rel=1e-6)
    # Through a corner, and along nothing at all.
    assert ISLANDS.sea_m(0.05, 0.05, 0.15, 0.15) == pytest.approx(flat_m(0.1, 0.1, 0.15, 0.15), rel=1e-3)
    assert ISLANDS.sea_m(0.05, 0.05, 0.05, 0.05) == 0


inside = st.floats(-0.05, 0.35, allow_nan=False).map(lambda value: round(value, 4) + 0.00003)


@given(inside, inside, inside, inside)
def test_a_way_back_is_as_wet_as_the_way_there(lon1: float, lat1: float, lon2: float, lat2: float) -> None:
    there, back = ISLANDS.sea_m(lon1, lat1, lon2, lat2), ISLANDS.sea_m(lon2, lat2, lon1, lat1)
    assert there == pytest.approx(back, abs=1.0)
    assert -1e-6 <= there <= flat_m(lon1, lat1, lon2, lat2) + 1e-6
    steps = 400
    wet = sum(not ISLANDS.is_land(lon1 + (lon2 - lon1) * (n + 0.5) / steps, lat1 + (lat2 - lat1) * (n + 0.5) / steps) for n in range(steps))
    assert there == pytest.approx(wet / steps * flat_m(lon1, lat1, lon2, lat2), abs=8 * flat_m(lon1, lat1, lon2, lat2) / steps + 1.0)


@pytest.mark.parametrize(
    ("name", "way", "parted"),
    [
        ("市区到刘公岛", (122.125, 37.500, 122.187, 37.503), True),
        ("市区到高区", (122.10, 37.50, 122.03, 37.52), False),
        ("文登到乳山", (122.05, 37.20, 121.54, 36.92), False),
        ("荣成湾南岸到北岸隔海", (122.52, 37.28, 122.56, 37.39), None),
    ],
)
def test_the_real_coast(name: str, way: tuple[float, float, float, float], parted: bool | None) -> None:
    if parted is not None:
        assert coast().parts(*way) == parted, name
    assert math.isfinite(coast().sea_m(*way)) and NARROW_M > 0


def test_the_real_towns_stand_on_land() -> None:
    assert coast().is_land(122.05, 37.20) and coast().is_land(121.54, 36.92) and not coast().is_land(122.4, 37.6)


def test_the_known_coast_asks_once_for_the_same_way() -> None:
    asked: list[tuple[float, ...]] = []

    class Counting(Coast):
        def parts(self, *way: float) -> bool:
            asked.append(way)
            return super().parts(*way)

    known = KnownCoast(Counting(ISLANDS.edges))
    assert known.parts(0.05, 0.02, 0.25, 0.02) and known.parts(0.05, 0.02, 0.25, 0.02) and not known.parts(0.02, 0.02, 0.08, 0.09)
    assert len(asked) == 2
