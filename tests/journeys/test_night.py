"""A duty officer's night at the real window by keys alone: a message from outside to its closing, the handover, and a report by F2.

How entries are counted: one entry is one press of a key (or of keys held together) that types no text, or one typed text together with
the Enter, in a form the Tab, that ends it; the slash of a line belongs to its text. What only leads to a record (Shift+F7) is counted by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from weihai_command.boards.initials import initials

pytestmark = [pytest.mark.journey, pytest.mark.window]

#: Where the chips 全部 and 受理 stand with their counts.
CHIPS = QRect(0, 122, 150, 36)
FLOOD = "威海站前路面积水严重，车辆熄火，有人被困车内"


@dataclass
class Night:
    """Works `program` by keys and counts the entries of each stage; `grab(name)` keeps a picture of the screen as NAME.png in `folder`."""

    program: Any
    screen: Callable[[], QImage]
    folder: Path
    entries: dict[str, int] = field(default_factory=dict)

    def press(self, stage: str, *keys: str) -> None:
        self.program.keys(*keys)
        self.entries[stage] = self.entries.get(stage, 0) + len(keys)

    def type(self, stage: str, text: str, end: str = "Return") -> None:
        """One typed text; of a line its slash is pressed first and waits for the line to open."""
        if text.startswith("/"):
            self.program.keys("slash")
            text = text[1:]
        self.program.write(text)
        if end:
            self.program.keys(end)
        self.entries[stage] = self.entries.get(stage, 0) + 1

    def grab(self, name: str) -> None:
        # For who looks at it: nothing that is asserted waits for this second.
        time.sleep(1.0)
        assert self.screen().save(str(self.folder / f"{name}.png"))

    def until(self, test: Callable[[], Any]) -> Any:
        found = self.program.wait_for(test)
        if not found:
            self.grab("failed")
        return found

    def rows(self, kind: str, *where: str) -> list[dict[str, Any]]:
        asked = [part for each in where for part in ("--where", each)]
        found: list[dict[str, Any]] = self.program.ask("query", kind, *asked)["rows"]
        return found

    def row(self, kind: str, ident: str) -> dict[str, Any]:
        return self.rows(kind, f"id={ident}")[0]

    def print_table(self) -> None:
        print("\n" + "\n".join(f"{count:3}  {stage}" for stage, count in self.entries.items()))


@pytest.fixture
def night(desk: Callable[..., Any], screen: Callable[[], QImage], tmp_path: Path) -> Night:
    return Night(desk(), screen, tmp_path)


@pytest.mark.timeout(900)
def test_a_message_from_outside_to_its_closing_and_the_handover(night: Night) -> None:
    incident = message(night)
    claim_and_locate(night, incident)
    crew = send(night, incident)
    bring_to_the_scene(night, incident, crew)
    note_and_close(night, incident, crew)
    hand_over(night, incident)
    night.print_table()
    goals = {"claim": 1, "locate": 1, "send": 2, "first unit on scene": 1, "second unit on scene": 1}
    assert {stage: night.entries[stage] for stage in goals} == goals


def message(night: Night) -> str:
    """A citizen's call comes in beside the open desk, with nothing but its words; the incident's id."""
    known = {row["id"] for row in night.rows("intake")}
    before = night.screen().copy(CHIPS)
    made = night.program.ask("do", "report", "--title", "市民来电：道路积水", "--description", FLOOD, "--source", "hotline_12345")
    fresh = [row for row in night.rows("intake") if row["id"] not in known]
    assert [row["id"] for row in fresh] == [made["id"]] and made["state"] == "new"
    assert not any(fresh[0].get(name) for name in ("owner", "type", "priority", "lon", "place")) and fresh[0]["source"] == "hotline_12345"
    # The message stands on the screen when the counts of the chips have changed.
    assert night.until(lambda: night.screen().copy(CHIPS) != before), "the message does not appear"
    return str(made["id"])


def claim_and_locate(night: Night, incident: str) -> None:
    night.press("find the message", "shift+F7")
    night.grab("1-message")
    night.press("claim", "c")
    assert night.until(lambda: night.row("incidents", incident).get("owner")), "not claimed"
    assert incident not in {row["id"] for row in night.rows("intake")}
    night.grab("2-claimed")
    night.press("locate", "alt+Return")
    located = night.until(lambda: (row := night.row("incidents", incident)).get("place") and row)
    assert located, "not located"
    assert (located["type"], located["priority"], located["place"]) == ("road_flooding", "urgent", "威海站")
    assert located["lon"] and located["lat"] and located["radius_m"] > 0
    night.grab("3-located")


def send(night: Night, incident: str) -> list[dict[str, Any]]:
    """The whole plan by F4 and Enter; the units that went."""
    wanted = night.program.ask("query", "recommended", "--where", f"incident={incident}")["plan"]["unit_ids"]
    assert len(wanted) == 2
    night.press("send", "F4")
    night.grab("4-plan")
    night.press("send", "Return")
    assert night.until(lambda: set(night.row("incidents", incident).get("unit_ids", ())) == set(wanted)), "not sent"
    assert night.row("incidents", incident)["state"] == "active"
    crew = [night.row("units", each) for each in wanted]
    assert {unit["incident_id"] for unit in crew} == {incident} and {unit["state"] for unit in crew} == {"dispatching"}
    night.grab("5-sent")
    return crew


def bring_to_the_scene(night: Night, incident: str, crew: list[dict[str, Any]]) -> None:
    for which, unit in zip(("first", "second"), crew, strict=True):
        night.type(f"{which} unit on scene", f"/s {initials(unit['name'])} dc")
        assert night.until(lambda unit=unit: night.row("units", unit["id"])["state"] == "on_scene"), unit["name"]
    steps = {row["unit_id"]: [step["state"] for step in row["steps"]] for row in night.rows("assignments", f"incident_id={incident}")}
    assert set(steps) == {unit["id"] for unit in crew} and all(each[-1] == "on_scene" for each in steps.values())
    night.grab("6-on-scene")


def note_and_close(night: Night, incident: str, crew: list[dict[str, Any]]) -> None:
    night.press("radio note", "F9", "alt+2")
    night.type("radio note", "two pumps at work, 30 cm", "")
    night.grab("7-radio")
    night.program.keys("Return")
    noted = night.until(lambda: night.rows("log", f"incident_id={incident}", "kind=radio"))
    assert [row["text"] for row in noted] == ["two pumps at work, 30 cm"]
    for unit in crew:
        night.type("release both", f"/s {initials(unit['name'])} fh")
        assert night.until(lambda unit=unit: night.row("units", unit["id"])["state"] == "returning"), unit["name"]
    assert not night.row("incidents", incident)["unit_ids"]
    night.type("close", "/close water pumped off")
    closed = night.until(lambda: (row := night.row("incidents", incident))["state"] == "ended" and row)
    assert closed and closed["outcome"] == "water pumped off"
    night.grab("8-closed")


def hand_over(night: Night, incident: str) -> None:
    """In an exercise one person plays both officers."""
    night.press("hand over", "ctrl+h")
    night.press("hand over", "ctrl+Return")
    night.grab("9-handover")
    assert night.rows("handovers") == []
    night.press("hand over", "ctrl+Return")
    left = night.until(lambda: night.rows("handovers"))
    assert len(left) == 1 and left[0]["waits"] and left[0]["signed"] == []
    assert [note["incident_id"] for note in left[0]["data"]["notes"] if note["kind"] == "radio"] == [incident]
    assert incident not in {case["id"] for case in left[0]["data"]["open"]}
    night.press("take over", "ctrl+Return")
    taken = night.until(lambda: (row := night.rows("handovers")[0])["signed"] and row)
    assert taken and not taken["waits"] and len(taken["signed"]) == 1
    night.grab("10-taken-over")


@pytest.mark.timeout(600)
def test_a_report_by_f2(night: Night) -> None:
    """What, of which type, how urgent and where: each is one typed text."""
    known = {row["id"] for row in night.rows("incidents")}
    night.press("create", "F2")
    for text in ("gas smell at the shop", "gas_leak", "1"):
        night.type("create", text, "Tab")
    night.type("create", "122.12,37.45", "")
    night.grab("1-report")
    # The Enter of the last text, after its picture.
    night.program.keys("Return")
    new = night.until(lambda: [row for row in night.rows("incidents") if row["id"] not in known])
    assert [(row["title"], row["type"], row["priority"], row["lon"], row["lat"]) for row in new] == [("gas smell at the shop", "gas_leak", "urgent", 122.12, 37.45)]
    night.grab("2-reported")
    night.print_table()
    assert night.entries["create"] <= 5
