"""Warning areas on the page: hatched where they are, by their switch or while their view is open, stronger for the open one."""

from __future__ import annotations

from typing import Any

import pytest

from layers.areas import Areas
from layers.surround import Surround

#: A square over the land south of the bay, and one that covers the whole city.
SQUARE = {"type": "Polygon", "coordinates": [[[122.0, 37.3], [122.25, 37.3], [122.25, 37.45], [122.0, 37.45], [122.0, 37.3]]]}
CITY = {"type": "MultiPolygon", "coordinates": [[[[121.0, 36.6], [123.0, 36.6], [123.0, 37.7], [121.0, 37.7], [121.0, 36.6]]]]}
MIDDLE = (122.12, 37.37)


@pytest.fixture
def areas(city_map: Any) -> Areas:
    made = Areas(city_map.view)
    city_map.go(*MIDDLE, 11)
    return made


def lines(city_map: Any) -> int:
    """Pixels around the middle of the square that are orange more than anything else: blended lines of the hatching."""
    image, spot = city_map.image(), city_map.at(*MIDDLE)
    found = 0
    for x in range(spot.x() - 30, spot.x() + 30):
        for y in range(spot.y() - 30, spot.y() + 30):
            colour = image.pixelColor(x, y)
            found += colour.red() > colour.blue() + 25
    return found


def one(id: str, geometry: dict[str, Any] = SQUARE) -> dict[str, Any]:
    return {"id": id, "colour": "orange", "geometry": geometry}


def test_the_switch_shows_and_hides_them_and_the_panel_counts(city_map: Any, areas: Areas) -> None:
    areas.show([one("a"), one("point", {"type": "Point", "coordinates": [122, 37]})])
    city_map.pause(0.3)
    assert lines(city_map) == 0 and city_map.view.stage.panel.kinds._counts["areas"].text() == "1"
    box = city_map.view.stage.panel.kinds.boxes["areas"]
    assert not box.isChecked()
    box.setChecked(True)
    city_map.until(lambda: lines(city_map) > 200, "hatched")
    # Beside the square there is nothing of it.
    outside = city_map.at(122.35, 37.37)
    assert not city_map.sees(outside, "orange", 12)
    areas.show([])
    city_map.until(lambda: lines(city_map) == 0, "gone")


def test_while_the_view_is_open_the_open_one_stands_out(city_map: Any, areas: Areas) -> None:
    areas.show([one("a"), one("all", CITY)])
    areas.open(True)
    areas.light("a")
    city_map.until(lambda: lines(city_map) > 200, "hatched")
    edge = city_map.at(122.0, 37.37)
    city_map.until(lambda: city_map.sees(edge, "orange", 3), "its border")
    assert [(row["lit"], row["weight"]) for row in areas.scene()["areas"]] == [(False, 0.14), (True, 0.6)]
    areas.light("all")
    city_map.until(lambda: not city_map.sees(edge, "orange", 3), "no border any more")
    areas.open(False)
    city_map.until(lambda: lines(city_map) == 0, "gone")


def test_what_covers_the_city_is_a_hint_and_where_an_area_is_can_be_asked(city_map: Any, areas: Areas) -> None:
    areas.show([one("a"), one("all", CITY)])
    city_map.view.set_layer_visible("areas", True)
    assert [row["weight"] for row in areas.scene()["areas"]] == [0.3, 0.14]
    lon, lat, half = areas.extent("a") or (0, 0, 0)
    assert (lon, lat) == pytest.approx((122.125, 37.375)) and half == pytest.approx(0.1) and areas.extent("nobody") is None


def test_the_ring_stays_beside_them(city_map: Any) -> None:
    ring = Surround(city_map.view.feeds, city_map.view.web.bridge, city_map.view)
    made = Areas(city_map.view)
    ring.show_ring(MIDDLE, (2_000.0,))
    made.show([one("a")])
    made.open(True)
    scene = city_map.view.feeds.scene()
    assert scene["ring"] is not None and len(scene["areas"]) == 1
