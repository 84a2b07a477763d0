"""The plan as screens and scripts read it, sending it whole, and what a conflict leaves of it."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import Refused, Usage
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, planned, queries, recommending, resolving, syncing
from weihai_command.operations.desk import Desk

FIRE, GAS, OTHER = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000009"
HERE = {"lon": 122.12, "lat": 37.5}


def load(twin: TwinPlatform, desk: Desk, *units: dict[str, Any], **incident: Any) -> None:
    rows = [("units", {"id": f"11111111-0000-4000-8000-0000000001{n:02d}", "state": "available", **HERE, **row}) for n, row in enumerate(units)]
    if incident:
        rows.append(("incidents", {"id": OTHER, "title": "另一起", "track": "emergency", "state": "new", "history": [], **HERE, **incident}))
    twin.load(rows)
    syncing.sync(desk)


def test_a_plan_names_roles_gaps_and_who_is_busy_with_what(desk: Desk, twin: TwinPlatform) -> None:
    load(twin, desk, {"name": "燃抢01", "kind": "gas", "state": "on_scene", "incident_id": OTHER}, number="应0002C", type="fire_house")
    made = recommending.plan(desk, GAS)
    assert made and (made["card"], made["level"], made["unit_ids"]) == ("gas_leak", 1, [FIRE])
    assert made["picks"][0]["role_word"] == "消防" and "直线" not in made["picks"][0]["notes"]
    gas = next(row for row in made["shortfalls"] if row["role"] == "gas")
    assert gas["why"] == "空闲 0，缺 1：燃抢01 忙（应0002C）" and gas["busy"] == ["11111111-0000-4000-8000-000000000100"]
    rows = {row["name"]: row for row in queries.recommended(desk, GAS)}
    assert rows["燃抢01"]["incident"] == "应0002C" and "正在应0002C" in rows["燃抢01"]["reason"]
    assert [row["name"] for row in recommending.first(desk, GAS, 3)] == ["消防101"]


def test_without_type_or_card_the_nearest_are_offered(desk: Desk, twin: TwinPlatform) -> None:
    load(twin, desk, number="应0002C")
    made = recommending.plan(desk, OTHER)
    assert made and made["card"] is None and made["note"].startswith("先定类型") and made["picks"] == []
    assert [row["name"] for row in recommending.first(desk, OTHER, 3)] == ["消防101"]
    with pytest.raises(Refused, match="先定类型"):
        planned.dispatch_recommended(desk, OTHER)
    assert recommending.plan(desk, "nobody") is None and recommending.first(desk, "nobody", 3) == []


def test_the_level_goes_out_with_the_units_and_survives_a_conflict(desk: Desk, twin: TwinPlatform) -> None:
    done = planned.dispatch_recommended(desk, GAS, level=2)
    row = queries.record(desk, "incidents", GAS)
    assert row and (row["alarm_level"], row["unit_ids"]) == (2, [FIRE])
    there = twin.get("incidents", GAS)
    assert there and twin.patch("incidents", GAS, {"phone": "0631"}, there["last_modified"], "stranger").status == "applied"
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, done.op_id, "mine")
    assert syncing.sync(desk).pending == 0
    there = twin.get("incidents", GAS)
    assert there and (there["alarm_level"], there["unit_ids"], there["phone"]) == (2, [FIRE], "0631")
    with pytest.raises(Refused, match="公安") as told:
        planned.dispatch_recommended(desk, GAS)
    assert "医疗" in told.value.happened


@pytest.mark.parametrize("level", [0, 6, True, "2", 2.0])
def test_a_level_that_is_none_is_refused(desk: Desk, level: Any) -> None:
    with pytest.raises(Usage, match="没有这个警级"):
        acts.edit(desk, GAS, {"alarm_level": level})


def test_strange_records_are_ranked_or_left_out(desk: Desk, twin: TwinPlatform) -> None:
    strange: list[dict[str, Any]] = [
        {"name": "x" * 5000, "kind": "fire", "district": "<b>高区</b>", "skills": ["侦检", "<i>"], "crew": 10**9},
        {"name": "甲", "kind": "ufo", "state": "floating"}, {"name": "乙", "kind": "fire", "position_at": "9999-12-31T23:59:59+08:00"},
        {"name": "丙", "kind": "fire", "steps": [{"state": "returning", "at": "x"}, {"state": "available", "at": "yesterday"}]},
        {"name": "丁", "kind": "fire", "lon": 0.0, "lat": 0.0},
    ]
    load(twin, desk, *strange)
    made = recommending.plan(desk, GAS, 3)
    assert made and len(set(made["unit_ids"])) == len(made["unit_ids"]) >= 3
    assert all(len(row["why"]) < 400 for row in [*made["passed"], *made["shortfalls"]])
    assert {"甲", "丁"} <= {row["name"] for row in queries.recommended(desk, GAS, 100)}
