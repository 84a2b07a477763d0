"""The log and the shift by keyboard: a note with its kind, a correction, a copy, both signatures; all text plain and masked."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.fake_desk import ago

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def line(id_, text, **fields):
    base = {"id": id_, "at": ago(1), "by": "wang", "kind": "note", "text": text, "incident_id": "i-应0417", "number": "应0417", "sync": "synced",
            "originals": [], "amended_by": "", "amends": "", "amendable": True}
    return {**base, **fields}


def kept(id_, waits=True):
    data = {"at": ago(9), "counts": {"open": 2, "units": 1}, "overdue": 1, "tally": {"track": {"emergency": 2}},
            "open": [{"id": "i-应0417", "number": "应0417", "title": "<b>泄漏</b> 13812345678", "state": "active", "priority": "urgent", "left_s": -600, "units": 1}]}
    return {"id": id_, "at": ago(9), "by": "li", "text": "注意大风", "originals": [], "data": data, "signed": [] if waits else [{"by": "wang", "at": ago(1)}],
            "waits": waits, "sync": "synced"}


@pytest.fixture
def desk(window, city, pump):
    city.log_rows = [
        line("l2", "1 人受伤 13812345678", originals=[{"at": ago(3), "by": "wang", "text": "3 人受伤 13812345678"}], sync="pending"),
        line("l1", "<b>到场</b>", amendable=False, kind="act"),
    ]
    return window.panels.log_desk


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, key, modifier)


def test_a_note_by_phone_says_with_whom(window, city, desk, pump):
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F9)
    press(desk.note.text, Qt.Key.Key_3, ALT)
    assert desk.note.kind == "phone" and desk.note.party.isVisible() and desk.note.text.text() == ""
    desk.note.party.setText("燃气公司")
    desk.note.text.setText("十分钟后到")
    press(desk.note.text, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("note", "i-应0417", "十分钟后到", {"kind": "phone", "party": "燃气公司"})] and not desk.note.isVisible()


def test_a_note_may_be_of_the_whole_city(window, city, desk, pump):
    press(window, Qt.Key.Key_F9)
    desk.note.text.setText("全城大风")
    press(desk.note.text, Qt.Key.Key_Return)
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F9)
    press(desk.note.text, Qt.Key.Key_0, ALT)
    desk.note.text.setText("二")
    press(desk.note.text, Qt.Key.Key_Return)
    pump()
    assert [call[1:3] for call in city.calls] == [(None, "全城大风"), (None, "二")]


def test_a_refused_note_keeps_what_was_typed(window, city, desk, pump):
    from weihai_command.domain.faults import Refused

    city.refusal = Refused("当前角色只能看，不能改")
    press(window, Qt.Key.Key_F9)
    desk.note.text.setText("全城大风")
    press(desk.note.text, Qt.Key.Key_Return)
    pump()
    assert desk.note.isVisible() and desk.note.text.text() == "全城大风" and not desk.note.is_saving


def test_the_log_is_read_corrected_and_copied(window, city, desk, pump):
    press(window, Qt.Key.Key_J, CONTROL)
    pump()
    assert desk.log.isVisible() and desk.entries.rowCount() == 2
    assert desk.entries.row_at(0).text == "1 人受伤 138****5678" and desk.entries.row_at(0).earlier[0][2] == "3 人受伤 138****5678"
    press(desk.log.list, Qt.Key.Key_A)
    desk.log.correction.setText("无人受伤")
    press(desk.log.correction, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("amend", "l2", "无人受伤", {})] and not desk.log.correction.isVisible()
    press(desk.log.list, Qt.Key.Key_C, CONTROL)
    copied = QGuiApplication.clipboard().text()
    assert "原：3 人受伤 138****5678" in copied and "<b>到场</b>" in copied
    press(desk.log.list, Qt.Key.Key_Down)
    press(desk.log.list, Qt.Key.Key_A)
    assert not desk.log.correction.isVisible() and "不能由您更正" in window.message.text()


def test_the_filter_asks_again_and_the_export_takes_all(window, city, desk, pump):
    written = []
    city.verbs.export_csv = lambda _, what, heads, rows: written.append((what, heads, rows)) or Path("log.csv")
    press(window, Qt.Key.Key_J, CONTROL)
    desk.entries.ask(kinds=frozenset({"act"}))
    pump()
    assert desk.entries.rowCount() == 1
    press(desk.log.list, Qt.Key.Key_X)
    pump()
    assert written[0][0] == "指挥日志" and [row[4] for row in written[0][2]] == ["<b>到场</b>"] and "log.csv" in window.message.text()


def test_handing_over_is_asked_twice(window, city, desk, pump):
    city.summary_now = kept("x")["data"]
    press(window, Qt.Key.Key_H, CONTROL)
    pump()
    panel = desk.handover
    assert panel.isVisible() and "在办事件 2（超时 1）" in panel.counts.text()
    row = panel.model.row_at(1)
    assert row.cells == ("应0417", "<b>泄漏</b> 138****5678", "处置中 · 优先 1 · 力量 1", "超 0:10") and row.mood == "over"
    panel.remarks.setText("注意大风")
    press(panel, Qt.Key.Key_Return, CONTROL)
    pump()
    assert city.calls == [] and "不能撤回" in panel.sign.text_shown()
    press(panel, Qt.Key.Key_Return, CONTROL)
    pump()
    assert city.calls == [("hand_over", "注意大风", {})] and panel.tabs.currentIndex() == 1


def test_a_row_of_the_page_opens_its_incident(window, city, desk, pump, boards):
    city.summary_now = kept("x")["data"]
    press(window, Qt.Key.Key_H, CONTROL)
    pump()
    desk.handover.page.activated_row.emit(1)
    pump()
    assert boards.detail.incident_id == "i-应0417"


def test_who_comes_sees_what_waits_and_signs(window, city, desk, pump):
    city.handover_rows = [kept("h2"), kept("h1", waits=False)]
    city.runner.announce({"log"})
    pump()
    assert window.top.handover.isVisible() and window.top.handover.text_shown() == "待接班"
    window.top.handover.click()
    pump()
    panel = desk.handover
    assert panel.tabs.currentIndex() == 1 and panel.kept.item(0, 2).text() == "待接班" and panel.take.isEnabled()
    press(panel, Qt.Key.Key_Return, CONTROL)
    pump()
    assert city.calls == [("sign_handover", "h2", {})]
    panel.kept.selectRow(1)
    assert not panel.take.isEnabled()
    city.handover_rows[0] = kept("h2", waits=False)
    city.runner.announce({"log"})
    pump()
    assert not window.top.handover.isVisible()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_the_panels_stay_inside(window, desk, pump, size):
    window.resize(*size)
    pump()
    for panel in (desk.note, desk.log, desk.handover):
        assert window.free_room().contains(panel.geometry()), panel.accessibleName()
