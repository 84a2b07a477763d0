"""What a layer hides by state, and how strongly it is drawn: read from the page's pixels and counts; clicks agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtGui import QColor

from layers.palette import palette
from layers.picking import hit
from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL

PLACE, OTHER = (122.07, 37.31), (122.05, 37.33)
SYMBOLS = ("cam", "cam-x")


def _ink(city_map: Any, place: tuple[float, float]) -> int:
    """Pixels around a place that are not land."""
    image, spot, land = city_map.image(), city_map.at(*place), QColor(palette("dark")["land"]).rgb()
    return sum(image.pixel(spot.x() + dx, spot.y() + dy) != land for dx in range(-7, 8) for dy in range(-7, 8))


def test_a_hidden_state_is_neither_drawn_nor_picked(city_map: Any, table: Callable[..., Any]) -> None:
    view = city_map.view
    city_map.feed(table("video_points", [PLACE, OTHER], SYMBOLS, symbol=[0, 1]))
    city_map.go(*PLACE, 14)
    city_map.until(lambda: _ink(city_map, PLACE) and _ink(city_map, OTHER), "both")
    view.set_layer_visible("video_points.down", False)
    city_map.until(lambda: not _ink(city_map, OTHER), "the broken one is gone")
    assert _ink(city_map, PLACE)
    city_map.click(city_map.at(*OTHER))
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("video_points", "video_points-0")]
    view.set_layer_visible("video_points.down", True)
    city_map.until(lambda: _ink(city_map, OTHER), "back again")


def test_a_cluster_counts_what_is_shown(city_map: Any, table: Callable[..., Any]) -> None:
    random = np.random.default_rng(5)
    places = [(PLACE[0] + x, PLACE[1] + y) for x, y in random.normal(0, 0.002, (300, 2))]
    symbol = np.arange(300) % 3 == 0
    city_map.feed(table("video_points", places, SYMBOLS, symbol=symbol))
    city_map.go(*PLACE, 11)

    def counted() -> int:
        return int(city_map.javascript("app.marks.chips.reduce((sum, chip) => sum + chip.entry.count, 0)"))

    city_map.until(lambda: counted() == 300, "all")
    city_map.view.set_layer_visible("video_points.down", False)
    city_map.until(lambda: counted() == 200, "those online")
    # A state that changes while hidden leaves the count at once.
    city_map.view.update_points("video_points", np.array([1]), np.array([1], np.uint8), np.array([0], np.uint8))
    city_map.until(lambda: counted() == 199, "one less")
    city_map.view.set_layer_visible("video_points.normal", False)
    city_map.until(lambda: counted() == 0, "none")


def test_hidden_alarms_and_units_on_duty_are_gone_but_the_selected_one_stays(city_map: Any, table: Callable[..., Any]) -> None:
    flags = [ABNORMAL, 0]
    city_map.feed(table("units", [PLACE, OTHER], ("u-fire-b", "u-fire"), symbol=[0, 1], flags=flags))
    city_map.go(*PLACE, 14)
    city_map.view.set_layer_visible("units.abnormal", False)
    city_map.until(lambda: not _ink(city_map, PLACE) and _ink(city_map, OTHER), "only the free one")
    city_map.view.select("units", "units-0")
    city_map.until(lambda: _ink(city_map, PLACE), "the selected one")


def test_a_faint_layer_lets_the_ground_through(city_map: Any, table: Callable[..., Any]) -> None:
    def brightest() -> int:
        image, spot = city_map.image(), city_map.at(*PLACE)
        return max(QColor(image.pixel(spot.x() + dx, spot.y() + dy)).lightness() for dx in range(-7, 8) for dy in range(-7, 8))

    city_map.feed(table("video_points", [PLACE, OTHER]))
    city_map.go(*PLACE, 14)
    city_map.until(lambda: _ink(city_map, PLACE), "drawn")
    before = brightest()
    city_map.view.set_opacity("video_points", 0.3)
    city_map.until(lambda: brightest() < before - 60, "fainter")
    assert city_map.view.feeds.opacity == {"video_points": 0.3}
    city_map.view.set_opacity("video_points", 0.0)
    assert city_map.view.feeds.opacity == {"video_points": 0.2}


def test_clicks_know_the_states_of_quiet_and_loud_points(table: Callable[..., Any]) -> None:
    index = {"sensors": PointIndex(table("sensors", [PLACE], ("sen-s",)))}
    shown = {"sensors": True, "sensors.normal": False, "sensors.down": False}
    assert hit(index, shown, *PLACE, 14) is None
    assert hit(index, {**shown, "sensors.down": True}, *PLACE, 14) == ("sensors", "sensors-0")
    loud = {"sensors": PointIndex(table("sensors", [PLACE], ("sen-r",), flags=[ABNORMAL]))}
    assert hit(loud, shown, *PLACE, 14) == ("sensors", "sensors-0")
    assert hit(loud, {**shown, "sensors.abnormal": False}, *PLACE, 14) is None


def test_another_label_and_state_of_the_same_place_reach_the_page_alone(city_map: Any, table: Callable[..., Any]) -> None:
    layer = "app.marks.layers.find((layer) => layer.spec.kind === 'units')"
    one = table("units", [PLACE, OTHER], ("u-fire-b", "u-fire"), symbol=[0, 1], flags=[0, 0], labels={0: "甲", 1: "乙"})
    city_map.feed(one)
    other = replace(one, symbol=np.array([1, 1], np.uint8), labels={0: one.labels[0], 1: "丙"})
    city_map.feed(other)
    found = city_map.until(lambda: (seen := city_map.javascript(f"[{layer}.isNew, [...{layer}.symbol], {layer}.labels]"))[2]["1"] == "丙" and seen, "the label")
    assert found == [False, [1, 1], {"0": "甲", "1": "丙"}]
