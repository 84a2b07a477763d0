from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from PySide6.QtCore import Qt

from tests.fake_desk import NOW, ago, incident
from weihai_command.boards import incident_board
from weihai_command.boards.incident_board import ELAPSED, GRADE, LEFT, NUMBER, OWNER, SYNC, TYPE, URGENCY
from weihai_command.domain.rights import Post
from weihai_command.operations.incident_list import Listing


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


def test_a_long_list_is_arranged_by_a_reader_and_a_late_answer_is_dropped(boards, city, pump, monkeypatch):
    monkeypatch.setattr(incident_board, "AT_ONCE", 0)
    board, before = boards.incidents, numbers(boards.incidents)
    resets = []
    board.modelReset.connect(lambda: resets.append(numbers(board)))
    city.runner.asked.clear()
    board.search("落水")
    board.search("应04")
    assert numbers(board) == before and city.runner.asked == ["incidents:shown"] * 2
    pump()
    assert resets == [["应0417", "应0421", "应0402"]], "the first question's answer came late and was not shown"


def test_a_reading_that_was_overtaken_by_the_clock_is_asked_again(boards, city, pump):
    board, before = boards.incidents, boards.incidents.counts["overdue"]
    later = NOW + timedelta(minutes=8)
    city.incident_rows[0]["owner"] = "li"
    board.refresh()
    boards.clock.now = lambda: later
    boards.clock.aged.emit()
    passed = board.counts["overdue"]
    assert passed > before, "a deadline has passed"
    pump()
    assert board.find("i-应0417").owner == "li" and board.counts["overdue"] == passed


def test_a_table_that_the_clock_overtook_is_made_ready_too(boards, city, pump, monkeypatch):
    monkeypatch.setattr(incident_board, "AT_ONCE", 0)
    board = boards.incidents
    assert not board.is_ready
    boards.clock.now = lambda: NOW + timedelta(minutes=8)
    boards.clock.aged.emit()
    pump()
    assert board.is_ready
    city.runner.asked.clear()
    board.refresh()
    pump()
    assert "incidents:ahead" not in city.runner.asked, "what is ready is not asked for again"


def test_what_changed_alone_is_asked_for_and_laid_over(boards, city, pump):
    changed = {**city.incident_rows[2], "title": "供水恢复", "number": "案2086"}
    marks = []

    def changes(desk, shape, mark=None):
        marks.append(mark)
        return Listing([shape(changed)], {"i-应0402"}, "next", is_whole=False)

    city.queries.incident_changes = changes
    city.runner.announce({"incidents"})
    pump()
    board = boards.incidents
    assert numbers(board) == ["应0417", "应0421", "案2086"] and board.find("i-案2086").title == "供水恢复"
    city.runner.announce({"incidents"})
    pump()
    assert marks == [None, "next"]


def test_messages_begin_with_the_newest_and_say_how_long_they_wait(boards, city, pump):
    board = boards.incidents
    city.incident_rows += [incident(f"应06{age:02d}", state="new", owner=None, priority="urgent", reported_at=ago(age), source="grid") for age in (9, 1)]
    city.incident_rows.append(incident("应0630", state="new", owner=None, priority="urgent", reported_at=ago(30), source="hotline_12345"))
    city.runner.announce({"incidents"})
    pump()
    board.show_chip("intake")
    assert [number for number in numbers(board) if number.startswith("应06")] == ["应0601", "应0609", "应0630"]
    assert (board.headerData(ELAPSED, Qt.Orientation.Horizontal), board.headerData(OWNER, Qt.Orientation.Horizontal)) == ("等候", "来源")
    row = board.row_of_id("i-应0609")
    assert (board.index(row, ELAPSED).data(), board.index(row, OWNER).data()) == ("0:09", "网格")
    assert "12345" in {board.index(place, OWNER).data() for place in range(board.rowCount())}
    board.order_by(NUMBER, is_falling=True)
    assert numbers(board) == sorted(numbers(board), reverse=True), "a column of one's own choice goes first"
    board.order_by(URGENCY)
    board.show_chip("all")
    assert board.headerData(ELAPSED, Qt.Orientation.Horizontal) == "历时" and numbers(board)[0] == "应0630"


def test_a_message_is_late_when_its_first_stage_is_over(boards, city, pump):
    board = boards.incidents
    city.incident_rows[:] = [incident("案3001", track="municipal", state="reported", owner=None, reported_at=ago(14), state_at=ago(14), due_at=None)]
    city.runner.announce({"incidents"})
    pump()
    assert board.counts["intake"] == 1 and not board.is_intake_late
    boards.clock.now = lambda: NOW + timedelta(minutes=2)
    boards.clock.aged.emit()
    assert board.is_intake_late


def test_a_department_begins_with_its_own_cases_and_may_see_all(boards, city, pump):
    """Own department and own area; a case whose place nobody knows is the department's too. The next officer sees everything again."""
    city.incident_rows += [
        incident("案3001", track="municipal", state="dispatched", department="water", district="环翠区"),
        incident("案3002", track="municipal", state="dispatched", department="water", district="荣成市"),
        incident("案3003", track="municipal", state="dispatched", department="city"),
    ]
    board = boards.incidents
    assert board.home == "all" and board.counts["own"] == 0
    city.desk.officer = SimpleNamespace(user="shuiwu", name="水务", role="department", post=Post("water", "371002"))
    boards.acts.officer_changed.emit()
    pump()
    assert (board.chip, board.home, board.is_narrowed, set(numbers(board))) == ("own", "own", False, {"案2086", "案3001"})
    board.show_chip("all")
    assert board.is_narrowed and len(numbers(board)) == board.counts["all"] == 7
    city.incident_rows[-2]["district"] = "环翠区"
    city.runner.announce({"incidents"})
    pump()
    assert board.chip == "all" and board.counts["own"] == 3
    city.desk.officer = SimpleNamespace(user="li", name="李", role="department", post=Post())
    boards.acts.officer_changed.emit()
    pump()
    assert (board.chip, board.home, board.counts["own"]) == ("all", "all", 0)
