"""The leaders' map with its real page: the city fits, seams stay free, a gesture is the last word."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layers.palette import palette
from layers.wall_map import CITY, Area, Heat, WallMap
from tests.layers.conftest import make_table

RING = np.array([(122.2, 37.0), (122.6, 37.0), (122.6, 37.3), (122.2, 37.3), (122.2, 37.0)])
MIDDLE = (122.13, 37.15)


class Wall:
    """What a clock and a person do to the map."""

    def __init__(self, view: WallMap, app: Any) -> None:
        self.view, self.app = view, app
        self.fed: set[str] = set()
        self.settled: list[tuple[float, float]] = []
        view.fed.connect(self.fed.add)
        view.view_settled.connect(lambda lat, zoom: self.settled.append((lat, zoom)))

    def until(self, condition: Callable[[], Any], words: str, patience: float = 20.0) -> Any:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.app.processEvents()
            if value := condition():
                return value
            time.sleep(0.01)
        pytest.fail(f"did not happen: {words}")

    def ask(self, script: str) -> Any:
        answers: list[str] = []
        self.view.web.page.runJavaScript(f"JSON.stringify({script})", 0, lambda text: answers.append(text))  # type: ignore[union-attr]
        self.until(lambda: answers, script)
        return json.loads(answers[0]) if answers[0] else None

    def image(self) -> QImage:
        return self.view.view.grab().toImage()

    def count(self, token: str, left: int = 0, right: int = 100_000) -> int:
        """Pixels of a colour between two columns."""
        image, wanted = self.image(), QColor(palette("dark")[token]).rgb()
        return sum(image.pixel(x, y) == wanted for x in range(left, min(right, image.width())) for y in range(image.height()))


@pytest.fixture
def wall(qapp: Any, page_cache: Path) -> Iterator[Wall]:
    view = WallMap("dark", page_cache)
    view.resize(1000, 560)
    made = Wall(view, qapp)
    view.set_scale(0.5, [500.0])
    view.show()
    made.until(view.is_painted, "base map painted")
    made.until(lambda: made.settled, "view told")
    yield made
    view.close_page()
    view.close()
    view.deleteLater()
    made.until(lambda: True, "closed")


def _box(wall: Wall) -> list[float]:
    return list(wall.ask("(({_southWest: a, _northEast: b}) => [a.lng, a.lat, b.lng, b.lat])(map_city.getBounds())"))


def test_the_whole_city_is_shown_as_large_as_it_fits(wall: Wall) -> None:
    west, south, east, north = wall.until(lambda: (box := _box(wall)) and box[0] <= CITY[0] and box, "city fits")
    assert west <= CITY[0] and south <= CITY[1] and east >= CITY[2] and north >= CITY[3]
    assert (east - west) < 1.2 * (CITY[2] - CITY[0]) or (north - south) < 1.2 * (CITY[3] - CITY[1])


def test_no_mark_stands_on_a_seam_and_the_others_stay(wall: Wall) -> None:
    west, _, east, _ = _box(wall)
    lon = west + (east - west) * 0.5
    wall.view.set_points(make_table("incidents", [(lon, 37.1), (lon + 0.3, 37.2)], ("g4",), flags=[1, 1]))
    wall.view.set_points(make_table("units", [], ("u-fire",)))
    wall.until(lambda: {"incidents", "units"} <= wall.fed, "fed")
    spots = wall.until(lambda: (found := wall.ask("app.marks.stood.map((one) => one.x)")) and len(found) == 2 and found, "stood")
    seam, clear = wall.ask("[app.scene.wall.seams_x[0], app.scene.wall.clear]")
    near, far = sorted(abs(spot - seam) for spot in spots)
    assert abs(near - clear) < 0.5 and far > clear
    assert wall.until(lambda: wall.count("badge_blue", 502) or wall.count("badge_blue", 0, 498), "drawn")


def test_districts_carry_their_counts_and_give_way_to_nobody(wall: Wall) -> None:
    wall.view.set_districts({"环翠区": "26", "荣成市": "1,023", "无此区": "9"})
    labels = wall.until(lambda: (found := wall.ask("app.wall.labels.map(({name, box}) => [name, box])")) and len(found) == 2 and found, "labels")
    assert {name for name, _ in labels} == {"环翠区", "荣成市"}
    seam = wall.ask("app.scene.wall.seams_x[0]")
    for _, (left, top, right, bottom) in labels:
        assert not left < seam < right and left >= 0 and top >= 0 and bottom > top


def test_an_area_under_a_warning_is_hatched_and_told(wall: Wall) -> None:
    before = wall.image()
    wall.view.set_areas([Area("orange", "wo", (RING,), False, "橙", "暴雨橙色预警", "荣成市 至 21:00", is_told=True)])
    wall.until(lambda: wall.ask("app.wall.callout !== null && app.wall.callout !== undefined"), "told")
    wall.until(lambda: wall.image() != before, "drawn")
    assert wall.until(lambda: wall.count("badge_orange") >= 4, "badge")
    wall.view.set_areas([])
    wall.until(lambda: wall.count("badge_orange") < 4, "gone")


def test_heat_comes_and_goes(wall: Wall) -> None:
    values = np.zeros((20, 30))
    values[8:12, 12:18] = 3.0
    lon, lat = CITY[0] + (CITY[2] - CITY[0]) * 15 / 30, CITY[3] - (CITY[3] - CITY[1]) * 10 / 20
    ratio = wall.view.view.zoomFactor()
    x, y = (round(each * ratio) for each in wall.ask(f"(({{x, y}}) => [x, y])(map_city.latLngToContainerPoint([{lat}, {lon}]))"))

    def is_warm() -> bool:
        spot = wall.image().pixelColor(x, y)
        return spot.red() > spot.blue() + 60

    assert not is_warm()
    wall.view.set_heat(Heat(CITY, values, "one"))
    wall.until(is_warm, "heat drawn")
    wall.view.set_heat(None)
    wall.until(lambda: not is_warm(), "heat gone")


def test_after_a_gesture_the_map_stays_where_a_person_put_it(wall: Wall) -> None:
    """Hours of readings, a warning that comes and goes, a window that changes its size: none moves the map; only the person's own key does."""
    target = wall.view.view.focusProxy()
    spot = QPointF(420, 280)
    before, zoom = _box(wall), wall.ask("map_city.getZoom()")
    QTest.mousePress(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(420, 280))
    for step in range(8):
        QTest.mouseMove(target, QPoint(420 + 12 * step, 280 + 5 * step))
        wall.app.processEvents()
        time.sleep(0.02)
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(504, 315))
    wall.until(lambda: wall.ask("app.wall.isTaken"), "gesture seen")
    event = QWheelEvent(spot, target.mapToGlobal(spot), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(target, event)
    wall.until(lambda: wall.ask("map_city.getZoom()") != zoom, "wheel seen")
    placed = wall.until(lambda: (box := _box(wall)) != before and [_box(wall) for _ in range(5)] == [box] * 5 and box, "at rest")
    for hour in range(8):
        wall.view.set_districts({"环翠区": str(20 + hour)})
        wall.view.set_areas([Area("orange", "wo", (RING,), False)] if hour % 2 else [])
        wall.view.set_points(make_table("incidents", [(122.1 + 0.05 * hour, 37.2)], ("g4",), flags=[1]))
        wall.view.set_points(make_table("units", [(122.3, 37.1)], ("u-fire",)))
        wall.until(lambda: wall.ask("app.wall.labels.length") == 1, "shown")
        assert _box(wall) == placed
    zoom = wall.ask("map_city.getZoom()")
    wall.view.resize(960, 560)
    wall.until(lambda: wall.ask("map_city.getSize().x") < 1000 / wall.view.view.zoomFactor() - 5, "resized")
    assert wall.ask("app.wall.isTaken") and wall.ask("map_city.getZoom()") == zoom
    wall.view.show_city()
    wall.until(lambda: (box := _box(wall))[0] <= CITY[0] and box[2] >= CITY[2], "the city again")
    assert not wall.ask("app.wall.isTaken")


def test_a_night_of_labels_leaves_no_heap_of_bitmaps(wall: Wall) -> None:
    """Eight hours: every minute the labels of a dozen emergencies are other words."""
    places = [(121.4 + 0.1 * row, 36.9 + 0.04 * row) for row in range(12)]
    wall.view.set_points(make_table("units", [], ("u-fire",)))
    sizes = []
    for minute in range(0, 480, 6):
        labels = {row: f"道路积水 {(minute + row * 7) // 60}:{(minute + row * 7) % 60:02d}" for row in range(12)}
        wall.fed.clear()
        wall.view.set_points(make_table("incidents", places, ("g4",), flags=[1] * 12, labels=labels))
        wall.view.set_districts({"环翠区": str(minute)})
        wall.until(lambda: "incidents" in wall.fed, "fed")
        if minute >= 300:
            sizes.append(wall.ask("app.sprites.stamps.size"))
    assert max(sizes) < 500


def test_the_page_asks_nobody_else(wall: Wall) -> None:
    assert wall.view.web.refused == []
