"""A case that anybody tries anything on: no illegal state, an end is an end, and its events told again give the same record."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from weihai_command.domain import lifecycle
from weihai_command.domain.faults import Refused
from weihai_command.domain.incident import FINAL, Incident
from weihai_command.domain.lifecycle import AFTERWARDS, Command, IncidentChanged, decide, evolve
from weihai_command.domain.rights import INCLUDES, Post
from weihai_command.domain.unit import COMMITTED, Unit
from weihai_command.domain.unit_lifecycle import TABLE as UNIT_TABLE
from weihai_command.domain.unit_lifecycle import advance, move_to, send

OPEN = {"emergency": lifecycle.EMERGENCY_OPEN, "municipal": lifecycle.MUNICIPAL_OPEN}
ACTS = sorted({row.act for row in lifecycle.TABLE} - {"report"})
UNITS = ("u1", "u2", "u3")
TEXT = st.sampled_from(["", "  ", "r", "<b>r</b>"])
FIELDS = st.fixed_dictionaries({}, optional={
    "type": st.sampled_from(["gas_leak", ""]), "priority": st.sampled_from(["urgent", "low"]), "lon": st.just(122.1), "lat": st.just(37.5), "reason": TEXT,
    "outcome": TEXT, "result": TEXT, "owner": st.sampled_from(["wang", "li"]), "department": st.sampled_from(["city", "gas"]), "until": st.just("2026-08-01"),
    "parent": st.sampled_from(["i", "other"]), "municipal": st.sampled_from([*AFTERWARDS, "x"]), "unit_ids": st.lists(st.sampled_from(UNITS), max_size=3),
    # What no command may fill.
    "state": st.just("closed"), "history": st.just(()), "track": st.just("emergency"), "frozen": st.just({"state": "x"}), "rework_count": st.just(9),
})
#: All that any act needs, so that most tries succeed and go deep.
ALL = {"type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5, "reason": "r", "outcome": "o", "result": "x", "owner": "wang",
       "department": "city", "until": "2026-08-01", "parent": "other", "municipal": "resume", "unit_ids": ("u1",)}


class Case(RuleBasedStateMachine):
    @initialize(track=st.sampled_from(sorted(OPEN)))
    def report(self, track: str) -> None:
        self.clock = 0
        self.first = self.now = lifecycle.opened(Incident("i", "积水", track), "wang", "officer", "op", self.tick())
        self.told: list[IncidentChanged | tuple[str, ...]] = []

    def tick(self) -> str:
        self.clock += 1
        return f"2026-07-16T{self.clock // 3600:02d}:{self.clock // 60 % 60:02d}:{self.clock % 60:02d}+08:00"

    @rule(act=st.sampled_from(ACTS), role=st.sampled_from([*INCLUDES, "exercise", "exercise", "exercise"]), given=FIELDS, willing=st.booleans(),
          post=st.sampled_from([None, Post("city"), Post("gas", "371082"), Post()]), area=st.sampled_from(["", "371002001"]))
    def attempt(self, act: str, role: str, given: dict[str, Any], willing: bool, post: Post | None, area: str) -> None:
        command = Command(act, "wang", role, f"op{self.clock}", {**ALL, **given} if willing else given, post, area)
        before = self.now
        try:
            events = decide(before, command, self.tick())
        except Refused as refused:
            assert refused.code and refused.kept == "没有改动"
            return
        assert not before.is_ended and act in {row.act for row in lifecycle.transitions(before.track, before.state)}
        assert not (role == "department" and post is not None and post.department != before.department)
        for event in events:
            self.now = evolve(self.now, event)
            self.told.append(event)
        assert self.now.history[:-1] == before.history and self.now.history[-1]["from"] == before.state
        assert self.now.rework_count == before.rework_count + (act == "rework")
        if act in {"close", "demote"} and before.track == "emergency":
            assert not self.now.unit_ids, "nobody is left behind on what is over"
        if act == "promote":
            assert self.now.frozen and self.now.frozen["state"] == before.state
        if (act == "demote" or (act == "close" and self.now.track == "municipal")) and before.track == "emergency":
            assert self.now.state == (before.frozen or {"state": "reported"})["state"]

    @rule(unit=st.sampled_from(UNITS))
    def release(self, unit: str) -> None:
        """What a unit's own act leaves on its incident."""
        left = tuple(each for each in self.now.unit_ids if each != unit)
        self.now = replace(self.now, unit_ids=left)
        self.told.append(left)

    @invariant()
    def stays_in_the_tables(self) -> None:
        if hasattr(self, "now"):
            assert self.now.state in {*OPEN[self.now.track], *FINAL[self.now.track]}
            assert self.now.is_ended == (self.now.state in FINAL[self.now.track])
            assert self.now.frozen is None or self.now.track == "emergency"
            assert len(set(self.now.unit_ids)) == len(self.now.unit_ids)

    @invariant()
    def history_is_unbroken(self) -> None:
        if hasattr(self, "now"):
            lines = self.now.history
            assert all(line["to"] == after["from"] for line, after in itertools.pairwise(lines))
            assert lines[-1]["to"] == self.now.state and [line["at"] for line in lines] == sorted(line["at"] for line in lines)

    def teardown(self) -> None:
        """What happened, told again from the start, ends in the same record."""
        if not hasattr(self, "now"):
            return
        again = self.first
        for event in self.told:
            again = replace(again, unit_ids=event) if isinstance(event, tuple) else evolve(again, event)
        assert again == self.now


def test_a_case_under_any_acts() -> None:
    run_state_machine_as_test(Case, settings=settings(max_examples=200, stateful_step_count=40, deadline=None))


class Crew(RuleBasedStateMachine):
    """A unit under any step."""

    @initialize()
    def begin(self) -> None:
        self.unit, self.assigned = Unit("u1", "消防101", "fire"), 0

    @rule(incident=st.sampled_from(["i1", "i2"]), on=st.booleans())
    def go(self, incident: str, on: bool) -> None:
        before = self.unit
        try:
            self.unit = (move_to if on else send)(before, f"a{self.assigned + 1}", incident, "wang", "t")
        except Refused:
            assert before.state not in (COMMITTED if on else {"available", "assigned"}) or before.incident_id == incident
            return
        self.assigned += 1
        assert (self.unit.state, self.unit.incident_id, len(self.unit.steps)) == ("dispatching", incident, 1)

    @rule(to=st.sampled_from(sorted({end for _, _, end in UNIT_TABLE} | {"released", "flying"})), reason=st.sampled_from([None, "", "检修"]))
    def step(self, to: str, reason: str | None) -> None:
        before = self.unit
        try:
            move = advance(before, to, "wang", "t", reason)
        except Refused:
            return
        self.unit = move.unit
        assert self.unit.state == to and move.released == (before.is_committed and not self.unit.is_committed)
        assert self.unit.steps[: len(before.steps)] == before.steps
        assert [step["state"] for step in self.unit.steps[len(before.steps) :] if step["inferred"]] == list(move.inferred)

    @invariant()
    def a_committed_crew_knows_where(self) -> None:
        if hasattr(self, "unit"):
            assert bool(self.unit.assignment_id) == bool(self.unit.incident_id) == self.unit.is_committed
            assert self.unit.state in {state for _, sources, end in UNIT_TABLE for state in (*sources, end)}


def test_a_unit_under_any_steps() -> None:
    run_state_machine_as_test(Crew, settings=settings(max_examples=100, stateful_step_count=30, deadline=None))
