"""The checklist of the open incident: what it says, what is short, whose it is, and what its wishes become."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fake_desk import NOW, FakeCity, ago
from weihai_command.boards.checklist_board import ChecklistBoard
from weihai_command.boards.checklist_rows import checklist_view
from weihai_command.domain.response import FIRST, Item, PlanCard, Reports, checklist, plan_data

CARD = PlanCard("gas", "燃气泄漏", (Item("关断", "燃气公司", 10), Item("疏散", "街道", 15), Item("断电", "供电公司", 24), Item("警戒", "公安", 60, ("交通疏导",))))


def entries(*ticked: str) -> list[dict[str, Any]]:
    start = {"id": "p", "kind": "plan", "at": ago(21), "data": plan_data(CARD, 3, Reports(30, 60, 90), None)}
    return [start, *({"id": key, "kind": "plan_tick", "at": ago(9), "by": "wang", "data": {"item": key, "done": True}, "sync": "pending"} for key in ticked)]


def state(*ticked: str, started: bool = True) -> Any:
    return SimpleNamespace(list=checklist(entries(*ticked)) if started else None, offer=None if started else CARD, is_over=False, at=NOW)


def test_what_is_due_next_stands_in_the_short_list_and_moods_tell_how_late() -> None:
    view = checklist_view(state("关断"), NOW)
    assert (view.title, view.remark, view.start) == ("预案 燃气泄漏", "Ⅲ级响应 · 1 / 4", "")
    assert [(row.text, row.mood, row.is_done, row.sync) for row in view.rows] == [
        ("关断", "still", True, "pending"), ("疏散", "over", False, "synced"), ("断电", "near", False, "synced"), ("警戒", "plain", False, "synced"),
        ("初报", "plain", False, "synced"),
    ]
    assert [row.text for row in view.short] == ["疏散", "断电"] and view.rows[1].note == "街道 超 0:06"
    assert view.rows[3].whole.endswith("需要：交通疏导")


def test_a_plan_that_is_only_offered_has_a_button_and_none_has_nothing() -> None:
    view = checklist_view(state(started=False), NOW)
    assert (view.title, view.remark, view.start, view.rows) == ("预案 燃气泄漏", "4 项，未启动", "启动", ())
    assert not checklist_view(None, NOW).is_there


@pytest.fixture
def board(city: FakeCity, boards: Any, pump: Any) -> ChecklistBoard:
    city.found = {"i-应0417": state("关断"), "i-应0421": state(started=False)}
    city.queries.plan_state = lambda desk, incident: city.found.get(incident)
    city.verbs.respond, city.verbs.tick = city._act("respond"), city._act("tick")
    made = ChecklistBoard(boards.bridge, boards.clock, boards.detail, boards.acts)
    boards.detail.open("i-应0417")
    pump()
    return made


def test_it_follows_the_incident_that_is_shown(board: ChecklistBoard, boards: Any, pump: Any) -> None:
    assert board.view.remark == "Ⅲ级响应 · 1 / 4"
    boards.detail.open("i-应0421")
    pump()
    assert board.view.start == "启动"
    boards.detail.open("案2086")
    pump()
    boards.detail.open("")
    pump()
    assert not board.view.is_there


def test_its_wishes_become_acts_and_what_another_desk_ticks_is_seen(board: ChecklistBoard, boards: Any, city: FakeCity, pump: Any) -> None:
    board.tick("疏散", True)
    board.tick(FIRST, True)
    assert city.calls == [("tick", "i-应0417", {"item": "疏散", "done": True}), ("tick", "i-应0417", {"item": FIRST, "done": True})]
    city.found["i-应0417"] = state("关断", "疏散")
    city.runner.announce({"log"})
    boards.bridge._tell()
    pump()
    assert board.view.remark == "Ⅲ级响应 · 2 / 4"
    board.start()
    assert len(city.calls) == 2
    boards.detail.open("i-应0421")
    pump()
    board.start()
    assert city.calls[-1] == ("respond", "", {"incident_id": "i-应0421"})


def test_time_goes_on_by_itself(board: ChecklistBoard, boards: Any, pump: Any) -> None:
    told: list[int] = []
    board.changed.connect(lambda: told.append(1))
    boards.clock.now = lambda: NOW + timedelta(minutes=30)
    boards.clock.aged.emit()
    pump()
    assert told and board.view.rows[2].mood == "over"
