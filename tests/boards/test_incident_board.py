from __future__ import annotations

from PySide6.QtCore import Qt

from tests.fake_desk import incident
from weihai_command.boards.incident_board import ELAPSED, GRADE, LEFT, NUMBER, SYNC, TYPE


def numbers(board):
    return [board.row_at(row).number for row in range(board.rowCount())]


def test_rows_stand_by_urgency(boards):
    assert numbers(boards.incidents) == ["应0417", "应0421", "案2086", "应0402"]


def test_cells_read_as_words(boards):
    board = boards.incidents
    cell = {column: board.index(0, column).data() for column in (NUMBER, TYPE, ELAPSED, LEFT)}
    assert cell == {NUMBER: "应0417", TYPE: "燃气泄漏", ELAPSED: "0:23", LEFT: "剩 0:07"}
    assert board.index(0, GRADE).data(Qt.ItemDataRole.AccessibleTextRole) == "Ⅲ 较大"
    assert board.index(1, SYNC).data(Qt.ItemDataRole.AccessibleTextRole) == "待发送"


def test_chip_and_search_narrow_together(boards):
    board = boards.incidents
    board.show_chip("emergency")
    board.search("落水")
    assert numbers(board) == ["应0421"] and board.is_narrowed
    board.show_chip("municipal")
    assert board.rowCount() == 0
    assert board.total == 4


def test_only_changes_of_incidents_are_read_again(boards, city, pump):
    city.runner.asked.clear()
    city.runner.announce({"log"})
    pump()
    assert "incidents" not in city.runner.asked
    city.runner.announce({"incidents"})
    pump()
    assert "incidents" in city.runner.asked


def test_the_same_rows_are_repainted_and_not_reset(boards, city, pump):
    resets, repaints = [], []
    boards.incidents.modelReset.connect(lambda: resets.append(1))
    boards.incidents.dataChanged.connect(lambda first, last, *_: repaints.append((first.row(), last.row())))
    city.incident_rows[0]["state"] = "monitored"
    city.runner.announce({"incidents"})
    pump()
    place = boards.incidents.row_of_id(city.incident_rows[0]["id"])
    assert repaints == [(place, place)] and not resets
    city.incident_rows.append(incident("应0500", priority="urgent"))
    city.runner.announce({"incidents"})
    pump()
    assert resets and "应0500" in numbers(boards.incidents)


def test_a_tick_moves_limits_without_reading(boards, city):
    city.runner.asked.clear()
    touched = []
    boards.incidents.dataChanged.connect(lambda first, last, *_: touched.append((first.column(), last.column())))
    boards.clock.aged.emit()
    assert touched and not city.runner.asked


def test_own_acts_are_counted_under_my_name(boards):
    assert boards.incidents.counts["mine"] == 1 and boards.incidents.counts["pending"] == 1
