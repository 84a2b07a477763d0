from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from layers.links import MapLink
from layers.palette import palette
from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL

SEA, LAND, BEYOND = (122.32, 37.48), (122.07, 37.31), (121.95, 37.30)
INCIDENT = (122.15, 37.40)


def crowd(count: int, seed: int = 3) -> list[tuple[float, float]]:
    """Points around three towns, never on one spot."""
    random = np.random.default_rng(seed)
    middles = np.array([(122.05, 37.44), (122.16, 37.40), (122.10, 37.30)])
    places = middles[random.integers(0, 3, count)] + random.normal(0, 0.02, (count, 2))
    return [(float(lon), float(lat)) for lon, lat in places]


def test_draws_sea_and_land_with_requests_of_its_own_scheme_only(city_map: Any) -> None:
    colours = palette("dark")
    city_map.until(lambda: city_map.colour(city_map.at(*SEA)) == colours["sea"].upper(), "sea")
    city_map.until(lambda: city_map.colour(city_map.at(*LAND)) == colours["land"].upper(), "land")
    requests = city_map.view.web.scheme.requests
    assert {"weihai://map/page", "weihai://map/map/base.bin"} <= set(requests)
    assert all(address.startswith("weihai://map/") for address in requests)
    assert city_map.view.web.refused == []


def test_theme_changes_the_pixels(city_map: Any) -> None:
    city_map.view.set_theme("light")
    city_map.until(lambda: city_map.colour(city_map.at(*SEA)) == palette("light")["sea"].upper(), "light sea")


def test_a_click_picks_the_mark_under_it_and_empty_ground_picks_none(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [INCIDENT, (122.05, 37.35)], ("g3",)), table("units", [(122.152, 37.401)], ("u-fire",)))
    city_map.until(lambda: city_map.sees(city_map.at(*INCIDENT), "badge_yellow"), "the incident's symbol")
    city_map.click(city_map.at(*INCIDENT))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("incidents", "incidents-0")]
    city_map.click(city_map.at(*SEA))
    city_map.click(city_map.at(122.05, 37.35))
    city_map.until(lambda: len(city_map.picked) > 1, "the second pick")
    assert city_map.picked[1:] == [("incidents", "incidents-1")]


def test_pick_mode_says_places_by_click_and_by_enter(city_map: Any, table: Callable[..., Any]) -> None:
    places: list[tuple[float, float]] = []
    city_map.view.place_clicked.connect(lambda lon, lat: places.append((lon, lat)))
    city_map.feed(table("incidents", [INCIDENT], ("g3",)))
    city_map.view.start_picking()
    city_map.click(city_map.at(*INCIDENT))
    city_map.until(lambda: places, "place by click")
    assert places[0] == pytest.approx(INCIDENT, abs=2e-3)
    QTest.keyClick(city_map.view, Qt.Key.Key_Return)
    city_map.until(lambda: len(places) == 2, "place by Enter")
    assert places[1] == pytest.approx((city_map.view.feeds.view["lon"], city_map.view.feeds.view["lat"]))
    city_map.view.stop_picking()
    city_map.click(city_map.at(*INCIDENT))
    city_map.until(lambda: city_map.picked, "picks marks again")
    assert len(places) == 2


def test_selecting_draws_corners_and_moves_the_map_only_in_follow_mode(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [INCIDENT, (122.45, 36.95)], ("g3",)))
    before = dict(city_map.view.feeds.view)
    city_map.view.select("incidents", "incidents-0")
    corner = city_map.at(*INCIDENT) + QPoint(-19, -19)
    city_map.until(lambda: city_map.sees(corner, "text", reach=3), "corners")
    city_map.view.select("incidents", "incidents-1")
    city_map.until(lambda: not city_map.sees(corner, "text", reach=3), "corners gone")
    assert city_map.view.feeds.view == before
    city_map.view.set_follow(True)
    city_map.view.select("incidents", "incidents-1")
    city_map.until(lambda: abs(city_map.view.feeds.view["lat"] - 36.95) < 0.01, "followed")
    assert city_map.person_moves == 0


def test_a_persons_move_is_told_and_new_rows_do_not_undo_it(city_map: Any, table: Callable[..., Any]) -> None:
    middle = QPoint(400, 300)
    QTest.mousePress(city_map.target(), Qt.MouseButton.LeftButton, pos=middle)
    for step in range(1, 6):
        QTest.mouseMove(city_map.target(), middle + QPoint(20 * step, 0))
        city_map.pause(0.02)
    QTest.mouseRelease(city_map.target(), Qt.MouseButton.LeftButton, pos=middle + QPoint(100, 0))
    city_map.until(lambda: city_map.person_moves, "told")
    here = city_map.view.feeds.view["lon"]
    assert here < 122.10
    city_map.feed(table("incidents", [(121.5, 36.9)], ("g1",)))
    city_map.pause(0.2)
    assert city_map.view.feeds.view["lon"] == here


def test_cluster_counts_are_those_of_the_index_at_every_zoom(city_map: Any, table: Callable[..., Any]) -> None:
    cameras = table("video_points", crowd(3000))
    index = PointIndex(cameras)
    city_map.feed(cameras)
    script = """((layer, found) => ({zoom} < 14 && layer.cells([0.8, 0.36, 0.88, 0.42], {zoom}, (start, end, column, row) => found.push([column, row, end - start])),
        [layer.isCrowded({zoom}), found]))(app.marks.layers.find((one) => one.spec.kind === 'video_points'), [])"""
    crowded = []
    for zoom in (8, 9, 11, 13, 15, 18):
        is_crowded, cells = city_map.javascript(script.format(zoom=zoom))
        truth = index.clusters(zoom)
        assert is_crowded == truth.is_crowded
        if is_crowded:
            crowded.append(zoom)
        if zoom < 14:
            found = zip(truth.column.tolist(), truth.row.tolist(), truth.count.tolist(), strict=True)
            assert sorted(map(tuple, cells)) == sorted(found)
    assert crowded[:3] == [8, 9, 11] and 18 not in crowded


def test_a_cluster_is_drawn_and_a_click_on_it_goes_nearer(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("video_points", crowd(3000)))
    opened: list[bool] = []
    city_map.view.cluster_opened.connect(lambda: opened.append(True))
    city_map.until(lambda: city_map.javascript("app.marks.chips.length"), "chips")
    box = max(city_map.javascript("app.marks.chips.map((chip) => [chip.entry.count, ...chip.box])"))[1:]
    middle = QPoint(round((box[0] + box[2]) / 2), round((box[1] + box[3]) / 2))
    city_map.until(lambda: city_map.sees(middle, "text2", reach=12), "the count's digits")
    city_map.click(middle)
    city_map.until(lambda: opened and city_map.view.feeds.view["zoom"] > 11, "nearer")
    assert city_map.picked == []


def test_abnormal_points_stand_above_the_crowd(city_map: Any, table: Callable[..., Any]) -> None:
    places, flags, symbol = [INCIDENT] * 200, np.zeros(200), np.zeros(200)
    flags[7], symbol[7] = ABNORMAL, 1
    city_map.feed(table("sensors", places, ("sen", "sen-o"), flags=flags, symbol=symbol))
    city_map.view.set_layer_visible("sensors.normal", True)
    city_map.until(lambda: city_map.sees(city_map.at(*INCIDENT) + QPoint(0, 5), "orange", reach=2), "orange on top")
    city_map.click(city_map.at(*INCIDENT))
    city_map.until(lambda: city_map.picked, "picked")
    assert city_map.picked == [("sensors", "sensors-7")]


def test_a_change_of_state_shows_without_new_geometry(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("sensors", [INCIDENT], ("sen", "sen-r")))
    point = city_map.at(*INCIDENT)
    assert not city_map.sees(point, "badge_red")
    asked = len(city_map.view.web.scheme.requests)
    city_map.view.update_points("sensors", np.array([0]), np.array([1], np.uint8), np.array([ABNORMAL], np.uint8))
    city_map.until(lambda: city_map.sees(point, "badge_red"), "red")
    assert any(address.endswith("feed/sensors?have=1") for address in city_map.view.web.scheme.requests[asked:])


def test_hidden_layers_are_neither_drawn_nor_picked(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [INCIDENT], ("g3",)))
    city_map.until(lambda: city_map.sees(city_map.at(*INCIDENT), "badge_yellow"), "drawn")
    city_map.view.set_layer_visible("incidents", False)
    city_map.until(lambda: not city_map.sees(city_map.at(*INCIDENT), "badge_yellow"), "gone")
    city_map.click(city_map.at(*INCIDENT))
    city_map.pause(0.3)
    assert city_map.picked == []


def test_links_run_from_unit_to_incident(city_map: Any, table: Callable[..., Any]) -> None:
    unit = (122.05, 37.40)
    city_map.feed(table("incidents", [INCIDENT], ("g3",)), table("units", [unit], ("u-fire",)))
    half = (city_map.at(*unit) + city_map.at(*INCIDENT)) / 2

    def brightest() -> int:
        image = city_map.image()
        return max(image.pixelColor(half + QPoint(0, dy)).lightness() for dy in (-2, -1, 0, 1, 2))

    assert brightest() < 60
    city_map.view.set_links([MapLink("units-0", "incidents-0", "消防101 8.8 km", True), MapLink("units-9", "incidents-0", "?", True)])
    city_map.until(lambda: brightest() > 90, "a line")


def test_keys_do_what_the_mouse_does(city_map: Any) -> None:
    stage = city_map.view.stage
    zoom = city_map.view.feeds.view["zoom"]
    QTest.keyClick(city_map.target(), Qt.Key.Key_Plus)
    city_map.until(lambda: city_map.javascript("map_city.getZoom()") == zoom + 1, "nearer")
    was_open = stage.panel.isVisible()
    QTest.keyClick(city_map.target(), Qt.Key.Key_L)
    city_map.until(lambda: stage.panel.isVisible() != was_open, "panel folded")
    QTest.keyClick(city_map.target(), Qt.Key.Key_G)
    city_map.until(lambda: stage.follow.button.isChecked(), "follows")
    QTest.keyClick(city_map.target(), Qt.Key.Key_M)
    city_map.until(lambda: city_map.javascript("app.ruler.isOn"), "measures")
    QTest.keyClick(city_map.target(), Qt.Key.Key_Escape)
    city_map.until(lambda: not city_map.javascript("app.ruler.isOn"), "measures no more")


def test_arrow_keys_pan_and_count_as_the_persons_move(city_map: Any) -> None:
    before = city_map.view.feeds.view["lon"]
    city_map.view.activateWindow()
    city_map.view.stage.web.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(city_map.target(), Qt.Key.Key_Right)
    city_map.until(lambda: city_map.view.feeds.view["lon"] > before and city_map.person_moves, "panned")


def test_a_click_on_a_word_picks_its_mark(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [INCIDENT], ("g3",), labels={0: "应0417 燃气泄漏"}))
    box = city_map.until(lambda: city_map.javascript("app.marks.tags.map((tag) => tag.box)"), "a word")[0]
    city_map.click(QPoint(round(box[2]) - 6, round(box[1]) + 10))
    city_map.until(lambda: city_map.picked == [("incidents", "incidents-0")], "picked by its word")


def test_the_chip_counts_incidents_outside_the_view(city_map: Any, table: Callable[..., Any]) -> None:
    far = (122.45, 36.92)
    city_map.feed(table("incidents", [INCIDENT, far], ("g3",), labels={1: "应0419 渔船进水"}))
    assert city_map.view.stage.outside.text() == "视野外 1 起   应0419"
    city_map.view.stage.outside.click()
    city_map.until(lambda: abs(city_map.view.feeds.view["lat"] - far[1]) < 0.01, "shown")


def is_descendant(pid: int) -> bool:
    """Whether a process is a child of ours, however far down (a renderer is a fork of the browser's zygote)."""
    while pid > 1:
        pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        if pid == os.getpid():
            return True
    return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to find the renderer")
def test_a_killed_renderer_comes_back_with_its_data(city_map: Any, table: Callable[..., Any]) -> None:
    city_map.feed(table("incidents", [INCIDENT], ("g3",)), table("video_points", crowd(3000)))
    city_map.go(*INCIDENT, 12)
    city_map.until(lambda: city_map.sees(city_map.at(*INCIDENT), "badge_yellow"), "drawn before")
    restarted: list[bool] = []
    city_map.view.renderer_restarted.connect(lambda: restarted.append(True))
    city_map.fed.clear()
    victim = city_map.view.web.page.renderProcessPid()
    assert is_descendant(victim)
    os.kill(victim, signal.SIGKILL)
    city_map.until(lambda: not city_map.view.is_painted(), "noticed")
    city_map.until(lambda: restarted and {"incidents", "video_points"} <= set(city_map.fed), "restarted")
    city_map.until(lambda: city_map.sees(city_map.at(*INCIDENT), "badge_yellow"), "drawn again")
    assert city_map.view.feeds.view["zoom"] == 12


def test_the_page_may_go_nowhere(city_map: Any) -> None:
    city_map.javascript("(fetch('http://192.0.2.1/x').catch(() => 0), location.href = 'http://192.0.2.1/y', 1)")
    city_map.until(lambda: any("192.0.2.1/y" in address for address in city_map.view.web.refused), "navigation refused")
    city_map.javascript("(fetch('weihai://map/map/%2e%2e/__init__.py').catch(() => 0), 1)")
    city_map.until(lambda: any("__init__" in address for address in city_map.view.web.refused), "traversal refused")
    assert city_map.javascript("location.href") == "weihai://map/page"


def test_350_000_cameras_feed_and_answer(city_map: Any, table: Callable[..., Any]) -> None:
    cameras = table("video_points", crowd(350_000))
    # Where a control lies over the map no count stands.
    city_map.view.stage.toggle_panel()
    city_map.feed(cameras)
    index = PointIndex(cameras)
    found = index.clusters(11)
    truth = dict(zip(zip(found.column.tolist(), found.row.tolist(), strict=True), found.count.tolist(), strict=True))
    script = "app.marks.chips.map(({entry}) => [entry.column, entry.row, entry.count])"
    drawn = city_map.javascript(script)
    assert sum(count for _, _, count in drawn) > 200_000
    assert all(truth[column, row] == count for column, row, count in drawn)
    row = int(index.click(122.16, 37.40, 18, 40)[0])
    city_map.go(float(cameras.lon[row]), float(cameras.lat[row]), 18)
    # Where the nearest one stands within a hand's breadth of another, both are listed.
    listed: list[list[tuple[str, str]]] = []
    city_map.view.fanned_out.connect(listed.append)
    city_map.click(city_map.at(float(cameras.lon[row]), float(cameras.lat[row])))
    city_map.until(lambda: city_map.picked or listed, "picked one of 350,000")
    kind, record = city_map.picked[0] if city_map.picked else listed[0][0]
    assert kind == "video_points" and abs(cameras.lon[cameras.ids.index(record)] - cameras.lon[row]) < 1e-4


def test_in_a_crowd_units_grow_small_but_emergencies_do_not(city_map: Any, table: Callable[..., Any]) -> None:
    places = crowd(400)
    city_map.feed(table("units", places, ("u-fire",)), table("incidents", [INCIDENT, *places], ("mu", "g3"), symbol=[1] + [0] * 400))
    city_map.until(lambda: city_map.javascript("app.marks.stood.length"), "marks")
    script = "app.marks.stood.filter((mark) => {what}).map((mark) => mark.size)"
    assert set(city_map.javascript(script.format(what="mark.layer.spec.kind === 'units'"))) == {11}
    assert city_map.javascript(script.format(what="mark.layer.nameOf(mark.i) === 'g3'")) == [22]


def test_a_narrow_map_folds_its_panel_and_legend(city_map: Any) -> None:
    view = city_map.view
    assert view.stage.panel.isVisible() and view.legend.isVisible() and not view.status.legend.isVisible()
    view.resize(550, 600)
    city_map.pause(0.05)
    assert not view.stage.panel.isVisible() and view.stage.panel_button.isVisible()
    assert not view.legend.isVisible() and not view.stage.overview.isVisible()
    popup = view.status.legend.open()
    assert popup.isVisible()
    popup.close()


def test_the_arrows_move_the_map(city_map: Any) -> None:
    view = city_map.view
    city_map.until(lambda: view.extent is not None, "an extent")
    before = dict(view.feeds.view)
    west, _, east, _ = view.extent
    view._keys["Right"].activated.emit()
    assert view.feeds.view["lon"] == pytest.approx(before["lon"] + (east - west) / 4, abs=1e-6)
    view._keys["Down"].activated.emit()
    assert view.feeds.view["lat"] < before["lat"]
