from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

HELD = [
    {"kind": "incidents", "feed": "platform", "at": "2026-07-16T16:30:00+08:00", "vanished": 30, "total": 40, "detail": ""},
    {"kind": "units", "feed": "platform", "at": None, "vanished": 7, "total": 9, "detail": ""},
]
BAD = {"id": 1, "at": "2026-07-16T16:30:00+08:00", "feed": "hydro", "kind": "sensors", "record_id": "<b>s-1</b>", "field": "lat", "reason": "纬度 999 不可信",
       "raw": '{"id":"s-1","phone":"13812345678"}'}


@pytest.fixture
def panel(window, city, pump):
    city.status_now = {"connection": "synced", "holds": [dict(hold) for hold in HELD], "quarantined": 1}
    city.quarantine_rows = [dict(BAD)]
    city.runner.announce({"link"})
    pump()
    window.panels.toggle_outbox()
    pump()
    return window.panels.outbox


def test_each_held_kind_is_agreed_by_itself_in_two_steps(panel):
    agreed: list[str] = []
    panel.vanish_allowed.connect(agreed.append)
    assert list(panel.holds.lines) == ["incidents", "units"]
    line = panel.holds.lines["units"]
    assert "7 条" in line.words.text() and "9 条" in line.words.text()
    QTest.keyClick(line.button, Qt.Key.Key_Space)
    assert agreed == [] and "确认删除 7 条" in line.button.text_shown()
    QTest.keyClick(line.button, Qt.Key.Key_Space)
    assert agreed == ["units"]


def test_another_number_is_another_question(panel, city, pump):
    agreed: list[str] = []
    panel.vanish_allowed.connect(agreed.append)
    line = panel.holds.lines["units"]
    line.button.click()
    city.status_now["holds"][1]["vanished"] = 8
    city.runner.announce({"link"})
    pump()
    line.button.click()
    assert agreed == [] and "确认删除 8 条" in line.button.text_shown()


def test_an_answered_question_goes(panel, city, pump):
    city.status_now["holds"] = []
    city.runner.announce({"link"})
    pump()
    assert panel.holds.isHidden() and panel.holds.lines == {}


def test_the_quarantine_is_a_key_away_and_plain(panel, pump):
    QTest.keyClick(panel, Qt.Key.Key_2)
    pump()
    board = panel.refused.board
    assert panel.refused.table.isVisible() and panel.refused.table.hasFocus()
    assert [board.index(0, column).data() for column in range(5)] == ["hydro", "传感器", "<b>s-1</b>", "纬度", "纬度 999 不可信"]
    assert "13812345678" not in panel.refused.whole.text() and "****5678" in panel.refused.whole.text()
    QTest.keyClick(panel.refused.table, Qt.Key.Key_1)
    assert panel.tabs.currentIndex() == 0


def test_an_empty_list_says_what_is_true_of_its_city(panel, boards):
    boards.status.status["connection"] = "local"
    boards.status.changed.emit()
    assert panel.empty.text() == "动作只记在本机，不发往平台"
    boards.status.status["connection"] = "online"
    boards.status.changed.emit()
    assert panel.empty.text() == "没有待发的动作，全部已送达"
