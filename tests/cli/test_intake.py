"""Taking in messages from the command line: what waits, what its words suggest, taken and joined as one act each."""

from __future__ import annotations

from typing import Any


def row_of(alone: Any, number: str) -> dict[str, Any]:
    (found,) = alone.rows("incidents", "--where", f"number={number}")
    return dict(found)


def acts_of(alone: Any, number: str, act: str) -> list[dict[str, Any]]:
    return [line for line in row_of(alone, number)["history"] if line["act"] == act]


def test_what_waits_is_told_newest_first_with_its_limit_and_what_it_suggests(alone: Any) -> None:
    rows = alone.rows("intake")
    waited = [row["waiting_s"] for row in rows]
    assert waited == sorted(waited) and all(row["accept_by"] and not row.get("owner") for row in rows)
    assert {row["source"] for row in rows} >= {"hotline_12345", "grid", "city_management", "sensor", "video_ai", "public"}
    told = {row["number"]: row for row in alone.rows("suggestions")}
    assert told["案2101"]["type"] == "manhole_missing" and told["案2101"]["place"] == ["田和街道古寨"] and "井盖缺失" in told["案2101"]["reason"]
    assert len(told["应0422"]["place"]) == 2, "an ambiguous place is listed whole"


def test_a_suggestion_is_taken_once_and_never_guesses_a_place(alone: Any) -> None:
    op = "44444444-0000-4000-8000-000000000001"
    done = alone.do("take", "案2099", "--op-id", op)
    row = row_of(alone, "案2099")
    assert done["number"] == "案2099" and alone.do("take", "案2099", "--op-id", op) == done
    assert (row["type"], row["priority"], row["town"]) == ("sewage_spill", "normal", "西苑街道") and row["radius_m"] > 0 and row["lon"] and row["state"] == "reported"
    assert "没有可采纳的建议" in alone.do("take", "案2099", code=1)["error"]
    alone.do("take", "应0422")
    row = row_of(alone, "应0422")
    assert (row["type"], row["priority"], row["grade"]) == ("person_missing", "high", 4) and row.get("lon") is None and row.get("place") is None


def test_a_repetition_is_joined_in_one_act_by_the_rule_of_its_track(alone: Any) -> None:
    parent = row_of(alone, "案2091")
    op = "44444444-0000-4000-8000-000000000002"
    assert alone.do("join", "案2101", "--parent", "案2091", "--op-id", op)["state"] == "rejected"
    alone.do("join", "案2101", "--parent", "案2091", "--op-id", op)
    row = row_of(alone, "案2101")
    assert row["parent"] == parent["id"] and row["reason"] == "重复，并入 案2091" and len(acts_of(alone, "案2101", "reject")) == 1
    assert alone.do("join", "应0424", "--parent", "应0417")["state"] == "ended"
    assert row_of(alone, "应0424")["parent"] == row_of(alone, "应0417")["id"] and len(acts_of(alone, "应0424", "merge")) == 1
    assert not {"案2101", "应0424"} & {each["number"] for each in alone.rows("intake")}
    assert "不能并入自己" in alone.do("join", "案2100", "--parent", "案2100", code=1)["error"]
    assert row_of(alone, "案2100")["state"] == "reported"


def test_take_and_join_of_nothing_are_refused_in_a_sentence(alone: Any) -> None:
    assert alone.do("take", "案9999", code=1)["error"]
    assert alone.do("join", "案2100", code=2)["error"]
