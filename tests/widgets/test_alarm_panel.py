from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import NOW, alarm


@pytest.fixture
def panel(window, city, pump):
    at = NOW.timestamp()
    city.alarm_rows = [
        alarm("1", 1), alarm("2", 2, number="应0417", incident_id="i-应0417"), alarm("3", 3, acked_at=at, acked_by="li", ack_reason="已通知"),
        alarm("4", 3, shelved_until=at + 3600, shelved_by="wang", shelf_reason="检修"), alarm("5", 2, state="cleared", cleared_at=at - 30),
    ]
    window.boards.alarms.refresh()
    pump()
    window.panels.alarm_desk.toggle_alarms()
    pump()
    return window.panels.alarm_desk.panel


def key(panel, *keys):
    for each in keys:
        QTest.keyClick(panel.window().focusWidget() or panel, each)


def listed(panel):
    return [row.id for row in panel.board.rows]


def test_who_asks_for_a_word_stands_first(panel):
    assert listed(panel) == ["a-1", "a-2", "a-5", "a-4", "a-3"] and panel.table.row().id == "a-1"
    assert panel.remark.text() == "5 / 5" and panel.chips["shelved"].text() == "已搁置 1"


def test_digits_filter_and_words_search(panel):
    key(panel, Qt.Key.Key_4)
    assert listed(panel) == ["a-4"]
    key(panel, Qt.Key.Key_1, Qt.Key.Key_F)
    assert panel.search.hasFocus()
    panel.search.setText("应0417")
    assert listed(panel) == ["a-2"]
    panel.search.setText("没有这个")
    assert panel.empty.isVisible() and "筛选" in panel.empty.text()


def test_f8_acknowledges_the_row_and_goes_on_to_the_next(panel, window, city, pump):
    key(panel, Qt.Key.Key_Down, Qt.Key.Key_F8)
    pump()
    assert city.calls == [("ack_alarm", "a-2", "", {})]
    city.alarm_rows = [each for each in city.alarm_rows if each.alarm.id != "a-2"]
    panel.board.refresh()
    pump()
    assert panel.table.row().id == "a-5"


def test_a_shelf_asks_for_a_reason_and_how_long(panel, city, pump):
    key(panel, Qt.Key.Key_S)
    assert panel.form.reason.hasFocus()
    key(panel, Qt.Key.Key_Return)
    assert city.calls == []
    panel.form.reason.setText("检修 shelve")
    panel.form.hours.setCurrentIndex(3)
    key(panel, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("shelve_alarm", "a-1", "检修 shelve", 4.0, {})] and not panel.form.isVisible() and panel.isVisible()


def test_reason_of_an_acknowledgement_and_leaving_the_form(window, panel, city, pump):
    window.panels.alarm_desk.acknowledge_with_reason()
    key(panel, Qt.Key.Key_Escape)
    assert panel.isVisible() and not panel.form.isVisible() and panel.table.hasFocus()
    window.panels.alarm_desk.acknowledge_with_reason()
    panel.form.reason.setText("已电话通知")
    key(panel, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("ack_alarm", "a-1", "已电话通知", {})]


def test_ending_by_hand_and_taking_off_the_shelf(panel, city, pump):
    key(panel, Qt.Key.Key_D)
    panel.form.reason.setText("误报")
    key(panel, Qt.Key.Key_Return)
    pump()
    panel.table.show_alarm("a-4")
    key(panel, Qt.Key.Key_U)
    pump()
    assert city.calls == [("dismiss_alarm", "a-1", "误报", {}), ("unshelve_alarm", "a-4", {})]


def test_enter_says_and_does_an_incident_of_it_or_opens_the_one_there_is(window, panel, city, pump):
    city.alarm_proposal = SimpleNamespace(kind="new", number="", sentence="新报 凤林街道 水位", reason="没有同地同类的未结事件")
    panel._on_current()
    pump()
    assert panel.preview.text() == "Enter：新报 凤林街道 水位 · 没有同地同类的未结事件"
    panel.table.show_alarm("a-2")
    assert panel.buttons["incident"].text_shown() == "打开 应0417" and panel.preview.text() == ""
    key(panel, Qt.Key.Key_Return)
    pump()
    assert city.calls == [] and window.boards.detail.incident_id == "i-应0417"
    panel.table.show_alarm("a-1")
    panel.raise_incident()
    pump()
    assert city.calls == [("alarm_incident", "a-1", {})] and not panel.isVisible()


def test_what_stands_after_an_incident_ended_is_offered(window, panel, city, pump):
    panel.leave()
    window.boards.acts.done.emit("close", SimpleNamespace(id="i-应0417", number="应0417", state="ended", op_id=""))
    pump()
    assert panel.isVisible() and listed(panel) == ["a-2"] and "应0417 已结束，还有 1 条告警" in panel.remark.text()
    key(panel, Qt.Key.Key_0)
    assert len(listed(panel)) == 5
    panel.leave()
    window.boards.acts.done.emit("close", SimpleNamespace(id="i-none", number="应0001", state="ended", op_id=""))
    pump()
    assert not panel.isVisible()


def test_a_group_opens_its_list(window, panel, city, pump):
    panel.leave()
    both = tuple(each.alarm for each in city.alarm_rows[:2])
    city.alarm_groups = (SimpleNamespace(key="water|环翠区", severity=1, sentence="供水 · 环翠区 2 条同因告警", alarms=both),)
    window.boards.alarms.refresh()
    pump()
    assert window.alarms.words.text() == "供水 · 环翠区 2 条同因告警" and window.alarms.acknowledge.text_shown() == "列出"
    window.boards.alarms._turned = float("-inf")
    window.panels.alarm_desk.acknowledge_alarm()
    pump()
    assert panel.isVisible() and listed(panel) == ["a-1", "a-2"] and city.calls == []


def test_wishes_for_map_and_chart(panel, window):
    asked = []
    window.panels.alarm_desk.located.connect(lambda sensor: asked.append(("map", sensor)))
    window.panels.alarm_desk.charted.connect(lambda sensor: asked.append(("chart", sensor)))
    key(panel, Qt.Key.Key_L, Qt.Key.Key_C)
    assert asked == [("map", "s-1"), ("chart", "s-1")]
