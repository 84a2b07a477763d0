"""What the acts of the two tables leave behind; test_tables walks every cell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain import lifecycle
from weihai_command.domain.faults import Refused
from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import Command, decide, evolve
from weihai_command.domain.rights import Post, acting_role, holds, reach

NOW = "2026-07-16T16:00:00+08:00"
STATES_OF = {
    "emergency": ("new", "queued", "active", "monitored", "ended"),
    "municipal": ("reported", "verifying", "registered", "returned", "dispatched", "accepted", "handling", "handled", "checking", "suspended",
                  "rejected", "closed", "force_closed", "cancelled"),
}
FINAL = {"ended", "rejected", "closed", "force_closed", "cancelled"}
OPEN = {track: [state for state in states if state not in FINAL] for track, states in STATES_OF.items()}
GIVEN: dict[str, Any] = {
    "type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5, "unit_ids": ("u1",), "reason": "r", "outcome": "o", "parent": "p", "owner": "w",
    "department": "d", "result": "res", "until": "2026-08-01",
}
ACT_NAMES = sorted({row.act for row in lifecycle.TABLE} - {"report"})


def run(before: Incident, act: str, role: str = "exercise", **fields: Any) -> Incident:
    for event in decide(before, Command(act, "wang", role, "op", fields), NOW):
        before = evolve(before, event)
    return before


@pytest.mark.parametrize("state", ["dispatched", "accepted", "handling"])
def test_a_suspension_ends_where_it_began(state: str) -> None:
    away = run(Incident("i", "t", "municipal", state), "suspend", reason="r", until="2026-08-01")
    assert (away.state, away.before, away.until) == ("suspended", state, "2026-08-01")
    assert run(away, "resume").state == state


@pytest.mark.parametrize("state", OPEN["municipal"])
def test_promoting_freezes_and_demoting_thaws(state: str) -> None:
    case = Incident("i", "t", "municipal", state, before="handling" if state == "suspended" else None)
    up = run(case, "promote")
    assert (up.track, up.state, up.frozen) == ("emergency", "new", {"state": state, "at": NOW})
    ready = run(Incident("i", "t", "municipal", state, type="x", priority="low", lon=122.1, lat=37.1), "promote")
    assert ready.state == "queued"
    down = run(up, "demote")
    assert (down.track, down.state, down.frozen) == ("municipal", state, None)
    if state == "suspended":
        assert run(down, "resume").state == "handling"


def test_demoting_what_was_never_municipal_starts_at_reported() -> None:
    down = run(Incident("i", "t", "emergency", "new"), "demote")
    assert (down.track, down.state) == ("municipal", "reported")


def test_when_a_promoted_emergency_ends_the_officer_says_what_becomes_of_the_case() -> None:
    up = run(Incident("i", "t", "municipal", "handling"), "promote")
    with pytest.raises(Refused, match="市政案卷") as told:
        run(up, "close", outcome="o")
    assert told.value.code == "missing_fields"
    gone = run(up, "close", outcome="o", municipal="close")
    assert (gone.track, gone.state, gone.frozen) == ("emergency", "ended", {"state": "closed", "from": "handling", "at": NOW})
    back = run(up, "close", outcome="o", municipal="resume")
    assert (back.track, back.state, back.frozen, back.outcome) == ("municipal", "handling", None, "o")


def test_what_a_stranger_wrote_leads_back_into_the_tables() -> None:
    assert run(Incident("i", "t", "municipal", "suspended", before="flying"), "resume").state == "accepted"
    for frozen in ({"state": "flying"}, {"state": ["checking"]}, {"at": NOW}):
        assert run(Incident("i", "t", "emergency", "new", frozen=frozen), "demote").state == "reported"


def test_nothing_is_merged_into_itself() -> None:
    with pytest.raises(Refused) as told:
        run(Incident("i", "t", "emergency", "new"), "merge", parent="i")
    assert told.value.code == "own_parent"


def test_a_department_returns_a_case_without_its_own_handler() -> None:
    sent = run(Incident("i", "t", "municipal", "registered", owner="officer"), "dispatch", department="city")
    assert run(sent, "return", reason="r").owner == "officer"
    back = run(run(sent, "claim", owner="li"), "return", reason="不属本部门")
    assert back.owner is None and (back.history[-1]["revoked"], back.history[-1]["reason"]) == ("li", "不属本部门")
    assert run(back, "dispatch", department="garden").state == "dispatched"


def test_a_department_acts_on_its_own_cases_in_its_own_area_only() -> None:
    case = Incident("i", "t", "municipal", "dispatched", number="案1", department="city")

    def accept(post: Post, area: str) -> str:
        (event,) = decide(case, Command("accept", "li", "department", "op", {}, post, area), NOW)
        return event.after

    assert accept(Post("city"), "371002001") == accept(Post("city", "371002"), "371002001") == accept(Post("city", "371000"), "") == "accepted"
    for post in (Post("gas"), Post("city", "371082"), Post("city", "371002002"), Post()):
        with pytest.raises(Refused, match="不是本部门、本区域") as told:
            accept(post, "371002001")
        assert told.value.code == "wrong_department"
    (event,) = decide(case, Command("force_close", "liu", "shift_leader", "op", {"reason": "r"}, Post("gas"), "1"), NOW)
    assert event.after == "force_closed"


@pytest.mark.parametrize(("code", "beginning"), [
    ("370000", "37"), ("371000", "3710"), ("371002", "371002"), ("371002000", "371002"), ("371002001", "371002001"), ("371002001000", "371002001"),
    ("371002001003", "371002001003"), ("371002000000", "371002"), ("", ""), ("3710", "3710"), ("x", "x"),
])
def test_the_level_of_an_area_is_a_beginning_of_its_code(code: str, beginning: str) -> None:
    assert reach(code) == beginning


def test_rework_counts_and_keeps_department_and_evidence() -> None:
    case = Incident("i", "t", "municipal", "checking", department="d", result="res")
    once = run(case, "rework", reason="r")
    assert (once.state, once.rework_count, once.department, once.result) == ("handling", 1, "d", "res")
    assert run(run(run(once, "finish", result="2"), "check"), "rework", reason="r").rework_count == 2


def test_dispatching_adds_units_once_and_in_order() -> None:
    ready = Incident("i", "t", "emergency", "active", type="x", priority="low", lon=122.1, lat=37.1, unit_ids=("u1",))
    assert run(ready, "dispatch", unit_ids=("u2", "u1", "u3")).unit_ids == ("u1", "u2", "u3")


def test_a_refusal_says_what_is_possible_now() -> None:
    with pytest.raises(Refused) as told:
        run(Incident("i", "t", "municipal", "handled", number="案0001A"), "close", outcome="o")
    assert "案0001A现在是“待核查”" in told.value.happened and "核查" in told.value.todo and told.value.kept == "没有改动"


@pytest.mark.parametrize(("role", "exercise", "embedded", "acting"), [
    ("officer", True, True, "exercise"), ("trainer", True, True, "exercise"), ("leader", True, True, "leader"),
    ("officer", True, False, "officer"), ("officer", False, False, "officer"),
])
def test_only_an_embedded_exercise_lets_one_seat_play_all_parts(role: str, exercise: bool, embedded: bool, acting: str) -> None:
    assert acting_role(role, exercise, embedded) == acting


def test_leaders_administrators_and_strangers_change_nothing() -> None:
    assert not any(holds(role, ("officer", "shift_leader", "department", "feed")) for role in ("leader", "admin", "trainer", "observer", "nobody"))


commands = st.builds(
    Command, st.sampled_from(ACT_NAMES), st.just("wang"), st.sampled_from(["officer", "shift_leader", "department", "exercise"]), st.just("op"),
    st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in GIVEN.items()}),
)


@given(st.sampled_from(["emergency", "municipal"]), st.lists(commands, max_size=25))
def test_whatever_is_tried_in_whatever_order(track: str, tried: list[Command]) -> None:
    """Refusals change nothing; history grows by one line an act and is never rewritten; an end is an end, with nobody left in it."""
    now = lifecycle.opened(Incident("i", "t", track), "wang", "officer", "op", NOW)
    for command in tried:
        try:
            events = decide(now, command, NOW)
        except Refused:
            continue
        assert not now.is_ended
        after = now
        for event in events:
            after = evolve(after, event)
        assert after.history[:-1] == now.history and after.history[-1]["to"] == after.state
        assert after.state in STATES_OF[after.track]
        if command.act == "close" and after.is_ended:
            assert not after.unit_ids
        now = after
