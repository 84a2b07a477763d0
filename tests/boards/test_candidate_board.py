from __future__ import annotations

from PySide6.QtCore import Qt

from tests.fake_desk import NOW, unit
from weihai_command.boards.candidate_board import CandidateBoard, candidates
from weihai_command.boards.unit_rows import unit_row


def some(city):
    units = [unit_row(raw, NOW) for raw in [*city.unit_rows, unit("排水05", kind="drain")]]
    return candidates(city.recommended_rows, units, "i-应0417")


def test_recommended_first_then_free_then_busy(city):
    found = some(city)
    assert [each.name for each in found] == ["消防203", "巡警12", "排水05", "急救07"]
    assert found[-1].is_busy and found[0].distance == "4.6 km"


def test_checked_units_stay_checked_while_filtering(city, qapp):
    board = CandidateBoard()
    board.take(some(city), fresh=True)
    board.toggle(0)
    board.search("排水")
    assert board.rowCount() == 1
    board.setData(board.index(0, 0), True, Qt.ItemDataRole.CheckStateRole)
    assert board.picked() == ["u-消防203", "u-排水05"]
    board.take(some(city), fresh=False)
    assert len(board.picked()) == 2
    board.take(some(city), fresh=True)
    assert board.picked() == []
