"""The index against brute force over the same points."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from weihai_command.domain.point_index import CELL_HEIGHT, CELL_WIDTH, ORIGIN, PointIndex, distance, offsets
from weihai_command.domain.points import ABNORMAL, PointTable

# A coarse lattice makes stacked points and exact ties common; a few points lie far away or nowhere.
near = st.tuples(st.integers(-40, 40), st.integers(-40, 40)).map(lambda at: (122.1 + at[0] / 400, 37.4 + at[1] / 400))
odd = st.sampled_from([(float("nan"), 37.0), (122.0, 91.0), (200.0, 37.0), (-179.9, -60.0), (100.0, 10.0), (122.1, float("inf"))])
clouds = st.lists(st.one_of(near, near, near, odd), max_size=60)
spots = st.tuples(st.floats(121.9, 122.3), st.floats(37.2, 37.6))


def table(places: list[tuple[float, float]], abnormal: int = 0) -> PointTable:
    lon, lat = (np.array([place[axis] for place in places], dtype=np.float64) for axis in (0, 1))
    flags = np.array([(abnormal >> (row % 30)) & ABNORMAL for row in range(len(places))], dtype=np.uint8)
    ids = [str(row) for row in range(len(places))]
    return PointTable("sensors", ids, lon, lat, np.zeros(len(places), np.uint8), flags, ("sen",))


def is_placed(lon: float, lat: float) -> bool:
    return np.isfinite(lon) and np.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 85


@settings(max_examples=80)
@given(clouds, spots, spots)
def test_box_is_what_a_look_at_every_point_finds(places: list, one: tuple, other: tuple) -> None:
    west, east = sorted((one[0], other[0]))
    south, north = sorted((one[1], other[1]))
    expected = [
        row for row, (lon, lat) in enumerate(places) if is_placed(lon, lat) and west <= lon <= east and south <= lat <= north
    ]
    assert PointIndex(table(places)).box(west, south, east, north).tolist() == expected


@settings(max_examples=80)
@given(clouds, st.one_of(near, spots), st.integers(8, 18), st.sampled_from([2.0, 12.0, 300.0]), st.integers(0, 2**30))
def test_click_finds_every_point_in_reach_abnormal_first(places: list, spot: tuple, zoom: int, reach: float, abnormal: int) -> None:
    points = table(places, abnormal)
    rows = PointIndex(points).click(*spot, zoom, reach).tolist()
    scale = 256 * 2.0**zoom

    def pixels(row: int) -> float:
        place = offsets(np.array([places[row][0]]), np.array([places[row][1]]))
        x = float(place[0][0]) + ORIGIN[0] - (spot[0] / 360 + 0.5)
        y = float(place[1][0]) + ORIGIN[1] - (0.5 - np.log(np.tan(np.pi / 4 + np.radians(spot[1]) / 2)) / (2 * np.pi))
        return float(np.hypot(x, y) * scale)

    far = {row: pixels(row) for row in range(len(places)) if is_placed(*places[row])}
    # A point exactly on the rim may fall either way by the last bit.
    assert {row for row in far if far[row] < reach - 1e-6} <= set(rows) <= {row for row in far if far[row] < reach + 1e-6}
    calm = [not points.flags[row] & ABNORMAL for row in rows]
    assert calm == sorted(calm)
    for a, b in pairwise(rows):
        if points.flags[a] == points.flags[b]:
            assert far[a] <= far[b] + 1e-6


@settings(max_examples=80)
@given(clouds, st.one_of(spots, st.just((-179.99, 10.0)), st.just((122.0, 84.9))), st.integers(1, 9), st.booleans())
def test_nearest_is_a_sorted_look_at_every_point(places: list, spot: tuple, k: int, is_masked: bool) -> None:
    points = table(places)
    mask = np.arange(len(places)) % 2 == 0 if is_masked else None
    rows, metres = PointIndex(points).nearest(*spot, k, mask)
    allowed = [row for row in range(len(places)) if is_placed(*places[row]) and (mask is None or mask[row])]
    truth = distance(*spot, points.lon[allowed], points.lat[allowed])
    order = np.lexsort((np.array(allowed, dtype=np.int64), truth))[:k]
    assert rows.tolist() == [allowed[at] for at in order]
    assert metres.tolist() == truth[order].tolist()


@settings(max_examples=60)
@given(clouds, st.integers(6, 18))
def test_clusters_count_each_placed_point_once_in_its_cell(places: list, zoom: int) -> None:
    index = PointIndex(table(places))
    found = index.clusters(zoom)
    placed = [row for row in range(len(places)) if is_placed(*places[row])]
    assert found.count.sum() == len(placed)
    assert [row for row in range(len(places)) if found.cell[row] < 0] == [r for r in range(len(places)) if r not in placed]
    for row in placed:
        x, y = index.world(row)
        scale = 256 * 2.0**zoom
        at = found.cell[row]
        assert (found.column[at], found.row[at]) == (x * scale // CELL_WIDTH, y * scale // CELL_HEIGHT)
    assert np.bincount(found.cell[placed], minlength=len(found.count)).tolist() == found.count.tolist() if placed else True


def test_a_state_that_changes_later_is_seen_without_a_new_index() -> None:
    points = table([(122.1, 37.4), (122.1, 37.4)])
    index = PointIndex(points)
    assert index.click(122.1, 37.4, 12, 5).tolist() == [1, 0]
    points.flags[0] = ABNORMAL
    assert index.click(122.1, 37.4, 12, 5).tolist() == [0, 1]


def test_a_crowd_gathers_far_out_and_stands_alone_near() -> None:
    random = np.random.default_rng(1)
    index = PointIndex(table([(122.1 + x, 37.4 + y) for x, y in random.normal(0, 0.02, (500, 2))]))
    assert index.clusters(10).is_crowded and not index.clusters(18).is_crowded
    assert not index.is_alone(10, 0) and index.is_alone(18, 0)


def test_nothing_is_found_in_an_empty_table() -> None:
    index = PointIndex(table([]))
    assert index.box(121, 36, 123, 38).tolist() == []
    assert index.click(122, 37, 12, 10).tolist() == []
    assert index.nearest(122, 37, 3)[0].tolist() == []
    assert not index.clusters(10).is_crowded


def test_distance_of_one_degree_of_latitude() -> None:
    assert distance(122.0, 37.0, np.array([122.0]), np.array([38.0]))[0] == pytest.approx(111_195, abs=1)


def test_nearest_is_not_taken_in_by_the_corner_of_its_own_search_box() -> None:
    metre = 1 / 111_195
    corner = (122.0 + 450 * metre / np.cos(np.radians(37.0)), 37.0 + 450 * metre)
    index = PointIndex(table([corner, (122.0, 37.0 + 580 * metre)]))
    assert index.nearest(122.0, 37.0, 1)[0].tolist() == [1]


corners = st.tuples(st.floats(121.95, 122.25), st.floats(37.25, 37.55))


@settings(max_examples=60)
@given(clouds, st.lists(st.lists(corners, min_size=3, max_size=9), min_size=1, max_size=3), st.integers(0, 2**30))
def test_a_polygon_holds_what_a_ray_from_each_point_says(places: list, rings: list, mask_bits: int) -> None:
    points, mask = table(places), np.array([bool(mask_bits >> (row % 30) & 1) for row in range(len(places))], dtype=np.bool_)
    index = PointIndex(points)

    def crossings(lon: float, lat: float) -> int:
        """To the north, where the index looks to the east; exact, so that no point is left out for a hair."""
        total = 0
        for ring in rings:
            exact = [(Fraction(x), Fraction(y)) for x, y in ring]
            for (x0, y0), (x1, y1) in zip(exact, exact[1:] + exact[:1], strict=True):
                if (x0 <= lon) != (x1 <= lon):
                    total += y0 + (Fraction(lon) - x0) * (y1 - y0) / (x1 - x0) > Fraction(lat)
        return total

    def is_on_edge(lon: float, lat: float) -> bool:
        return any(shapely.LinearRing(ring).distance(shapely.Point(lon, lat)) < 1e-12 for ring in rings)

    sure = [row for row, place in enumerate(places) if is_placed(*place) and not is_on_edge(*place)]
    found = set(index.polygon([np.array(ring) for ring in rings]).tolist())
    assert {row for row in sure if row in found} == {row for row in sure if crossings(*places[row]) % 2}
    one = [[np.array(ring)] for ring in rings]
    assert index.counts(one).tolist() == [len(index.polygon(each)) for each in one]
    assert index.counts(one, mask).tolist() == [sum(mask[row] for row in index.polygon(each).tolist()) for each in one]


def test_districts_count_each_point_of_the_land_once() -> None:
    west, east = [np.array([(122.0, 37.0), (122.1, 37.0), (122.1, 37.5), (122.0, 37.5)])], [np.array([(122.1, 37.0), (122.3, 37.0), (122.3, 37.5), (122.1, 37.5)])]
    hole = np.array([(122.15, 37.2), (122.25, 37.2), (122.25, 37.3), (122.15, 37.3)])
    index = PointIndex(table([(122.05, 37.2), (122.1, 37.4), (122.2, 37.25), (122.2, 37.45), (122.4, 37.2), (float("nan"), 37.2)]))
    assert index.counts([west, east]).tolist() == [1, 3]
    assert index.counts([west, [*east, hole]], np.array([True, True, True, False, True, True])).tolist() == [1, 1]


@settings(max_examples=40)
@given(clouds)
def test_the_order_is_a_walk_through_the_cells_of_every_zoom(places: list) -> None:
    index = PointIndex(table(places))
    assert sorted(index.order.tolist()) == [row for row, place in enumerate(places) if is_placed(*place)]
    for zoom in (6, 12, 17):
        walked = index.clusters(zoom).cell[index.order].tolist()
        assert walked == sorted(walked), "each cell is one run"


def test_an_index_is_shared_by_tables_with_the_same_places() -> None:
    one = PointTable("sensors", ["a", "b"], np.array([122.1, 122.2]), np.array([37.4, 37.5]), np.zeros(2, np.uint8), np.zeros(2, np.uint8), ("sen",))
    index = PointIndex(one)
    other = index.of(replace(one, flags=np.array([0, ABNORMAL], np.uint8)))
    assert other.order is index.order and other.click(122.2, 37.5, 12, 9).tolist() == [1] and other.table.flags[1] and not index.table.flags[1]
    moved = index.of(replace(one, lon=np.array([122.1, 122.3])))
    assert moved.order is not index.order and moved.box(122.25, 37, 123, 38).tolist() == [1]
