from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import FakeCity, ago, incident
from weihai_command.boards.advice import Advice, SimilarRow, parts_of
from widgets.advice_box import AdviceBox

PLACE = {"name": "皇冠街道", "lon": 122.1, "lat": 37.4, "radius_m": 800.0, "district": "经区", "town": "皇冠街道", "note": ""}
FOUND: dict[str, Any] = {
    "types": [{"value": "gas_leak", "word": "燃气泄漏", "reasons": ["燃气味"]}, {"value": "fire_house", "word": "居民楼火情", "reasons": ["冒烟"]}],
    "grade": {"value": 4, "word": "Ⅳ", "reasons": ["未见伤亡数字"]}, "priority": {"value": "urgent", "word": "1", "reasons": ["被困"]},
    "places": [{"words": "皇冠街道", "place": PLACE, "candidates": []}],
}
TWO_PLACES = {**FOUND, "places": [{"words": "张村", "place": None, "candidates": [PLACE, {**PLACE, "name": "张村镇"}]}]}
SIMILAR = {"id": "i-应0417", "number": "应0417", "title": "<b>燃气</b>", "state": "active", "type": "gas_leak", "score": 0.9, "distance_m": 110.0,
           "apart_s": 540.0, "reasons": ["同类型"]}


@pytest.fixture
def box(themed):
    made = AdviceBox()
    made.resize(480, 300)
    yield made
    made.deleteLater()


def until(check) -> bool:
    """Whether `check` holds within some patience."""
    for _ in range(200):
        if check():
            return True
        QTest.qWait(25)
    return False


def heard(signal) -> list[Any]:
    found: list[Any] = []
    signal.connect(lambda *values: found.append(values if len(values) > 1 else values[0]))
    return found


def test_only_what_is_lacking_is_suggested_and_taken_as_one(box):
    fields = heard(box.taken)
    box.show_advice(Advice(parts_of(FOUND, {"type": "noise", "track": "emergency"})))
    assert [part.name for part in box.parts] == ["grade", "priority", "place"]
    assert box.press_take()
    assert fields == [{"grade": 4, "priority": "urgent", "place": "皇冠街道", "lon": 122.1, "lat": 37.4, "radius_m": 800.0, "district": "经区", "town": "皇冠街道"}]
    assert "±800 m" in box.lines[2].choice.text_shown() and "皇冠街道" in box.lines[2].reason.text()


def test_an_ambiguous_place_is_listed_and_only_taken_when_chosen(box):
    fields = heard(box.taken)
    box.show_advice(Advice(parts_of(TWO_PLACES, {"type": "x", "grade": 1, "priority": "low"})))
    assert not box.press_take() and fields == [] and "2 处可能" in box.lines[0].choice.text_shown()
    menu = box.lines[0].menu()
    assert len(menu.actions()) == 3
    menu.actions()[1].trigger()
    assert box.press_take() and fields[0]["place"] == "张村镇"
    menu.deleteLater()


def test_a_choice_of_a_person_stays_while_the_same_is_offered(box):
    box.show_advice(Advice(parts_of(FOUND, {})))
    box.lines[0].decided.emit(1)
    box.show_advice(Advice(parts_of(FOUND, {})))
    assert box.parts[0].option.fields == {"type": "fire_house"}
    box.lines[0].decided.emit(None)
    fields = heard(box.taken)
    box.press_take()
    assert "type" not in fields[0]


def test_joining_asks_once_more(box):
    joined, opened = heard(box.join_wanted), heard(box.opened)
    box.show_advice(Advice((), (SimilarRow("a", "应0417", "燃气", "处置中", "相距 110 m"),)))
    assert box.press_open() and opened == ["a"]
    assert box.press_join() and joined == []
    assert box.press_join() and joined == ["a"]


def test_what_may_be_the_same_has_the_whole_width_and_its_question_the_room_of_a_button(box):
    row = SimilarRow("i-应0417", "应0417", "皇冠街道沿街商铺燃气泄漏", "处置中", "相距 110 m")
    box.resize(328, 300)
    box.show()
    box.show_advice(Advice((), (row, row)))
    QTest.qWait(20)
    first = box.similar[0]
    assert first.title.width() >= box.width() - 34 and first.open.geometry().right() < first.join.geometry().left()
    box.press_join()
    QTest.qWait(20)
    assert first.open.isHidden() and first.join.geometry().right() < box.width() and not box.similar[1].open.isHidden()
    box.most_similar = 1
    box.show_advice(Advice((), (row, row)))
    assert not first.isHidden() and box.similar[1].isHidden()


def test_a_stump_of_a_reason_is_left_to_the_tooltip(box):
    line = box.lines[0]
    line.reason.setText("依据：田和街道古寨；古寨无坐标")
    line.reason.setFixedWidth(40)
    empty = line.reason.grab().toImage()
    line.reason.setText("")
    assert empty == line.reason.grab().toImage()
    line.reason.setText("依据：田和街道古寨；古寨无坐标")
    line.reason.setFixedWidth(120)
    full = line.reason.grab().toImage()
    line.reason.setText("")
    assert full != line.reason.grab().toImage()


def test_the_key_that_comes_before_the_suggestion_takes_it(box):
    fields = heard(box.taken)
    assert not box.press_take()
    box.show_advice(Advice(parts_of(FOUND, {})))
    assert fields == [] and not box.is_eager
    box.show_advice(Advice())
    box.wait()
    assert not box.press_take() and box.is_eager
    box.show_advice(Advice(parts_of(FOUND, {})))
    box.show_advice(Advice(parts_of(FOUND, {})))
    assert [each["type"] for each in fields] == ["gas_leak"]


def test_nothing_to_suggest_takes_no_room(box):
    box.show_advice(Advice())
    assert box.isHidden() and not box.press_take() and not box.press_join() and not box.press_open()


def test_f2_the_text_the_suggestion_and_enter_are_four_entries(window, city: FakeCity, pump):
    city.suggestion = FOUND
    QTest.keyClick(window, Qt.Key.Key_F2)
    report = window.panels.report
    QTest.keyClicks(report.name, "gas")
    assert until(lambda: not report.advice.isHidden())
    assert not report.type.currentText()
    QTest.keyClick(report.name, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(report.name, Qt.Key.Key_Return)
    pump()
    sent = next(call for call in city.calls if call[0] == "report")[-1]
    assert sent["title"] == "gas" and sent["type"] == "gas_leak" and sent["priority"] == "urgent" and sent["grade"] == 4
    assert (sent["lon"], sent["radius_m"], sent["place"]) == (122.1, 800.0, "皇冠街道") and "town" not in sent


def test_text_suggestion_and_enter_in_one_breath_report_with_the_suggestion(window, city: FakeCity, pump):
    city.suggestion = FOUND
    window.panels.start_report()
    report = window.panels.report
    report.name.setText("皇冠街道闻到燃气味")
    QTest.keyClick(report.name, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(report.name, Qt.Key.Key_Return)
    assert not any(call[0] == "report" for call in city.calls)
    assert until(lambda: any(call[0] == "report" for call in city.calls))
    sent = next(call for call in city.calls if call[0] == "report")
    assert sent[1]["type"] == "gas_leak" and sent[1]["place"] == "皇冠街道"


def test_what_the_officer_has_written_is_not_written_over(window, city: FakeCity, pump):
    report = window.panels.report
    window.panels.start_report()
    report.type.choose("noise")
    report.place_name.setText("别处")
    report.take({"type": "gas_leak", "priority": "urgent", **{name: PLACE[name] for name in ("lon", "lat", "radius_m")}, "place": "皇冠街道"})
    draft = report.draft()
    assert draft["type"] == "noise" and draft["place"] == "别处" and "lon" not in draft and draft["priority"] == "urgent"


def test_a_report_of_what_is_known_becomes_a_line_of_it(window, city: FakeCity, pump):
    city.suggestion, city.similar_rows = FOUND, [SIMILAR]
    window.panels.start_report()
    report = window.panels.report
    report.name.setText("燃气味")
    assert until(lambda: not report.advice.isHidden())
    assert report.advice.similar[0].title.text() == "应0417 <b>燃气</b>"
    for _ in range(2):
        QTest.keyClick(report.name, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    pump()
    note = next(call for call in city.calls if call[0] == "note")
    assert note[1] == "i-应0417" and "燃气味" in note[2] and report.isHidden() and report.name.text() == ""
    assert not any(call[0] == "report" for call in city.calls)


def test_c_claims_opens_and_alt_enter_takes_the_suggestion(window, city: FakeCity, pump):
    city.suggestion = FOUND
    city.incident_rows.append(incident("应0500", title="闻到燃气味", state="new", priority=None, source="public", reported_at=ago(20)))
    window.boards.refresh()
    pump()
    window.list.chips["intake"].click()
    pump()
    assert window.list.chips["intake"].property("tone") == "near"
    window.list.table.setFocus()
    window.list.table.selectRow(window.boards.incidents.row_of_id("i-应0500"))
    QTest.keyClick(window.list.table, Qt.Key.Key_C)
    pump()
    assert [call[:2] for call in city.calls if call[0] == "claim"] == [("claim", "i-应0500")]
    assert window.boards.detail.incident_id == "i-应0500"
    assert until(lambda: not window.detail.advice.isHidden())
    QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert until(lambda: any(call[0] == "edit" for call in city.calls))
    edit = next(call for call in city.calls if call[0] == "edit")
    assert edit[1] == "i-应0500" and edit[2]["type"] == "gas_leak" and edit[2]["lon"] == 122.1


def test_an_arriving_message_moves_nothing_that_is_read(window, city: FakeCity, pump):
    window.open_incident("i-应0417")
    pump()
    city.incident_rows.append(incident("应0600", title="新来件", state="new", priority="urgent", source="grid", reported_at=ago(0)))
    city.runner.announce({"incidents"})
    assert until(lambda: window.boards.incidents.find("i-应0600") is not None)
    assert window.boards.detail.incident_id == "i-应0417" and window.list.table.selected_id == "i-应0417"
    assert window.boards.incidents.counts["intake"] >= 1 and window.panels.report.isHidden()
