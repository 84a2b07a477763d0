"""A committed unit sent on to another incident: one act over five records, against the fast twin and a real Kinto; and who was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import outbox

FIRE, POLICE = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
GAS, FLOOD = "22222222-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
MakeDesk = Callable[..., Desk]


@pytest.fixture
def two(server: Any) -> Any:
    """A second incident that waits beside the first."""
    server.load([("incidents", {
        "id": FLOOD, "number": "应0002C", "title": "积水", "track": "emergency", "state": "queued", "type": "flood_water", "priority": "high", "history": [],
        "lon": 122.1, "lat": 37.4,
    })])
    return server


def on_scene(desk: Desk) -> str:
    """The fire crew on the scene of the gas leak; its assignment's id."""
    acts.dispatch(desk, GAS, [FIRE])
    acts.status(desk, FIRE, "on_scene")
    assert syncing.sync(desk).pending == 0
    (assignment,) = queries.assignments(desk, GAS)
    return str(assignment["id"])


def test_one_act_moves_unit_incidents_and_assignments(two: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(two)
    first = on_scene(desk)
    done = acts.move(desk, FIRE, FLOOD)
    assert (done.id, done.number, done.state) == (FLOOD, "应0002C", "active")
    steps = outbox.steps_of(desk.store, done.op_id)
    assert [(step.kind, step.record_id, step.method) for step in steps[:4]] == [
        ("units", FIRE, "patch"), ("incidents", GAS, "patch"), ("incidents", FLOOD, "patch"), ("assignments", first, "patch"),
    ]
    assert (steps[4].kind, steps[4].method, len(steps)) == ("assignments", "create", 5)
    assert acts.move(desk, FIRE, FLOOD, op_id=done.op_id) == done
    assert syncing.sync(desk).pushed == 1
    unit, old, new = two.get("units", FIRE), two.get("incidents", GAS), two.get("incidents", FLOOD)
    assert (unit["state"], unit["incident_id"], [step["state"] for step in unit["steps"]]) == ("dispatching", FLOOD, ["dispatching"])
    assert (old["unit_ids"], old["state"]) == ([], "active") and (new["unit_ids"], new["state"]) == ([FIRE], "active")
    assert two.get("assignments", first)["ended_at"] and two.get("assignments", first)["steps"][-1]["state"] == "released"
    assert two.get("assignments", unit["assignment_id"])["incident_id"] == FLOOD
    assert any(line["text"] == "消防101 离场" for line in queries.timeline(desk, GAS))
    # What it left can be ended, what it came to cannot.
    acts.transition(desk, GAS, "close", outcome="完")
    with pytest.raises(Refused, match="1 个力量"):
        acts.transition(desk, FLOOD, "close", outcome="完")


@pytest.mark.parametrize("lost", range(5))
def test_a_lost_reply_of_any_step_moves_it_once(two: Any, make_desk: MakeDesk, lost: int) -> None:
    desk = make_desk(two)
    on_scene(desk)
    done = acts.move(desk, FIRE, FLOOD)
    for n in range(8):
        if n == lost:
            two.lose_reply()
        if syncing.sync(desk, wake=True).pending == 0:
            break
    assert outbox.get(desk.store, done.op_id).state == "done"  # type: ignore[union-attr]
    assert sorted(entry.kind for entry in two.history(done.op_id)) == ["assignments", "assignments", "incidents", "incidents", "units"]


def test_two_desks_move_the_same_unit_and_one_is_told(two: Any, make_desk: MakeDesk) -> None:
    desk, rival = make_desk(two), make_desk(two, "officer2")
    on_scene(desk)
    other = acts.report(rival, title="落水", type="gas_leak", priority="1", lon=122.2, lat=37.5)
    for each in (desk, rival):
        syncing.sync(each)
    syncing.sync(rival)
    act = acts.move(desk, FIRE, FLOOD)
    acts.move(rival, FIRE, other.id)
    syncing.sync(rival)
    assert syncing.sync(desk).conflicts == 1
    assert queries.conflicts(desk)[0]["kind"] == "units" and not two.get("incidents", FLOOD).get("unit_ids")
    with pytest.raises(Refused, match="已不在原来的事件上"):
        resolving.resolve(desk, act.op_id, "mine")
    resolving.resolve(desk, act.op_id, "theirs")
    assert syncing.sync(desk).pending == 0
    there = two.get("incidents", other.id)
    assert there["unit_ids"] == [FIRE] and two.get("units", FIRE)["incident_id"] == other.id and two.get("incidents", GAS)["unit_ids"] == []


@pytest.mark.parametrize("record", [GAS, FLOOD])
def test_mine_goes_onto_what_another_desk_changed(two: Any, make_desk: MakeDesk, record: str) -> None:
    desk, rival = make_desk(two), make_desk(two, "officer2")
    on_scene(desk)
    syncing.sync(rival)
    act = acts.move(desk, FIRE, FLOOD)
    acts.dispatch(rival, record, [POLICE])
    syncing.sync(rival)
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, act.op_id, "mine")
    assert syncing.sync(desk).pending == 0 and syncing.sync(desk).conflicts == 0
    held = {each: set(two.get("incidents", each)["unit_ids"]) for each in (GAS, FLOOD)}
    assert held == {GAS: {POLICE} if record == GAS else set(), FLOOD: {FIRE, POLICE} if record == FLOOD else {FIRE}}


@pytest.mark.parametrize("state", ["dispatching", "en_route"])
def test_what_had_been_moved_is_put_back(two: Any, make_desk: MakeDesk, state: str) -> None:
    desk = make_desk(two)
    acts.dispatch(desk, GAS, [FIRE])
    if state != "dispatching":
        acts.status(desk, FIRE, state)
    syncing.sync(desk)
    before = {kind: two.get(kind, record) for kind, record in (("units", FIRE), ("incidents", GAS))}
    act = acts.move(desk, FIRE, FLOOD)
    two.stranger("incidents", FLOOD, state="ended", outcome="完")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="已结束"):
        resolving.resolve(desk, act.op_id, "mine")
    resolving.resolve(desk, act.op_id, "theirs")
    assert syncing.sync(desk).pending == 0
    unit, old = two.get("units", FIRE), two.get("incidents", GAS)
    assert {name: unit[name] for name in ("state", "incident_id", "assignment_id", "steps")} == {
        name: before["units"][name] for name in ("state", "incident_id", "assignment_id", "steps")
    }
    assert old["unit_ids"] == [FIRE] and two.get("incidents", FLOOD)["state"] == "ended"


def test_the_rules(two: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(two)
    with pytest.raises(Refused, match="不在处置中"):
        acts.move(desk, FIRE, FLOOD)
    acts.dispatch(desk, GAS, [FIRE])
    with pytest.raises(Refused, match="已经在处置这起事件"):
        acts.move(desk, FIRE, GAS)
    acts.transition(desk, FLOOD, "close", outcome="完")
    with pytest.raises(Refused, match="已结束"):
        acts.move(desk, FIRE, FLOOD)
    case = acts.report(desk, title="井盖", track="municipal")
    with pytest.raises(Refused, match="市政"):
        acts.move(desk, FIRE, case.id)
    assert [row["verb"] for row in queries.outbox(desk)] == ["dispatch", "close", "report"]
