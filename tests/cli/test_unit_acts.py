"""Assigning and the roll call from the command line."""

from __future__ import annotations

from typing import Any


def test_a_unit_is_assigned_sent_and_called(alone: Any) -> None:
    made = alone.do("report", "--title", "居民楼火情", "--type", "fire_house", "--priority", "1", "--place", "皇冠街道")
    unit = next(row for row in alone.rows("units") if row["state"] == "available" and row["kind"] == "fire")
    assert alone.do("assign", unit["name"], made["number"])["state"] == "assigned"
    assert alone.do("unassign", unit["name"])["state"] == "available"
    assert alone.do("call", unit["name"], code=1)["code"] == "not_committed"
    alone.do("dispatch", made["number"], unit["name"])
    for words in (("--ask",), ("--missed",), ("--missed",), ("--seen",), ()):
        assert alone.do("call", unit["name"], *words)["number"] == unit["name"]
    answers = [row["data"]["answer"] for row in alone.rows("log") if row.get("unit_id") == unit["id"] and row["kind"] == "roll_call"]
    assert sorted(answers) == ["called", "missed", "missed", "ok", "seen"]
