from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor

from layers.mover_rows import MoverRows
from layers.page_feeds import PageFeeds
from layers.palette import palette
from weihai_command.domain.movers import FORGET_AFTER_S, HEADLESS, LATE, LOST, RESTS, TAIL, VEHICLE, MoverFrame
from weihai_command.domain.point_index import PointIndex
from weihai_command.operations.live import Live

MIDDLE = (122.32, 37.48)
ASHORE = (122.07, 37.31)


def frame(places: list[tuple[float, float]], *, rows: list[int] | None = None, heading: float = 0.0, look: int = 0, **more: Any) -> MoverFrame:
    """A frame in which movers of `rows` (default: all, new) stand at `places`."""
    count = len(places)
    lon, lat = np.array(places, np.float64).reshape(-1, 2).T
    new = more.pop("new", [f"m-{row}" for row in range(count)] if rows is None else [])
    return MoverFrame(
        more.pop("known", count), np.array(range(count) if rows is None else rows, np.int64), lon, lat, np.full(count, heading, np.float32),
        np.full(count, look, np.uint8), more.pop("tailed", np.empty(0, np.int64)), more.pop("tails", np.empty((0, TAIL, 2))), new, **more,
    )


def ink(city_map: Any, reach: int = 14) -> np.ndarray:
    """Where the picture around the middle differs from the bare sea: offsets (n, 2) in pixels, east and south."""
    image, spot, sea = city_map.image(), city_map.at(*MIDDLE), QColor(palette("dark")["sea"]).rgb()
    square = range(-reach, reach + 1)
    return np.array([(dx, dy) for dx in square for dy in square if image.pixel(spot.x() + dx, spot.y() + dy) != sea])


def show(city_map: Any, *frames: MoverFrame) -> None:
    city_map.fed.clear()
    for each in frames:
        city_map.view.movers.update(each)
    city_map.until(lambda: "movers" in city_map.fed, "movers painted")


@pytest.mark.parametrize("kind", [0, VEHICLE])
@pytest.mark.parametrize(("heading", "axis", "sign"), [(0.0, 1, -1), (90.0, 0, 1), (180.0, 1, 1), (272.0, 0, -1)])
def test_a_mover_points_where_it_heads(city_map: Any, heading: float, axis: int, sign: int, kind: int) -> None:
    show(city_map, frame([MIDDLE], heading=heading, look=kind))
    city_map.until(lambda: len(ink(city_map)) > 30, "drawn")
    spots = ink(city_map)
    far = spots[np.abs(spots).max(axis=1) >= 10]
    assert len(far) and (np.sign(far[:, axis]) == sign).all(), "only what shows the heading reaches that far"


def test_rest_late_and_lost_look_different(city_map: Any) -> None:
    pictures, colours = {}, set()
    looks = {"under way": 0, "rest": RESTS, "headless": HEADLESS, "late": LATE, "lost": LOST, "late rest": LATE | RESTS}
    looks |= {f"{name} vehicle": look | VEHICLE for name, look in looks.items()}
    for name, look in looks.items():
        show(city_map, frame([MIDDLE], look=look, rows=[0], known=1, new=["m-0"] if not pictures else []))
        city_map.pause(0.1)
        pictures[name] = frozenset(map(tuple, ink(city_map).tolist()))
        image, spot = city_map.image(), city_map.at(*MIDDLE)
        colours.add(tuple(image.pixel(spot.x() + dx, spot.y() + dy) for dx in range(-14, 15) for dy in range(-14, 15)))
    assert len(colours) == len(pictures)
    corner = {(dx, dy) for dx, dy in pictures["lost"] if dx > 4 and dy < -4}
    assert corner and not any(dx > 4 and dy < -4 for dx, dy in pictures["late"]), "the slash"


def test_moving_redraws_the_movers_alone_and_takes_the_old_place_away(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [(122.15, 37.40)], ("g3",)))
    show(city_map, frame([MIDDLE]))
    city_map.until(lambda: len(ink(city_map)) > 30, "drawn")
    city_map.pause(0.3)  # symbols that are still being read draw everything anew
    requests = len(city_map.view.web.scheme.requests)
    city_map.javascript("(app.surface.onPaint('mass', () => { window.massDrawn = true; }), 1)")
    show(city_map, frame([(122.25, 37.52)], rows=[0], known=1))
    city_map.until(lambda: len(ink(city_map)) == 0, "gone from the old place")
    assert [address.partition("?")[0][-11:] for address in city_map.view.web.scheme.requests[requests:]] == ["feed/movers"]
    assert city_map.javascript("window.massDrawn || false") is False


def test_a_click_picks_the_ship_where_it_is_now(city_map: Any) -> None:
    show(city_map, frame([(122.20, 37.52), MIDDLE]))
    show(city_map, frame([(122.2, 37.45)], rows=[1], known=2), frame([MIDDLE], rows=[0], known=2))
    city_map.click(city_map.at(*MIDDLE))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("movers", "m-0")]
    city_map.view.select("movers", "m-0")
    corner = city_map.at(*MIDDLE) + QPoint(-17, -17)
    city_map.until(lambda: city_map.sees(corner, "text", reach=3), "corners")
    city_map.view.set_layer_visible("movers", False)
    city_map.until(lambda: len(ink(city_map)) == 0, "hidden")


def test_the_tail_shows_the_way_that_a_selected_ship_came(city_map: Any) -> None:
    behind = [(MIDDLE[0] - 0.004 * step, MIDDLE[1]) for step in range(TAIL, 0, -1)]
    show(city_map, frame([MIDDLE], heading=90, tailed=np.array([0]), tails=np.array([behind])))
    city_map.pause(0.1)
    spots = [city_map.at(MIDDLE[0] - 0.004 * step, MIDDLE[1]) for step in (4, 6)]

    def is_marked() -> bool:
        image, sea = city_map.image(), QColor(palette("dark")["sea"]).rgb()
        return all(any(image.pixel(spot.x(), spot.y() + dy) != sea for dy in (-1, 0, 1)) for spot in spots)

    assert not is_marked(), "at this zoom only the selected one has a tail"
    city_map.view.select("movers", "m-0")
    city_map.until(is_marked, "tail")


def test_a_crowd_gathers_by_the_cells_of_the_index_and_a_click_goes_nearer(city_map: Any, table: Callable[..., Any]) -> None:
    random = np.random.default_rng(4)
    places = [tuple(place) for place in random.normal(MIDDLE, 0.03, (3_000, 2)).tolist()]
    show(city_map, frame(places))
    truth = PointIndex(table("movers", places, ("ves",)))
    layer = "app.vessels.layer"
    for zoom in (9, 11, 13, 16):
        script = f"(({{isCrowded, size, column, row, count}}) => [isCrowded, [...Array(size).keys()].map((k) => [column[k], row[k], count[k]])])({layer}.cells({zoom}))"
        is_crowded, cells = city_map.javascript(script)
        wanted = truth.clusters(zoom)
        assert is_crowded == wanted.is_crowded
        if is_crowded:
            assert sorted(map(tuple, cells)) == sorted(zip(wanted.column.tolist(), wanted.row.tolist(), wanted.count.tolist(), strict=True))
    city_map.until(lambda: city_map.javascript("app.vessels.chips.length"), "chips")
    box = max(city_map.javascript("app.vessels.chips.map((chip) => [chip.entry.count, ...chip.box])"))[1:]
    middle = QPoint(round((box[0] + box[2]) / 2), round((box[1] + box[3]) / 2))
    city_map.until(lambda: city_map.sees(middle, "text2", reach=14), "the count's digits")
    assert set(city_map.javascript("app.vessels.chips.map((chip) => chip.layer.spec.icon)")) == {"ves"}
    show(city_map, frame(places, rows=list(range(3_000)), known=3_000, look=VEHICLE))
    city_map.until(lambda: set(city_map.javascript("app.vessels.chips.map((chip) => chip.layer.spec.icon)")) == {"veh"}, "the other symbol")
    city_map.click(middle)
    city_map.until(lambda: city_map.view.feeds.view["zoom"] > 11, "nearer")


def test_a_page_that_lags_behind_is_given_what_changed_and_a_new_one_all() -> None:
    rows = MoverRows()
    rows.take(frame([(122.1, 37.1), (122.2, 37.2), (float("nan"), float("nan"))], names={1: "乙"}))
    rows.take(frame([(122.3, 37.3)], rows=[0], known=3))
    whole, late = rows.answer(0), rows.answer(1)
    assert np.frombuffer(whole, "<i4", 8).tolist()[:4] == [1, 0, 2, 3]
    assert np.frombuffer(late, "<i4", 9).tolist() == [1, 1, 2, 1, 0, 0, 3, 0, 0]
    assert np.frombuffer(rows.answer(2), "<i4", 8)[3] == 0
    assert np.frombuffer(rows.answer(9), "<i4", 8)[1] == 0, "a version from another life"
    assert "乙".encode() in whole
    assert (rows.row("m-1"), rows.row("m-2"), rows.row("x"), rows.tally()) == (1, None, None, (2, 0, 0))


def test_who_was_forgotten_leaves_the_picture_and_the_next_one_takes_its_row(city_map: Any) -> None:
    tails = np.array([[(MIDDLE[0] - 0.004 * step, MIDDLE[1]) for step in range(TAIL, 0, -1)]])
    show(city_map, frame([MIDDLE], tailed=np.array([0]), tails=tails, names={0: "甲号"}))
    city_map.until(lambda: len(ink(city_map)) > 30, "drawn")
    gone = {"rows": [0], "known": 1, "tailed": np.array([0]), "tails": np.full((1, TAIL, 2), np.nan), "names": {0: ""}}
    show(city_map, frame([(float("nan"), float("nan"))], owners={0: ""}, **gone))
    city_map.until(lambda: len(ink(city_map)) == 0, "gone")
    movers = city_map.view.feeds.movers
    assert (movers.row("m-0"), movers.tally()) == (None, (0, 0, 0))
    show(city_map, frame([MIDDLE], rows=[0], known=1, owners={0: "next"}, look=VEHICLE))
    city_map.until(lambda: len(ink(city_map)) > 30, "the next one")
    assert (movers.row("m-0"), movers.row("next"), movers.tally()) == (None, 0, (1, 0, 0))
    layer = "app.vessels.layer"
    assert city_map.javascript(f"[{layer}.count, {layer}.labels[0], [...{layer}.tails.slice(0, 2)].every(Number.isNaN)]") == [1, "", True]
    city_map.click(city_map.at(*MIDDLE))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("movers", "next")]


def test_rows_follow_the_seam_through_months_of_ids_that_come_and_go() -> None:
    now = [1e9]
    live, rows, random = Live(lambda: now[0]), MoverRows(), np.random.default_rng(5)
    for _ in range(60):
        now[0] += FORGET_AFTER_S * random.choice([0.3, 0.6, 1.1])
        ids = [f"m-{number}" for number in random.integers(0, 4_000, 100)]
        live.positions(ids, random.uniform(122, 123, 100), 37.0, 90.0, 5.0, now[0])
        rows.take(live.drain().movers)
        assert rows.tally() == live.tally()
        assert all(rows.row(ident) is not None for ident in ids)
    placed = np.isfinite(rows.lon[: len(rows)])
    assert {ident for ident, is_placed in zip(rows.ids, placed, strict=True) if is_placed} == {ident for ident in rows._row_of if rows.row(ident) is not None}
    assert len(rows._row_of) == int(placed.sum())
    assert len(rows) <= len(rows.look) == 512


def test_the_index_follows_the_positions_and_is_made_only_when_asked(qapp: Any) -> None:
    feeds = PageFeeds("dark")
    assert "movers" not in feeds.indexes()
    feeds.update_movers(frame([(122.1, 37.1)]))
    first = feeds.indexes()["movers"]
    assert feeds.indexes()["movers"] is first
    feeds.update_movers(frame([(122.4, 37.1)], rows=[0], known=1))
    assert feeds.indexes()["movers"].box(122.3, 37, 122.5, 37.2).tolist() == [0]
    assert feeds.place("movers", "m-0") == (122.4, 37.1)
