from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLineEdit

from tests.fake_desk import conflict
from weihai_command.domain.faults import Ambiguous, Refused
from widgets.keys import KEYS


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window, key, modifier)


def test_list_detail_and_map_follow_one_selection(window, boards, pump):
    shown = []
    window.incident_selected.connect(shown.append)
    window.open_incident("i-应0417")
    pump()
    assert shown == ["i-应0417"]
    assert boards.incidents.row_at(window.list.table.currentIndex().row()).id == "i-应0417"
    window.list.enter_rows()
    press(window, Qt.Key.Key_Down)
    pump()
    assert window.detail.head.number.text() == "应0421" and shown[-1] == "i-应0421"


def test_report_by_keyboard(window, city, pump):
    press(window, Qt.Key.Key_F2)
    report = window.panels.report
    assert report.isVisible() and report.name.hasFocus()
    report.name.setText("凤林街道污水井冒溢")
    report.type.setEditText("燃气泄漏")
    report.place_name.setText("凤林街道")
    QTest.keyClick(report.name, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("report", {"title": "凤林街道污水井冒溢", "type": "gas_leak", "place": "凤林街道"})]
    assert not report.isVisible() and report.draft() == {}
    assert "应0417" in window.message.text() and window.boards.detail.incident_id == "i-应0417"


def test_leaving_a_report_keeps_the_draft(window):
    press(window, Qt.Key.Key_F2)
    window.panels.report.name.setText("半句话")
    QTest.keyClick(window.panels.report.name, Qt.Key.Key_Escape)
    assert not window.panels.report.isVisible()
    press(window, Qt.Key.Key_F2)
    assert window.panels.report.name.text() == "半句话"


def test_a_refused_report_keeps_the_draft_and_says_why(window, city, pump):
    city.refusal = Ambiguous("“东北村”对应 2 个村", [("a", "东北村（羊亭镇）"), ("b", "东北村（泊于镇）")])
    press(window, Qt.Key.Key_F2)
    report = window.panels.report
    report.name.setText("树倒")
    report.place_name.setText("东北村")
    report.submit()
    pump()
    assert report.isVisible() and report.draft()["title"] == "树倒"
    assert "对应 2 个村" in window.message.text() and window.message.is_showing
    assert report._offered.stringList() == ["东北村（羊亭镇）", "东北村（泊于镇）"]
    report.place_name.completer().popup().hide()


def test_a_report_without_title_is_not_sent(window, city):
    press(window, Qt.Key.Key_F2)
    window.panels.report.submit()
    assert city.calls == [] and window.panels.report.message.text()


def test_a_place_from_the_map(window):
    asked = []
    window.place_pick_requested.connect(lambda: asked.append(1))
    press(window, Qt.Key.Key_F2)
    window.panels.report.pick.click()
    window.place_picked(122.1, 37.4, "凤林街道")
    assert asked and window.panels.report.draft() == {"place": "凤林街道", "lon": 122.1, "lat": 37.4}


def test_dispatch_by_keyboard(window, city, pump):
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F4)
    panel = window.panels.dispatch
    assert panel.isVisible()
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("dispatch", "i-应0417", ["u-消防203", "u-巡警12"], {})]
    assert not panel.isVisible()


def test_dispatch_filters_and_takes_the_current_row(window, city, pump):
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F4)
    panel = window.panels.dispatch
    panel.filter.setText("巡警")
    assert panel.picked.text().replace("\u2060", "") == "将派 巡警12"
    panel.filter.setText("没有")
    assert not panel.send.isEnabled()
    panel.submit()
    pump()
    assert city.calls == []


def test_news_does_not_move_the_cursor_to_another_unit(window, city, pump):
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F4)
    panel = window.panels.dispatch
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.picked.text().replace("\u2060", "") == "将派 巡警12"
    city.recommended_rows.append({**city.recommended_rows[0], "unit_id": "u-急救07", "name": "急救07"})
    city.runner.announce({"units"})
    pump()
    assert panel.picked.text().replace("\u2060", "") == "将派 巡警12"
    city.unit_rows = [row for row in city.unit_rows if row["name"] != "巡警12"]
    city.runner.announce({"units"})
    pump()
    panel.submit()
    assert panel.picked.text() == "没有选中力量" and city.calls == []


def test_a_key_waits_for_the_incident_that_is_being_read(window, city, pump):
    window.open_incident("i-案2086")
    pump()
    window.open_incident("i-应0417")
    assert window.boards.detail.is_behind
    press(window, Qt.Key.Key_F4)
    QTest.keyClick(window.detail, Qt.Key.Key_1)
    assert not window.panels.dispatch.isVisible() and city.calls == []
    pump()
    assert window.panels.dispatch.isVisible() and window.panels.dispatch.incident_id == "i-应0417"


def test_a_note_by_keyboard(window, city, pump):
    window.open_incident("i-应0417")
    pump()
    press(window, Qt.Key.Key_F9)
    field = window.panels.log_desk.note.text
    field.setText("现场 3 人")
    QTest.keyClick(field, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("note", "i-应0417", "现场 3 人", {})]


def test_a_fault_stays_until_it_is_put_away(window, city, pump):
    city.refusal = Refused("消防203 已被另一席位派出", "没有改动", "请另选力量")
    window.open_incident("i-应0417")
    pump()
    window.detail.setFocus()
    QTest.keyClick(window.detail, Qt.Key.Key_1)
    pump()
    assert window.message.text() == "消防203 已被另一席位派出 没有改动。请另选力量。"
    window.message.clear()
    assert not window.message.is_showing


def test_f6_goes_round_all_panes(window):
    window.list.enter_rows()
    seen = []
    for _ in range(4):
        press(window, Qt.Key.Key_F6)
        panes = {"list": window.list, "map": window.map, "detail": window.detail, "units": window.units}
        seen.append(next(name for name, pane in panes.items() if pane is window.focusWidget() or pane.isAncestorOf(window.focusWidget())))
    assert seen == ["map", "detail", "units", "list"]


def test_the_outbox_settles_and_withdraws(window, city, pump):
    city.outbox_rows = [{"op_id": "op-9", "verb": "dispatch", "verb_word": "派遣", "number": "应0417", "at": None, "actor": "wang", "state": "conflict",
                         "error": None, "waiting": "等您决定"}]
    city.conflict_rows = [conflict()]
    city.status_now = {"connection": "synced", "conflicts": 1}
    city.runner.announce({"outbox"})
    pump()
    window.top.chip.click()
    outbox = window.panels.outbox
    assert outbox.isVisible() and outbox.conflict.isVisible()
    QTest.keyClick(outbox.table, Qt.Key.Key_P)
    QTest.keyClick(outbox.table, Qt.Key.Key_Delete)
    pump()
    assert city.calls == [("resolve", "op-9", {"take": "theirs"}), ("withdraw", "op-9", {})]


def test_signing_in_and_a_wrong_password(window, city, pump):
    press(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    panel = window.panels.sign_in
    panel.user.setText("li")
    panel.password.setText("secret")
    city.refusal = Refused("账号或口令不对")
    panel.submit()
    pump()
    assert panel.isVisible() and "口令不对" in panel.note.text() and panel.password.text() == ""
    city.refusal = None
    panel.password.setText("right")
    QTest.keyClick(panel.password, Qt.Key.Key_Return)
    pump()
    assert city.calls == [("sign_in", "li", "right", {})] and not panel.isVisible()


def test_small_windows_fold(window, pump):
    window.resize(1366, 768)
    pump()
    assert window.is_compact and window.units.is_folded and window.top.height() == 40
    assert abs(window.list.width() - 456) <= 4 and abs(window.detail.width() - 360) <= 4
    window.list.enter_rows()
    press(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert not window.units.is_folded
    window.resize(1920, 1080)
    pump()
    assert not window.is_compact and not window.units.is_folded


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_panels_stay_inside_and_off_the_top(window, pump, size):
    window.resize(*size)
    pump()
    panels = window.panels
    for panel in (panels.report, panels.dispatch, panels.outbox, panels.sign_in, panels.keys):
        assert window.free_room().contains(panel.geometry()), panel.accessibleName()


def test_the_layout_is_remembered(window):
    state = window.layout_state()
    assert isinstance(state, bytes) and window.set_layout_state(state)
    assert not window.set_layout_state(b"something else")


def test_the_exercise_wears_the_band(window, city):
    assert window.band.isVisible() and window.band.height() == 32
    city.desk.city.exercise = False
    window.show_exercise()
    assert not window.band.isVisible()


def test_every_key_of_the_sheet_is_bound():
    wishes = [key for key in KEYS if key.wish]
    assert len({key.sequence for key in wishes}) == len(wishes)
    assert {"F1", "F2", "F3", "F4", "F6", "F9"} <= {key.sequence for key in wishes}


def test_controls_have_names(window):
    for kind in (QAbstractItemView, QLineEdit, QComboBox):
        for control in window.findChildren(kind):
            name = control.accessibleName() or control.parentWidget().accessibleName()
            assert name or control.window() is not window, control
    nameless = [button for button in window.findChildren(QAbstractButton) if not (button.accessibleName() or button.text())]
    assert [button for button in nameless if "Tab" not in type(button.parentWidget()).__name__ and button.isVisible()] == []


def test_the_ring_is_for_the_keyboard_only(window, pump):
    window.list.search.setFocus()
    QTest.keyClick(window.list.search, Qt.Key.Key_Down)
    assert window.ring.isVisible()
    QTest.mousePress(window.list.search, Qt.MouseButton.LeftButton)
    QTest.mouseClick(window.list.table.viewport(), Qt.MouseButton.LeftButton)
    pump()
    QTest.mouseRelease(window.list.search, Qt.MouseButton.LeftButton)
    assert window.ring.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_no_dialog_is_modal(window):
    for panel in (window.panels.report, window.panels.dispatch, window.panels.outbox, window.panels.sign_in, window.panels.keys):
        assert not panel.isWindow() and not panel.isModal()


def test_a_pane_is_moved_and_put_back_by_keys(window, pump):
    window.list.enter_rows()
    press(window, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.dockWidgetArea(window.docks["list"]) == Qt.DockWidgetArea.RightDockWidgetArea
    press(window, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert window.dockWidgetArea(window.docks["list"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    assert abs(window.list.width() - 640) <= 4


def test_every_dock_can_be_taken_by_its_handle(window):
    assert all(dock.titleBarWidget().height() >= 8 for dock in window.docks.values())


def test_the_theme_is_a_key_and_is_told(window, qapp):
    from widgets import theme

    told: list[str] = []
    window.theme_changed.connect(told.append)
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert told == ["light"] and theme.mode() == "light"
    window.toggle_theme()
    assert told == ["light", "dark"] and theme.mode() == "dark"


def test_what_is_always_so_stays_beside_the_news(window):
    window.message.set_mark("沙箱已关闭", "以 root 运行")
    window.message.show_done("已保存")
    window.message.clear()
    assert window.message._mark.isVisible()


def test_the_keyboard_coming_back_to_the_list_opens_no_other_incident(window, pump):
    """What is open may be none of the rows: a note on it must not lead to the first of them."""
    window.open_incident("i-应0417")
    pump()
    window.list.chips["municipal"].click()
    pump()
    assert not window.list.table.currentIndex().isValid()
    window.panels.start_note()
    QTest.keyClick(window.panels.log_desk.note, Qt.Key.Key_Escape)
    pump()
    assert window.boards.detail.incident_id == "i-应0417" and window.detail.hasFocus()
    window.list.table.setFocus()
    pump()
    assert window.boards.detail.incident_id == "i-应0417" and not window.list.table.currentIndex().isValid()
    QTest.keyClick(window.list.table, Qt.Key.Key_Down)
    assert window.boards.detail.incident_id == "i-案2086"
