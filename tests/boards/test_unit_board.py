from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt

from tests.fake_desk import NOW
from weihai_command.boards.incident_board import ROW
from weihai_command.domain.roll_call import Call, Rules


def test_each_state_is_a_column_with_its_count(boards):
    assert dict(boards.units.counts()) == {
        "不可用": 1, "在站": 1, "在外": 1, "已指派": 0, "派遣中": 1, "已派遣": 0, "途中": 0, "到场": 1, "返回": 0,
    }
    assert boards.units.headerData(0, Qt.Orientation.Horizontal, ROW) == 1
    assert boards.units.rowCount() == 1


def test_an_empty_cell_can_not_be_chosen(boards):
    assert boards.units.flags(boards.units.index(0, 3)) == Qt.ItemFlag.NoItemFlags
    assert boards.units.index(0, 3).data() is None


def test_a_cell_speaks(boards):
    spoken = boards.units.index(0, 4).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "急救07 派遣中 未确认 待发送"


def test_units_are_read_again_when_they_change(boards, city, pump):
    city.unit_rows = city.unit_rows[:1]
    city.runner.announce({"incidents"})
    pump()
    assert boards.units.total == 5
    city.runner.announce({"units"})
    pump()
    assert boards.units.total == 1


def test_units_that_are_as_they_were_are_not_laid_out_anew(boards, city, pump):
    resets = []
    boards.units.modelReset.connect(lambda: resets.append(1))
    city.runner.announce({"units"})
    pump()
    assert not resets
    city.unit_rows = city.unit_rows[:1]
    city.runner.announce({"units"})
    pump()
    assert resets


def called(minutes: float) -> dict[str, Any]:
    return {
        "limit": None, "number": "应0417", "rules": Rules(), "heard": NOW - timedelta(minutes=30),
        "calls": (Call(NOW - timedelta(minutes=minutes), "called", 1, "c1", "wang"),),
    }


@pytest.fixture
def painted(boards):
    cells = []
    boards.units.dataChanged.connect(lambda first, last: cells.append((first.row(), first.column(), last.row(), last.column())))
    return cells


def test_a_second_repaints_only_the_cell_that_counts(boards, city, pump, painted):
    city.unit_rows[0]["watch"] = called(0.3)
    city.runner.announce({"units"})
    pump()
    assert painted == [(0, 7, 0, 7)], "nothing was laid out anew"
    painted.clear()
    boards.clock.tick()
    assert painted == [(0, 7, 0, 7)]


def test_ages_repaint_only_what_reads_otherwise(boards, painted):
    boards.clock.aged.emit()
    assert painted == []
    boards.clock.now = lambda: NOW + timedelta(seconds=61)
    boards.clock.aged.emit()
    assert painted == [(0, 7, 0, 7)], "the unit on scene; an unacknowledged one reads the same"


def test_units_that_need_somebody_are_counted_the_gravest_first(boards, city, pump):
    told = []
    boards.units.attention_changed.connect(lambda: told.append(list(boards.units.attention)))
    assert boards.units.attention == ["u-急救07"]
    city.unit_rows[0]["watch"] = called(0.3) | {"calls": (Call(NOW, "missed", 1), Call(NOW, "missed", 2))}
    city.runner.announce({"log"})
    pump()
    assert told == [["u-消防101", "u-急救07"]]
    assert boards.units.index_of("u-消防101").data(Qt.ItemDataRole.AccessibleTextRole) == "消防101 到场 失联?"


def test_a_call_that_ran_out_is_written_by_whoever_made_it(boards, city, pump):
    city.unit_rows[0]["watch"] = called(0.3)
    city.runner.announce({"units"})
    pump()
    boards.clock.tick()
    assert city.calls == []
    boards.clock.now = lambda: NOW + timedelta(seconds=60)
    boards.clock.tick()
    boards.clock.tick()
    assert [call[0] for call in city.calls] == ["write_lapsed"]


def test_a_filter_narrows_the_board_but_not_what_is_known(boards):
    boards.units.search("急救")
    assert dict(boards.units.counts())["派遣中"] == 1 and dict(boards.units.counts())["到场"] == 0
    assert boards.units.total == 5 and len(boards.units.all_units()) == 5
    assert not boards.units.index_of("u-消防101").isValid()
    boards.units.search("")
    assert boards.units.index_of("u-消防101").isValid()


def test_the_card_is_never_markup(boards, city, pump):
    city.unit_rows[0]["contact"] = "<b>13812345678</b>"
    city.runner.announce({"units"})
    pump()
    shown = boards.units.index_of("u-消防101").data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;138****5678" in shown
