"""A list of units that says something else than the units themselves: who is elsewhere holds nothing up, and is taken off."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault, Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk, Officer
from weihai_command.store import outbox

FIRE, POLICE = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"
GAS, OTHER = "22222222-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
AWAY = {"state": "dispatching", "incident_id": "elsewhere", "assignment_id": "another"}


def strange(twin: TwinPlatform, kind: str, record_id: str, **patch: Any) -> None:
    """Another desk writes."""
    there = twin.get(kind, record_id)
    assert there
    twin.patch(kind, record_id, patch, there["last_modified"], f"stranger {there['last_modified']}")


@pytest.fixture(autouse=True)
def police(twin: TwinPlatform) -> None:
    """A second unit, and a second incident."""
    twin.create("units", {"id": POLICE, "name": "巡警12", "kind": "police", "state": "available", "lon": 122.1, "lat": 37.5}, "seeding")
    twin.create("incidents", {"id": OTHER, "number": "应0002C", "title": "漏气", "track": "emergency", "state": "queued", "type": "gas_leak",
                              "priority": "urgent", "history": [], "lon": 122.1, "lat": 37.5}, "seeding")


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


def test_a_list_that_came_before_the_units_were_read_is_believed(desk: Desk, twin: TwinPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    syncing.sync(desk)
    strange(twin, "units", FIRE, state="dispatching", incident_id=GAS, assignment_id="its own")
    strange(twin, "incidents", GAS, unit_ids=[FIRE], state="active")
    read = twin.page

    def cut(kind: str, **asked: Any) -> Any:
        if kind == "units":
            raise PlatformFault("线路断了", "数据都在", code="cut_page")
        return read(kind, **asked)

    monkeypatch.setattr(twin, "page", cut)
    with pytest.raises(PlatformFault):
        syncing.sync(desk)
    # This desk knows the list and not yet that the unit was sent.
    with pytest.raises(Refused, match="还有 1 个力量"):
        acts.transition(desk, GAS, "close", outcome="完")
    with pytest.raises(Refused, match="刚有变动"):
        acts.transition(desk, GAS, "merge", parent=OTHER)
    acts.claim(desk, GAS)
    monkeypatch.setattr(twin, "page", read)
    assert syncing.sync(desk).pending == 0 and listed(twin) == [FIRE]


def test_an_incident_does_not_end_over_a_unit_that_its_list_has_lost(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "units", FIRE, state="on_scene", incident_id=GAS, assignment_id="its own")
    syncing.sync(desk)
    with pytest.raises(Refused, match="还有 1 个力量"):
        acts.transition(desk, GAS, "close", outcome="完")
    acts.status(desk, FIRE, "available")
    assert acts.transition(desk, GAS, "close", outcome="完").state == "ended"


def test_a_merged_incident_takes_along_a_unit_that_its_list_has_lost(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "units", FIRE, state="on_scene", incident_id=GAS, assignment_id="its own")
    syncing.sync(desk)
    acts.transition(desk, GAS, "merge", parent=OTHER)
    syncing.sync(desk)
    assert ((twin.get("units", FIRE) or {})["incident_id"], (twin.get("incidents", OTHER) or {})["unit_ids"]) == (OTHER, [FIRE])


def test_a_claim_leaves_the_list_as_it_is(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "incidents", GAS, unit_ids=[FIRE], state="active")
    strange(twin, "units", FIRE, **AWAY)
    syncing.sync(desk)
    claimed = acts.claim(desk, GAS)
    (step,) = outbox.steps_of(desk.store, claimed.op_id)
    assert "unit_ids" not in step.patch


def test_mine_closes_nothing_over_a_unit_that_was_sent_there(desk: Desk, twin: TwinPlatform) -> None:
    syncing.sync(desk)
    closed = acts.transition(desk, GAS, "close", outcome="完")
    strange(twin, "incidents", GAS, phone="119")
    strange(twin, "units", FIRE, state="dispatching", incident_id=GAS, assignment_id="its own")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="还有 1 个力量"):
        resolving.resolve(desk, closed.op_id, "mine")


def test_an_act_that_waits_takes_no_unit_from_where_the_platform_has_it(desk: Desk, twin: TwinPlatform) -> None:
    syncing.sync(desk)
    acts.dispatch(desk, OTHER, [FIRE])
    strange(twin, "units", FIRE, state="dispatching", incident_id=GAS, assignment_id="its own")
    strange(twin, "incidents", GAS, unit_ids=[FIRE], state="active")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="还有 1 个力量"):
        acts.transition(desk, GAS, "close", outcome="完")


def test_a_unit_that_came_to_what_another_desk_was_ending_is_released(desk: Desk, twin: TwinPlatform) -> None:
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    strange(twin, "incidents", GAS, unit_ids=[], state="ended")
    syncing.sync(desk)
    unit = twin.get("units", FIRE)
    assert unit and (unit["state"], unit["incident_id"]) == ("returning", None) and queries.outbox(desk) == []
    (assignment,) = twin.page("assignments").records
    assert assignment["state"] == "released" and syncing.sync(desk).pushed == 0


def test_a_unit_that_another_desk_sent_to_what_has_ended_is_left_to_it(desk: Desk, twin: TwinPlatform) -> None:
    strange(twin, "incidents", GAS, state="ended")
    strange(twin, "units", FIRE, state="on_scene", incident_id=GAS, assignment_id="its own")
    syncing.sync(desk)
    assert (twin.get("units", FIRE) or {})["state"] == "on_scene" and outbox.recent(desk.store) == []
