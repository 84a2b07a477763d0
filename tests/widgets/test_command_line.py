from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from weihai_command.domain.commands import COMMANDS
from weihai_command.domain.faults import Refused


def keys(window, text="", *special):
    for sign in text:
        if sign.isascii():
            QTest.keyClick(window.focusWidget(), sign)
        else:
            # QTest knows keys of ASCII only.
            QApplication.sendEvent(window.focusWidget(), QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign))
    for key in special:
        QTest.keyClick(window.focusWidget(), key)


@pytest.fixture
def line(window, pump):
    window.list.enter_rows()
    keys(window, "/")
    pump()
    return window.command


def test_a_slash_opens_the_line_and_esc_gives_the_keyboard_back(window, line):
    assert line.is_open and line.edit.hasFocus() and line.edit.text() == "/"
    assert line.list.words()[0].startswith("/new")
    keys(window, "", Qt.Key.Key_Escape)
    assert not line.is_open and line.list.isHidden() and window.list.table.hasFocus()


def test_a_slash_in_a_text_field_is_a_slash(window):
    window.list.start_search()
    keys(window, "a/b")
    assert window.list.search.text() == "a/b" and not window.command.is_open
    keys(window, "", Qt.Key.Key_F2)
    keys(window, "1/2")
    assert window.panels.report.name.text() == "1/2" and not window.command.is_open


def test_tab_completes_and_enter_runs(window, line, city, pump):
    keys(window, "d 应0417 xf2")
    assert line.edit.ghost == "" and "消防203 → 应0417" in window.message.line_text()
    keys(window, "", Qt.Key.Key_Tab)
    assert line.edit.text() == "/d 应0417 消防203 "
    keys(window, "巡")
    assert line.edit.ghost == "警12"
    keys(window, "", Qt.Key.Key_Right, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("dispatch", "i-应0417", ["u-消防203", "u-巡警12"], {})]
    assert not line.is_open and window.list.table.hasFocus() and "应0417" in window.message.text()


def test_an_ambiguous_word_is_chosen_by_arrows_and_enter(window, line, city, pump):
    keys(window, "s 消防")
    assert "↓" in window.message.line_text() and line.list.words() == ["消防203", "消防101", "消防401"]
    keys(window, "", Qt.Key.Key_Return)
    assert line.is_open and line.list.marked == 0 and city.calls == []
    keys(window, "", Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert line.edit.text() == "/s 消防101 " and line.list.words() == ["返回", "空闲"]
    keys(window, "fh", Qt.Key.Key_Return)
    pump()
    assert city.calls == [("status", "u-消防101", "returning", {})]


def test_what_is_wrong_is_said_and_the_line_stays(window, line, city):
    keys(window, "s 不明99 到场", Qt.Key.Key_Return)
    assert line.is_open and "没有力量" in window.message.line_text() and city.calls == []


def test_arrows_bring_back_older_lines(window, line, city, pump):
    keys(window, "log 甲", Qt.Key.Key_Return)
    pump()
    keys(window, "/")
    keys(window, "log 电话 13812345678", Qt.Key.Key_Return)
    pump()
    keys(window, "/")
    pump()
    keys(window, "", Qt.Key.Key_Up)
    assert line.edit.text() == "/log 电话 138****5678"
    keys(window, "", Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert line.edit.text() == "/log 甲"
    keys(window, "", Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert line.edit.text() == "/"


def test_a_refused_act_says_so_in_the_bar_and_a_message_survives_the_line(window, line, city, pump):
    city.refusal = Refused("消防101现在是“到场”，不能派遣", "没有改动")
    keys(window, "d 应0417 消防101", Qt.Key.Key_Return)
    pump()
    assert "不能派遣" in window.message.text()
    keys(window, "/")
    assert window.message.line_text()
    keys(window, "", Qt.Key.Key_Escape)
    assert window.message.is_showing and "不能派遣" in window.message.text()


def test_a_report_by_the_line_leaves_the_draft_of_the_form(window, city, pump):
    keys(window, "", Qt.Key.Key_F2)
    window.panels.report.name.setText("半句话")
    keys(window, "", Qt.Key.Key_Escape, Qt.Key.Key_Slash)
    keys(window, "new 店里有煤气味 !1", Qt.Key.Key_Return)
    pump()
    assert city.calls == [("report", {"title": "店里有煤气味", "priority": "1"})]
    assert window.panels.report.name.text() == "半句话" and window.boards.detail.incident_id == "i-应0417"


def test_lines_that_open_something_leave_the_keyboard_there(window, line, pump):
    keys(window, "new", Qt.Key.Key_Return)
    assert window.panels.report.name.hasFocus()
    keys(window, "", Qt.Key.Key_Escape, Qt.Key.Key_Slash)
    keys(window, "find 落水", Qt.Key.Key_Return)
    pump()
    assert window.list.search.text() == "落水" and window.list.search.hasFocus() and window.boards.incidents.rowCount() == 1
    window.list.enter_rows()
    keys(window, "/")
    keys(window, "help", Qt.Key.Key_Return)
    assert window.panels.keys.isVisible() and window.panels.keys.tabs.currentIndex() == 1


def test_the_page_of_commands_is_the_table(window):
    page = window.panels.keys.scrolls[1].widget()
    told = [label.text() for label in page.findChildren(QLabel)]
    for row in COMMANDS:
        assert row.usage in told and row.help in told
    assert len(told) == 3 * len(COMMANDS) + 1
    window.panels.toggle_keys()
    keys(window, "2")
    assert page.isVisible()
    keys(window, "1")
    assert not page.isVisible()


def test_backspace_on_the_slash_and_a_click_elsewhere_leave(window, line, pump):
    keys(window, "", Qt.Key.Key_Backspace)
    assert not line.is_open
    keys(window, "/")
    window.map.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not line.is_open and window.map.hasFocus()


def test_every_wish_of_the_table_has_its_slot(window):
    for row in COMMANDS:
        if row.wish not in ("", "go", "find", "open", "show_commands"):
            assert callable(getattr(window.panels, row.wish, None) or getattr(window, row.wish, None)), row.name
    assert QApplication.focusWidget() is not window.command.edit


def test_undo_takes_the_last_step_back(window, line, city, pump):
    keys(window, "d 0417 xf203", Qt.Key.Key_Return)
    pump()
    for _ in range(2):
        keys(window, "/")
        pump()
        keys(window, "undo", Qt.Key.Key_Return)
        pump()
    assert city.calls == [("dispatch", "i-应0417", ["u-消防203"], {}), ("withdraw", "op", {})]
    assert "没有刚做的一步" in window.message.text()


def test_lines_that_are_typed_before_the_names_are_there_run_in_order(window, city, boards, pump, monkeypatch):
    asked = []
    monkeypatch.setattr(boards.commands, "_names", {})
    monkeypatch.setattr(boards.bridge, "ask", lambda key, fn, done: asked.append((fn, done)) if key == "commands" else done(fn()))
    window.list.enter_rows()
    for words in ("d 应0417 消防203", "d 应0417 巡警12", "nonsense"):
        keys(window, "/")
        assert window.command.edit.text() == "/"
        keys(window, words, Qt.Key.Key_Return)
        assert not window.command.is_open and city.calls == []
    refused: list[Refused] = []
    boards.commands.refused.connect(refused.append)
    fn, done = asked[-1]
    done(fn())
    pump()
    assert [call[2] for call in city.calls] == [["u-消防203"], ["u-巡警12"]]
    assert ["nonsense" in fault.happened for fault in refused] == [True]
    keys(window, "/", Qt.Key.Key_Up)
    assert window.command.edit.text() == "/nonsense"
