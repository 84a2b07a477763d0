"""A list of units that says something else than the units themselves: who is elsewhere holds nothing up, and is taken off."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk, Officer
from weihai_command.store import outbox

FIRE, POLICE = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
GAS = "22222222-0000-4000-8000-000000000001"
AWAY = {"state": "dispatching", "incident_id": "elsewhere", "assignment_id": "another"}


def strange(twin: TwinPlatform, kind: str, record_id: str, **patch: Any) -> None:
    """Another desk writes."""
    there = twin.get(kind, record_id)
    assert there
    twin.patch(kind, record_id, patch, there["last_modified"], f"stranger {there['last_modified']}")


@pytest.fixture(autouse=True)
def police(twin: TwinPlatform) -> None:
    """A second unit."""
    twin.create("units", {"id": POLICE, "name": "巡警12", "kind": "police", "state": "available", "lon": 122.1, "lat": 37.5}, "seeding")


def listed(twin: TwinPlatform) -> list[str]:
    return list((twin.get("incidents", GAS) or {})["unit_ids"])


def test_the_desk_that_listed_a_unit_takes_it_off_when_it_was_sent_elsewhere_before(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    strange(twin, "units", FIRE, **AWAY)
    syncing.sync(desk)
    assert listed(twin) == [] and queries.outbox(desk) == []
    unit = twin.get("units", FIRE)
    assert unit and {name: unit[name] for name in AWAY} == AWAY
    assert syncing.sync(desk).pushed == 0


def test_the_desk_that_sent_a_unit_puts_it_back_onto_the_list_that_lost_it(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    strange(twin, "incidents", GAS, unit_ids=[])
    syncing.sync(desk)
    assert listed(twin) == [FIRE] and queries.outbox(desk) == [] and syncing.sync(desk).pushed == 0
    strange(twin, "incidents", GAS, unit_ids=[], state="ended")
    syncing.sync(desk)
    assert listed(twin) == []


def test_what_another_desk_listed_is_left_to_it(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "incidents", GAS, unit_ids=[FIRE], state="active")
    strange(twin, "units", FIRE, **AWAY)
    syncing.sync(desk)
    assert listed(twin) == [FIRE] and outbox.recent(desk.store) == []


def test_nothing_is_tidied_while_an_act_of_ones_own_waits_on_it_nor_by_who_may_only_look(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    strange(twin, "units", FIRE, **AWAY)
    strange(twin, "incidents", GAS, phone="1")
    edited = acts.edit(desk, GAS, {"phone": "2"})
    assert syncing.sync(desk).conflicts == 1 and listed(twin) == [FIRE]
    resolving.resolve(desk, edited.op_id, "theirs")
    desk.officer = Officer("officer", "officer", "leader")
    syncing.sync(desk)
    assert listed(twin) == [FIRE]
    desk.officer = Officer("officer", "officer", "officer")
    syncing.sync(desk)
    assert listed(twin) == []


def test_an_incident_closes_over_a_unit_that_is_elsewhere_and_not_over_one_that_is_there(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "incidents", GAS, unit_ids=[FIRE, POLICE], state="active")
    strange(twin, "units", FIRE, **AWAY)
    strange(twin, "units", POLICE, state="on_scene", incident_id=GAS, assignment_id="its own")
    syncing.sync(desk)
    with pytest.raises(Refused, match="还有 1 个力量"):
        acts.transition(desk, GAS, "close", outcome="完")
    acts.status(desk, POLICE, "available")
    assert acts.transition(desk, GAS, "close", outcome="完").state == "ended"
    assert syncing.sync(desk).pending == 0 and listed(twin) == []


def test_a_unit_that_is_listed_and_elsewhere_may_be_sent_again(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "incidents", GAS, unit_ids=[FIRE], state="active")
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE])
    assert syncing.sync(desk).pending == 0 and listed(twin) == [FIRE]
    assert (twin.get("units", FIRE) or {})["incident_id"] == GAS


def test_two_units_leave_one_incident_at_once(desk: Desk, twin: TwinPlatform) -> None:
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE, POLICE])
    syncing.sync(desk)
    strange(twin, "incidents", GAS, unit_ids=[FIRE], phone="119")
    strange(twin, "units", POLICE, state="available", incident_id=None, assignment_id=None)
    left = acts.status(desk, FIRE, "available")
    assert syncing.sync(desk).conflicts == 0
    there = twin.get("incidents", GAS)
    assert there and (there["unit_ids"], there["phone"]) == ([], "119")
    (step,) = (step for step in outbox.steps_of(desk.store, left.op_id) if step.kind == "incidents")
    assert (step.base["unit_ids"], step.patch, step.state) == ([FIRE], {"unit_ids": []}, "done")


def test_a_status_is_not_forced_on_a_unit_that_was_sent_elsewhere_meanwhile(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    strange(twin, "units", FIRE, **AWAY)
    left = acts.status(desk, FIRE, "available")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="已不在原来的事件上"):
        resolving.resolve(desk, left.op_id, "mine")


def test_a_released_assignment_does_not_come_back(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    (assignment,) = queries.assignments(desk, GAS)
    strange(twin, "assignments", str(assignment["id"]), state="released", ended_at="2026-07-16T16:00:00+08:00")
    moved = acts.status(desk, FIRE, "on_scene")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="已经结束"):
        resolving.resolve(desk, moved.op_id, "mine")
    assert (twin.get("assignments", str(assignment["id"])) or {})["state"] == "released"


def test_an_undoing_gives_no_unit_back_to_an_incident_that_ended(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    (assignment,) = queries.assignments(desk, GAS)
    strange(twin, "assignments", str(assignment["id"]), by="another")
    released = acts.status(desk, FIRE, "available")
    assert syncing.sync(desk).conflicts == 1 and listed(twin) == []
    resolving.resolve(desk, released.op_id, "theirs")
    strange(twin, "incidents", GAS, state="ended", history=[{"act": "close", "from": "active", "to": "ended"}])
    assert syncing.sync(desk).conflicts == 1
    (undone,) = queries.outbox(desk)
    with pytest.raises(Refused, match="不能再放回力量"):
        resolving.resolve(desk, undone["op_id"], "mine")
    resolving.resolve(desk, undone["op_id"], "theirs")
    assert syncing.sync(desk).pending == 0 and listed(twin) == []
    unit = twin.get("units", FIRE)
    assert unit and unit["state"] in {"returning", "available"} and not unit.get("incident_id")
