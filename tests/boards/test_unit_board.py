from __future__ import annotations

from PySide6.QtCore import Qt

from weihai_command.boards.incident_board import ROW


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
