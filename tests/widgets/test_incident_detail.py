from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import allowed, conflict, incident
from widgets.act_form import ActForm
from widgets.incident_detail import IncidentDetail


@pytest.fixture
def pane(themed, boards, pump):
    made = IncidentDetail(boards.detail, boards.timeline, boards.acts.can)
    made.resize(480, 952)
    made.show()
    boards.detail.open("i-应0417")
    pump()
    yield made
    made.close()
    made.deleteLater()


def heard(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def test_the_head_says_what_it_is(pane):
    head = pane.head
    assert (head.title.text(), head.number.text(), head.state.text()) == ("皇冠街道燃气泄漏", "应0417", "处置中")
    assert head.middle[0].text_shown() == "转关注" and head.end.property("dim") is True


def test_a_digit_sends_the_recommended_unit(pane):
    sent = heard(pane.dispatch_requested)
    QTest.keyClick(pane, Qt.Key.Key_1)
    QTest.keyClick(pane, Qt.Key.Key_2)
    assert sent == [("i-应0417", ["u-消防203"])]


def test_alt_digit_is_the_next_step_of_a_unit(pane):
    steps = heard(pane.state_requested)
    QTest.keyClick(pane, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert steps == [("u-消防101", "returning")]


def test_a_digit_in_a_field_is_only_a_digit(pane):
    sent = heard(pane.dispatch_requested)
    pane.want(pane.head.entry("monitor"))
    field = pane.form._controls["reason"]
    QTest.keyClick(field, Qt.Key.Key_1)
    assert sent == [] and field.text() == "1"


def test_a_refused_act_says_why(pane):
    faults = heard(pane.refused)
    pane.head.end.click()
    assert "还有力量在处置" in faults[0][0].sentence()


def test_an_act_with_needs_asks_for_them(pane):
    wanted = heard(pane.act_requested)
    pane.want(pane.head.entry("monitor"))
    assert wanted == [] and pane.form.isVisible()
    pane.form._controls["reason"].setText("水压正常，持续观察")
    QTest.keyClick(pane.form._controls["reason"], Qt.Key.Key_Return)
    assert wanted == [("monitor", "i-应0417", {"reason": "水压正常，持续观察"})]


def test_an_act_without_needs_is_done_at_once(pane):
    wanted = heard(pane.act_requested)
    pane.want(pane.head.entry("claim"))
    assert wanted == [("claim", "i-应0417", {})]


def test_an_empty_form_does_not_leave(pane):
    wanted = heard(pane.act_requested)
    pane.want(pane.head.entry("monitor"))
    pane.form.submit()
    assert wanted == [] and pane.form.isVisible()
    QTest.keyClick(pane.form._controls["reason"], Qt.Key.Key_Escape)
    assert not pane.form.isVisible()


def test_dispatch_asks_first_for_what_the_tables_need(pane, boards, city, pump):
    opened = heard(pane.dispatch_wanted)
    pane.start_dispatch()
    assert len(opened) == 1
    city.allowed_rows[0]["needs"] = ["type", "priority", "unit"]
    city.runner.announce({"incidents"})
    pump()
    pane.start_dispatch()
    assert len(opened) == 1 and list(pane.form._controls) == ["type", "priority"]


def test_dispatch_from_a_state_without_it_is_refused_in_words(pane, city, pump):
    faults = heard(pane.refused)
    city.allowed_rows = []
    city.runner.announce({"incidents"})
    pump()
    pane.start_dispatch()
    assert "不能派遣" in faults[0][0].sentence()


def test_a_conflict_shows_three_versions_and_two_ways_out(pane, city, pump):
    choices = heard(pane.resolve_requested)
    assert pane.conflict.isHidden()
    city.conflict_rows = [conflict()]
    city.runner.announce({"conflicts"})
    pump()
    assert pane.conflict.isVisible()
    QTest.keyClick(pane.conflict.mine, Qt.Key.Key_P)
    QTest.keyClick(pane, Qt.Key.Key_M)
    assert choices == [("op-9", "theirs"), ("op-9", "mine")]


def test_the_phone_is_masked_until_asked_for(pane):
    assert pane.facts.description.text() == "来电 138****5678"
    pane.facts.reveal.click()
    assert pane.facts.description.text() == "来电 13812345678"


def test_a_case_without_units_shows_no_unit_sections(pane, boards, pump):
    boards.detail.open("i-案2086")
    pump()
    assert pane.assignments.isHidden() and pane.recommended.isHidden() and pane.timeline.isVisible()


def test_narrow_windows_have_tabs(pane):
    pane.set_compact(True)
    assert pane.tabs.isVisible() and pane.facts.isVisible() and not pane.assignments.isVisible()
    assert pane.timeline.isVisible() and pane.timeline.geometry().bottom() > pane.height() - 8, "no empty room below the facts"
    pane.tabs.setCurrentIndex(1)
    assert pane.assignments.isVisible() and not pane.facts.isVisible() and not pane.timeline.isVisible()
    pane.tabs.setCurrentIndex(2)
    assert pane.timeline.isVisible() and not pane.facts.isVisible()
    pane.set_compact(False)
    assert pane.timeline.isVisible() and pane.facts.isVisible()


def test_nothing_open_says_how_to_begin(pane, boards):
    boards.detail.open("")
    assert pane._stack.currentIndex() == 1


def test_a_type_that_is_not_in_the_table_is_no_answer(themed):
    form, sent = ActForm(), []
    form.submitted.connect(lambda *args: sent.append(args))
    form.ask("edit", "修改", ["type", "priority"], {"priority": "high"})
    form._controls["type"].setEditText("飞碟")
    form.submit()
    assert sent == []
    form._controls["type"].setEditText("燃气泄漏")
    form.submit()
    assert sent == [("edit", {"type": "gas_leak", "priority": "high"})]
    form.deleteLater()


@pytest.mark.parametrize(("width", "compact"), [(480, False), (360, True)])
def test_nothing_in_a_line_lies_over_its_neighbour(pane, city, pump, width, compact):
    for raw in city.assignment_rows:
        raw["sync"] = "pending"
    city.runner.announce({"units"})
    pane.set_compact(compact)
    pane.tabs.setCurrentIndex(1)
    pane.resize(width, 700)
    pump()
    line = pane.assignments.lines[0]
    shown = [each for each in (line.symbol, line.name, line.way, line.word, line.age, line.sync, line.button) if each.isVisible()]
    assert len(shown) >= 5
    for left, right in itertools.pairwise(shown):
        assert left.geometry().right() < right.geometry().left()
    assert pane._scroll.widget().width() <= pane._scroll.viewport().width()


def test_closing_what_came_from_the_municipal_track_asks_what_becomes_of_the_case(pane, city, pump):
    wanted = heard(pane.act_requested)
    city.incident_rows[0]["frozen"] = {"state": "handling", "at": "2026-07-16T16:00:00+08:00"}
    city.allowed_rows[-1] |= {"allowed": True, "reason": "", "needs": ["outcome", "municipal"]}
    city.runner.announce({"incidents"})
    pump()
    pane.start_act("close")
    assert list(pane.form._controls) == ["outcome", "municipal"]
    pane.form._controls["outcome"].setText("险情排除")
    pane.form.submit()
    assert wanted == [] and pane.form.isVisible()
    pane.form._controls["municipal"].choose("resume")
    pane.form.submit()
    assert wanted == [("close", "i-应0417", {"outcome": "险情排除", "municipal": "resume"})]


def test_a_message_begins_with_its_words_and_with_claiming(pane, boards, city, pump):
    def order():
        column = pane.facts.layout()
        return [column.itemAt(place).widget() for place in range(column.count())].index(pane.facts.description)

    assert order() == pane.facts.layout().count() - 1
    city.allowed_rows = [allowed("queue", "待派"), allowed("claim", "认领"), allowed("monitor", "转关注")]
    city.incident_rows.append(incident("应0700", state="new", owner=None, unit_ids=[], description="闻到燃气味"))
    boards.refresh()
    pump()
    boards.detail.open("i-应0700")
    for _ in range(100):
        pump()
        if boards.detail.detail and boards.detail.detail.row.number == "应0700":
            break
    assert order() == 1 and pane.head.middle[0].text_shown() == "认领"
    boards.detail.open("i-应0417")
    pump()
    assert order() == pane.facts.layout().count() - 1
