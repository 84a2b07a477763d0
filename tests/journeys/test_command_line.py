"""A whole incident by the keyboard line alone, in the real window, checked through the command line beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.boards.initials import initials

pytestmark = [pytest.mark.journey, pytest.mark.window]


def row(program: Any, kind: str, record_id: str) -> dict[str, Any]:
    return next(each for each in program.ask("query", kind)["rows"] if each["id"] == record_id)


def run(program: Any, line: str) -> None:
    program.keys("slash")
    program.write(line)
    program.keys("Return")


def call_sign(program: Any) -> tuple[str, str]:
    """(id, initials) of a free fire crew whose initials nobody else has."""
    units = program.ask("query", "units")["rows"]
    sounds = [initials(each["name"]) for each in units]
    return next(
        (each["id"], sound) for each, sound in zip(units, sounds, strict=True)
        if each["kind"] == "fire" and each["state"] == "available" and sounds.count(sound) == 1
    )


@pytest.mark.timeout(600)
def test_an_incident_from_report_to_closing_by_lines(desk: Callable[..., Any]) -> None:
    program = desk()
    before = {each["id"] for each in program.ask("query", "incidents")["rows"]}
    unit, sounds = call_sign(program)
    # The second line is typed before the first is kept: it means the new incident all the same.
    run(program, "new gas smell at the shop @122.12,37.45 #gas_leak !1")
    run(program, f"d . {sounds}")
    new = program.wait_for(lambda: [each for each in program.ask("query", "incidents")["rows"] if each["id"] not in before])
    assert [(each["title"], each["type"], each["priority"]) for each in new] == [("gas smell at the shop", "gas_leak", "urgent")]
    incident = str(new[0]["id"])
    assert program.wait_for(lambda: row(program, "incidents", incident)["unit_ids"] == [unit])
    lines = 2
    for line, state in (("ack", "dispatched"), (f"s {sounds} tz", "en_route"), (f"s {sounds} dc", "on_scene"), (f"s {sounds} fh", "returning")):
        run(program, line)
        lines += 1
        assert program.wait_for(lambda wanted=state: row(program, "units", unit)["state"] == wanted), line
    run(program, "log valve shut, caller 13812345678")
    assert program.wait_for(lambda: program.ask("query", "log", "--where", f"incident_id={incident}")["rows"])
    run(program, "close leak stopped")
    assert program.wait_for(lambda: row(program, "incidents", incident)["state"] == "ended")
    assert row(program, "incidents", incident)["outcome"] == "leak stopped"
    kept = json.loads((program.profile / "settings.json").read_text("utf-8"))["commands-officer"]
    assert len(kept) == lines + 2 and "13812345678" not in str(kept) and "138****5678" in str(kept)
    print(f"lines: create 1, send 1, acknowledge 1, each state 1, log 1, close 1; {len(kept)} in all")
