"""Checklists from entries of the log: whatever their order, two desks see the same; reports come due one after the other."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from weihai_command.domain.response import FINAL, FIRST, NEXT, Checklist, Item, PlanCard, Reports, checklist, plan_data

START = datetime.fromisoformat("2026-07-16T08:00:00+08:00")
CARD = PlanCard("rain", "暴雨应急预案", (Item("巡查", "排水公司", 20), Item("封路", "交警", 30, ("交通疏导",)), Item("转移", "镇街", 60, level=2)))
REPORTS = Reports(30, 60, 120)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def entry(id: str, minutes: float, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": id, "at": at(minutes).isoformat(), "by": "officer", "kind": kind, "data": data}


def started(level: int = 3, minutes: float = 0, id: str = "p") -> dict[str, Any]:
    return entry(id, minutes, "plan", **plan_data(CARD, level, REPORTS, {"id": "w"}))


def tick(id: str, minutes: float, item: str, done: bool = True) -> dict[str, Any]:
    return entry(id, minutes, "plan_tick", item=item, done=done)


def seen(*entries: dict[str, Any], ended_at: datetime | None = None) -> Checklist:
    mixed = list(entries)
    random.Random(1).shuffle(mixed)
    found = checklist(mixed, ended_at)
    assert found is not None
    return found


def test_items_of_the_level_with_owner_due_and_skills() -> None:
    found = seen(started())
    assert [(row.text, row.owner, row.due, row.skills) for row in found.items] == [
        ("巡查", "排水公司", at(20), ()), ("封路", "交警", at(30), ("交通疏导",)),
    ]
    assert (found.title, found.level, found.warning_id, found.done, found.started) == ("暴雨应急预案", 3, "w", 0, START)
    assert checklist([]) is None and checklist([tick("t", 1, "巡查")]) is None


def test_ticks_count_in_the_order_of_time_and_can_be_taken_back() -> None:
    found = seen(started(), tick("a", 5, "巡查"))
    row = found.row("巡查")
    assert row and row.done_at == at(5).isoformat() and row.done_by == "officer" and found.done == 1
    assert seen(started(), tick("a", 5, "巡查"), tick("b", 6, "巡查", False)).done == 0
    assert seen(started(), tick("a", 5, "巡查"), tick("b", 6, "巡查", False), tick("c", 7, "巡查")).done == 1


def test_a_raised_level_keeps_ticks_and_times_and_adds_what_is_new() -> None:
    found = seen(started(), tick("a", 5, "巡查"), started(2, 40, "q"))
    assert [(row.text, row.due, row.is_done) for row in found.items] == [("巡查", at(20), True), ("封路", at(30), False), ("转移", at(100), False)]
    assert found.level == 2 and found.started == START


def test_late_is_what_is_due_and_not_done() -> None:
    found = seen(started(), tick("a", 25, "巡查"))
    assert [row.is_late(at(31)) for row in found.items] == [False, True] and not found.items[1].is_late(at(30))


def due(found: Checklist) -> list[tuple[str, str, datetime | None, bool]]:
    return [(row.key, row.text, row.due, row.is_done) for row in found.rows if row.is_report]


def test_reports_come_due_one_after_the_other() -> None:
    assert due(seen(started())) == [(FIRST, "初报", at(30), False)]
    first = tick("a", 25, FIRST)
    assert due(seen(started(), first)) == [(FIRST, "初报", at(30), True), (NEXT, "续报", at(85), False)]
    assert due(seen(started(), first, tick("b", 80, NEXT)))[1] == (NEXT, "续报 2", at(140), False)
    assert due(seen(started(), first, tick("b", 80, NEXT), tick("c", 81, NEXT, False)))[1] == (NEXT, "续报", at(85), False)
    over = seen(started(), first, ended_at=at(200))
    assert due(over)[1] == (FINAL, "终报", at(320), False)
    assert due(seen(started(), first, tick("b", 210, FINAL), ended_at=at(200)))[1][3]


def test_entries_of_a_stranger_may_hold_anything() -> None:
    wild = [
        entry("a", 0, "plan", items="no"), entry("b", 1, "plan", items=[{"text": 5, "due_min": "soon", "skills": "x"}, 7, {}], level=9, reports=[], title=None),
        {"id": "c", "kind": "plan", "data": None}, {"id": "d", "kind": "plan_tick", "at": None, "data": {"item": None}}, entry("e", 2, "plan_tick", item="5"),
    ]
    found = checklist(wild)
    assert found is not None and [(row.text, row.due, row.is_done) for row in found.rows] == [("5", None, True)] and found.level is None
