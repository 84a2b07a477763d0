"""Against a real Kinto by the command line alone: strangers, offline acts, lost replies, the same op twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.kinto, pytest.mark.journey]
SeatOf = Callable[..., Any]


def test_a_strangers_incident_appears_and_a_tombstone_removes_it(hub: Any, city: Any, seat: SeatOf) -> None:
    desk = seat()
    stranger = city.incident("应0001A", title="码头路积水", whim={"kept": True})
    report = desk.sync()
    assert report["pulled"] == {"incidents": 1}
    assert set(report) >= {"pushed", "pulled", "deleted", "pending", "conflicts", "rejected", "quarantined"}
    row = desk.row("incidents", stranger)
    assert (row["title"], row["sync"], row["whim"]) == ("码头路积水", "synced", {"kept": True})
    assert [each["id"] for each in desk.rows("incidents", "--text", "积水")] == [stranger]
    assert [each["id"] for each in desk.rows("incidents", "--near", "122.1,37.5", "--radius", "50")] == [stranger]
    assert hub.send("admin", "DELETE", hub.records("incidents", stranger)).status == 200
    assert desk.sync()["deleted"] == 1
    assert desk.rows("incidents") == []


def test_three_acts_done_offline_wait_together_and_arrive_once(city: Any, seat: SeatOf, line: Any) -> None:
    unit = city.unit("消防101")
    desk = seat()
    line.down()
    op = str(uuid.uuid4())
    words = ("report", "--title", "路面塌陷", "--type", "road_flooding", "--priority", "2", "--lon", "122.1", "--lat", "37.5", "--op-id", op)
    made = desk.do(*words)
    assert desk.do(*words) == made
    assert made["op_id"] == op and made["kind"] == "incidents" and made["state"] == "new"
    sent = desk.do("dispatch", made["number"], "消防101")
    noted = desk.do("edit", made["number"], "--set", "description=水深 18 cm")
    assert [row["state"] for row in desk.rows("outbox")] == ["pending"] * 3
    failed = desk.sync(code=3)
    assert "无法连接平台" in failed["error"] and "待发送的操作全部保留" in failed["error"]
    # Nothing left this machine, so nothing is in doubt and each act may still be withdrawn.
    assert [row["state"] for row in desk.rows("outbox")] == ["pending"] * 3
    assert desk.row("incidents", made["id"])["sync"] == "pending"
    line.up()
    report = desk.sync()
    assert (report["pushed"], report["pending"], report["conflicts"], report["rejected"]) == (3, 0, 0, 0)
    server = city.get("incidents", made["id"])
    assert (server["state"], server["unit_ids"], server["description"]) == ("active", [unit], "水深 18 cm")
    # An edit is the incident and its line in the log, each once.
    assert [city.writes_of(each) for each in (op, noted["op_id"])] == [1, 2]
    assert city.writes_of(sent["op_id"]) == 3  # unit, incident and assignment, each once
    (assignment,) = city.all("assignments")
    assert city.get("units", unit)["assignment_id"] == assignment["id"]
    assert desk.rows("outbox") == [] and desk.row("incidents", made["id"])["sync"] == "synced"


def test_lost_replies_and_lost_requests_apply_every_step_once(city: Any, seat: SeatOf, line: Any) -> None:
    incident, unit = city.incident("应0002A"), city.unit("消防102")
    desk = seat()
    sent = desk.do("dispatch", incident, unit)
    made = desk.do("report", "--title", "树木倒伏")
    for fault in ("lose_replies", "lose_requests", "lose_replies", "lose_replies"):
        setattr(line, fault, 1)
        desk.sync()
    assert line.lose_replies == line.lose_requests == 0
    report = desk.sync()
    assert (report["pending"], report["conflicts"], report["rejected"]) == (0, 0, 0)
    assert city.writes_of(sent["op_id"]) == 3 and city.writes_of(made["op_id"]) == 1
    assert len(city.all("assignments")) == 1
    assert len(city.get("incidents", incident)["history"]) == 1


def test_an_act_in_doubt_cannot_be_withdrawn_and_stays_in_doubt_when_the_line_is_down(city: Any, seat: SeatOf, line: Any) -> None:
    incident = city.incident("应0003A")
    desk = seat()
    act = desk.do("edit", incident, "--set", "description=三楼")
    line.lose_replies = 1
    desk.sync()
    (row,) = desk.rows("outbox")
    assert (row["state"], row["word"]) == ("sending", "待确认")
    line.down()
    desk.sync(code=3)
    assert "可能已经到达" in desk.do("withdraw", act["op_id"], code=1)["error"]
    line.up()
    assert desk.sync()["pending"] == 0
    assert city.get("incidents", incident)["description"] == "三楼" and city.writes_of(act["op_id"]) == 2


def test_a_lost_reply_whose_trace_a_stranger_wiped_is_found_in_the_history(city: Any, seat: SeatOf, line: Any) -> None:
    """A stranger's PUT replaces the whole record, our op ids with it: only the server's history still knows."""
    incident = city.incident("应0004A", description="原来")
    desk = seat()
    act = desk.do("edit", incident, "--set", "description=我们的")
    line.lose_replies = 1
    desk.sync()
    assert city.get("incidents", incident)["description"] == "我们的"
    city.incident("应0004A", id=incident, description="原来")
    report = desk.sync()
    assert (report["pending"], report["conflicts"]) == (0, 0)
    assert city.get("incidents", incident)["description"] == "原来" and city.writes_of(act["op_id"]) == 2


def test_a_create_in_doubt_does_not_bring_a_deleted_record_back(hub: Any, city: Any, seat: SeatOf, line: Any) -> None:
    desk = seat()
    made = desk.do("report", "--title", "误报")
    line.lose_replies = 1
    desk.sync()
    assert hub.send("admin", "DELETE", hub.records("incidents", made["id"])).status == 200
    assert desk.sync()["pending"] == 0
    assert city.all("incidents") == [] and desk.rows("incidents") == []


def test_an_acts_rejection_is_kept_and_told(city: Any, hub: Any, seat: SeatOf) -> None:
    incident = city.incident("应0005A")
    desk = seat()
    desk.do("note", incident, "到场")
    act = desk.do("claim", incident)
    assert hub.send("admin", "DELETE", hub.records("incidents", incident)).status == 200
    report = desk.sync()
    assert (report["pushed"], report["rejected"]) == (1, 1)
    (row,) = desk.rows("outbox")
    assert row["op_id"] == act["op_id"] and row["state"] == "rejected" and "没有这条记录" in row["error"]
    assert desk.do("withdraw", act["op_id"])["op_id"] == act["op_id"]
    assert desk.rows("outbox") == []
