"""What is left when an act is given up: its units, their incidents and assignments agree, and what was done after it still stands."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import outbox

FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"


@pytest.fixture
def other(desk: Desk) -> str:
    """A second incident that the platform has."""
    made = acts.report(desk, title="落水", type="gas_leak", priority="1", lon=122.2, lat=37.5)
    syncing.sync(desk)
    return made.id


def stranger(twin: TwinPlatform, kind: str, record_id: str, **fields: Any) -> None:
    there = twin.get(kind, record_id)
    assert there
    twin.patch(kind, record_id, fields, there["last_modified"], f"stranger-{there['last_modified']}")


def give_way(desk: Desk, op_id: str) -> None:
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, op_id, "theirs")


def agrees(desk: Desk, twin: TwinPlatform) -> dict[str, Any]:
    """The fire crew on the platform, where all is sent and every list and assignment says the same of it."""
    report = syncing.sync(desk)
    assert (report.conflicts, report.pending) == (0, 0)
    unit = twin.get("units", FIRE)
    assert unit
    listed = [row["id"] for row in queries.rows(desk, "incidents") if FIRE in (row.get("unit_ids") or ())]
    assert listed == [each for each in [unit.get("incident_id")] if each]
    running = [row["id"] for row in queries.rows(desk, "assignments") if not row.get("ended_at")]
    assert running == [each for each in [unit.get("assignment_id")] if each]
    return unit


def test_a_move_given_up_after_its_dispatch_was_leaves_the_unit_nowhere(desk: Desk, twin: TwinPlatform, other: str) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    moved = acts.move(desk, FIRE, other)
    stranger(twin, "incidents", GAS, unit_ids=["someone"])
    give_way(desk, sent.op_id)
    stranger(twin, "incidents", other, unit_ids=["another"])
    give_way(desk, moved.op_id)
    assert agrees(desk, twin)["state"] == "returning"


def test_a_move_withdrawn_after_its_dispatch_was_given_up_releases_the_unit(desk: Desk, twin: TwinPlatform, other: str) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    moved = acts.move(desk, FIRE, other)
    stranger(twin, "incidents", GAS, phone="119")
    give_way(desk, sent.op_id)
    resolving.withdraw(desk, moved.op_id)
    assert agrees(desk, twin)["state"] == "returning"


def test_a_move_goes_on_though_its_dispatch_was_given_up(desk: Desk, twin: TwinPlatform, other: str) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    acts.move(desk, FIRE, other)
    stranger(twin, "incidents", GAS, phone="119")
    give_way(desk, sent.op_id)
    unit = agrees(desk, twin)
    assert (unit["state"], unit["incident_id"]) == ("dispatching", other)


def test_a_move_given_up_lists_the_unit_where_it_goes_back_to(desk: Desk, twin: TwinPlatform, other: str) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    moved = acts.move(desk, FIRE, other)
    stranger(twin, "incidents", other, phone="119")
    assert syncing.sync(desk).conflicts == 1
    # The list that the unit left has changed since: it is not put back as it was, but the unit is put onto it.
    stranger(twin, "incidents", GAS, unit_ids=["someone"])
    syncing.sync(desk)
    resolving.resolve(desk, moved.op_id, "theirs")
    assert agrees(desk, twin)["incident_id"] == GAS
    assert queries.record(desk, "incidents", GAS)["unit_ids"] == ["someone", FIRE]  # type: ignore[index]


def test_a_move_given_up_after_the_first_incident_ended_releases_the_unit(desk: Desk, twin: TwinPlatform, other: str) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    moved = acts.move(desk, FIRE, other)
    stranger(twin, "incidents", other, phone="119")
    assert syncing.sync(desk).conflicts == 1
    stranger(twin, "incidents", GAS, state="ended")
    syncing.sync(desk)
    resolving.resolve(desk, moved.op_id, "theirs")
    assert agrees(desk, twin)["state"] == "returning"


def test_an_incident_that_goes_back_says_so_in_its_history(desk: Desk, twin: TwinPlatform, other: str) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    merged = acts.transition(desk, GAS, "merge", parent=other)
    stranger(twin, "incidents", other, phone="119")
    give_way(desk, merged.op_id)
    assert agrees(desk, twin)["incident_id"] == GAS
    record = twin.get("incidents", GAS)
    assert record and record["state"] == "active"
    assert [(line["act"], line["to"]) for line in record["history"]] == [("dispatch", "active"), ("merge", "ended"), ("undo", "active")]


def test_what_was_done_after_a_withdrawn_act_goes_out_without_it(desk: Desk, twin: TwinPlatform) -> None:
    claimed = acts.claim(desk, GAS)
    acts.edit(desk, GAS, {"phone": "110"})
    acts.dispatch(desk, GAS, [FIRE])
    due = queries.record(desk, "incidents", GAS)["due_at"]  # type: ignore[index]
    acts.claim(desk, GAS)
    resolving.withdraw(desk, claimed.op_id)
    agrees(desk, twin)
    record = twin.get("incidents", GAS)
    assert record and (record["owner"], record["phone"], record["unit_ids"], record["due_at"]) == ("officer", "110", [FIRE], due)
    assert [line["act"] for line in record["history"]] == ["dispatch", "claim"]


def test_what_cannot_stand_without_an_act_is_withdrawn_first(desk: Desk, twin: TwinPlatform) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    arrived = acts.status(desk, FIRE, "on_scene")
    with pytest.raises(Refused, match="后面还有 1 个操作") as told:
        resolving.withdraw(desk, sent.op_id)
    assert arrived.op_id in told.value.todo
    assert [outbox.get(desk.store, each.op_id).state for each in (sent, arrived)] == ["pending", "pending"]  # type: ignore[union-attr]
    resolving.withdraw(desk, arrived.op_id)
    resolving.withdraw(desk, sent.op_id)
    assert agrees(desk, twin)["state"] == "available"


def test_an_undoing_that_waits_stands_on_what_is_left(desk: Desk, twin: TwinPlatform) -> None:
    """An edit behind a dispatch is withdrawn after the dispatch was undone: the undoing has seen it and goes out all the same."""
    sent = acts.dispatch(desk, GAS, [FIRE])
    stranger(twin, "incidents", GAS, phone="119")
    edited = acts.edit(desk, GAS, {"description": "两人被困"})
    give_way(desk, sent.op_id)
    resolving.withdraw(desk, edited.op_id)
    assert agrees(desk, twin)["state"] == "available"
    assert "description" not in (twin.get("incidents", GAS) or {})
