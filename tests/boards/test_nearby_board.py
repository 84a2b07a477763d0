from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from weihai_command.boards import nearby_board
from weihai_command.boards.incident_board import ROW
from weihai_command.boards.live_board import LiveBoard
from weihai_command.boards.nearby_board import NearbyBoard
from weihai_command.operations.nearby import LEAST, Group, Nearby, Row, Shown

CAMERA = Row("video_points", "c-1", "世昌大道 01", 640.0, "在线", "cam", False)
UNIT = Row("units", "u-1", "消防101", 1200.0, "空闲", "u-fire", False)


class Fake:
    """In the place of operations.nearby: remembers what was asked; `found` answers for any ring."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, float, float]] = []
        self.rows: tuple[Row, ...] = (CAMERA,)

    def nearby(self, desk: Any, lon: float, lat: float, radius: float, shown: Shown) -> Nearby:
        self.shown = shown
        self.asked.append((lon, lat, radius))
        cameras = Group("video_points", "摄像机", len(self.rows), (("cam", "在线", len(self.rows)),), self.rows)
        return Nearby(lon, lat, radius, (cameras, Group("units", "力量", 1, (("u-fire", "可用", 1),), (UNIT,))))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Fake:
    fake = Fake()
    monkeypatch.setattr(nearby_board.nearby, "nearby", fake.nearby)
    return fake


@pytest.fixture
def board(boards, asked, pump) -> NearbyBoard:
    made = NearbyBoard(boards.bridge, boards.detail)
    boards.detail.open("i-应0417")
    pump()
    return made


def test_the_open_incident_is_asked_about_once_and_listed(board, boards, asked, pump):
    assert asked.asked == [(122.1492, 37.4415, 5000.0)]
    assert [board.index(row, 0).data(ROW).id for row in range(board.rowCount())] == ["c-1"]
    assert board.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "世昌大道 01 在线 640 m"
    boards.detail.refresh()
    pump()
    assert len(asked.asked) == 1


def test_an_incident_without_a_place_has_nothing_around_it(board, boards, pump):
    rings = []
    board.ringed.connect(lambda: rings.append(board.place))
    boards.detail.open("i-应0421")
    pump()
    assert (board.place, board.rowCount(), rings) == (None, 0, [None])


def test_a_place_from_elsewhere_may_be_anything(board, boards, city, pump):
    city.incident_rows[1]["lon"], city.incident_rows[1]["lat"] = "x", float("nan")
    boards.detail.open("i-应0421")
    pump()
    assert board.place is None


def test_keys_step_through_radii_and_stop_at_the_ends(board, asked, pump):
    board.step_radius(1)
    assert board.radius_m == 8000
    for _ in range(20):
        board.step_radius(-1)
    pump()
    assert board.radius_m == 500 and asked.asked[-1][2] == 500 and board.found.radius_m == 500


def test_a_drag_tells_the_ring_at_once_and_asks_when_it_rests(board, asked, pump):
    before, rings = len(asked.asked), []
    board.ringed.connect(lambda: rings.append(board.radius_m))
    for metres in (3049.0, 2951.0, 1.0):
        board.set_radius(metres, is_final=False)
    pump()
    assert rings == [3000.0, LEAST] and len(asked.asked) == before
    QTest.qWait(nearby_board.DRAG_MS)
    assert [each[2] for each in asked.asked[before:]] == [LEAST]


def test_another_kind_is_listed_without_asking(board, asked):
    board.show_kind("units")
    assert board.rows() == (UNIT,) and board.row_of("units", "u-1") == 0 and board.row_of("units", "nobody") == -1
    assert len(asked.asked) == 1


def test_news_of_things_in_the_ring_are_gathered(board, city, asked, pump, monkeypatch):
    board._report.setInterval(30)
    asked.rows = (replace(CAMERA, word="离线", is_down=True),)
    for _ in range(5):
        city.runner.announce({"video_points"})
        pump()
    city.runner.announce({"log"})
    pump()
    assert board.rows()[0].is_down and 2 <= len(asked.asked) <= 6


def test_what_machines_report_asks_anew_with_what_the_map_shows(board, boards, asked, pump):
    living = LiveBoard(boards.bridge)
    board.follow(living)
    board._report.setInterval(20)
    before = len(asked.asked)
    assert asked.shown.tables == {}
    living.live.states("sensors", ["s-1"], [1], 5.0)
    living.restated.emit("sensors", [], [], [])
    living.restated.emit("sensors", [], [], [])
    pump()
    assert (len(asked.asked), asked.shown.state_of("sensors", "s-1")) == (before + 1, ("high", 5.0))


def test_a_late_answer_for_another_ring_is_not_shown(board):
    board._take(replace(board.found, radius_m=1.0, groups=()))
    assert board.rowCount() == 1


def test_opening_a_row_says_what_it_is(board, monkeypatch, pump):
    monkeypatch.setattr(nearby_board, "upkeep", SimpleNamespace(opened_mark=lambda desk, kind, record_id, shown: f"{kind} {record_id}"))
    heard = []
    board.opened.connect(lambda *told: heard.append(told))
    board.open("video_points", "c-1")
    pump()
    assert heard == [("video_points", "c-1", "video_points c-1")]
