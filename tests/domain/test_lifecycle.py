"""Every cell of the incident's two tables: track x state x act x role, against a table written here by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain import lifecycle
from weihai_command.domain.faults import Refused
from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import Command, decide, evolve
from weihai_command.domain.rights import INCLUDES, acting_role, holds
from weihai_command.domain.words import ACTS, NEEDS, STATES

NOW = "2026-07-16T16:00:00+08:00"
#: (track, act) -> {from: to}, role of the table, needs. Written from the field's tables, not from the code.
EXPECTED: dict[tuple[str, str], tuple[dict[str, str], str, tuple[str, ...]]] = {
    ("emergency", "queue"): ({"new": "queued", "monitored": "queued"}, "officer", ("type", "priority", "place")),
    ("emergency", "dispatch"): (dict.fromkeys(("new", "queued", "active", "monitored"), "active"), "officer", ("type", "priority", "place", "unit")),
    ("emergency", "monitor"): (dict.fromkeys(("new", "queued", "active"), "monitored"), "officer", ("reason",)),
    ("emergency", "close"): (dict.fromkeys(("new", "queued", "active", "monitored"), "ended"), "officer", ("outcome",)),
    ("emergency", "merge"): (dict.fromkeys(("new", "queued", "active", "monitored"), "ended"), "officer", ("parent",)),
    ("municipal", "verify"): ({"reported": "verifying"}, "officer", ("owner",)),
    ("municipal", "register"): ({"verifying": "registered"}, "officer", ("type", "place")),
    ("municipal", "reject"): ({"reported": "rejected", "verifying": "rejected"}, "officer", ("reason",)),
    ("municipal", "dispatch"): ({"registered": "dispatched", "returned": "dispatched"}, "officer", ("department",)),
    ("municipal", "accept"): ({"dispatched": "accepted"}, "department", ()),
    ("municipal", "return"): ({"dispatched": "returned", "accepted": "returned"}, "department", ("reason",)),
    ("municipal", "handle"): ({"accepted": "handling"}, "department", ()),
    ("municipal", "finish"): ({"handling": "handled"}, "department", ("result",)),
    ("municipal", "check"): ({"handled": "checking"}, "officer", ()),
    ("municipal", "close"): ({"checking": "closed"}, "officer", ("outcome",)),
    ("municipal", "rework"): ({"checking": "handling"}, "officer", ("reason",)),
    ("municipal", "suspend"): (dict.fromkeys(("dispatched", "accepted", "handling"), "suspended"), "shift_leader", ("reason", "until")),
    ("municipal", "resume"): ({"suspended": "handling"}, "officer", ()),
    ("municipal", "cancel"): (dict.fromkeys(("reported", "verifying", "registered"), "cancelled"), "officer", ("reason",)),
}
STATES_OF = {
    "emergency": ("new", "queued", "active", "monitored", "ended"),
    "municipal": ("reported", "verifying", "registered", "returned", "dispatched", "accepted", "handling", "handled", "checking", "suspended",
                  "rejected", "closed", "force_closed", "cancelled"),
}
FINAL = {"ended", "rejected", "closed", "force_closed", "cancelled"}
OPEN = {track: [state for state in states if state not in FINAL] for track, states in STATES_OF.items()}
EXPECTED[("municipal", "force_close")] = (dict.fromkeys(OPEN["municipal"], "force_closed"), "shift_leader", ("reason",))
EXPECTED[("municipal", "promote")] = (dict.fromkeys(OPEN["municipal"], "queued"), "officer", ())
EXPECTED[("emergency", "demote")] = (dict.fromkeys(OPEN["emergency"], "checking"), "officer", ())
EXPECTED[("emergency", "claim")] = ({state: state for state in OPEN["emergency"]}, "officer", ("owner",))
EXPECTED[("municipal", "claim")] = ({state: state for state in OPEN["municipal"]}, "officer", ("owner",))
MAY = {"officer": {"officer", "shift_leader", "trainee", "exercise"}, "shift_leader": {"shift_leader", "exercise"}, "department": {"department", "exercise"}}
GIVEN: dict[str, Any] = {
    "type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5, "unit_ids": ("u1",), "reason": "r", "outcome": "o", "parent": "p", "owner": "w",
    "department": "d", "result": "res", "until": "2026-08-01",
}
ACT_NAMES = sorted({act for _, act in EXPECTED})


def incident(track: str, state: str, **more: Any) -> Incident:
    return Incident("i", "燃气泄漏", track, state, number="应0001A", before="handling" if state == "suspended" else None,
                    frozen={"state": "checking", "at": NOW} if track == "emergency" else None, **more)


def fields_for(act: str, track: str, *, without: str = "") -> dict[str, Any]:
    """All that the act needs, but one."""
    needs = EXPECTED[(track, act)][2] if (track, act) in EXPECTED else tuple(GIVEN)
    names = {"place": ("lon", "lat"), "unit": ("unit_ids",)}
    return {name: GIVEN[name] for need in needs if need != without for name in names.get(need, (need,))}


@pytest.mark.parametrize("track", STATES_OF)
@pytest.mark.parametrize("act", ACT_NAMES)
def test_every_cell(track: str, act: str) -> None:
    """allowed exactly where the table says, for exactly the roles that it says"""
    ways, needed, _ = EXPECTED.get((track, act), ({}, "", ()))
    for state in STATES_OF[track]:
        before = incident(track, state, **({"type": "t", "priority": "high", "lon": 122.1, "lat": 37.5} if act == "promote" else {}))
        for role in INCLUDES:
            command = Command(act, "wang", role, "op", fields_for(act, track))
            allowed = state in ways and (role in MAY[needed] or ((track, act) == ("municipal", "claim") and role == "department"))
            if not allowed:
                with pytest.raises(Refused):
                    decide(before, command, NOW)
                continue
            (event,) = decide(before, command, NOW)
            after = evolve(before, event)
            assert after.state == ways[state], (track, state, act)
            assert len(after.history) == 1 and after.history[0]["from"] == state and after.history[0]["op"] == "op"
            assert after.state_at == (NOW if after.state != state else before.state_at)


NEEDED = [(track, act, need) for (track, act), (_, _, needs) in EXPECTED.items() for need in needs]


@pytest.mark.parametrize(("track", "act", "need"), NEEDED)
def test_every_need(track: str, act: str, need: str) -> None:
    ways, role, _ = EXPECTED[(track, act)]
    with pytest.raises(Refused) as told:
        decide(incident(track, next(iter(ways))), Command(act, "wang", role, "op", fields_for(act, track, without=need)), NOW)
    assert told.value.code == "missing_fields" and NEEDS[need] in told.value.happened


@pytest.mark.parametrize(("act", "fields"), [("close", {"outcome": "o"}), ("demote", {})])
def test_no_end_while_a_unit_is_committed(act: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="还有 2 个力量") as told:
        decide(incident("emergency", "active", unit_ids=("u1", "u2")), Command(act, "wang", "officer", "op", fields), NOW)
    assert told.value.code == "units_committed"


@pytest.mark.parametrize("role", INCLUDES)
@pytest.mark.parametrize("track", STATES_OF)
def test_report(role: str, track: str) -> None:
    if role not in {"officer", "shift_leader", "trainee", "exercise", "feed"}:
        with pytest.raises(Refused):
            lifecycle.opened(Incident("i", "积水", track), "wang", role, "op", NOW)
        return
    made = lifecycle.opened(Incident("i", "积水", track), "wang", role, "op", NOW)
    assert made.state == {"emergency": "new", "municipal": "reported"}[track]
    assert made.reported_at == made.state_at == NOW and made.history[0]["act"] == "report"
    with pytest.raises(Refused, match="标题"):
        lifecycle.opened(Incident("i", "  ", track), "wang", role, "op", NOW)


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
    assert run(up, "close", outcome="o").state == "ended"
    back = run(up, "close", outcome="o", municipal="resume")
    assert (back.track, back.state, back.frozen, back.outcome) == ("municipal", "handling", None, "o")


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


def test_every_word_is_there() -> None:
    assert {row.act for row in lifecycle.TABLE} <= set(ACTS)
    assert {state for states in STATES_OF.values() for state in states} <= set(STATES)
    assert all(lifecycle.is_final(track, state) == (state in FINAL) for track, states in STATES_OF.items() for state in states)


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
