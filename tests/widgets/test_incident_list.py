from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.fake_desk import ago, incident
from weihai_command.boards.incident_board import NUMBER, OWNER, PLACE, STATE, SYNC, TYPE, URGENCY
from weihai_command.domain.rights import Post
from widgets import theme
from widgets.incident_delegate import column_widths
from widgets.incident_list import IncidentList


@pytest.fixture
def pane(themed, boards):
    made = IncidentList(boards.incidents)
    made.resize(640, 664)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_wide_columns_are_the_mockups_and_fill_the_pane():
    widths = column_widths(640, 0, compact=False)
    assert sum(widths.values()) == 640
    assert (widths[TYPE], widths[PLACE]) == (103, 93)


def test_the_narrow_columns_leave_out_owner_and_fill_the_pane():
    widths = column_widths(456, 0, compact=True)
    assert sum(widths.values()) == 456 and widths[OWNER] == 0


def test_moving_chooses_and_enter_opens(pane):
    chosen, opened = [], []
    pane.chosen.connect(chosen.append)
    pane.opened.connect(opened.append)
    pane.enter_rows()
    QTest.keyClick(pane.table, Qt.Key.Key_Down)
    QTest.keyClick(pane.table, Qt.Key.Key_Return)
    assert chosen == ["i-应0417", "i-应0421"] and opened == ["i-应0421"]


def test_a_selection_from_outside_is_silent_and_survives_a_reset(pane, city, pump):
    chosen = []
    pane.chosen.connect(chosen.append)
    pane.select("i-案2086")
    city.incident_rows.insert(0, incident("应0500", priority="urgent"))
    city.runner.announce({"incidents"})
    pump()
    assert chosen == []
    assert pane.board.row_at(pane.table.currentIndex().row()).number == "案2086"


def test_chips_count_and_filter(pane):
    assert pane.chips["pending"].text() == "待发 1"
    pane.chips["municipal"].click()
    assert pane.footer.text() == "按紧急度排序 · 1 / 4"


def test_nothing_found_offers_the_way_back(pane):
    pane.search.setText("没有这件")
    assert pane._stack.currentIndex() == 1
    QTest.keyClick(pane.search, Qt.Key.Key_Escape)
    assert pane.search.text() == "" and pane._stack.currentIndex() == 0


def test_the_search_field_hands_down_to_the_rows(pane):
    pane.start_search()
    pane.search.setText("案")
    QTest.keyClick(pane.search, Qt.Key.Key_Down)
    assert pane.board.row_at(pane.table.currentIndex().row()).number == "案2086"


def test_table_and_search_have_names(pane):
    assert pane.table.accessibleName() == "事件列表" and pane.search.accessibleName()


def test_rows_are_painted_in_the_words_of_their_limits(pane):
    pane.board.search("")
    image = pane.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(400, 530) for y in range(130, 250)}
    wanted = {theme.colour("yellow").name(), theme.colour("red_text").name()}
    assert wanted <= colours


def shown(pane):
    return [pane.board.row_at(row).number for row in range(pane.board.rowCount())]


def test_a_head_sorts_up_then_down_then_by_urgency_again(pane):
    by_urgency = shown(pane)
    pane.table.head.sort_by(NUMBER)
    assert shown(pane) == sorted(by_urgency) and pane.footer.text().startswith("按编号升序 · ")
    pane.table.head.sort_by(NUMBER)
    assert shown(pane) == sorted(by_urgency, reverse=True) and pane.footer.text().startswith("按编号降序 · ")
    pane.table.head.sort_by(NUMBER)
    assert shown(pane) == by_urgency and pane.footer.text().startswith("按紧急度排序 · ")


def test_alt_with_the_arrows_sorts_from_the_keyboard(pane):
    alt = Qt.KeyboardModifier.AltModifier
    by_urgency = shown(pane)
    pane.enter_rows()
    QTest.keyClick(pane.table, Qt.Key.Key_Left, alt)
    assert pane.board.sorting == (SYNC, False), "before urgency stands the last column"
    for _ in range(5):
        QTest.keyClick(pane.table, Qt.Key.Key_Right, alt)
    QTest.keyClick(pane.table, Qt.Key.Key_Down, alt)
    assert pane.board.sorting == (NUMBER, True) and shown(pane) == sorted(by_urgency, reverse=True)
    QTest.keyClick(pane.table, Qt.Key.Key_Up, alt)
    assert shown(pane) == sorted(by_urgency)
    pane.set_compact(True)
    for _ in range(6):
        QTest.keyClick(pane.table, Qt.Key.Key_Right, alt)
    assert pane.board.sorting == (STATE, False), "columns that a narrow list leaves out are passed over"


def test_a_kept_way_of_sorting_is_taken_up_and_nonsense_is_not(pane):
    pane.board.set_sorting([PLACE, True])
    assert pane.board.sorting == (PLACE, True)
    for odd in (None, "x", [99, True], [PLACE], [PLACE, 1], ["1", False], {}):
        pane.board.set_sorting(odd)
        assert pane.board.sorting == (URGENCY, False)


def test_news_above_leave_the_row_at_the_top_where_it_was(pane, city, pump):
    city.incident_rows += [incident(f"应{number}", priority="low") for number in range(1000, 1100)]
    city.runner.announce({"incidents"})
    pump()
    bar = pane.table.verticalScrollBar()
    bar.setValue(1005)
    top = pane.table.indexAt(QPoint(1, 1))
    before, offset = pane.board.row_at(top.row()).number, pane.table.visualRect(top).top()
    city.incident_rows += [incident(f"应05{number:02d}", priority="urgent") for number in range(3)]
    city.runner.announce({"incidents"})
    pump()
    top = pane.table.indexAt(QPoint(1, 1))
    assert (pane.board.row_at(top.row()).number, pane.table.visualRect(top).top()) == (before, offset)
    pane.search.setText("应10")
    assert bar.value() == 0, "another filter begins at its beginning"


def test_f7_walks_round_the_messages_that_nobody_has_claimed(pane, city, pump):
    chosen = []
    pane.chosen.connect(chosen.append)
    city.incident_rows += [incident("应0501", state="new", owner=None, unit_ids=[]), incident("应0502", state="new", owner=None, unit_ids=[])]
    city.runner.announce({"incidents"})
    pump()
    pane.search.setText("应0417")
    waiting = pane.board.counts["intake"]
    for _ in range(waiting + 1):
        pane.next_message()
    assert pane.board.chip == "intake" and pane.search.text() == "" and pane.board.rowCount() == waiting >= 2
    assert chosen[:-1] == [pane.board.row_at(place).id for place in range(waiting)] and chosen[-1] == chosen[0]


def arrive(pane, city, pump, *rows):
    """`rows` come in; back when the last of all stands in the list as it is now."""
    city.incident_rows += rows
    city.runner.announce({"incidents"})
    wanted = [(each["id"], each["state"]) for each in city.incident_rows]
    for _ in range(100):
        pump()
        if all((row := pane.board.find(ident)) is not None and row.state == state for ident, state in wanted):
            return
    raise AssertionError("the rows did not come in")


def place_of(pane, number):
    return pane.table.visualRect(pane.board.index(pane.board.row_of_id(f"i-{number}"), 0)).top()


def test_a_message_that_arrives_above_leaves_the_chosen_row_where_it_stood(pane, city, pump):
    arrive(pane, city, pump, *(incident(f"应{1000 + age}", state="new", owner=None, reported_at=ago(age)) for age in range(2, 62)))
    pane.chips["intake"].click()
    pane.select("i-应1005")
    before = place_of(pane, "应1005")
    assert before > 0 and pane.table.verticalScrollBar().value() == 0
    arrive(pane, city, pump, incident("应1200", state="new", owner=None, reported_at=ago(0)))
    assert pane.board.row_at(0).number == "应1200" and place_of(pane, "应1005") == before
    pane.table.verticalScrollBar().setValue(500)
    pane.select("i-应1030")
    before = place_of(pane, "应1030")
    arrive(pane, city, pump, *(incident(f"应13{age:02d}", state="new", owner=None, reported_at=ago(age / 10)) for age in range(4)))
    assert place_of(pane, "应1030") == before


def test_at_the_top_with_nothing_chosen_one_sees_what_comes_in(pane, city, pump):
    arrive(pane, city, pump, *(incident(f"应{1000 + age}", state="new", owner=None, reported_at=ago(age)) for age in range(2, 62)))
    pane.chips["intake"].click()
    arrive(pane, city, pump, incident("应1200", state="new", owner=None, reported_at=ago(0)))
    assert pane.table.verticalScrollBar().value() == 0 and place_of(pane, "应1200") == 0


def test_a_chosen_row_that_goes_elsewhere_is_not_followed(pane, city, pump):
    arrive(pane, city, pump, *(incident(f"应{number}", priority="low") for number in range(1000, 1100)))
    pane.table.verticalScrollBar().setValue(1000)
    row = pane.table.rowAt(300)
    chosen, above = pane.board.row_at(row).id, pane.board.row_at(row - 1).number
    pane.select(chosen)
    before = place_of(pane, above)
    next(each for each in city.incident_rows if each["id"] == chosen).update(state="ended", state_at=ago(0))
    arrive(pane, city, pump)
    assert pane.board.row_of_id(chosen) > 90 and place_of(pane, above) == before


def test_a_department_has_a_chip_of_its_own_and_a_way_to_all(pane, boards, city, pump):
    assert pane.chips["own"].isHidden() and not pane.chips["intake"].isHidden()
    city.desk.officer = SimpleNamespace(user="shuiwu", name="水务", role="department", post=Post("water"))
    boards.acts.officer_changed.emit()
    pump()
    assert pane.chips["own"].isChecked() and pane.chips["own"].text() == "本部门 1" and not pane.chips["all"].isHidden()
    assert pane.chips["intake"].isHidden() and pane.chips["emergency"].isHidden() and pane.board.rowCount() == 1
    pane.chips["all"].click()
    assert pane.board.rowCount() == 4 and pane.footer.text().endswith("4 / 4")
    pane.clear_filter()
    assert pane.board.chip == "own" and pane.board.rowCount() == 1


def claim(pane, city, pump, number, owner="wang"):
    next(row for row in city.incident_rows if row["number"] == number)["owner"] = owner
    city.runner.announce({"incidents"})
    pump()


def test_after_a_claim_the_next_message_is_marked_and_the_claimed_one_stays_open(pane, city, pump):
    """The mark opens nothing by itself; F7, Enter and a click open what it stands on. After the last one the list shows the claimed incident."""
    chosen = []
    pane.chosen.connect(chosen.append)
    city.incident_rows += [incident(f"应05{n:02}", state="new", owner=None, reported_at=ago(n)) for n in (3, 4, 5)]
    city.runner.announce({"incidents"})
    pump()
    pane.next_message()
    pane.next_message()
    assert [pane.board.row_at(row).number for row in range(4)] == ["应0421", "应0503", "应0504", "应0505"]
    claim(pane, city, pump, "应0503")
    table = pane.table
    assert pane.board.row_at(table.currentIndex().row()).number == "应0504" and table.open_id == "i-应0503" and chosen == ["i-应0421", "i-应0503"]
    pane.next_message()
    assert chosen[-1] == table.open_id == "i-应0504"
    claim(pane, city, pump, "应0504")
    assert pane.board.row_at(table.currentIndex().row()).number == "应0505"
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen[-1] == "i-应0505"
    claim(pane, city, pump, "应0505")
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(pane.board.index(0, NUMBER)).center())
    assert chosen[-1] == "i-应0421" and pane.board.chip == "intake"
    claim(pane, city, pump, "应0421")
    assert pane.board.chip == "all" and pane.chips["all"].isChecked()
    assert pane.board.row_at(table.currentIndex().row()).number == "应0421" and len(chosen) == 5


def test_a_message_that_another_desk_claims_leaves_the_empty_list_as_it_is(pane, city, pump):
    pane.next_message()
    claim(pane, city, pump, "应0417", "li")
    claim(pane, city, pump, "应0421", "li")
    assert pane.board.chip == "intake" and pane.board.rowCount() == 0
