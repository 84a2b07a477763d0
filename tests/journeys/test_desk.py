"""Errands of a duty officer through the real window, by keys alone, checked through the command line beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.window]


@pytest.mark.timeout(600)
def test_an_incident_from_report_to_closing_by_keys(desk: Callable[..., Any]) -> None:
    program = desk()
    incident = report(program)
    unit = send_the_first(program, incident)
    for key_state in ("dispatched", "en_route", "on_scene", "returning"):
        program.keys("alt+1")
        assert program.wait_for(lambda wanted=key_state: row(program, "units", unit)["state"] == wanted), key_state
    assert row(program, "incidents", incident)["unit_ids"] == []
    program.keys("F9")
    program.write("valve shut, no one hurt")
    program.keys("Return")
    assert program.wait_for(lambda: [each["text"] for each in program.ask("query", "log", "--where", f"incident_id={incident}")["rows"]])
    program.keys("ctrl+e")
    program.write("leak stopped")
    program.keys("Return")
    assert program.wait_for(lambda: row(program, "incidents", incident)["state"] == "ended")
    assert row(program, "incidents", incident)["outcome"] == "leak stopped"


def row(program: Any, kind: str, record_id: str) -> dict[str, Any]:
    return next(each for each in program.ask("query", kind)["rows"] if each["id"] == record_id)


def report(program: Any) -> str:
    """F2 and the form, the type by its code, the priority by its digit; the new incident's id."""
    before = {each["id"] for each in program.ask("query", "incidents")["rows"]}
    program.keys("F2")
    for text in ("gas smell at the shop", "gas_leak", "1"):
        program.write(text)
        program.keys("Tab")
    program.write("122.12,37.45")
    program.keys("Return")
    new = program.wait_for(lambda: [each for each in program.ask("query", "incidents")["rows"] if each["id"] not in before])
    assert [each["title"] for each in new] == ["gas smell at the shop"]
    assert (new[0]["type"], new[0]["priority"], new[0]["state"]) == ("gas_leak", "urgent", "new")
    assert (new[0]["lon"], new[0]["lat"]) == (122.12, 37.45)
    return str(new[0]["id"])


def send_the_first(program: Any, incident: str) -> str:
    """F4, none of the plan but the first, Enter; the unit's id."""
    program.keys("F4", "Delete", "space", "Return")
    sent = program.wait_for(lambda: row(program, "incidents", incident).get("unit_ids"))
    assert len(sent) == 1 and row(program, "incidents", incident)["state"] == "active"
    unit = row(program, "units", sent[0])
    assert unit["state"] == "dispatching" and unit["incident_id"] == incident
    return str(unit["id"])


@pytest.mark.timeout(600)
def test_no_network_at_all(desk: Callable[..., Any]) -> None:
    """No interface but loopback: the desk paints, acts work, and the page asked for nothing but weihai://."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare on this machine")
    program = desk(wrap=("unshare", "-n"))
    assert program.painted["rows"] > 0 and program.painted["points"]["video_points"] == 300
    assert program.painted["requests"]
    assert [url for url in program.painted["requests"] if not url.startswith("weihai://")] == []
    assert program.painted["refused"] == []
