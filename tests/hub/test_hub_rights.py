"""What each account may and may not do on a real hub: the rights of the platform contract."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

import pytest

from weihai_command.domain.kinds import KINDS
from weihai_command.feeds.rights import CREATORS

pytestmark = pytest.mark.kinto
CITY = "/buckets/city"
STAFF = ("officer", "officer2", "shift_leader", "department", "leader", "trainer", "feed")
SAMPLES: dict[str, dict[str, Any]] = {
    "incidents": {"title": "积水"}, "assignments": {"incident_id": "1", "unit_id": "2"}, "units": {"name": "一中队", "kind": "fire"},
    "log": {"text": "到场", "at": "2026-01-01T08:00:00+08:00", "by": "officer"}, "facilities": {"name": "医院", "kind": "hospital"},
    "plans": {"title": "防汛预案"}, "warnings": {"title": "大风蓝色预警"}, "video_points": {"name": "路口"},
    "sensors": {"name": "雨量站", "field": "weather", "quantity": "rain"}, "meta": {"epoch": "x"},
}


def make(hub: Any, account: str, kind: str, **more: Any) -> Any:
    with contextlib.closing(hub.login(account)) as platform:
        return platform.create(kind, {"id": str(uuid.uuid4()), **SAMPLES[kind], **more}, str(uuid.uuid4()))


@pytest.mark.parametrize("account", STAFF)
def test_nobody_but_the_administrator_changes_how_the_city_is_made(hub: Any, account: str) -> None:
    schema = {"data": {"schema": {"type": "object"}}}
    tries = [
        ("PATCH", f"{CITY}/collections/incidents", schema), ("PUT", f"{CITY}/collections/incidents", schema),
        ("DELETE", f"{CITY}/collections/incidents", None), ("PUT", f"{CITY}/collections/mine", {"data": {}}),
        ("PATCH", CITY, {"permissions": {"write": [f"account:{account}"]}}), ("DELETE", CITY, None),
        ("PATCH", f"{CITY}/groups/admin", {"data": {"members": [f"account:{account}"]}}), ("PUT", f"{CITY}/groups/mine", {"data": {"members": []}}),
        ("DELETE", f"{CITY}/history", None), ("PUT", "/buckets/mine", {"data": {}}),
        ("PUT", "/accounts/stranger", {"data": {"password": "secret"}}), ("PATCH", "/accounts/admin", {"data": {"password": "secret"}}),
        ("PATCH", f"{CITY}/collections/meta/records/server", {"data": {"exercise": False}}),
    ]
    for method, path, body in tries:
        assert hub.send(account, method, path, body).status in (403, 404), (method, path)


def test_a_schema_stays_in_force_after_all_tries(hub: Any) -> None:
    assert make(hub, "officer", "incidents", title=7).field == "title"


def test_the_administrator_may_change_a_schema(hub: Any) -> None:
    answer = hub.send("admin", "PATCH", f"{CITY}/collections/plans", {"data": {"displayed": "title"}})
    assert answer.status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_each_role_creates_what_the_table_says(hub: Any, kind: str) -> None:
    for account, role in (("officer", "officer"), ("department", "department"), ("leader", "leader"), ("trainer", "trainer"), ("feed", "feed")):
        expected = "applied" if role in CREATORS[kind] else "rejected"
        assert make(hub, account, kind).status == expected, account


@pytest.mark.parametrize("account", STAFF)
def test_every_role_reads(hub: Any, account: str) -> None:
    record = make(hub, "officer", "incidents").record
    with contextlib.closing(hub.login(account)) as platform:
        assert platform.get("incidents", record["id"]) == record
        assert platform.history(record["last_op"])
        assert platform.meta().exercise


@pytest.mark.parametrize(("account", "status"), [("officer2", "applied"), ("shift_leader", "applied"), ("department", "applied"), ("leader", "rejected")])
def test_who_may_change_an_officers_incident(hub: Any, account: str, status: str) -> None:
    record = make(hub, "officer", "incidents").record
    with contextlib.closing(hub.login(account)) as platform:
        assert platform.patch("incidents", record["id"], {"owner": account}, record["last_modified"], str(uuid.uuid4())).status == status


def test_an_officer_dispatches_a_unit_that_the_feed_made(hub: Any) -> None:
    unit = make(hub, "feed", "units").record
    with contextlib.closing(hub.login("officer")) as platform:
        reply = platform.patch("units", unit["id"], {"assignment_id": "a1", "state": "dispatching"}, unit["last_modified"], "op")
        assert reply.status == "applied"
        reply = platform.patch("units", unit["id"], {"assignment_id": None}, reply.record["last_modified"], "op2")
        assert reply.status == "applied" and reply.record["assignment_id"] is None


def test_a_log_entry_is_never_changed_nor_deleted_by_staff(hub: Any) -> None:
    entry = make(hub, "officer", "log").record
    with contextlib.closing(hub.login("officer")) as platform:
        assert platform.patch("log", entry["id"], {"text": "x"}, entry["last_modified"], "op").status == "rejected"
        replay = platform.create("log", entry, entry["last_op"])
        assert replay.status == "stale" and replay.existing == entry
    assert hub.send("officer", "DELETE", hub.records("log", entry["id"])).status == 403
    assert hub.send("officer", "DELETE", hub.records("log")).status in (200, 403)
    with contextlib.closing(hub.login("officer")) as platform:
        assert platform.get("log", entry["id"]) == entry


def test_the_honest_limit_whoever_writes_may_delete_and_history_has_it_all(hub: Any) -> None:
    made = [make(hub, "officer", "incidents").record for _ in range(3)]
    assert hub.send("officer2", "DELETE", hub.records("incidents")).status == 200
    with contextlib.closing(hub.login("officer")) as platform:
        assert platform.versions("incidents") == {}
        assert {id for id, _ in platform.page("incidents", since=1).deletions} >= {row["id"] for row in made}
        assert [platform.history(row["last_op"])[0].record for row in made] == made


def test_a_stranger_sees_nothing(hub: Any) -> None:
    import requests

    for path in (CITY, hub.records("incidents"), f"{CITY}/history", hub.records("meta", "server")):
        assert requests.get(hub.url + path, timeout=10).status_code in (401, 403)
    body = {"data": {"password": "secret"}}
    assert requests.put(f"{hub.url}/accounts/stranger", json=body, timeout=10).status_code in (401, 403)
    assert requests.post(f"{hub.url}/accounts", json={"data": {"id": "stranger", **body["data"]}}, timeout=10).status_code in (401, 403)


def test_the_set_up_account_is_gone(hub: Any) -> None:
    answer = hub.send("admin", "GET", CITY)
    assert answer.json()["permissions"]["write"] == ["account:admin"]
    assert hub.send("admin", "GET", "/accounts/hub").status == 404


def test_the_trial_department_is_posted(hub: Any) -> None:
    with contextlib.closing(hub.login("department")) as platform:
        assert {f"{CITY}/groups/department", f"{CITY}/groups/department-city"} <= set(platform.role_groups())
