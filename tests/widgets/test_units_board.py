from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

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
