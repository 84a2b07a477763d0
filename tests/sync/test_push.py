"""What push does when all goes by the rules, against the fast twin and a real Kinto alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import mirror, outbox, view

FIRE, POLICE, GAS = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002", "22222222-0000-4000-8000-000000000001"
MakeDesk = Callable[..., Desk]


def test_dispatch_goes_out_in_order_and_is_synced(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    outcome = acts.dispatch(desk, GAS, [FIRE])
    assert outcome.state == "active"
    assert {row["sync"] for row in queries.rows(desk, "units") if row["id"] == FIRE} == {"pending"}
    report = syncing.sync(desk)
    assert (report.pushed, report.pending, report.conflicts) == (1, 0, 0)
    there = server.get("incidents", GAS)
    assert there and there["unit_ids"] == [FIRE] and there["state"] == "active"
    unit = server.get("units", FIRE)
    assert unit and unit["assignment_id"] and server.get("assignments", unit["assignment_id"])
    assert view.record(desk.store, "incidents", GAS)["sync"] == "synced"  # type: ignore[index]


def test_three_acts_on_one_incident_wait_together(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    server.offline = True
    number = acts.report(desk, title="路面积水", type="road_flooding", priority="2", lon=122.1, lat=37.4)
    acts.dispatch(desk, number.id, [FIRE])
    acts.edit(desk, number.id, {"description": "水深 18 cm"})
    acts.status(desk, FIRE, "on_scene")
    acts.status(desk, FIRE, "returning")
    acts.transition(desk, number.id, "close", outcome="已排干")
    server.offline = False
    report = syncing.sync(desk, wake=True)
    assert (report.pushed, report.pending, report.conflicts, report.rejected) == (6, 0, 0, 0)
    there = server.get("incidents", number.id)
    assert there and there["state"] == "ended" and there["description"] == "水深 18 cm" and not there["unit_ids"]
    assert [line["act"] for line in there["history"]] == ["report", "dispatch", "close"]


def test_lost_replies_apply_once(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    made = acts.report(desk, title="树木倒伏", type="tree_fall", lon=122.1, lat=37.4)
    acts.dispatch(desk, GAS, [FIRE, POLICE])
    for _ in range(12):
        server.lose_reply(1)
        syncing.sync(desk, wake=True)
    assert syncing.sync(desk, wake=True).pending == 0
    there = server.get("incidents", GAS)
    assert there and there["unit_ids"] == [FIRE, POLICE] and len(there["history"]) == 1
    assert len(server.history(made.op_id)) == 1
    assert len(server.versions("assignments")) == 2


def test_same_op_id_acts_once(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    op = "33333333-0000-4000-8000-000000000001"
    first = acts.report(desk, title="井盖缺失", type="manhole_missing", lon=122.1, lat=37.4, op_id=op)
    assert acts.report(desk, title="井盖缺失", type="manhole_missing", lon=122.1, lat=37.4, op_id=op) == first
    syncing.sync(desk)
    assert acts.report(desk, title="井盖缺失", op_id=op).id == first.id
    assert len(server.versions("incidents")) == 2


def test_second_desk_sending_the_same_unit_is_told(server: Any, make_desk: MakeDesk) -> None:
    first, second = make_desk(server, "officer"), make_desk(server, "officer2")
    other = acts.report(second, title="居民楼火情", type="fire_house", priority="1", lon=122.2, lat=37.4)
    syncing.sync(second)
    acts.dispatch(first, GAS, [FIRE])
    lost = acts.dispatch(second, other.id, [FIRE])
    assert syncing.sync(first).conflicts == 0
    assert syncing.sync(second).conflicts == 1
    told = queries.conflicts(second)[0]
    by_name = {field["field"]: field for field in told["fields"]}
    assert by_name["state"]["base"] == "available" and by_name["incident_id"]["theirs"] == GAS and by_name["incident_id"]["mine"] == other.id
    with pytest.raises(Refused):
        resolving.resolve(second, lost.op_id, "mine")
    resolving.resolve(second, lost.op_id, "theirs")
    report = syncing.sync(second)
    assert (report.pending, report.conflicts) == (0, 0)
    assert view.record(second.store, "units", FIRE)["incident_id"] == GAS  # type: ignore[index]
    assert view.record(second.store, "incidents", other.id)["state"] == "new" or not view.record(second.store, "incidents", other.id)["unit_ids"]  # type: ignore[index]


def test_closing_races_dispatching(server: Any, make_desk: MakeDesk) -> None:
    first, second = make_desk(server, "officer"), make_desk(server, "officer2")
    acts.transition(first, GAS, "close", outcome="误报")
    sent = acts.dispatch(second, GAS, [FIRE])
    syncing.sync(first)
    assert syncing.sync(second).conflicts == 1
    there = server.get("incidents", GAS)
    assert there and there["state"] == "ended" and not there.get("unit_ids")
    with pytest.raises(Refused, match="结束"):
        resolving.resolve(second, sent.op_id, "mine")
    resolving.resolve(second, sent.op_id, "theirs")
    syncing.sync(second, wake=True)
    unit = server.get("units", FIRE)
    assert unit and unit["state"] == "available" and not unit.get("assignment_id")
    assert queries.outbox(second) == []


def test_disjoint_edits_merge_and_same_field_conflicts(server: Any, make_desk: MakeDesk) -> None:
    first, second = make_desk(server, "officer"), make_desk(server, "officer2")
    acts.edit(first, GAS, {"description": "三楼"})
    acts.edit(second, GAS, {"phone": "000-1234"})
    syncing.sync(first)
    assert syncing.sync(second).conflicts == 0
    there = server.get("incidents", GAS)
    assert there and (there["description"], there["phone"]) == ("三楼", "000-1234")
    syncing.sync(first)
    acts.edit(first, GAS, {"title": "甲"})
    mine = acts.edit(second, GAS, {"title": "乙"})
    syncing.sync(first)
    assert syncing.sync(second).conflicts == 1
    conflict = queries.conflicts(second)[0]["fields"]
    assert [(f["base"], f["mine"], f["theirs"]) for f in conflict if f["field"] == "title"] == [("燃气泄漏", "乙", "甲")]
    resolving.resolve(second, mine.op_id, "mine")
    syncing.sync(second)
    assert server.get("incidents", GAS)["title"] == "乙"  # type: ignore[index]


def test_telemetry_of_a_unit_is_nobodys_edit(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    server.stranger("units", FIRE, lon=122.3, position_at="2026-07-16T16:00:00+08:00")
    acts.dispatch(desk, GAS, [FIRE])
    assert syncing.sync(desk).conflicts == 0
    assert server.get("units", FIRE)["lon"] == 122.3  # type: ignore[index]


def test_acts_wait_for_their_author(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server, "officer")
    acts.dispatch(desk, GAS, [FIRE])
    author = desk.platforms.pop("officer")
    desk.platforms["relief"] = author
    assert syncing.sync(desk).pending == 1
    assert "officer" in queries.outbox(desk)[0]["waiting"]
    desk.platforms = {"officer": author}
    assert syncing.sync(desk).pending == 0


def test_withdraw_before_sending(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    sent = acts.dispatch(desk, GAS, [FIRE])
    resolving.withdraw(desk, sent.op_id)
    assert view.record(desk.store, "units", FIRE)["state"] == "available"  # type: ignore[index]
    assert syncing.sync(desk).pushed == 0
    with pytest.raises(Refused):
        resolving.withdraw(desk, sent.op_id)


def test_a_record_that_vanished_is_rejected_and_stays_visible(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"title": "改"})
    server.delete("incidents", GAS)
    assert syncing.sync(desk).rejected == 1
    assert queries.outbox(desk)[0]["state"] == "rejected"
    assert outbox.counts(desk.store)["rejected"] == 1


def test_a_rebuilt_mirror_does_not_break_the_chain(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.dispatch(desk, GAS, [FIRE])
    for kind in ("incidents", "units"):
        mirror.delete(desk.store, kind, list(mirror.versions(desk.store, kind)))
        mirror.forget_cursor(desk.store, kind)
    report = syncing.sync(desk)
    assert (report.pending, report.conflicts) == (0, 0)
