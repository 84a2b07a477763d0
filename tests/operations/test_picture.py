"""What the map draws: symbols by state, the abnormal on top, ended incidents and doubtful places left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.fields import FIELDS
from weihai_command.domain.points import ABNORMAL, CLOSED
from weihai_command.operations import picture
from weihai_command.operations.desk import City, Desk
from weihai_command.store import mirror
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    profile = Profile(tmp_path, "sample-small")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True), clock=lambda: NOW)
    yield made
    made.store.close()


def _load(desk: Desk, kind: str, *rows: dict[str, Any]) -> None:
    place = {"lon": 122.1, "lat": 37.4}
    mirror.bulk(desk.store, kind, [{"id": f"id-{n}", "last_modified": 1, **place, **row} for n, row in enumerate(rows)])


def _symbols(desk: Desk, kind: str) -> dict[str, str]:
    table = picture.table(desk, kind)
    return {table.ids[at]: table.symbols[code] for at, code in enumerate(table.symbol)}


def test_incidents_by_grade_and_deadline(desk: Desk) -> None:
    base = {"title": "事", "history": []}
    _load(
        desk, "incidents",
        {**base, "track": "emergency", "state": "active", "grade": 3, "type": "gas_leak", "number": "应0417A"},
        {**base, "track": "emergency", "state": "new"},
        {**base, "track": "municipal", "state": "handling", "due_at": "2026-07-16T15:00:00+08:00"},
        {**base, "track": "municipal", "state": "suspended", "due_at": "2026-07-16T15:00:00+08:00"},
        {**base, "track": "emergency", "state": "ended", "grade": 1},
        {**base, "track": "emergency", "state": "new", "lon": 37.4, "lat": 122.1},
    )
    assert _symbols(desk, "incidents") == {"id-0": "g3", "id-1": "g0", "id-2": "mo", "id-3": "mu"}
    table = picture.table(desk, "incidents")
    assert table.labels[0] == "应0417A 燃气泄漏"
    assert [bool(flag & ABNORMAL) for flag in table.flags] == [True, True, False, False]
    assert [(record_id, "颠倒" in reason) for record_id, _, reason in table.suspect] == [("id-5", True)]


def test_units_by_state_and_age_of_their_position(desk: Desk) -> None:
    _load(
        desk, "units",
        {"name": "消防101", "kind": "fire", "state": "available"},
        {"name": "消防102", "kind": "fire", "state": "en_route", "position_at": "2026-07-16T15:50:00+08:00"},
        {"name": "消防103", "kind": "fire", "state": "en_route", "position_at": "2026-07-16T15:00:00+08:00"},
        {"name": "消防104", "kind": "fire", "state": "unavailable"},
    )
    assert _symbols(desk, "units") == {"id-0": "u-fire-o", "id-1": "u-fire-b", "id-2": "u-fire-b", "id-3": "u-fire-x"}
    assert [label.endswith("（位置过期）") for label in picture.table(desk, "units").labels.values()] == [False, False, True, False]


def test_cameras_and_sensors_by_state(desk: Desk) -> None:
    _load(desk, "video_points", {"name": "路口", "state": "online"}, {"name": "路口", "state": "offline"})
    _load(desk, "sensors", *({"name": "站", "field": "water", "quantity": "level", "state": state} for state in ("normal", "high", "fault")))
    assert _symbols(desk, "video_points") == {"id-0": "cam", "id-1": "cam-x"}
    assert _symbols(desk, "sensors") == {"id-0": "sen", "id-1": "sen-y", "id-2": "sen-s"}
    assert [bool(flag & ABNORMAL) for flag in picture.table(desk, "sensors").flags] == [False, True, False]


def test_lines_to_units_on_their_way_only(desk: Desk) -> None:
    _load(desk, "incidents", {"title": "事", "track": "emergency", "state": "active", "type": "gas_leak", "history": [], "unit_ids": ["id-0", "id-1"]})
    _load(
        desk, "units",
        {"name": "消防101", "kind": "fire", "state": "en_route", "incident_id": "id-0"},
        {"name": "消防102", "kind": "fire", "state": "on_scene", "incident_id": "id-0"},
        {"name": "消防103", "kind": "fire", "state": "available", "home_lon": 122.2, "home_lat": 37.4},
    )
    assert [(unit, committed) for unit, _, committed in picture.links(desk, "id-0")] == [("id-0", True), ("id-2", False)]


def _fields(desk: Desk, kind: str) -> list[str]:
    table = picture.table(desk, kind)
    assert table.fields == FIELDS
    return [table.fields[code] for code in table.field]


def test_each_kind_says_its_fields(desk: Desk) -> None:
    _load(desk, "sensors", *({"name": "站", "field": field, "state": "normal"} for field in ("water", "weather", "", None, "moon")))
    assert _fields(desk, "sensors") == ["water", "weather", "other", "other", "other"]
    _load(desk, "video_points", *({"name": "路口", "field": field, "state": "online"} for field in ("police", "marine")))
    assert _fields(desk, "video_points") == ["police", "marine"]
    _load(desk, "units", *({"name": "队", "kind": kind, "state": "available"} for kind in ("fire", "drain", "fish", "drone")))
    assert _fields(desk, "units") == ["emergency", "water", "marine", "other"]
    base = {"title": "事", "history": [], "state": "new"}
    _load(
        desk, "incidents", {**base, "track": "emergency", "type": "oil_spill"}, {**base, "track": "municipal", "type": "pipe_burst"},
        {**base, "track": "emergency", "type": "from_elsewhere"}, {**base, "track": "municipal", "type": None, "department": "ecology"},
    )
    assert _fields(desk, "incidents") == ["marine", "water", "emergency", "ecology"]
    assert all(_fields(desk, kind) == [] for kind in ("facilities",))


def test_a_closed_facility_keeps_its_symbol_and_is_flagged(desk: Desk) -> None:
    _load(
        desk, "facilities", {"name": "甲", "kind": "pump", "field": "water", "state": "open"}, {"name": "乙", "kind": "pump", "field": "water", "state": "closed"},
        {"name": "丙", "kind": "a/b", "field": None, "state": "closed"}, {"name": "丁", "kind": "hospital", "field": "emergency"},
    )
    assert _symbols(desk, "facilities") == {"id-0": "f-pump", "id-1": "f-pump", "id-2": "f-store", "id-3": "f-hospital"}
    table = picture.table(desk, "facilities")
    assert [int(flag) for flag in table.flags] == [0, CLOSED, CLOSED, 0]
    assert _fields(desk, "facilities") == ["water", "water", "other", "emergency"]
