"""Two desks on one city, by the command line alone: who was first wins, who was second is told, and nobody's words are lost."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

pytestmark = [pytest.mark.kinto, pytest.mark.journey]
SeatOf = Callable[..., Any]


def fields_of(conflict: dict[str, Any]) -> dict[str, tuple[Any, Any, Any]]:
    return {each["field"]: (each["base"], each["mine"], each["theirs"]) for each in conflict["fields"]}


def test_two_desks_send_the_same_unit(city: Any, seat: SeatOf) -> None:
    gas, fire, unit = city.incident("应0001A"), city.incident("应0002A", type="fire_house"), city.unit("消防101")
    first, second = seat("officer"), seat("officer2")
    first.do("dispatch", gas, "消防101")
    lost = second.do("dispatch", fire, "消防101")
    assert first.sync()["conflicts"] == 0
    report = second.sync()
    assert (report["conflicts"], report["pushed"]) == (1, 0)
    (told,) = second.rows("conflicts")
    assert told["op_id"] == lost["op_id"] and told["kind"] == "units" and told["done_steps"] == []
    assert fields_of(told)["incident_id"] == (None, fire, gas)
    assert second.row("units", unit)["sync"] == "conflict"
    # The lock holds: the loser's incident and assignment never left.
    assert city.get("incidents", fire)["state"] == "queued" and len(city.all("assignments")) == 1
    assert "不能派遣" in second.do("resolve", lost["op_id"], "--take", "mine", code=1)["error"]
    second.do("resolve", "应0002A", "--take", "theirs")
    assert second.sync()["conflicts"] == 0 and second.rows("outbox") == []
    assert city.get("units", unit)["incident_id"] == gas
    assert second.row("units", unit)["sync"] == "synced" and second.row("incidents", fire)["state"] == "queued"


def test_closing_wins_against_dispatching(city: Any, seat: SeatOf) -> None:
    incident, unit = city.incident("应0003A"), city.unit("消防103")
    first, second = seat("officer"), seat("officer2")
    first.do("close", incident, "--outcome", "误报")
    sent = second.do("dispatch", incident, "消防103")
    first.sync()
    assert second.sync()["conflicts"] == 1
    (told,) = second.rows("conflicts")
    assert told["kind"] == "incidents" and told["done_steps"] == ["力量 消防103"]
    assert city.get("incidents", incident)["state"] == "ended" and not city.get("incidents", incident).get("unit_ids")
    assert "结束" in second.do("resolve", sent["op_id"], "--take", "mine", code=1)["error"]
    second.do("resolve", sent["op_id"], "--take", "theirs")
    assert second.sync()["pending"] == 0
    # The unit that had been taken for it is free again.
    left = city.get("units", unit)
    assert (left["state"], left.get("assignment_id"), left.get("incident_id")) == ("available", None, None)
    assert city.all("assignments") == []


def test_dispatching_wins_against_closing(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0004A")
    unit = city.unit("消防104")
    first, second = seat("officer"), seat("officer2")
    closing = second.do("close", incident, "--outcome", "误报")
    first.do("dispatch", incident, "消防104")
    first.sync()
    assert second.sync()["conflicts"] == 1
    assert city.get("incidents", incident)["state"] == "active"
    assert "还有 1 个力量" in second.do("resolve", closing["op_id"], "--take", "mine", code=1)["error"]
    first.do("status", "消防104", "returning")
    first.sync()
    second.sync()
    # With the crew gone the same wish is within the rules: it goes out on what the platform has now.
    second.do("resolve", closing["op_id"], "--take", "mine")
    assert second.sync()["conflicts"] == 0
    server = city.get("incidents", incident)
    assert server["state"] == "ended" and not server["unit_ids"] and city.get("units", unit)["state"] == "returning"


def test_a_stale_edit_keeps_both_versions_until_an_officer_decides(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0005A", description="起初")
    first, second = seat("officer"), seat("officer2")
    first.do("edit", incident, "--set", "description=甲写的")
    mine = second.do("edit", incident, "--set", "description=乙写的")
    first.sync()
    assert second.sync()["conflicts"] == 1
    (told,) = second.rows("conflicts")
    assert fields_of(told)["description"] == ("起初", "乙写的", "甲写的")
    row = second.row("incidents", incident)
    assert (row["description"], row["sync"]) == ("乙写的", "conflict")
    assert city.get("incidents", incident)["description"] == "甲写的"
    # Still there after another process has looked, and nothing goes out by itself.
    assert second.sync()["conflicts"] == 1
    second.do("resolve", "应0005A", "--take", "mine")
    assert second.sync()["pushed"] == 1 and city.get("incidents", incident)["description"] == "乙写的"
    assert city.writes_of(mine["op_id"]) == 2  # the incident and its line in the log, each once
    first.do("edit", incident, "--set", "description=甲再写")
    first.sync()
    assert first.rows("conflicts")
    first.do("resolve", "应0005A", "--take", "theirs")
    assert first.sync()["conflicts"] == 0 and first.row("incidents", incident)["description"] == "乙写的"


def test_edits_of_different_fields_merge_by_themselves(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0006A")
    first, second = seat("officer"), seat("officer2")
    first.do("edit", incident, "--set", "description=三楼")
    second.do("edit", incident, "--set", "phone=0631-000")
    first.sync()
    report = second.sync()
    assert (report["pushed"], report["conflicts"]) == (1, 0)
    server = city.get("incidents", incident)
    assert (server["description"], server["phone"]) == ("三楼", "0631-000")


def test_an_officer_cannot_change_how_the_city_is_made(hub: Any, city: Any, seat: SeatOf) -> None:
    for method, body in (("PATCH", {"data": {"schema": {}}}), ("PUT", {"data": {}}), ("DELETE", None)):
        assert hub.send("officer", method, "/buckets/city/collections/incidents", body).status == 403
    bad = {"data": {"title": 7}, "permissions": {"write": ["/buckets/city/groups/officer"]}}
    assert hub.send("officer", "PUT", hub.records("incidents", "bad-1"), bad).status == 400


def test_a_leader_only_reads(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0007A")
    desk = seat("leader")
    assert desk.row("incidents", incident)["title"] == "燃气泄漏"
    assert "值班员" in desk.do("claim", incident, code=1)["error"]
    assert desk.rows("outbox") == []


def test_after_a_mass_deletion_no_desk_loses_its_rows_without_asking(hub: Any, city: Any, seat: SeatOf) -> None:
    made = [city.incident(f"应01{n:02d}A") for n in range(6)]
    desk = seat()
    desk.do("edit", made[0], "--set", "description=本席位在写")
    assert hub.send("officer2", "DELETE", hub.records("incidents")).status == 200
    report = desk.sync()
    assert report["held"] == ["incidents"] and report["deleted"] == 0
    assert "sync --accept-vanished" in desk.run("sync", "--platform", desk.url, "--user", desk.user).stdout
    assert len(desk.rows("incidents")) == 6
    held = desk("status")["holds"]
    assert [(each["kind"], each["vanished"], each["total"]) for each in held] == [("incidents", 6, 6)]
    assert desk.sync()["held"] == ["incidents"]
    report = desk.sync("--accept-vanished")
    assert (report["held"], report["deleted"]) == ([], 6)
    # The act that waited for a record that is gone stays to be seen.
    assert report["rejected"] == 1 and desk.rows("outbox")[0]["id"] == made[0]
    assert desk("status")["holds"] == []


def test_a_restored_server_is_read_again_from_the_start(hub: Any, city: Any, seat: SeatOf) -> None:
    made = [city.incident(f"应02{n:02d}A") for n in range(12)]
    desk = seat()
    desk.do("edit", made[0], "--set", "description=恢复前写的")
    # A row that the restored server never had: no tombstone will ever name it, so a delta cannot see it go.
    (mirror,) = desk.folder.glob("platform-*/mirror.db")
    with closing(sqlite3.connect(mirror)) as db, db:
        columns = "version, feed, number, title, track, state, type, grade, priority, owner, district, reported_at, lon, lat, words, raw"
        db.execute(f"INSERT INTO mirror_incidents(id, {columns}) SELECT 'ghost', {columns} FROM mirror_incidents WHERE id=?", (made[1],))
    assert desk.sync()["deleted"] == 0 and len(desk.rows("incidents")) == 13
    city.change_server(epoch="after-the-restore")
    desk.do("edit", made[2], "--set", "description=恢复后发的")
    report = desk.sync()
    assert (report["pushed"], report["deleted"], report["held"]) == (1, 1, [])
    assert len(desk.rows("incidents")) == 12 and city.get("incidents", made[2])["description"] == "恢复后发的"


def test_another_server_at_the_same_address_gets_a_store_of_its_own(hub: Any, city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0001A")
    desk = seat()
    act = desk.do("claim", incident)
    before = city.change_server(server_id="another-city")["server_id"]
    try:
        assert desk.sync()["pushed"] == 0
        assert "换了身份" in desk.said and before in desk.said and "没有动" in desk.said
        assert desk.rows("outbox") == []
    finally:
        city.change_server(server_id=before)
    assert desk.sync()["pushed"] == 1 and city.writes_of(act["op_id"]) == 1
