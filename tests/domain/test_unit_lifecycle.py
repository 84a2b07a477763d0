"""Every cell of the unit's table, the steps between that are inferred, and the assignment that follows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.faults import Refused
from weihai_command.domain.unit import COMMITTED, Assignment, Unit
from weihai_command.domain.unit_lifecycle import TABLE, advance, can_dispatch, ended, follow, move_to, send
from weihai_command.domain.words import UNIT_STATES

NOW, LATER = "2026-07-16T16:00:00+08:00", "2026-07-16T16:05:00+08:00"
STATES = ("unavailable", "available", "assigned", "dispatching", "dispatched", "en_route", "on_scene", "returning")
#: (from, to) -> states inferred between, for every change that an officer may make; all else is refused. Written by hand.
EXPECTED: dict[tuple[str, str], tuple[str, ...]] = {
    ("unavailable", "available"): (), ("available", "unavailable"): (), ("available", "assigned"): (), ("assigned", "available"): (),
    ("returning", "available"): (),
    ("dispatching", "dispatched"): (), ("dispatching", "en_route"): ("dispatched",), ("dispatching", "on_scene"): ("dispatched", "en_route"),
    ("dispatching", "returning"): (), ("dispatching", "available"): ("returning",),
    ("dispatched", "en_route"): (), ("dispatched", "on_scene"): (), ("dispatched", "returning"): (), ("dispatched", "available"): ("returning",),
    ("en_route", "on_scene"): (), ("en_route", "returning"): (), ("en_route", "available"): ("returning",),
    ("on_scene", "returning"): (), ("on_scene", "available"): ("returning",),
}


def unit(state: str) -> Unit:
    busy = {"assignment_id": "a1", "incident_id": "i1"} if state in COMMITTED else {}
    return Unit("u1", "消防101", "fire", state, steps=({"state": state, "at": NOW, "by": "x", "inferred": False},), **busy)


@pytest.mark.parametrize("source", STATES)
@pytest.mark.parametrize("target", [*STATES, "released", "flying"])
def test_every_cell(source: str, target: str) -> None:
    if (source, target) not in EXPECTED:
        with pytest.raises(Refused):
            advance(unit(source), target, "wang", LATER, "r")
        return
    move = advance(unit(source), target, "wang", LATER, "r")
    assert move.unit.state == target and move.unit.state_at == LATER
    assert move.inferred == EXPECTED[(source, target)]
    added = move.unit.steps[1:]
    assert [(step["state"], step["inferred"]) for step in added] == [*((name, True) for name in move.inferred), (target, False)]
    assert all(step["at"] == LATER and step["by"] == "wang" for step in added)
    is_free = source in COMMITTED and target in {"returning", "available"}
    assert move.released == is_free
    assert (move.unit.assignment_id, move.unit.incident_id) == ((None, None) if is_free or source not in COMMITTED else ("a1", "i1"))


@pytest.mark.parametrize("state", STATES)
def test_who_may_be_sent(state: str) -> None:
    assert can_dispatch(unit(state)) == (state in {"available", "assigned"})
    if not can_dispatch(unit(state)):
        with pytest.raises(Refused, match="不能派遣") as told:
            send(unit(state), "a2", "i2", "wang", LATER)
        assert told.value.code == "unit_not_free" and UNIT_STATES[state] in told.value.happened
        return
    sent = send(unit(state), "a2", "i2", "wang", LATER)
    assert (sent.state, sent.assignment_id, sent.incident_id) == ("dispatching", "a2", "i2")
    assert [step["state"] for step in sent.steps] == ["dispatching"]


@pytest.mark.parametrize("state", STATES)
def test_who_may_be_moved_and_what_is_left(state: str) -> None:
    before = unit(state)
    if state not in COMMITTED:
        with pytest.raises(Refused) as told:
            move_to(before, "a2", "i2", "wang", LATER)
        assert told.value.code == "not_committed" and UNIT_STATES[state] in told.value.happened
        return
    with pytest.raises(Refused) as told:
        move_to(before, "a2", "i1", "wang", LATER)
    assert told.value.code == "already_sent"
    after = move_to(before, "a2", "i2", "wang", LATER)
    assert (after.state, after.state_at, after.assignment_id, after.incident_id) == ("dispatching", LATER, "a2", "i2")
    assert [step["state"] for step in after.steps] == ["dispatching"]
    left = ended(Assignment("a1", "i1", "u1", state, steps=before.steps), before, "wang", LATER)
    assert (left.state, left.ended_at, [step["state"] for step in left.steps]) == ("released", LATER, [state, "released"])


def test_going_off_duty_needs_a_reason() -> None:
    with pytest.raises(Refused, match="原因"):
        advance(unit("available"), "unavailable", "wang", NOW)
    assert advance(unit("available"), "unavailable", "wang", NOW, "检修").unit.reason == "检修"


def test_every_row_of_the_table_is_reachable() -> None:
    for _, sources, target in TABLE:
        if target != "dispatching":
            assert all((source, target) in EXPECTED for source in sources)


def test_the_assignment_follows_and_ends_with_the_release() -> None:
    assignment = Assignment("a1", "i1", "u1", steps=unit("dispatching").steps)
    there = advance(unit("dispatching"), "on_scene", "wang", NOW)
    assignment = follow(assignment, there, NOW)
    assert (assignment.state, assignment.ended_at) == ("on_scene", None) and assignment.steps == there.unit.steps
    gone = advance(there.unit, "returning", "wang", LATER)
    assignment = follow(assignment, gone, LATER)
    assert (assignment.state, assignment.ended_at) == ("released", LATER)


@given(st.lists(st.sampled_from(STATES), max_size=20))
def test_whatever_is_tried_in_whatever_order(targets: list[str]) -> None:
    """A committed unit always names its assignment, a free one never; steps only grow; reported steps never jump back on the way."""
    now = send(unit("available"), "a1", "i1", "wang", NOW)
    for target in targets:
        try:
            move = advance(now, target, "wang", LATER, "r")
        except Refused:
            continue
        assert move.unit.steps[: len(now.steps)] == now.steps
        now = move.unit
        assert bool(now.assignment_id) == bool(now.incident_id) == now.is_committed
