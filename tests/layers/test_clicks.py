"""What a click finds against a look at every point, and the list that a stack fans out into."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from layers.kinds import BY_KIND
from layers.picking import STACK, ids, stack
from weihai_command.domain.point_index import CELL_HEIGHT, CELL_WIDTH, CROWDED, PointIndex
from weihai_command.domain.points import ABNORMAL

PLACE = (122.15, 37.40)
RANK = ("incidents", "units", "sensors!", "facilities!", "video_points!", "facilities", "sensors", "video_points")
Point = tuple[str, int, float, float, bool]


def world(lon: float, lat: float) -> tuple[float, float]:
    return lon / 360 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


class Look:
    """A look at every point: nothing of the index, nothing of numpy, 64 bits throughout."""

    def __init__(self, points: list[Point]) -> None:
        self.points = points
        self.at = [world(lon, lat) for _, _, lon, lat, _ in points]
        self.cells = {zoom: self._cells(zoom) for zoom in range(9, 19)}

    def _cells(self, zoom: int) -> tuple[list[Any], Counter[Any], set[str]]:
        scale = 256 * 2**zoom
        cell = [(point[0], x * scale // CELL_WIDTH, y * scale // CELL_HEIGHT) for point, (x, y) in zip(self.points, self.at, strict=True)]
        count, total = Counter(cell), Counter(point[0] for point in self.points)
        mates: Counter[str] = Counter()
        for (kind, _, _), number in count.items():
            mates[kind] += number * number
        return cell, count, {kind for kind in total if zoom < 18 and mates[kind] / total[kind] > CROWDED}

    def click(self, lon: float, lat: float, zoom: int) -> list[tuple[str, int]] | None:
        """The stack under a place; None where a hair decides."""
        scale, (x0, y0) = 256 * 2**zoom, world(lon, lat)
        cell, count, crowded = self.cells[zoom]
        # The page's 32 bits move a point by so much.
        hair = 3e-9 * scale
        found = []
        for at, (kind, row, _, _, abnormal) in enumerate(self.points):
            spec, far = BY_KIND[kind], math.hypot(self.at[at][0] - x0, self.at[at][1] - y0) * scale
            if abs(far - spec.size / 2 - 4) < hair:
                return None
            stands = not spec.clusters or abnormal or kind not in crowded or count[cell[at]] == 1
            if far < spec.size / 2 + 4 and stands:
                found.append((RANK.index(kind + "!" * (abnormal and spec.clusters)), not abnormal, far, -row, at))
        found.sort()
        if len(found) > 1 and found[0][:2] == found[1][:2] and 0 < abs(found[0][2] - found[1][2]) < hair:
            return None
        near = [at for *_, at in found if math.dist(self.at[at], self.at[found[0][-1]]) * 256 * 2**18 <= STACK]
        return sorted(self.points[at][:2] for at in near)


def a_city(table: Callable[..., Any]) -> tuple[dict[str, PointIndex], list[Point]]:
    """Four kinds around towns, a tenth of them on the spot of another."""
    random = np.random.default_rng(11)
    index, points = {}, []
    for kind, count in (("incidents", 30), ("units", 40), ("sensors", 250), ("video_points", 700)):
        places = np.array([(122.05, 37.44), (122.16, 37.40), (122.10, 37.30)])[random.integers(0, 3, count)] + random.normal(0, 0.01, (count, 2))
        places[: count // 10] = places[-(count // 10) :]
        flags = random.random(count) < 0.1
        index[kind] = PointIndex(table(kind, [tuple(place) for place in places.tolist()], flags=flags * ABNORMAL))
        points += [(kind, row, *place, bool(flags[row])) for row, place in enumerate(places.tolist())]
    return index, points


def test_a_thousand_clicks_agree_with_a_look_at_every_point(table: Callable[..., Any]) -> None:
    index, points = a_city(table)
    look, random = Look(points), np.random.default_rng(12)
    seen: Counter[str] = Counter()
    visible = dict.fromkeys(BY_KIND, True)
    for number in range(1000):
        zoom = int(random.integers(9, 19))
        if number % 4 == 0:
            lon, lat = random.uniform(122.3, 122.6), random.uniform(37.4, 37.6)
        else:
            _, _, lon, lat, _ = points[random.integers(len(points))]
            lon, lat = np.array([lon, lat]) + random.normal(0, 4, 2) * 360 / (256 * 2**zoom)
        expected = look.click(float(lon), float(lat), zoom)
        if expected is None:
            seen["by a hair"] += 1
            continue
        found = stack(index, visible, float(lon), float(lat), zoom)
        assert sorted(found) == expected, (lon, lat, zoom)
        assert len(ids(index, found)) == len(found)
        seen["nothing" if not found else "one" if len(found) == 1 else "a list"] += 1
    assert seen["nothing"] > 240 and seen["one"] > 200 and seen["a list"] > 40 and seen["by a hair"] < 30, seen


def fanned(city_map: Any) -> list[list[tuple[str, str]]]:
    told: list[list[tuple[str, str]]] = []
    city_map.view.fanned_out.connect(told.append)
    return told


def test_stacked_marks_fan_out_into_a_list_with_keys(city_map: Any, table: Callable[..., Any]) -> None:
    told = fanned(city_map)
    city_map.feed(table("incidents", [PLACE, PLACE, (122.05, 37.35)], ("g3",), labels={0: "应0417", 1: "应0418"}))
    city_map.until(lambda: city_map.sees(city_map.at(*PLACE), "badge_yellow"), "drawn")
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: told, "fanned out")
    assert told == [[("incidents", "incidents-1"), ("incidents", "incidents-0")]] and not city_map.picked
    fan = city_map.view.fan
    assert fan.isVisible() and [fan.list.item(row).text() for row in range(2)] == ["事件  应0418", "事件  应0417"]
    fan.name({("incidents", "incidents-0"): "燃气泄漏"})
    assert fan.list.item(1).text() == "事件  燃气泄漏"
    QTest.keyClick(fan.list, Qt.Key.Key_Down)
    QTest.keyClick(fan.list, Qt.Key.Key_Return)
    assert city_map.picked == [("incidents", "incidents-0")] and not fan.isVisible()
    city_map.click(city_map.at(*PLACE))
    city_map.until(fan.isVisible, "fanned out again")
    QTest.keyClick(fan.list, Qt.Key.Key_Escape)
    assert not fan.isVisible() and len(city_map.picked) == 1


def test_one_over_others_is_picked_and_a_second_click_lists_them(city_map: Any, table: Callable[..., Any]) -> None:
    told = fanned(city_map)
    city_map.feed(table("incidents", [PLACE], ("g3",)), table("units", [PLACE], ("u-fire",)))
    city_map.until(lambda: city_map.sees(city_map.at(*PLACE), "badge_yellow"), "drawn")
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("incidents", "incidents-0")] and not told
    city_map.view.select("incidents", "incidents-0")
    city_map.pause(0.6)
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: told, "listed")
    assert told == [[("incidents", "incidents-0"), ("units", "units-0")]]


def test_a_cluster_on_one_spot_fans_out_and_empty_sea_does_nothing(city_map: Any, table: Callable[..., Any]) -> None:
    told = fanned(city_map)
    city_map.feed(table("video_points", [PLACE] * 12))
    box = city_map.until(lambda: city_map.javascript("app.marks.chips.map((chip) => chip.box)"), "a chip")[0]
    city_map.click(QPoint(round(box[0]) + 8, round(box[1]) + 8))
    city_map.until(lambda: told, "fanned out")
    assert told == [[("video_points", f"video_points-{row}") for row in range(12)]]
    assert city_map.view.feeds.view["zoom"] == 11
    city_map.click(city_map.at(122.32, 37.48))
    city_map.until(lambda: not city_map.view.fan.isVisible(), "closed")
    assert len(told) == 1 and not city_map.picked


def test_at_the_last_zoom_a_stack_of_single_marks_is_a_list(city_map: Any, table: Callable[..., Any]) -> None:
    told = fanned(city_map)
    city_map.feed(table("video_points", [PLACE] * 3 + [(122.1502, 37.40)]))
    city_map.go(*PLACE, 18)
    city_map.pause(0.1)
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: told, "fanned out")
    assert sorted(told[0]) == [("video_points", f"video_points-{row}") for row in range(3)]
