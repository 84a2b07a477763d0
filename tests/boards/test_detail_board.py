from __future__ import annotations

from datetime import timedelta

from tests.fake_desk import NOW, ago, conflict
from weihai_command.boards import detail_board
from weihai_command.domain.roll_call import Call, Rules


def test_opening_tells_and_reads(boards, pump):
    opened = []
    boards.detail.opened.connect(opened.append)
    boards.detail.open("i-应0417")
    boards.detail.open("i-应0417")
    pump()
    assert opened == ["i-应0417"]
    assert boards.detail.detail.row.number == "应0417"
    assert [row.next_word for row in boards.detail.detail.assignments] == ["离场"]
    assert boards.detail.detail.assignments[0].segments == 3


def test_a_late_answer_about_another_incident_is_dropped(boards, pump):
    boards.detail.open("i-应0417")
    boards.detail.open("i-案2086")
    pump()
    assert boards.detail.detail.row.number == "案2086"


def test_facts_mask_the_phone_until_it_is_revealed(boards, pump):
    boards.detail.open("i-应0417")
    pump()
    assert {word: text for word, text, _ in boards.detail.facts()}["来电"] == "138****5678"
    boards.detail.reveal(True)
    assert {word: text for word, text, _ in boards.detail.facts()}["来电"] == "13812345678"
    boards.detail.open("i-应0421")
    assert not boards.detail.shows_phone


def test_a_vanished_incident_closes(boards, city, pump):
    boards.detail.open("i-应0417")
    pump()
    city.incident_rows.clear()
    city.runner.announce({"incidents"})
    pump()
    assert boards.detail.detail is None and boards.detail.incident_id == ""


def test_conflicts_of_this_incident_only(boards, city, pump):
    city.conflict_rows = [conflict(), {**conflict("other"), "record_id": "i-x"}]
    boards.detail.open("i-应0417")
    pump()
    assert [each["op_id"] for each in boards.detail.detail.conflicts] == ["op-9"]


def test_an_ended_incident_has_no_recommendation(boards, pump):
    boards.detail.open("i-应0402")
    pump()
    assert boards.detail.detail.recommended == []


def test_the_place_of_a_unit_stays_whatever_the_store_puts_first(boards, city, pump):
    city.assignment_rows = [
        {"id": "b", "incident_id": "i-应0417", "unit_id": "u-急救07", "state": "dispatching", "created_at": ago(1), "ended_at": None},
        {"id": "a", "incident_id": "i-应0417", "unit_id": "u-消防101", "state": "on_scene", "created_at": ago(9), "ended_at": None},
    ]
    boards.detail.open("i-应0417")
    pump()
    assert [row.unit.name for row in boards.detail.detail.assignments] == ["消防101", "急救07"]


def test_a_dispatch_that_nobody_heard_says_so(boards, city, pump):
    city.assignment_rows = [{"id": "a2", "incident_id": "i-应0417", "unit_id": "u-急救07", "state": "dispatching", "steps": [], "sync": "synced", "ended_at": None}]
    boards.detail.open("i-应0417")
    pump()
    row = boards.detail.detail.assignments[0]
    assert (row.word, row.is_late, row.age, row.next_word) == ("未确认", True, "0:14", "回执")


def test_a_moved_unit_returns_from_where_it_went(boards, city, pump):
    city.unit_rows[0] = {**city.unit_rows[0], "state": "returning", "incident_id": None}
    gone = {"id": "a1", "incident_id": "i-应0417", "unit_id": "u-消防101", "state": "released", "sync": "synced", "ended_at": ago(9)}
    for last, shown in (("returning", ["消防101"]), ("released", [])):
        city.assignment_rows = [{**gone, "steps": [{"state": "on_scene", "at": ago(20)}, {"state": last, "at": ago(9)}]}]
        city.runner.announce({"assignments"})
        boards.detail.open("i-应0417")
        pump()
        assert [row.unit.name for row in boards.detail.detail.assignments] == shown


def test_the_incident_is_there_before_the_plan_and_keeps_it_until_the_next(boards, city, pump):
    told = []
    boards.detail.changed.connect(lambda: told.append((boards.detail.detail.row.number, boards.detail.detail.is_planned, len(boards.detail.detail.recommended))))
    boards.detail.open("i-应0417")
    assert boards.detail.is_behind
    pump()
    assert told == [("应0417", False, 0), ("应0417", True, 1)] and not boards.detail.is_behind
    told.clear()
    city.recommended_rows = []
    city.runner.announce({"units"})
    pump()
    assert told == [("应0417", True, 1), ("应0417", True, 0)], "no gap between two plans of one incident"
    told.clear()
    boards.detail.open("i-应0402")
    pump()
    assert told == [("应0402", True, 0)], "what has ended waits for no plan"


def test_who_walks_the_list_sees_the_facts_and_nothing_else_is_asked_for_until_he_stays(boards, city, pump, monkeypatch):
    for name in ("STAY_MS", "WALKING_MS"):
        monkeypatch.setattr(detail_board, name, 60_000)
    asked = city.runner.asked
    boards.detail.open("i-应0417")
    pump()
    assert {"detail:plan", "advice"} & set(asked), "the first one is no walk"
    asked.clear()
    boards.detail.open("i-应0421")
    pump()
    assert asked == ["detail"] and boards.detail.detail.row.number == "应0421"
    assert boards.detail.is_behind and not boards.detail.is_settled and boards.intake.is_thinking
    asked.clear()
    boards.detail.hurry()
    pump()
    assert "detail:plan" in asked and not boards.detail.is_behind and not boards.intake.is_thinking


def test_a_unit_that_answers_no_call_is_marked_on_its_incident(boards, city, pump):
    lost = tuple(Call(NOW, "missed", n) for n in (1, 2))
    city.unit_rows[0]["watch"] = {"limit": None, "number": "", "rules": Rules(), "heard": NOW - timedelta(minutes=30), "calls": lost}
    boards.detail.open("i-应0417")
    pump()
    (row,) = boards.detail.detail.assignments
    assert (row.word, row.is_late) == ("失联?", True)
