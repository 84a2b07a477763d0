"""A map on the test's own window, patience for pixels, and plausible tables."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from layers.map_view import MapView
from layers.palette import palette
from weihai_command.domain.points import PointTable

PATIENCE = 20.0


def make_table(kind: str, places: list[tuple[float, float]], symbols: tuple[str, ...] = ("cam",), **columns: Any) -> PointTable:
    """A table of `places` (lon, lat) with ids kind-0, kind-1, …"""
    lon, lat = (np.array([place[axis] for place in places], dtype=np.float64) for axis in (0, 1))
    count = len(places)
    symbol = np.asarray(columns.get("symbol", np.zeros(count)), dtype=np.uint8)
    flags = np.asarray(columns.get("flags", np.zeros(count)), dtype=np.uint8)
    ids, fields = [f"{kind}-{row}" for row in range(count)], columns.get("fields", ("other",))
    field = np.asarray(columns.get("field", np.zeros(count)), dtype=np.uint8)
    return PointTable(kind, ids, lon, lat, symbol, flags, symbols, columns.get("labels", {}), [], field, fields)


@pytest.fixture
def table() -> Callable[..., PointTable]:
    return make_table


class Driver:
    """What a person and a clock do to a map."""

    def __init__(self, view: MapView, app: Any) -> None:
        self.view, self.app = view, app
        self.picked: list[tuple[str, str]] = []
        self.fed: list[str] = []
        self.person_moves = 0
        view.picked.connect(lambda kind, record: self.picked.append((kind, record)))
        view.fed.connect(self.fed.append)
        view.moved_by_person.connect(self._on_person)

    def _on_person(self) -> None:
        self.person_moves += 1

    def until(self, condition: Callable[[], Any], words: str = "", patience: float = PATIENCE) -> Any:
        """Poll until `condition` holds; its value."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            self.app.processEvents()
            if value := condition():
                return value
            time.sleep(0.01)
        pytest.fail(f"did not happen within {patience} s: {words}")

    def pause(self, seconds: float) -> None:
        """Let things happen that should not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.app.processEvents()
            time.sleep(0.01)

    def feed(self, *tables: PointTable) -> None:
        """Set tables and wait until the page painted them."""
        self.fed.clear()
        for one in tables:
            self.view.set_points(one)
        self.until(lambda: {one.kind for one in tables} <= set(self.fed), "fed")

    def go(self, lon: float, lat: float, zoom: int) -> None:
        """Show a place and wait until the page is there."""
        self.view.show_place(lon, lat, zoom)
        self.until(lambda: (state := self.javascript("[map_city.getZoom(), map_city.getCenter().lng, map_city.getCenter().lat]"))
                   and state[0] == zoom and abs(state[1] - lon) < 1e-2 and abs(state[2] - lat) < 1e-2, "went there")
        self.until(lambda: self.view.feeds.view["zoom"] == zoom)

    def javascript(self, script: str) -> Any:
        """The value of an expression in the page."""
        answers: list[str] = []
        self.view.web.page.runJavaScript(f"JSON.stringify({script})", 0, lambda text: answers.append(text))
        self.until(lambda: answers, script)
        return json.loads(answers[0]) if answers[0] else None

    def at(self, lon: float, lat: float) -> QPoint:
        """Where a place is in the view, pixels."""
        west, south, east, north = self.view.extent
        web = self.view.stage.web

        def down(degrees: float) -> float:
            return math.log(math.tan(math.pi / 4 + math.radians(degrees) / 2))

        x = (lon - west) / (east - west) * web.width()
        return QPoint(round(x), round((down(north) - down(lat)) / (down(north) - down(south)) * web.height()))

    def click(self, point: QPoint) -> None:
        """A real click into the browser."""
        QTest.mouseClick(self.target(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)

    def target(self) -> QWidget:
        """The widget that takes the browser's events."""
        return self.view.stage.web.focusProxy()

    def image(self) -> QImage:
        return self.view.stage.web.grab().toImage()

    def colour(self, point: QPoint) -> str:
        return self.image().pixelColor(point).name().upper()

    def sees(self, point: QPoint, token: str, reach: int = 8) -> bool:
        """Whether a colour of the theme stands within `reach` pixels of a point."""
        image, wanted = self.image(), QColor(palette(self.view.feeds.theme)[token]).rgb()
        spots = [(point.x() + dx, point.y() + dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)]
        return any(image.pixel(x, y) == wanted for x, y in spots if image.valid(x, y))


_NO_GPU = ("createPlatformVulkanInstance", "GBM is not supported", "GPUInfo not initialized")


@pytest.fixture(autouse=True)
def a_machine_without_gpu(nothing_is_left_behind: None, qt_messages: list[str]) -> Iterator[None]:
    """The browser says once that it draws by software; nothing here needs more."""
    yield
    qt_messages[:] = [message for message in qt_messages if not any(words in message for words in _NO_GPU)]


@pytest.fixture(scope="session")
def page_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture
def city_map(qapp: Any, page_cache: Path) -> Iterator[Driver]:
    """A shown map, its base painted."""
    view = MapView("dark", page_cache)
    view.resize(800, 664)
    driver = Driver(view, qapp)
    view.show()
    driver.until(view.is_painted, "base map painted")
    driver.until(lambda: view.extent, "view reported")
    yield driver
    view.close_page()
    view.close()
    view.deleteLater()
    driver.pause(0.05)
