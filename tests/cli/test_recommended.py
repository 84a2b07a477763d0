"""The plan of a run card from the command line: asked for with its reasons, sent as one act."""

from __future__ import annotations

from typing import Any


def test_the_plan_is_told_and_sent(alone: Any) -> None:
    made = alone.do("report", "--title", "居民楼火情", "--type", "fire_house", "--priority", "1", "--place", "皇冠街道")
    asked = ("query", "recommended", "--where", f"incident={made['number']}")
    found = alone(*asked)
    assert found["count"] == len(found["rows"]) == len(found["plan"]["unit_ids"]) > 0 and found["plan"]["level"] == 1
    assert all("估算" in row["reason"] and row["role_word"] for row in found["rows"])
    more = alone(*asked, "--where", "level=3")["plan"]
    assert len(more["picks"]) > found["count"] and all(row["missing"] and row["why"] for row in more["shortfalls"])
    op = "33333333-0000-4000-8000-000000000001"
    sent = alone.do("dispatch", made["number"], "--recommended", "--op-id", op)
    assert sent["state"] == "active" and alone.do("dispatch", made["number"], "--recommended", "--op-id", op) == sent
    row = alone.row("incidents", made["id"])
    assert set(row["unit_ids"]) == set(found["plan"]["unit_ids"]) and len([line for line in row["history"] if line["act"] == "dispatch"]) == 1
    again = alone(*asked)["plan"]
    assert again["picks"] == [] and {each["unit_id"] for each in again["held"]} == set(row["unit_ids"])
    assert "1 级要的力量都已派出" in alone.do("dispatch", made["number"], "--recommended", code=1)["error"]
    # A higher level sends only what is still missing, and is remembered.
    alone.do("dispatch", made["number"], "--recommended", "--level", "2")
    row, two = alone.row("incidents", made["id"]), alone(*asked)["plan"]
    assert row["alarm_level"] == two["level"] == 2 and set(again["unit_ids"]).isdisjoint(two["unit_ids"]) and two["picks"] == []
    alone.do("edit", made["number"], "--set", "alarm_level=3")
    assert alone.row("incidents", made["id"])["alarm_level"] == 3
    assert "没有这个警级" in alone.do("edit", made["number"], "--set", "alarm_level=6", code=2)["error"]


def test_what_is_asked_wrongly_is_told(alone: Any) -> None:
    assert "incident=" in alone("query", "recommended", code=2)["error"]
    number = alone.rows("incidents")[0]["number"]
    assert "警级" in alone("query", "recommended", "--where", f"incident={number}", "--where", "level=9", code=2)["error"]
