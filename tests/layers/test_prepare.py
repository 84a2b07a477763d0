"""The baked base map, and the baking on a small island of its own."""

from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import shapely

from layers.overview import lines
from layers.prepare import _borders, _city_land, pack
from layers.roles import Role
from layers.rows import ORIGIN, offsets


def test_the_baked_map_has_every_part_within_the_region() -> None:
    for role in Role:
        points = np.concatenate(lines(role))
        assert len(points) > 20
        assert np.isfinite(points).all()
    city = np.concatenate(lines(Role.LAND))
    low, high = offsets(np.array([121.1, 122.8]), np.array([37.7, 36.6]))[0], offsets(np.array([121.1, 122.8]), np.array([37.7, 36.6]))[1]
    assert (city[:, 0] > low[0]).all() and (city[:, 0] < low[1]).all()
    assert (city[:, 1] > high[0]).all() and (city[:, 1] < high[1]).all()


def test_the_names_are_those_of_the_places() -> None:
    names = json.loads((files("resources") / "map" / "names.json").read_text(encoding="utf-8"))
    assert names["origin"] == list(ORIGIN)
    kinds = {kind: {place[0] for place in names["places"] if place[3] == kind} for kind in ("district", "town", "sea")}
    assert kinds["district"] == {"环翠区", "文登区", "荣成市", "乳山市"}
    assert len(kinds["town"]) >= 50 and "黄 海" in kinds["sea"]


def test_borders_are_drawn_inland_only_and_once() -> None:
    land = shapely.box(0, 0, 1, 1)
    # Both districts reach out to sea; their common border lies at 0.5, traced a little apart.
    west, east = shapely.box(0.1, -0.2, 0.5, 1.2), shapely.box(0.50001, -0.2, 1.2, 1.2)
    inner, rim = _borders({"west": west, "east": east}, land)
    assert 0.9 < inner.length < 1.1
    assert all(part.within(land) for part in (inner, rim))
    assert rim.distance(shapely.Point(0.1, 0.5)) < 1e-3 and rim.length < 1.1


def test_slivers_along_the_shore_belong_to_the_city_and_far_land_does_not() -> None:
    land = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(1.005, 0.4, 1.008, 0.41), shapely.box(3, 3, 4, 4)])
    city = _city_land(land, shapely.box(0, 0, 0.999, 1))
    assert city.contains(shapely.Point(1.006, 0.405)) and not city.contains(shapely.Point(3.5, 3.5))


def test_packed_bytes_say_what_follows() -> None:
    data = pack([(Role.COAST, shapely.LineString([(122.0, 37.0), (122.1, 37.1), (122.2, 37.0)]))])
    assert np.frombuffer(data, "<u4", 5).tolist() == [1, 1, int(Role.COAST), 0, 3]
    assert len(data) == 8 + 12 + 3 * 8
