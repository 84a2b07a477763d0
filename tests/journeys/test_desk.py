"""Errands of a duty officer through the real window, by keys alone, checked through the command line beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.window]


@pytest.mark.timeout(240)
def test_an_incident_from_report_to_closing_by_keys(desk: Callable[..., Any]) -> None:
    program = desk()
    before = {row["id"] for row in program.ask("query", "incidents")["rows"]}
    program.keys("F2")
    program.write("gas smell at the shop")
    program.keys("Tab")
    program.write("gas_leak")
    program.keys("Tab")
    program.write("1")
    program.keys("Tab")
    program.write("122.12,37.45")
    program.keys("Return")

    def reported() -> Any:
        return [row for row in program.ask("query", "incidents")["rows"] if row["id"] not in before]

    new = program.wait_for(reported)
    assert [row["title"] for row in new] == ["gas smell at the shop"]
    assert (new[0]["type"], new[0]["priority"], new[0]["state"]) == ("gas_leak", "urgent", "new")
    incident = new[0]["id"]

    def row() -> Any:
        return next(each for each in program.ask("query", "incidents")["rows"] if each["id"] == incident)

    program.keys("F4")
    program.keys("space", "Return")
    sent = program.wait_for(lambda: row()["unit_ids"] if row().get("unit_ids") else None)
    assert len(sent) == 1 and row()["state"] == "active"
    unit = next(each for each in program.ask("query", "units")["rows"] if each["id"] == sent[0])
    assert unit["state"] == "dispatching" and unit["incident_id"] == incident


@pytest.mark.timeout(240)
def test_no_network_at_all(desk: Callable[..., Any]) -> None:
    """No interface but loopback: the desk paints, acts work, and the page asked for nothing but weihai://."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare on this machine")
    program = desk(wrap=("unshare", "-n"))
    assert program.painted["rows"] > 0 and program.painted["points"]["video_points"] == 300
    assert program.painted["requests"]
    assert [url for url in program.painted["requests"] if not url.startswith("weihai://")] == []
    assert program.painted["refused"] == []
