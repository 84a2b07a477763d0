from __future__ import annotations

from PySide6.QtCore import Qt

from tests.fake_desk import NOW, unit
from weihai_command.boards.candidate_board import CandidateBoard, candidates
from weihai_command.boards.unit_rows import unit_row


def some(city, plan=None):
    units = [unit_row(raw, NOW) for raw in [*city.unit_rows, unit("排水05", kind="drain")]]
    return candidates(city.recommended_rows, units, "i-应0417", plan)


def test_recommended_first_then_free_then_busy(city):
    found = some(city)
    assert [each.name for each in found] == ["消防203", "巡警12", "排水05", "急救07"]
    assert found[-1].is_busy and found[-1].is_committed and found[0].distance == "4.6 km"


def test_the_picks_of_the_plan_stand_before_all(city):
    pick = {"unit_id": "u-巡警12", "name": "巡警12", "kind": "police", "free": True, "state": "available", "role_word": "公安", "distance_m": 900,
            "reason": "直线 0.9 km（估算），空闲，归队才 3 分钟", "notes": ["空闲", "归队才 3 分钟"]}
    passed = [{"unit_id": "u-消防203", "role_word": "消防", "why": "消防203 更近（0.5 km）未选：隔海"}]
    found = some(city, {"picks": [pick], "passed": passed})
    assert found[1].reason == "直线 4.6 km；消防203 更近（0.5 km）未选：隔海"
    assert [each.name for each in found] == ["巡警12", "消防203", "排水05", "急救07"] and found[0].told == "公安 · 归队才 3 分钟"


def test_a_busy_one_says_where_and_one_that_returns_cannot_be_moved(city):
    city.recommended_rows += [
        {"unit_id": "u-急救07", "name": "急救07", "kind": "medical", "state": "dispatching", "free": False, "notes": ["派遣中，正在应0409"]},
        {"unit_id": "u-x", "name": "急救08", "kind": "medical", "state": "returning", "free": False, "notes": ["返回，尚未归队"]},
    ]
    found = {each.name: each for each in some(city)}
    assert (found["急救07"].told, found["急救07"].is_committed) == ("正在应0409", True)
    assert (found["急救08"].told, found["急救08"].is_busy, found["急救08"].is_committed) == ("尚未归队", True, False)


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


def test_the_plan_is_checked_until_the_officer_looks_for_somebody_or_checks_by_hand(city, qapp):
    board = CandidateBoard()
    board.take(some(city), fresh=True, picked=["u-消防203", "u-排水05", "u-nobody"])
    assert board.picked() == ["u-消防203", "u-排水05"]
    board.search("巡警")
    assert board.picked() == []
    board.search("")
    assert board.picked() == ["u-消防203", "u-排水05"]
    board.toggle(0)
    board.search("巡警")
    assert board.picked() == ["u-排水05"]
    board.clear()
    board.search("")
    assert board.picked() == []
