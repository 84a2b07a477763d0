from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.settling import until
from weihai_command.boards import nearby_board
from weihai_command.boards.nearby_board import NearbyBoard
from weihai_command.operations.nearby import Group, Nearby, Row
from widgets.incident_detail import IncidentDetail
from widgets.nearby_section import NearbySection

CAMERAS = tuple(Row("video_points", f"c-{n}", f"世昌大道 0{n}", 640.0 * n, "离线" if n == 3 else "在线", "cam", n == 3) for n in (1, 2, 3))
UNIT = Row("units", "u-1", "消防101", 1200.0, "空闲", "u-fire", False)


def around(desk: Any, lon: float, lat: float, radius: float, shown: Any = None) -> Nearby:
    return Nearby(lon, lat, radius, (
        Group("video_points", "摄像机", 1251, (("cam", "在线", 1214), ("cam-x", "离线", 37)), CAMERAS),
        Group("units", "力量", 1, (("u-fire", "可用", 1),), (UNIT,)), Group("sensors", "传感器", 0, (), ()),
        Group("facilities", "设施", 2, (("f-hospital", "医院", 2),), ()),
    ))


@pytest.fixture
def pane(themed, boards, pump, monkeypatch):
    monkeypatch.setattr(nearby_board.nearby, "nearby", around)
    monkeypatch.setattr(nearby_board.upkeep, "opened_mark", lambda desk, kind, record_id, *told: f"{record_id} · 在线 · 市公安局")
    made = IncidentDetail(boards.detail, boards.timeline, boards.acts.can)
    made.add_nearby(NearbySection(NearbyBoard(boards.bridge, boards.detail)))
    made.resize(480, 952)
    made.show()
    made.activateWindow()
    boards.detail.open("i-应0417")
    pump()
    # The surroundings are asked for when the facts have been painted.
    until(lambda: made.nearby.board.found, "no answer about the surroundings")
    pump()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def section(pane) -> NearbySection:
    return pane.nearby


def heard(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def test_the_folded_line_counts_by_symbol_and_says_it(section):
    assert section.isVisible() and not section.is_open
    assert section.title.text() == "周边 5 公里"
    assert [number.text() for icon, number in section.tallies.parts if icon.isVisible()] == ["1,214", "37", "2"]
    assert section.head.accessibleName() == "周边 5 公里，在线 1214，离线 37，医院 2"


def test_counts_that_have_no_room_are_left_out_whole(section, pump):
    counts = [("cam", "在线", 21_012), ("cam-x", "离线", 683), ("f-school", "学校", 27)]

    def shown(room):
        section.tallies.show_counts(counts, room)
        pump()
        return [number.text() for icon, number in section.tallies.parts if icon.isVisible()]

    assert shown(400) == ["21,012", "683", "27"]
    assert shown(110) == ["21,012"]
    assert shown(10) == []


def test_an_incident_without_a_place_has_no_such_line(pane, section, boards, pump):
    boards.detail.open("i-应0421")
    pump()
    assert not section.isVisible()
    faults = heard(pane.refused)
    pane.open_nearby()
    assert "已定位" in faults[0][0].sentence() and not section.is_open


def test_the_key_opens_the_list_and_the_arrows_light_marks_up(pane, section):
    lit = heard(section.lit)
    pane.open_nearby()
    assert section.list.hasFocus() and lit[-1] == ("video_points", "c-1")
    QTest.keyClick(section.list, Qt.Key.Key_Down)
    assert lit[-1] == ("video_points", "c-2")
    pane.open_nearby()
    assert not section.is_open and lit[-1] == ("", "")


def test_the_pointer_lights_a_mark_and_leaving_gives_it_back(section, pump):
    section.toggle()
    pump()
    lit = heard(section.lit)
    spot = section.list.visualRect(section.board.index(1, 0)).center()
    QTest.mouseMove(section.list.viewport(), spot - QPoint(5, 0))
    QTest.mouseMove(section.list.viewport(), spot)
    pump()
    assert ("video_points", "c-2") in lit
    QApplication.sendEvent(section.list.viewport(), QEvent(QEvent.Type.Leave))
    assert lit[-1] == ("video_points", "c-1")


def test_enter_opens_a_row_and_the_card_says_what_it_is(pane, section, pump):
    pane.open_nearby()
    QTest.keyClick(section.list, Qt.Key.Key_Return)
    pump()
    assert section.card.isVisible() and section.card.text() == "c-1 · 在线 · 市公安局"
    section.board.step_radius(-1)
    assert not section.card.isVisible()


def test_left_and_right_change_the_kind_and_brackets_the_ring(pane, section, pump):
    pane.open_nearby()
    QTest.keyClick(section.list, Qt.Key.Key_Right)
    assert section.board.kind == "units" and section.list.currentIndex().data() == "消防101"
    QTest.keyClick(section.list, Qt.Key.Key_Left)
    QTest.keyClick(section.list, Qt.Key.Key_Left)
    assert section.board.kind == "facilities" and section.board.rowCount() == 0
    QTest.keyClick(section.list, Qt.Key.Key_BracketRight)
    pump()
    assert section.title.text() == "周边 8 公里"
    QTest.keyClick(pane, Qt.Key.Key_BracketLeft)
    QTest.keyClick(pane, Qt.Key.Key_BracketLeft)
    assert section.title.text() == "周边 3 公里"


def test_a_digit_in_the_list_still_sends_the_recommended_unit(pane, section):
    sent = heard(pane.dispatch_requested)
    pane.open_nearby()
    QTest.keyClick(section.list, Qt.Key.Key_1)
    assert sent == [("i-应0417", ["u-消防203"])]


def test_the_map_makes_a_row_the_current_one(section):
    section.toggle()
    section.show_mark("video_points", "c-3")
    assert section.list.currentIndex().row() == 2
    section.show_mark("video_points", "far away")
    assert section.list.currentIndex().row() == 2


def test_on_a_narrow_desk_it_is_a_page_of_its_own(pane, section):
    pane.set_compact(True)
    assert not section.isVisible()
    pane.open_nearby()
    assert section.isVisible() and section.is_open and section.list.hasFocus() and not pane.facts.isVisible() and not pane.timeline.isVisible()
    pane.set_compact(False)
    assert section.isVisible() and not section.is_open


def test_the_open_list_keeps_its_row_when_the_answer_is_renewed(pane, section, pump, monkeypatch):
    pane.open_nearby()
    section.show_mark("video_points", "c-3")
    monkeypatch.setattr(nearby_board.nearby, "nearby", lambda *asked, shown=None: Nearby(*asked[1:], (Group("video_points", "摄像机", 2, (), CAMERAS[1:]),)))
    section.board.refresh()
    pump()
    assert section.list.currentIndex().data() == "世昌大道 03"
