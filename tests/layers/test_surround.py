"""The ring on the map: drawn where the metres are, dragged by its handle; a listed mark gets white corners of its own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from layers.surround import Surround

PLACE = (122.07, 37.31)


@pytest.fixture
def surround(city_map: Any) -> Surround:
    made = Surround(city_map.view.feeds, city_map.view.web.bridge, city_map.view)
    city_map.go(*PLACE, 12)
    return made


def _east(metres: float) -> tuple[float, float]:
    return PLACE[0] + metres / (111_195 * math.cos(math.radians(PLACE[1]))), PLACE[1]


def _reach(city_map: Any, metres: float) -> int:
    return city_map.at(*_east(metres)).x() - city_map.at(*PLACE).x()


def _dots(city_map: Any, reach: float) -> int:
    """Pixels that are not land on a circle of so many pixels."""
    image, middle = city_map.image(), city_map.at(*PLACE)
    ground = image.pixel(middle + QPoint(3, 3))
    turns = [math.radians(degree / 4) for degree in range(4 * 10, 4 * 60)]
    ways = [(math.cos(turn), math.sin(turn)) for turn in turns]
    return sum(any(image.pixel(middle + QPoint(round(far * x), round(far * y))) != ground for far in (reach - 1, reach, reach + 1)) for x, y in ways)


def test_circles_stand_at_their_metres_and_go_again(city_map: Any, surround: Surround) -> None:
    surround.show_ring(PLACE, (2_000.0, 5_000.0))
    for metres in (2_000, 5_000):
        city_map.until(lambda metres=metres: _dots(city_map, _reach(city_map, metres)) > 40, f"a circle of {metres} m")
    assert _dots(city_map, _reach(city_map, 3_500)) < 20
    surround.show_ring(None)
    city_map.until(lambda: _dots(city_map, _reach(city_map, 5_000)) < 20, "no circle")


def test_the_handle_draws_the_ring_and_leaves_the_map_where_it_is(city_map: Any, surround: Surround) -> None:
    told: list[tuple[float, bool]] = []
    surround.dragged.connect(lambda metres, is_final: told.append((metres, is_final)))
    surround.show_ring(PLACE, (2_000.0, 3_000.0))
    start, end = city_map.at(*_east(3_000)), city_map.at(*_east(4_500))
    city_map.until(lambda: city_map.javascript("app.ring.handle"), "the handle stands")
    before = dict(city_map.view.feeds.view)
    QTest.mousePress(city_map.target(), Qt.MouseButton.LeftButton, pos=start)
    for part in range(1, 6):
        QTest.mouseMove(city_map.target(), start + (end - start) * part / 5)
        city_map.pause(0.06)
    QTest.mouseRelease(city_map.target(), Qt.MouseButton.LeftButton, pos=end)
    city_map.until(lambda: told and told[-1][1], "let go")
    assert told[-1][0] == pytest.approx(4_500, abs=60)
    assert any(not is_final for _, is_final in told)
    assert city_map.view.feeds.view == before and city_map.picked == []


def test_a_press_beside_the_handle_moves_the_map(city_map: Any, surround: Surround) -> None:
    told: list[float] = []
    surround.dragged.connect(lambda metres, _: told.append(metres))
    surround.show_ring(PLACE, (3_000.0,))
    city_map.until(lambda: city_map.javascript("app.ring.handle"), "the handle stands")
    start = city_map.at(*_east(3_000)) + QPoint(0, 60)
    QTest.mousePress(city_map.target(), Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(city_map.target(), start + QPoint(12 * step, 0))
        city_map.pause(0.03)
    QTest.mouseRelease(city_map.target(), Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    city_map.until(lambda: city_map.person_moves, "the map moved")
    assert told == []


def test_a_lit_mark_has_corners_beside_the_selected_one(city_map: Any, surround: Surround, table: Callable[..., Any]) -> None:
    lit = (122.05, 37.33)
    city_map.feed(table("incidents", [PLACE], ("g3",)), table("video_points", [lit]))
    city_map.view.select("incidents", "incidents-0")
    surround.light("video_points", "video_points-0")
    for place, reach in ((PLACE, 19), (lit, 16)):
        corner = city_map.at(*place) + QPoint(-reach, -reach)
        city_map.until(lambda corner=corner: city_map.sees(corner, "text", reach=3), f"corners at {place}")
    surround.light("video_points", None)
    corner = city_map.at(*lit) + QPoint(-16, -16)
    city_map.until(lambda: not city_map.sees(corner, "text", reach=3), "no corners")


def test_brackets_over_the_map_are_steps(city_map: Any, surround: Surround) -> None:
    steps: list[int] = []
    surround.stepped.connect(steps.append)
    QTest.keyClick(city_map.view, Qt.Key.Key_BracketRight)
    QTest.keyClick(city_map.view, Qt.Key.Key_BracketLeft)
    assert steps == [1, -1]


def test_a_mark_that_is_gone_is_lit_no_more(city_map: Any, surround: Surround, table: Callable[..., Any]) -> None:
    city_map.view.set_points(table("video_points", [PLACE]))
    surround.light("video_points", "nobody")
    assert surround.scene()["lit"] is None
    surround.light("video_points", "video_points-0")
    assert surround.scene()["lit"] == {"kind": "video_points", "row": 0}
