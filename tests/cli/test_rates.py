"""`query kpi` and `query supervision` on the sample city, and an appeal by `do`."""

from __future__ import annotations

import re

from tests.cli.conftest import Seat


def test_rates_of_the_week_and_of_a_district(alone: Seat) -> None:
    (city,) = alone.rows("kpi")
    (part,) = alone.rows("kpi", "--where", "district=环翠区")
    assert city["counts"]["received"] >= part["counts"]["received"] and part["district"] == "环翠区"
    assert set(city["rates"]) == {"filing", "dispatch", "closing", "closing_in_time", "rework", "extension", "handling_in_time"}
    assert all(row["percent"] is None or re.fullmatch(r"\d+\.\d\d", row["percent"]) for row in city["rates"].values())
    alone("query", "kpi", "--where", "week=soon", code=2)
    alone("query", "kpi", "--where", "colour=red", code=2)
    assert alone.run("query", "kpi").stdout.splitlines()[1].startswith("立案率  ")


def test_an_appeal_and_the_notices(alone: Seat) -> None:
    case = alone.do("report", "--title", "路灯不亮", "--type", "street_lamp")["number"]
    alone.do("exempt", case, "--reason", "申诉成立")
    assert alone.rows("incidents", "--where", f"number={case}")[0]["exempt"] == "申诉成立"
    told = alone.rows("supervision")
    assert {row["percent"] for row in told} <= {50, 80, 100} and case not in [row["number"] for row in told]
