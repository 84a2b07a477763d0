"""From a warning to a ticked list on the command line."""

from __future__ import annotations

from typing import Any


def test_a_response_is_started_and_its_items_ticked(alone: Any) -> None:
    rows = alone("query", "in_force")["rows"]
    assert [(row["colour"], row["kind"]) for row in rows] == [("orange", "rainstorm"), ("yellow", "thunderstorm"), ("blue", "sea_wind")]
    made = alone.do("respond", "暴雨橙色")
    assert alone("query", "in_force")["rows"][0]["incident"] == made["number"]
    assert alone.do("respond", rows[0]["id"], code=1)["code"] == "already_started"
    assert alone.do("tick", made["number"], "泵站")["kind"] == "log"
    assert alone.do("tick", made["number"], "泵站", code=1)["code"] == "no_change"
    alone.do("tick", made["number"], "泵站", "--undo")
    alone.do("tick", made["number"], "初报")
    ticks = [row["data"] for row in alone.rows("log") if row["kind"] == "plan_tick" and row["incident_id"] == made["id"]]
    assert sorted((each["item"], each["done"]) for each in ticks) == [("report:first", True), ("泵站全部就位、预降水位", False), ("泵站全部就位、预降水位", True)]
    number = next(row["number"] for row in alone.rows("incidents") if row.get("type") == "gas_leak")
    assert alone.do("respond", "--incident", number, "--plan", "gas", "--level", "2")["number"] == number
