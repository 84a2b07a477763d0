"""What a layer hides by field: read from the page's pixels and counts. What is hidden is not clickable."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

from layers.kinds import BY_KIND, STATES, field_key, normal_key, state_key
from layers.mover_rows import MOVER_FIELDS
from layers.palette import palette
from layers.picking import hit, under
from layers.showing import shown
from layers.views import MapViews
from weihai_command.domain.movers import LATE, LOST, RESTS, TAIL, VEHICLE, MoverFrame
from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL, CLOSED

PLACE, OTHER = (122.07, 37.31), (122.08, 37.304)
SEA = (122.32, 37.48)
FIELDS = ("traffic", "water", "police")
ABROAD = {"field": [0, 1], "fields": FIELDS}


def _ink(city_map: Any, place: tuple[float, float], ground: str = "land") -> int:
    """Pixels around a place that are not its ground."""
    image, spot, land = city_map.image(), city_map.at(*place), QColor(palette("dark")[ground]).rgb()
    return sum(image.pixel(spot.x() + dx, spot.y() + dy) != land for dx in range(-7, 8) for dy in range(-7, 8))


def _counted(city_map: Any, chips: str = "app.marks.chips") -> int:
    return int(city_map.javascript(f"{chips}.reduce((sum, chip) => sum + chip.entry.count, 0)"))


def test_a_hidden_field_is_neither_drawn_nor_picked_and_comes_back(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("video_points", [PLACE, OTHER], ("cam",), **ABROAD))
    city_map.go(*PLACE, 14)
    city_map.until(lambda: _ink(city_map, PLACE) and _ink(city_map, OTHER), "both")
    city_map.view.set_layer_visible("video_points@water", False)
    city_map.until(lambda: not _ink(city_map, OTHER), "the one of the water is gone")
    assert _ink(city_map, PLACE)
    city_map.click(city_map.at(*OTHER))
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("video_points", "video_points-0")]
    # A new table counts its fields in another order; the switch goes by the code.
    city_map.feed(table("video_points", [PLACE, OTHER], ("cam",), field=[1, 0], fields=("water", "traffic")))
    city_map.until(lambda: _ink(city_map, PLACE) and not _ink(city_map, OTHER), "still without the water's")
    city_map.view.set_layer_visible("video_points@water", True)
    city_map.until(lambda: _ink(city_map, OTHER), "back again")


def test_a_cluster_counts_what_its_fields_and_states_leave(city_map: Any, table: Callable[..., Any]) -> None:
    random = np.random.default_rng(5)
    places = [(PLACE[0] + x, PLACE[1] + y) for x, y in random.normal(0, 0.002, (300, 2))]
    symbol, field = np.arange(300) % 2, np.arange(300) % 3
    city_map.feed(table("video_points", places, ("cam", "cam-x"), symbol=symbol, field=field, fields=FIELDS))
    city_map.go(*PLACE, 11)
    city_map.until(lambda: _counted(city_map) == 300, "all")
    city_map.javascript("(app.marks.layers.find((one) => one.spec.kind === 'video_points').order.kept = true)")
    city_map.view.set_layer_visible("video_points@police", False)
    city_map.until(lambda: _counted(city_map) == 200, "two fields")
    city_map.view.set_layer_visible("video_points.down", False)
    city_map.until(lambda: _counted(city_map) == 100, "two fields, online")
    city_map.view.set_layer_visible("video_points@traffic", False)
    city_map.view.set_layer_visible("video_points@water", False)
    city_map.until(lambda: _counted(city_map) == 0, "none")
    for key in ("video_points@police", "video_points.down"):
        city_map.view.set_layer_visible(key, True)
    city_map.until(lambda: _counted(city_map) == 100, "police alone")
    assert city_map.javascript("app.marks.layers.find((one) => one.spec.kind === 'video_points').order.kept"), "the geometry was made anew"


def test_alarms_of_a_hidden_field_are_gone_too(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("sensors", [PLACE, OTHER], ("sen-r",), flags=[ABNORMAL] * 2, **ABROAD))
    city_map.go(*PLACE, 14)
    city_map.until(lambda: _ink(city_map, PLACE) and _ink(city_map, OTHER), "both alarms")
    city_map.view.set_layer_visible("sensors@traffic", False)
    city_map.until(lambda: not _ink(city_map, PLACE) and _ink(city_map, OTHER), "only the water's")


def test_a_cluster_opens_on_what_it_counts(city_map: Any, table: Callable[..., Any]) -> None:
    # All on one spot: no zoom takes them apart, so the click lists them, without the hidden ones.
    city_map.feed(table("video_points", [PLACE] * 9, ("cam",), field=[0, 1, 2] * 3, fields=FIELDS))
    city_map.go(*PLACE, 12)
    listed: list[Any] = []
    city_map.view.fanned_out.connect(listed.append)
    city_map.view.set_layer_visible("video_points@police", False)
    city_map.until(lambda: _counted(city_map) == 6, "six")
    city_map.click(city_map.at(*PLACE))
    city_map.until(lambda: listed, "a list")
    assert sorted(record for _, record in listed[0]) == [f"video_points-{row}" for row in (0, 1, 3, 4, 6, 7)]


def test_a_closed_facility_is_crossed_out_and_may_be_hidden(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("facilities", [PLACE, OTHER], ("f-pump",), flags=[0, CLOSED]))
    city_map.go(*PLACE, 14)
    city_map.until(lambda: _ink(city_map, PLACE) and _ink(city_map, OTHER), "both")
    city_map.until(lambda: city_map.sees(city_map.at(*OTHER), "stale", reach=9), "a slash")
    assert not city_map.sees(city_map.at(*PLACE), "stale", reach=9)
    city_map.view.set_layer_visible("facilities.down", False)
    city_map.until(lambda: not _ink(city_map, OTHER), "only the open one")
    city_map.view.set_layer_visible("facilities.normal", False)
    city_map.view.set_layer_visible("facilities.down", True)
    city_map.until(lambda: not _ink(city_map, PLACE) and _ink(city_map, OTHER), "only the closed one")


def _movers(places: list[tuple[float, float]], look: list[int]) -> MoverFrame:
    lon, lat = np.array(places).T
    count, none = len(places), np.empty(0, np.int64)
    ids = [f"m-{row}" for row in range(count)]
    return MoverFrame(count, np.arange(count), lon, lat, np.zeros(count, np.float32), np.array(look, np.uint8), none, np.empty((0, TAIL, 2)), ids)


@pytest.mark.parametrize("key, look", [
    ("movers.way", 0), ("movers.rest", RESTS), ("movers.late", LATE | RESTS), ("movers.lost", LOST), ("movers@traffic", VEHICLE),
])
def test_movers_are_hidden_by_state_and_by_field(city_map: Any, key: str, look: int) -> None:
    stays = LOST if look == 0 else 0
    city_map.view.movers.update(_movers([SEA, (SEA[0] + 0.05, SEA[1])], [look, stays]))
    city_map.go(*SEA, 12)
    near = (SEA[0] + 0.05, SEA[1])
    city_map.until(lambda: _ink(city_map, SEA, "sea") and _ink(city_map, near, "sea"), "both")
    city_map.view.set_layer_visible(key, False)
    city_map.until(lambda: not _ink(city_map, SEA, "sea"), "gone")
    assert _ink(city_map, near, "sea")
    feeds = city_map.view.feeds
    assert hit(feeds.indexes(), feeds.visible, *SEA, 12) is None
    assert hit(feeds.indexes(), feeds.visible, *near, 12) == ("movers", "m-1")
    city_map.view.set_layer_visible(key, True)
    city_map.until(lambda: _ink(city_map, SEA, "sea"), "back")


def test_clusters_of_movers_count_what_is_shown(city_map: Any) -> None:
    random = np.random.default_rng(4)
    places = [tuple(each) for each in random.normal(SEA, 0.004, (300, 2)).tolist()]
    city_map.view.movers.update(_movers(places, [(0, LATE, VEHICLE)[row % 3] for row in range(300)]))
    city_map.go(*SEA, 9)
    city_map.until(lambda: _counted(city_map, "app.vessels.chips") == 300, "all")
    city_map.view.set_layer_visible("movers@marine", False)
    city_map.until(lambda: _counted(city_map, "app.vessels.chips") == 100, "vehicles")
    city_map.view.set_layer_visible("movers@marine", True)
    city_map.view.set_layer_visible("movers.late", False)
    city_map.until(lambda: _counted(city_map, "app.vessels.chips") == 200, "in time")


def _scenes(table: Callable[..., Any]) -> Iterator[tuple[PointIndex, dict[str, bool]]]:
    """Tables of all kinds with switches at random."""
    random = np.random.default_rng(8)
    symbols = {"sensors": ("sen", "sen-r", "sen-s"), "video_points": ("cam", "cam-x"), "movers": ("way", "rest", "late", "lost")}
    for _ in range(60):
        kind = str(random.choice(list(BY_KIND)))
        names, codes = symbols.get(kind, ("u-fire", "u-fire-x", "g1")), MOVER_FIELDS if kind == "movers" else FIELDS
        places = [tuple(each) for each in random.normal(PLACE, 0.001, (40, 2)).tolist()]
        flags = np.zeros(40) if kind == "movers" else random.choice([0, 0, ABNORMAL, CLOSED], 40)
        points = table(kind, places, names, symbol=random.integers(0, len(names), 40), flags=flags,
                       field=random.integers(0, len(codes), 40), fields=codes)
        keys = [*(state_key(kind, state) for state in ("normal", "abnormal", "down", *dict(STATES["movers"]))), *(field_key(kind, code) for code in codes)]
        yield PointIndex(points), {kind: True, **{key: bool(random.random() < 0.6) for key in keys}}


def _is_on(index: PointIndex, visible: dict[str, bool], row: int) -> bool:
    """The rule once more, a point at a time."""
    points = index.table
    name, flags, kind = points.symbols[points.symbol[row]], int(points.flags[row]), points.kind
    if flags & ABNORMAL:
        state = "abnormal"
    elif kind == "movers":
        state = name
    else:
        state = "down" if flags & CLOSED or name.endswith(("-x", "-s")) else "normal"
    return visible[state_key(kind, state)] and visible[field_key(kind, points.fields[points.field[row]])]


def test_what_is_hidden_is_not_clickable_and_what_is_shown_is(table: Callable[..., Any]) -> None:
    for index, visible in _scenes(table):
        kind, rows = index.table.kind, np.arange(40)
        seen = [row for row in range(40) if _is_on(index, visible, row)]
        assert np.flatnonzero(shown(index.table, visible, rows)).tolist() == seen
        found = {row for at in range(40) for _, row in under({kind: index}, visible, index.table.lon[at], index.table.lat[at], 18)}
        assert found <= set(seen), "a hidden point was clicked"
        # A mass that shows only what is abnormal has no quiet marks at all.
        if not BY_KIND[kind].clusters or visible[normal_key(kind)] or visible[state_key(kind, "down")]:
            assert found == set(seen), (kind, visible)


def test_saved_views_keep_what_is_hidden_by_field(city_map: Any) -> None:
    feeds = city_map.view.feeds
    feeds.visible["sensors@water"] = feeds.visible["movers.late"] = False
    views = MapViews(feeds, city_map.view.set_layer_visible, city_map.view.set_opacity, city_map.view)
    kept: list[Any] = []
    views.changed.connect(kept.append)
    views.save("无水务")
    feeds.visible["sensors@water"] = feeds.visible["movers.late"] = True
    views.load(json.loads(json.dumps(kept[-1])))
    views.show("无水务")
    assert feeds.visible["sensors@water"] is False and feeds.visible["movers.late"] is False
    assert feeds.visible["sensors@police"] is True
