"""M on the units board: another incident is chosen by typing, and the move is one act."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import NOW, incident
from weihai_command.boards.incident_rows import row_of
from widgets.move_panel import MovePanel, targets


def rows(*raws):
    return [row_of(raw) for raw in raws]


@pytest.fixture
def panel(themed, qapp):
    made = MovePanel()
    yield made
    made.close()
    made.deleteLater()


def test_only_other_open_emergencies_the_most_urgent_first():
    known = rows(
        incident("应1", priority="low"), incident("应2", priority="urgent"), incident("案3", track="municipal", state="handling"),
        incident("应4", state="ended"), incident("应5"),
    )
    assert [row.number for row in targets([*known, None], "i-应5")] == ["应2", "应1"]


def test_typing_narrows_and_enter_moves(panel):
    asked = []
    panel.move_requested.connect(lambda *args: asked.append(args))
    panel.start("u-消防101", "消防101", targets(rows(incident("应1", title="<b>火</b>"), incident("应2", title="落水")), ""), NOW)
    assert panel.list.count() == 2
    QTest.keyClick(panel.field, Qt.Key.Key_Down)
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    panel.field.setText("落水")
    assert panel.list.count() == 1 and "落水" in panel.list.item(0).text()
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert asked == [("u-消防101", "i-应2")] * 2
    panel.field.setText("没有")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert panel._none.text() == "没有符合的事件" and len(asked) == 2


def test_from_the_board_to_the_act_and_back(window, city, pump):
    units = window.units
    units.select("u-消防101")
    units.table.setFocus()
    QTest.keyClick(units.table, Qt.Key.Key_M)
    panel = window.findChild(MovePanel)
    assert panel.isVisible() and panel.title.text() == "改派 消防101 到" and panel.list.count() == 1
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    pump()
    assert ("move", "u-消防101", "i-应0421", {}) in city.calls and not panel.isVisible()


def test_a_step_is_taken_back_once(window, city, pump):
    units = window.units
    units.select("u-消防101")
    QTest.keyClick(units.table, Qt.Key.Key_R)
    pump()
    assert city.calls[-1] == ("roll_call", "u-消防101", "ok", {})
    QTest.keyClick(units.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert city.calls[-1] == ("withdraw", "op", {})
    QTest.keyClick(units.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert city.calls[-1] == ("withdraw", "op", {}) and "没有刚做的一步" in window.message.text()
