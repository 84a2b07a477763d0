"""Keys that are quicker than the desk: they wait with the wish that they follow, and reach no other pane and no other incident."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from weihai_command.domain.faults import Refused


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window, key, modifier)


@pytest.fixture
def reporting(window, pump):
    """An old incident is open and a report has just been sent."""
    window.open_incident("i-案2086")
    pump()
    press(window, Qt.Key.Key_F2)
    window.panels.report.name.setText("燃气味")
    QTest.keyClick(window.panels.report.name, Qt.Key.Key_Return)
    assert window.panels.report.is_saving
    return window


def test_a_dispatch_right_behind_a_report_goes_to_the_new_incident(reporting, city, pump):
    for key in (Qt.Key.Key_F4, Qt.Key.Key_Space, Qt.Key.Key_Return):
        press(reporting, key)
    assert reporting.panels.ahead.is_waiting and not reporting.panels.dispatch.isVisible()
    for _ in range(3):
        pump()
    assert [call[0] for call in city.calls] == ["report", "dispatch"] and city.calls[1][1:3] == ("i-应0417", ["u-消防203"])
    assert not reporting.panels.ahead.is_waiting


def test_a_note_right_behind_a_report_is_written_into_its_line(reporting, city, pump):
    press(reporting, Qt.Key.Key_F9)
    for letter in "abC":
        press(reporting, letter)
    pump()
    field = reporting.panels.log_desk.note.text
    assert field.text() == "abC" and city.calls == [("report", {"title": "燃气味"})]
    QTest.keyClick(field, Qt.Key.Key_Return)
    pump()
    assert city.calls[1] == ("note", "i-应0417", "abC", {})


def test_enter_twice_reports_once(reporting, city, pump):
    QTest.keyClick(reporting.panels.report.name, Qt.Key.Key_Return)
    pump()
    assert [call[0] for call in city.calls] == ["report"]
    press(reporting, Qt.Key.Key_F2)
    reporting.panels.report.name.setText("第二件")
    QTest.keyClick(reporting.panels.report.name, Qt.Key.Key_Return)
    pump()
    assert [call[0] for call in city.calls] == ["report", "report"]


@pytest.mark.parametrize("how", ["escape", "click", "command", "patience"])
def test_a_wish_is_forgotten(reporting, city, pump, how):
    ahead = reporting.panels.ahead
    press(reporting, Qt.Key.Key_F4)
    press(reporting, Qt.Key.Key_Space)
    if how == "escape":
        press(reporting, Qt.Key.Key_Escape)
    elif how == "click":
        QTest.mouseClick(reporting.list.table.viewport(), Qt.MouseButton.LeftButton, pos=reporting.list.table.viewport().rect().bottomRight())
    elif how == "command":
        press(reporting, Qt.Key.Key_F1)
    else:
        ahead._patience.timeout.emit()
    assert not ahead.is_waiting
    pump()
    assert not reporting.panels.dispatch.isVisible() and [call[0] for call in city.calls] == ["report"]


def test_a_refused_report_takes_the_wish_along(window, city, pump):
    window.open_incident("i-应0417")
    pump()
    city.refusal = Refused("不行")
    press(window, Qt.Key.Key_F2)
    window.panels.report.name.setText("燃气味")
    QTest.keyClick(window.panels.report.name, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_F4)
    press(window, Qt.Key.Key_Return)
    pump()
    assert not window.panels.ahead.is_waiting and not window.panels.dispatch.isVisible() and not window.panels.report.is_saving
    # The keyboard is free again.
    city.refusal = None
    QTest.keyClick(window.panels.report.name, Qt.Key.Key_Return)
    pump()
    assert [call[0] for call in city.calls] == ["report"]
