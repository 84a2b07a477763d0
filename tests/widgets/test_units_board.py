from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import NOW
from weihai_command.domain.roll_call import Call, Rules
from widgets.units_board import UnitsBoard


@pytest.fixture
def pane(themed, boards):
    made = UnitsBoard(boards.units)
    made.resize(1440, 288)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_steps_of_a_unit_are_numbered(pane, boards):
    menu = pane.steps(boards.units.unit("u-急救07"))
    assert [action.text() for action in menu.actions()] == ["&1  已派遣", "&2  返回"]
    steps = []
    pane.state_requested.connect(lambda *args: steps.append(args))
    menu.actions()[0].trigger()
    assert steps == [("u-急救07", "dispatched")]
    menu.deleteLater()


def test_leaving_duty_asks_for_a_reason(pane, boards):
    left, steps = [], []
    pane.leave_requested.connect(lambda *args: left.append(args))
    pane.state_requested.connect(lambda *args: steps.append(args))
    menu = pane.steps(boards.units.unit("u-消防203"))
    next(action for action in menu.actions() if "不可用" in action.text()).trigger()
    assert pane.form.isVisible() and steps == []
    pane.form._controls["reason"].setText("换班")
    QTest.keyClick(pane.form._controls["reason"], Qt.Key.Key_Return)
    assert left == [("u-消防203", "换班")]
    menu.deleteLater()


def test_enter_opens_the_units_incident(pane):
    wanted = []
    pane.incident_wanted.connect(wanted.append)
    pane.select("u-消防101")
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    pane.select("u-消防203")
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert wanted == ["i-应0417"]


def test_the_chosen_unit_survives_a_change(pane, city, pump):
    chosen = []
    pane.select("u-消防203")
    pane.unit_chosen.connect(chosen.append)
    city.unit_rows[1]["state"] = "assigned"
    city.runner.announce({"units"})
    pump()
    assert pane.board.unit_at(pane.table.currentIndex()).name == "消防203" and chosen == []


def test_folded_it_is_one_row_of_counts(pane):
    pane.fold(True)
    assert not pane.table.isVisible() and pane.summary.height() == 32
    assert pane.summary._words[0].text() == "不可用 1"


def test_an_empty_board_says_so(pane, city, pump):
    city.unit_rows = []
    city.runner.announce({"units"})
    pump()
    assert pane._empty.isVisible()


@pytest.fixture
def told(pane):
    found = []
    for name in ("state_requested", "call_requested", "move_wanted", "undo_wanted"):
        getattr(pane, name).connect(lambda *args, name=name: found.append((name, *args)))
    return found


def press(pane, unit_id, *keys):
    pane.select(unit_id)
    for key in keys:
        QTest.keyClick(pane.table, key)


def test_one_key_is_one_step(pane, told):
    press(pane, "u-消防101", Qt.Key.Key_Period, Qt.Key.Key_1, Qt.Key.Key_R, Qt.Key.Key_C, Qt.Key.Key_M)
    press(pane, "u-急救07", Qt.Key.Key_U)
    press(pane, "u-消防203", Qt.Key.Key_Period, Qt.Key.Key_U, Qt.Key.Key_M)
    assert told == [
        ("state_requested", "u-消防101", "returning"), ("state_requested", "u-消防101", "returning"), ("call_requested", "u-消防101", "ok"),
        ("call_requested", "u-消防101", "called"), ("move_wanted", "u-消防101"), ("state_requested", "u-急救07", "dispatched"),
    ]
    QTest.keyClick(pane.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == ("undo_wanted",)


def test_the_title_tells_the_keys_of_the_selected_unit(pane):
    def shown():
        return [(key.text(), word.text()) for key, word in pane.keys._pairs if not key.isHidden()]

    pane.select("u-急救07")
    assert shown()[:2] == [(".", "回执"), ("U", "送达回执")] and shown()[-1] == ("空格", "改状态")
    pane.select("u-消防203")
    assert shown() == [("空格", "改状态")]


def test_who_needs_somebody_is_counted_and_reached_first(pane, city, pump):
    assert pane.attention.text() == "▲ 待处理 1"
    pane.select("u-消防203")
    pane.enter_rows()
    assert pane.board.unit_at(pane.table.currentIndex()).name == "急救07"
    lost = tuple(Call(NOW, "missed", n) for n in (1, 2))
    city.unit_rows[0]["watch"] = {"limit": None, "number": "", "rules": Rules(), "heard": NOW - timedelta(minutes=30), "calls": lost}
    city.runner.announce({"log"})
    pump()
    assert pane.attention.text() == "✕ 失联 1 · ▲ 待处理 2" == pane.summary.attention.text()
    pane.select("u-消防203")
    pane.enter_rows()
    assert pane.board.unit_at(pane.table.currentIndex()).name == "消防101"


def test_a_filter_is_typed_and_left(pane):
    pane.activateWindow()
    press(pane, "u-消防203", Qt.Key.Key_F)
    pane.filter.setText("急救")
    assert sum(number for _, number in pane.board.counts()) == 1
    QTest.keyClick(pane.filter, Qt.Key.Key_Escape)
    assert sum(number for _, number in pane.board.counts()) == 5 and pane.filter.text() == ""
