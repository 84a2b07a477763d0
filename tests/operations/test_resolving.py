"""What an officer may take back, and in which order."""

from __future__ import annotations

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, session, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import audit

FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"


def test_a_report_with_acts_behind_it_is_taken_back_last(desk: Desk) -> None:
    made = acts.report(desk, title="火情", type="fire_house", priority="1", lon=122.1, lat=37.4)
    noted = acts.note(desk, made.id, "到场")
    sent = acts.dispatch(desk, made.id, [FIRE])
    with pytest.raises(Refused, match="后面还有 2 个操作") as told:
        resolving.withdraw(desk, made.op_id)
    assert sent.op_id in told.value.todo and noted.op_id in told.value.todo
    for op_id in (sent.op_id, noted.op_id, made.op_id):
        resolving.withdraw(desk, op_id)
    assert queries.outbox(desk) == [] and syncing.sync(desk).pushed == 0
    assert queries.record(desk, "units", FIRE)["state"] == "available"  # type: ignore[index]
    assert audit.verify(desk.store) == []


def test_what_had_been_done_is_undone_by_an_act_of_its_own(desk: Desk, twin: TwinPlatform) -> None:
    act = acts.dispatch(desk, GAS, [FIRE])
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"phone": "x"}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    assert twin.get("units", FIRE)["state"] == "dispatching"  # type: ignore[index]
    resolving.resolve(desk, act.op_id, "theirs")
    assert [row["verb"] for row in queries.outbox(desk)] == ["undo"]
    syncing.sync(desk)
    unit = twin.get("units", FIRE)
    assert unit and (unit["state"], unit["assignment_id"], unit["incident_id"]) == ("available", None, None)
    assert [line.verb for line in audit.rows(desk.store)] == ["undo", "withdraw", "dispatch"]


def test_only_a_conflict_can_be_resolved_and_only_what_waits_withdrawn(desk: Desk) -> None:
    act = acts.note(desk, GAS, "到场")
    with pytest.raises(Refused, match="没有冲突"):
        resolving.resolve(desk, act.op_id, "mine")
    syncing.sync(desk)
    with pytest.raises(Refused, match="平台已经收到"):
        resolving.withdraw(desk, act.op_id)
    with pytest.raises(Refused, match="没有这个操作"):
        resolving.withdraw(desk, "unknown")


def test_signed_out_nobody_acts_and_what_waits_stays(desk: Desk) -> None:
    acts.note(desk, GAS, "到场")
    session.sign_out(desk)
    with pytest.raises(Refused, match="登录"):
        acts.note(desk, GAS, "又到")
    assert syncing.sync(desk).pending == 1 and desk.link.state == "paused"


def test_what_waits_behind_a_conflict_follows_what_mine_made(desk: Desk, twin: TwinPlatform) -> None:
    claimed = acts.claim(desk, GAS)
    acts.edit(desk, GAS, {"phone": "110"})
    acts.transition(desk, GAS, "close", outcome="误报")
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"reporter": "路人"}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, claimed.op_id, "mine")
    report = syncing.sync(desk)
    assert (report.conflicts, report.pending) == (0, 0)
    record = twin.get("incidents", GAS)
    assert record and (record["owner"], record["phone"], record["reporter"], record["state"]) == ("officer", "110", "路人", "ended")
    assert [line["act"] for line in record["history"]] == ["claim", "close"]


def test_mine_does_not_speak_for_a_later_edit_of_what_the_other_changed(desk: Desk, twin: TwinPlatform) -> None:
    claimed = acts.claim(desk, GAS)
    edited = acts.edit(desk, GAS, {"phone": "110"})
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"phone": "119"}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, claimed.op_id, "mine")
    assert syncing.sync(desk).conflicts == 1
    (told,) = queries.conflicts(desk)
    assert told["op_id"] == edited.op_id and twin.get("incidents", GAS)["phone"] == "119"  # type: ignore[index]


def test_what_the_rules_forbid_behind_mine_meets_its_own_conflict(desk: Desk, twin: TwinPlatform) -> None:
    edited = acts.edit(desk, GAS, {"phone": "110"})
    acts.claim(desk, GAS)
    closed = acts.transition(desk, GAS, "close", outcome="误报")
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"phone": "119", "unit_ids": [FIRE]}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, edited.op_id, "mine")
    assert syncing.sync(desk).conflicts == 1
    assert [told["op_id"] for told in queries.conflicts(desk)] == [closed.op_id]
    record = twin.get("incidents", GAS)
    assert record and (record["phone"], record["state"], record["unit_ids"]) == ("110", "queued", [FIRE])


def test_an_incident_does_not_keep_a_unit_that_went_on_while_its_release_stood_in_conflict(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"state": "monitored"}, there["last_modified"], "stranger")
    released = acts.status(desk, FIRE, "available")
    assert syncing.sync(desk).conflicts == 1
    unit = twin.get("units", FIRE)
    assert unit and unit["state"] == "available"
    elsewhere = {"state": "dispatching", "incident_id": "elsewhere", "assignment_id": "another"}
    twin.patch("units", FIRE, elsewhere, unit["last_modified"], "stranger-2")
    syncing.sync(desk)
    resolving.resolve(desk, released.op_id, "theirs")
    syncing.sync(desk)
    incident, unit = twin.get("incidents", GAS), twin.get("units", FIRE)
    assert incident and unit and queries.outbox(desk) == []
    assert (incident["state"], incident["unit_ids"]) == ("monitored", [])
    assert {name: unit[name] for name in elsewhere} == elsewhere


def test_an_undoing_that_came_too_late_is_not_forced_on_a_unit_that_went_on(desk: Desk, twin: TwinPlatform) -> None:
    acts.dispatch(desk, GAS, [FIRE])
    syncing.sync(desk)
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"state": "monitored"}, there["last_modified"], "stranger")
    released = acts.status(desk, FIRE, "available")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, released.op_id, "theirs")
    undone = queries.outbox(desk)[0]
    assert undone["verb"] == "undo"
    unit = twin.get("units", FIRE)
    assert unit and unit["state"] == "available"
    elsewhere = {"state": "dispatching", "incident_id": "elsewhere", "assignment_id": "another"}
    twin.patch("units", FIRE, elsewhere, unit["last_modified"], "stranger-2")
    assert syncing.sync(desk).conflicts == 1
    with pytest.raises(Refused, match="已经变了"):
        resolving.resolve(desk, undone["op_id"], "mine")
    resolving.resolve(desk, undone["op_id"], "theirs")
    syncing.sync(desk)
    incident, unit = twin.get("incidents", GAS), twin.get("units", FIRE)
    assert incident and unit and queries.outbox(desk) == []
    assert (unit["incident_id"], incident["unit_ids"]) == ("elsewhere", [])


def test_mine_lists_no_unit_that_was_released_while_the_list_stood_in_conflict(desk: Desk, twin: TwinPlatform) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    there = twin.get("incidents", GAS)
    assert there
    twin.patch("incidents", GAS, {"phone": "x"}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    unit = twin.get("units", FIRE)
    assert unit and unit["state"] == "dispatching"
    twin.patch("units", FIRE, {"state": "returning", "incident_id": None, "assignment_id": None}, unit["last_modified"], "stranger-2")
    syncing.sync(desk)
    with pytest.raises(Refused):
        resolving.resolve(desk, sent.op_id, "mine")
    resolving.resolve(desk, sent.op_id, "theirs")
    syncing.sync(desk)
    incident, unit = twin.get("incidents", GAS), twin.get("units", FIRE)
    assert incident and unit and queries.outbox(desk) == []
    assert (incident.get("unit_ids") or [], unit["state"]) == ([], "returning")


def test_mine_taken_twice_does_not_carry_a_later_edit_over_what_it_has_not_seen(desk: Desk, twin: TwinPlatform) -> None:
    claimed = acts.claim(desk, GAS)
    edited = acts.edit(desk, GAS, {"phone": "110"})
    for n, field in enumerate(("phone", "reporter")):
        there = twin.get("incidents", GAS)
        assert there
        twin.patch("incidents", GAS, {field: "119"}, there["last_modified"], f"stranger-{n}")
        assert syncing.sync(desk).conflicts == 1 and queries.conflicts(desk)[0]["op_id"] == claimed.op_id
        resolving.resolve(desk, claimed.op_id, "mine")
    assert syncing.sync(desk).conflicts == 1
    assert queries.conflicts(desk)[0]["op_id"] == edited.op_id and twin.get("incidents", GAS)["phone"] == "119"  # type: ignore[index]


def test_mine_can_be_taken_again_on_a_unit_that_the_other_sent_to_the_same_place(desk: Desk, twin: TwinPlatform) -> None:
    sent = acts.dispatch(desk, GAS, [FIRE])
    for n, incident in enumerate((GAS, GAS)):
        unit = twin.get("units", FIRE)
        assert unit
        twin.patch("units", FIRE, {"state": "available", "incident_id": incident, "contact": str(n)}, unit["last_modified"], f"stranger-{n}")
        assert syncing.sync(desk).conflicts == 1 and len(queries.conflicts(desk)) == 1
        resolving.resolve(desk, sent.op_id, "mine")
    assert syncing.sync(desk).pending == 0
    unit = twin.get("units", FIRE)
    assert unit and (unit["state"], unit["incident_id"]) == ("dispatching", GAS)
