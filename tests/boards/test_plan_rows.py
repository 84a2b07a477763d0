from __future__ import annotations

from typing import Any

from weihai_command.boards.plan_rows import plan_view, telling


def pick(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "unit_id": f"u-{name}", "name": name, "kind": "fire", "state": "available", "free": True, "role": "fire", "role_word": "消防",
        "distance_m": 4600.0, "reason": "直线 4.6 km（估算），空闲，有侦检技能", "notes": ["空闲", "有侦检技能"], **fields,
    }


def plan(*picks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "incident_id": "i-应0417", "number": "应0417", "level": 1, "levels": 3, "card": "gas_leak", "note": "禁火断电", "fault": "",
        "unit_ids": [each["unit_id"] for each in picks], "picks": list(picks), "shortfalls": [], "held": [], "passed": [], **fields,
    }


def test_a_plan_reads_role_by_role() -> None:
    short = [{"role": "drain", "role_word": "排水", "missing": 1, "why": "空闲 0，缺 1：排水05 隔海", "busy": []}]
    held = [{"unit_id": "u-消防101", "name": "消防101", "role_word": "消防"}]
    made = plan_view(plan(pick("消防203"), pick("消防205", notes=["空闲"]), shortfalls=short, held=held), [])
    assert made.summary == "警级 1 · 已派 1 · 推荐 2 · 缺 1" and made.gaps == ("排水 空闲 0，缺 1：排水05 隔海",)
    assert [(row.name, row.head, row.told) for row in made.rows] == [("消防203", "4.6 km · 消防", "有侦检技能"), ("消防205", "4.6 km · 消防", "")]
    assert made.unit_ids == ("u-消防203", "u-消防205") and made.names == ("消防203", "消防205") and "估算" in made.rows[0].reason


def test_what_is_filled_offers_the_nearest_and_sends_nobody_by_one_key() -> None:
    ranked = [pick(f"消防{n}", role_word="") for n in range(5)]
    made = plan_view(plan(), ranked)
    assert [row.name for row in made.rows] == ["消防0", "消防1", "消防2"] and made.unit_ids == () and made.summary == "警级 1"
    without = plan_view(plan(pick("x")) | {"card": None, "note": "先定类型，才有出动单"}, ranked)
    assert without.note.startswith("先定类型") and without.unit_ids == () and without.summary == "" and len(without.rows) == 3
    assert plan_view(None, []).rows == ()


def test_levels_end() -> None:
    assert [plan_view(plan(level=level), []).raised(step) for level, step in ((1, -1), (1, 1), (5, 1))] == [None, 2, None]


def test_the_state_is_left_out_of_what_is_told() -> None:
    assert telling(pick("x")) == "有侦检技能" and telling({"reason": "直线\n4.6 km"}) == "直线 4.6 km"
