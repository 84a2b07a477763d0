"""A handover is made from the city's state: lists are cut, counts never; strange records make blanks, not errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from weihai_command.domain.shift import LONGEST, MOST, State, handover, may_sign

NOW = datetime(2026, 7, 16, 8, tzinfo=UTC)


def case(number, **fields):
    return {"id": number, "number": number, "title": number, "track": "emergency", "state": "active", "priority": "normal", **fields}


def due(minutes):
    return (NOW + timedelta(minutes=minutes)).isoformat()


def test_what_is_late_comes_first_and_what_ended_is_left_out():
    cases = [case("a"), case("b", due_at=due(30)), case("c", due_at=due(-5)), case("d", priority="urgent"), case("e", state="ended")]
    made = handover(State(cases), NOW)
    assert [row["number"] for row in made["open"]] == ["c", "b", "d", "a"]
    assert (made["counts"]["open"], made["overdue"], made["open"][0]["left_s"]) == (4, 1, -300)


def test_counts_stay_right_where_lists_are_cut():
    made = handover(State([case(f"n{n}", title="长" * 500) for n in range(MOST + 7)]), NOW)
    assert (len(made["open"]), made["counts"]["open"]) == (MOST, MOST + 7) and len(made["open"][0]["title"]) == LONGEST


def test_each_section_takes_its_own():
    cases = [case("a", track="municipal", state="suspended", until=due(60), reason="等配件"), case("b", state="monitored")]
    units = [{"id": "u", "name": "消防101", "state": "on_scene", "incident_id": "b"}, {"id": "v", "name": "消防102", "state": "available"}]
    unsent = [{"actor": "wang", "verb": "claim"}, {"actor": "li", "verb": "note"}, {"actor": "wang", "verb": "note"}]
    made = handover(State(cases, units, unsent, feeds=[("水文", "中断 3 时")], quarantined=4), NOW)
    assert [row["reason"] for row in made["suspended"]] == ["等配件"] and [row["number"] for row in made["monitored"]] == ["b"]
    assert [(row["name"], row["number"]) for row in made["units"]] == [("消防101", "b")] and made["unsent_by"] == {"wang": 2, "li": 1}
    assert (made["counts"]["quarantine"], made["counts"]["feeds"], made["shelved"]) == (4, 1, [])


def test_strange_records_make_blanks():
    made = handover(State([{"id": None, "due_at": "yesterday", "title": None, "unit_ids": None}], [{}], [{}], [{}], [{}]), NOW)
    assert made["open"][0]["left_s"] is None and made["counts"]["notes"] == 1


def test_nobody_takes_over_from_himself_but_the_seat_of_an_exercise():
    assert may_sign("wang", "li", plays_all=False) and may_sign("wang", "wang", plays_all=True) and not may_sign("wang", "wang", plays_all=False)
