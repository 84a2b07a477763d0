"""An incident ended in another one, with its units in the same act, against the fast twin and a real Kinto; and who was first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import outbox

FIRE, POLICE = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
GAS, SMELL = "22222222-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
MakeDesk = Callable[..., Desk]


@pytest.fixture
def two(server: Any) -> Any:
    """The same smell, reported twice."""
    server.load([("incidents", {
        "id": SMELL, "number": "应0002C", "title": "气味", "track": "emergency", "state": "queued", "type": "gas_leak", "priority": "high", "history": [],
        "lon": 122.121, "lat": 37.5,
    })])
    return server


def under_way(desk: Desk) -> str:
    """The fire crew on its way to the second report; its assignment's id."""
    acts.dispatch(desk, SMELL, [FIRE])
    acts.status(desk, FIRE, "en_route")
    assert syncing.sync(desk).pending == 0
    (assignment,) = queries.assignments(desk, SMELL)
    return str(assignment["id"])


def test_the_units_go_along_as_they_are(two: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(two)
    assignment = under_way(desk)
    steps = two.get("units", FIRE)["steps"]
    done = acts.transition(desk, SMELL, "merge", parent=GAS)
    assert (done.id, done.state) == (SMELL, "ended")
    written = outbox.steps_of(desk.store, done.op_id)
    assert [(step.kind, step.record_id, step.method) for step in written] == [
        ("units", FIRE, "patch"), ("incidents", SMELL, "patch"), ("incidents", GAS, "patch"), ("assignments", assignment, "patch"),
    ]
    assert acts.transition(desk, SMELL, "merge", parent=GAS, op_id=done.op_id) == done
    assert syncing.sync(desk).pushed == 1
    unit, old, new = two.get("units", FIRE), two.get("incidents", SMELL), two.get("incidents", GAS)
    assert (unit["state"], unit["incident_id"], unit["assignment_id"], unit["steps"]) == ("en_route", GAS, assignment, steps)
    assert (old["state"], old["unit_ids"], old["parent"]) == ("ended", [], GAS)
    assert (new["state"], new["unit_ids"]) == ("active", [FIRE]) and two.get("assignments", assignment)["incident_id"] == GAS
    # The crew goes on where it is, and leaves by the same rules.
    acts.status(desk, FIRE, "returning")
    assert syncing.sync(desk).pending == 0 and two.get("incidents", GAS)["unit_ids"] == []
    assert two.get("assignments", assignment)["state"] == "released"


def test_without_units_only_the_merged_one_changes(two: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(two)
    done = acts.transition(desk, SMELL, "merge", parent=GAS)
    assert [step.record_id for step in outbox.steps_of(desk.store, done.op_id)] == [SMELL]
    assert syncing.sync(desk).pushed == 1 and two.get("incidents", GAS)["state"] == "queued"


@pytest.mark.parametrize("lost", range(4))
def test_a_lost_reply_of_any_step_merges_once(two: Any, make_desk: MakeDesk, lost: int) -> None:
    desk = make_desk(two)
    under_way(desk)
    done = acts.transition(desk, SMELL, "merge", parent=GAS)
    for n in range(8):
        if n == lost:
            two.lose_reply()
        if syncing.sync(desk, wake=True).pending == 0:
            break
    assert outbox.get(desk.store, done.op_id).state == "done"  # type: ignore[union-attr]
    assert sorted(entry.kind for entry in two.history(done.op_id)) == ["assignments", "incidents", "incidents", "units"]


def test_mine_goes_onto_what_another_desk_did_to_the_parent(two: Any, make_desk: MakeDesk) -> None:
    desk, rival = make_desk(two), make_desk(two, "officer2")
    under_way(desk)
    syncing.sync(rival)
    act = acts.transition(desk, SMELL, "merge", parent=GAS)
    acts.dispatch(rival, GAS, [POLICE])
    syncing.sync(rival)
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, act.op_id, "mine")
    assert syncing.sync(desk).pending == 0
    assert set(two.get("incidents", GAS)["unit_ids"]) == {FIRE, POLICE} and two.get("incidents", SMELL)["unit_ids"] == []


def test_nobody_stays_on_what_has_ended(two: Any, make_desk: MakeDesk) -> None:
    desk, rival = make_desk(two), make_desk(two, "officer2")
    under_way(desk)
    syncing.sync(rival)
    act = acts.transition(desk, SMELL, "merge", parent=GAS)
    acts.dispatch(rival, SMELL, [POLICE])
    syncing.sync(rival)
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="又派了 1 个力量"):
        resolving.resolve(desk, act.op_id, "mine")
    resolving.resolve(desk, act.op_id, "theirs")
    assert syncing.sync(desk).pending == 0
    there = two.get("incidents", SMELL)
    assert there["state"] == "active" and set(there["unit_ids"]) == {FIRE, POLICE} and two.get("units", FIRE)["incident_id"] == SMELL


def test_a_unit_that_left_meanwhile_is_not_carried_along(two: Any, make_desk: MakeDesk) -> None:
    desk, rival = make_desk(two), make_desk(two, "officer2")
    under_way(desk)
    syncing.sync(rival)
    act = acts.transition(desk, SMELL, "merge", parent=GAS)
    acts.status(rival, FIRE, "returning")
    syncing.sync(rival)
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="已不在原来的事件上"):
        resolving.resolve(desk, act.op_id, "mine")
    resolving.resolve(desk, act.op_id, "theirs")
    assert syncing.sync(desk).pending == 0 and two.get("incidents", GAS).get("unit_ids", []) == []
    acts.transition(desk, SMELL, "merge", parent=GAS)
    assert syncing.sync(desk).pending == 0 and two.get("incidents", SMELL)["state"] == "ended"


def test_the_rules(two: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(two)
    acts.dispatch(desk, SMELL, [FIRE])
    case = acts.report(desk, title="井盖", track="municipal")
    for parent, why in ((SMELL, "并入自己"), (case.id, "市政"), ("no", "没有这"), (None, "并入的事件")):
        with pytest.raises(Refused, match=why):
            acts.transition(desk, SMELL, "merge", parent=parent)
    acts.transition(desk, GAS, "close", outcome="完")
    with pytest.raises(Refused, match="已经结束"):
        acts.transition(desk, SMELL, "merge", parent=GAS)
    assert [row["verb"] for row in queries.outbox(desk)] == ["dispatch", "report", "close"]
