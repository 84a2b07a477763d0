"""Every cell of the tables, allowed and refused: track x state x act x role, and the unit's, against the field's own tables written out here."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain import diagram, lifecycle
from weihai_command.domain.faults import Refused
from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import Command, decide, evolve
from weihai_command.domain.rights import INCLUDES
from weihai_command.domain.unit import COMMITTED, Unit
from weihai_command.domain.unit_lifecycle import TABLE as UNIT_TABLE
from weihai_command.domain.unit_lifecycle import advance, move_to, send
from weihai_command.domain.words import ACTS, NEEDS, ROLES, STATES, UNIT_ACTS, UNIT_STATES

NOW = "2026-07-16T16:00:00+08:00"
README = Path(__file__).parents[2] / "README.md"
#: from | act | to | role | needs, as the vocabulary of the field has it.
TABLES = {
    "emergency": """
new, monitored | queue | queued | officer | type, priority, place
new, queued, active, monitored | dispatch | active | officer | type, priority, place, unit
new, queued, active | monitor | monitored | officer | reason
new, queued, active, monitored | close | ended | officer | outcome
new, queued, active, monitored | merge | ended | officer | parent
new, queued, active, monitored | demote | frozen | officer |
new, queued, active, monitored | claim | same | officer | owner
""",
    "municipal": """
reported | verify | verifying | officer | owner
verifying | register | registered | officer | type, place
reported, verifying | reject | rejected | officer | reason
registered, returned | dispatch | dispatched | officer | department
dispatched | accept | accepted | department |
dispatched, accepted | return | returned | department | reason
accepted | handle | handling | department |
handling | finish | handled | department | result
handled | check | checking | officer |
checking | close | closed | officer | outcome
checking | rework | handling | officer | reason
dispatched, accepted, handling | suspend | suspended | shift_leader | reason, until
suspended | resume | before | officer |
reported, verifying, registered | cancel | cancelled | officer | reason
open | force_close | force_closed | shift_leader | reason
open | promote | queued | officer |
open | claim | same | officer, department | owner
""",
}
FINAL = {"emergency": ("ended",), "municipal": ("rejected", "closed", "force_closed", "cancelled")}
OPEN = {
    "emergency": ("new", "queued", "active", "monitored"),
    "municipal": ("reported", "verifying", "registered", "returned", "dispatched", "accepted", "handling", "handled", "checking", "suspended"),
}
#: role of the desk → roles of the tables that it may act as; "exercise" is the one seat of an embedded city.
MAY = {
    "officer": {"officer"}, "shift_leader": {"officer", "shift_leader"}, "department": {"department"}, "leader": set(), "admin": set(), "trainer": set(),
    "trainee": {"officer"}, "observer": set(), "feed": {"feed"}, "exercise": {"officer", "shift_leader", "department"},
}
Row = tuple[tuple[str, ...], str, str, tuple[str, ...], tuple[str, ...]]


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def rows(track: str) -> list[Row]:
    found = []
    for line in TABLES[track].strip().splitlines():
        sources, act, target, roles, needs = (part.strip() for part in line.split("|"))
        found.append((OPEN[track] if sources == "open" else words(sources), act, target, words(roles), words(needs)))
    return found


ROWS = {track: rows(track) for track in TABLES}
ALL_ACTS = sorted({act for each in ROWS.values() for _, act, *_ in each} | {"exempt"})
GIVEN: dict[str, Any] = {
    "type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5, "unit_ids": ("u1",), "reason": "r", "outcome": "o", "parent": "p", "owner": "w",
    "department": "d", "result": "res", "until": "2026-08-01", "municipal": "close",
}
OF_NEED = {"place": ("lon", "lat"), "unit": ("unit_ids",)}


def ticket(track: str, state: str, **more: Any) -> Incident:
    """A suspended case was being handled; an emergency had been promoted while it was checked."""
    before = "handling" if state == "suspended" else None
    frozen = {"state": "checking", "at": NOW} if track == "emergency" else None
    return Incident("i", "燃气泄漏", track, state, number="应0001A", before=before, frozen=frozen, **more)


def given(needs: tuple[str, ...], without: str = "") -> dict[str, Any]:
    """All that an act needs, but one; and what every ending of a promoted emergency needs."""
    filled = {name: GIVEN[name] for need in needs if need != without for name in OF_NEED.get(need, (need,))}
    return filled if without == "municipal" else {**filled, "municipal": "close"}


def row_of(track: str, state: str, act: str) -> Row | None:
    return next((row for row in ROWS[track] if row[1] == act and state in row[0]), None)


CELLS = [(track, state, act) for track in TABLES for state in (*OPEN[track], *FINAL[track]) for act in ALL_ACTS if act != "exempt"]


@pytest.mark.parametrize(("track", "state", "act"), CELLS)
def test_every_cell(track: str, state: str, act: str) -> None:
    """For every role: allowed exactly where the table says, else refused with the right code, and nothing changed."""
    row = row_of(track, state, act)
    before = ticket(track, state, **({"type": "t", "priority": "high", "lon": 122.1, "lat": 37.5} if act == "promote" else {}))
    for role in INCLUDES:
        command = Command(act, "wang", role, "op", given(row[4]) if row else dict(GIVEN))
        if row is not None and MAY[role] & set(row[3]):
            (event,) = decide(before, command, NOW)
            after = evolve(before, event)
            assert after.state == {"same": state, "before": "handling", "frozen": "checking"}.get(row[2], row[2])
            assert after.track == {"promote": "emergency", "demote": "municipal"}.get(act, track)
            assert after.history == ({"at": NOW, "act": act, "from": state, "to": after.state, "by": "wang", "op": "op", **_said(row)},)
            assert after.state_at == (NOW if after.state != state else before.state_at)
            continue
        with pytest.raises(Refused) as told:
            decide(before, command, NOW)
        assert told.value.code == ("incident_ended" if state in FINAL[track] else "wrong_state" if row is None else "wrong_role")
        assert told.value.kept == "没有改动" and ACTS[act] in told.value.happened


def _said(row: Row) -> dict[str, str]:
    return {name: GIVEN[name] for name in ("reason", "outcome", "result") if name in row[4]}


def test_the_table_has_no_row_besides() -> None:
    """Acts of other issues are named here one by one."""
    here = {(track, act) for track in ROWS for _, act, *_ in ROWS[track]} | {("emergency", "report"), ("municipal", "report")}
    there = {(row.track, row.act) for row in lifecycle.TABLE}
    assert here <= there and {act for _, act in there - here} <= {"exempt"}
    assert {role: set(may) for role, may in INCLUDES.items()} == MAY


NEEDED = [(track, act, need) for track in ROWS for _, act, _, _, needs in ROWS[track] for need in needs] + [("emergency", "close", "municipal")]


@pytest.mark.parametrize(("track", "act", "need"), NEEDED)
def test_every_need(track: str, act: str, need: str) -> None:
    """Each need alone is missed in each state, in words; a line of blanks does not fill it."""
    for sources, _, _, roles, needs in (row for row in ROWS[track] if row[1] == act):
        for state in sources:
            blank = {need: "  "} if need in {"reason", "outcome", "result", "parent", "department", "owner"} else {}
            command = Command(act, "wang", roles[0], "op", {**given(needs, without=need), **blank})
            with pytest.raises(Refused) as told:
                decide(ticket(track, state), command, NOW)
            assert told.value.code == "missing_fields" and NEEDS[need] in told.value.happened


@pytest.mark.parametrize("act", ["close", "demote"])
@pytest.mark.parametrize("state", OPEN["emergency"])
def test_no_end_and_no_return_while_a_unit_is_committed(act: str, state: str) -> None:
    with pytest.raises(Refused, match="还有 2 个力量") as told:
        decide(ticket("emergency", state, unit_ids=("u1", "u2")), Command(act, "wang", "officer", "op", dict(GIVEN)), NOW)
    assert told.value.code == "units_committed"


@pytest.mark.parametrize(("track", "first"), [("emergency", "new"), ("municipal", "reported")])
@pytest.mark.parametrize("role", INCLUDES)
def test_report(track: str, first: str, role: str) -> None:
    if not MAY[role] & {"officer", "feed"}:
        with pytest.raises(Refused) as told:
            lifecycle.opened(Incident("i", "积水", track), "wang", role, "op", NOW)
        assert told.value.code == "wrong_role"
        return
    made = lifecycle.opened(Incident("i", "积水", track), "wang", role, "op", NOW)
    assert made.state == first and made.reported_at == made.state_at == NOW
    assert made.history == ({"at": NOW, "act": "report", "from": "", "to": first, "by": "wang", "op": "op"},)
    with pytest.raises(Refused, match="标题"):
        lifecycle.opened(Incident("i", "  ", track), "wang", role, "op", NOW)


UNITS = """
unavailable | on_duty | available
available | off_duty | unavailable
available | assign | assigned
assigned | unassign | available
available, assigned | dispatch | dispatching
dispatching | acknowledge | dispatched
dispatched | start | en_route
dispatched, en_route | arrive | on_scene
dispatching, dispatched, en_route, on_scene | release | returning
returning | back | available
dispatching, dispatched, en_route, on_scene | move | dispatching
"""
UNIT_ROWS = [(words(a), b.strip(), c.strip()) for a, b, c in (line.split("|") for line in UNITS.strip().splitlines())]
UNIT_STATES_OF_TABLE = tuple(dict.fromkeys(state for sources, _, target in UNIT_ROWS for state in (*sources, target)))
#: Ahead on the way of a dispatched unit: the states between are stamped as inferred.
AHEAD = {("dispatching", "en_route"), ("dispatching", "on_scene"), *((state, "available") for state in COMMITTED)}


def crew(state: str) -> Unit:
    return Unit("u1", "消防101", "fire", state, **({"assignment_id": "a1", "incident_id": "i1"} if state in COMMITTED else {}))


def test_the_units_table() -> None:
    assert {(act, tuple(sources), target) for sources, act, target in UNIT_ROWS} == set(UNIT_TABLE)


@pytest.mark.parametrize(("source", "act"), list(itertools.product(UNIT_STATES_OF_TABLE, [act for _, act, _ in UNIT_ROWS])))
def test_every_cell_of_the_units_table(source: str, act: str) -> None:
    sources, _, target = next(row for row in UNIT_ROWS if row[1] == act)
    doing = {
        "dispatch": lambda: send(crew(source), "a2", "i2", "wang", NOW), "move": lambda: move_to(crew(source), "a2", "i2", "wang", NOW),
    }.get(act, lambda: advance(crew(source), target, "wang", NOW, "r").unit)
    is_step = any(source in row[0] and row[2] == target for row in UNIT_ROWS if row[1] not in {"dispatch", "move"})
    if source in sources or (act not in {"dispatch", "move"} and (is_step or (source, target) in AHEAD)):
        after = doing()
        assert after.state == target and after.state_at == NOW and after.steps[-1]["state"] == target
        assert bool(after.assignment_id) == bool(after.incident_id) == (target in COMMITTED)
        return
    with pytest.raises(Refused) as told:
        doing()
    assert told.value.code in {"wrong_state", "unit_not_free", "not_committed"} and "消防101" in told.value.happened


def test_every_state_act_role_and_need_has_a_word() -> None:
    assert {state for states in (*OPEN.values(), *FINAL.values()) for state in states} == set(STATES)
    assert {row.act for row in lifecycle.TABLE} <= set(ACTS) and {row[0] for row in UNIT_TABLE} == set(UNIT_ACTS)
    assert set(UNIT_STATES_OF_TABLE) <= set(UNIT_STATES) and set(MAY) <= set(ROLES)
    assert all(lifecycle.is_final(track, state) == (state in FINAL[track]) for track in OPEN for state in (*OPEN[track], *FINAL[track]))


def test_the_readme_shows_these_tables() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(diagram.BEGIN) == text.count(diagram.END) == 1
    shown = text[text.index(diagram.BEGIN) : text.index(diagram.END) + len(diagram.END)]
    assert shown == diagram.section(), "run python -m weihai_command.domain.diagram and put what it prints into README.md"


@pytest.mark.parametrize("track", TABLES)
def test_the_diagram_draws_every_cell(track: str) -> None:
    """Each row of the table stands in the picture, from each of its states or from the box that stands for all open ones."""
    drawn = {tuple(line.strip().split("（")[0].split()) for line in diagram.incident_lines(track) if "-->" in line}
    for sources, act, target, *_ in ROWS[track]:
        for source in ("open",) if set(sources) == set(OPEN[track]) else sources:
            ends = [line for line in drawn if line[0] == source and line[-1] == act]
            assert ends, (source, act)
            if target in STATES and act != "promote":
                assert {line[2].rstrip(":") for line in ends} == {target}
