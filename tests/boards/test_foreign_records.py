"""Records as strangers write them: whatever passes the border must neither break a screen nor hide the records beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fake_desk import InlineRunner
from weihai_command.boards.clock import Clock
from weihai_command.boards.desk_boards import DeskBoards, make_boards
from weihai_command.boards.map_board import MapBoard
from weihai_command.boards.words import clock, day_and_clock
from weihai_command.domain.faults import Fault
from weihai_command.feeds.wire import validate_all
from weihai_command.operations import acts, queries, verbs
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.operations.picture import PICTURED
from weihai_command.store import mirror
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
PLACE: dict[str, Any] = {"lon": 122.12, "lat": 37.5}
LONG = "长" * 200_000
MARKUP = "<b onclick=x>&lt;img src=http://example.invalid/x></b>\x00\x07\r\n\t\u202e退"
KNOWN: dict[str, Any] = {"id": "good", "title": "燃气泄漏", "track": "emergency", "state": "queued", "type": "gas_leak", "priority": "urgent", **PLACE}
#: Each is laid over an incident that is otherwise in order, except for those that replace it.
INCIDENTS: dict[str, dict[str, Any]] = {
    "nothing known": {"type": None, "priority": None, "lon": None, "lat": None},
    "bare": {"*": True, "title": "只有标题"},
    "unknown state": {"state": "teleported"},
    "state of the other track": {"state": "handling"},
    "unknown type and source": {"type": "alien_landing", "source": "telepathy", "department": "未知局"},
    "times without offset": dict.fromkeys(("due_at", "reported_at", "state_at", "occurred_at", "until"), "2026-07-16T15:00:00"),
    "municipal without offset": {"track": "municipal", "state": "handling", "due_at": "2026-07-16T15:00:00"},
    "times of Greenwich": dict.fromkeys(("due_at", "reported_at", "state_at", "occurred_at"), "2026-07-16T07:00:00Z"),
    "times that are none": dict.fromkeys(("due_at", "reported_at", "state_at", "occurred_at"), "昨天"),
    "times at the end of days": {"due_at": "9999-12-31T23:59:59-14:00", "reported_at": "0001-01-01T00:00:00+14:00", "state_at": "0001-01-01"},
    "ended without offset": {"state": "ended", "state_at": "2026-07-16T15:00:00"},
    "ended without time": {"state": "ended", "state_at": None},
    "units that are not": {"unit_ids": ["nobody", "", "nobody"], "state": "active"},
    "history of anything": {"history": [{}, {"at": 5, "act": ["x"], "from": {}, "to": {"a": 1}, "by": None, "op": [1], "reason": {"a": 1}}]},
    "markup and control": dict.fromkeys(("title", "place", "number", "owner", "description", "reporter", "phone", "town", "district"), MARKUP),
    "very long": dict.fromkeys(("title", "number", "place", "owner", "description", "phone"), LONG),
    "far away": {"lon": 1e300, "lat": -1e300, "radius_m": 1e300},
    "position in half": {"lon": None},
    "frozen in odd ways": {"frozen": {"state": ["x"], "at": 1}, "before": "nowhere"},
    "fields nobody knows": {"sync": "rejected", "confirmed": 3, "feed": 5, "deleted": "no", "ops": ["a"] * 40},
}
REFUSED: dict[str, dict[str, Any]] = {
    "another track": {"track": "x"}, "history no list": {"history": "x"}, "history of words": {"history": ["x"]}, "a number as text": {"lon": "122"},
    "a state as number": {"state": 5}, "grade five": {"grade": 5}, "units of numbers": {"unit_ids": [1]}, "a priority of its own": {"priority": "1"},
    "no title": {"title": ""}, "an empty state": {"state": None}, "half a character": {"title": "\ud800"},
}
UNITS: dict[str, dict[str, Any]] = {
    "bare": {}, "unknown state": {"state": "teleported"}, "unknown kind": {"kind": "dragon"},
    "position without offset": {"position_at": "2026-07-16T15:59:00"}, "position at no time": {"position_at": "昨天"},
    "position at the end of days": {"position_at": "0001-01-01T00:00:00+14:00"},
    "committed to nothing": {"state": "en_route", "incident_id": "nobody", "assignment_id": "nobody", "state_at": "2026-07-16T15:00:00"},
    "released": {"state": "released"}, "steps of anything": {"state": "on_scene", "incident_id": "good", "steps": [{}, {"state": ["x"], "at": 3}]},
    "markup": {"name": MARKUP, "contact": MARKUP, "agency": MARKUP}, "very long": {"name": LONG}, "far": {"lon": 1e300, "lat": 1e300},
    "half a home": {"home_lon": 122.0, "lon": None, "lat": None}, "a crew of millions": {"crew": 2**62},
}


def _sound(kind: str, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    good, _ = validate_all(kind, records)
    return [{**each, "last_modified": 1000 + at} for at, each in enumerate(good)]


def _incident(name: str, odd: dict[str, Any]) -> dict[str, Any]:
    base = {} if "*" in odd else KNOWN
    return {**base, **{key: value for key, value in odd.items() if key != "*"}, "id": f"i-{name}"}


def _strangers() -> dict[str, list[dict[str, Any]]]:
    incidents = [KNOWN, *(_incident(name, odd) for name, odd in INCIDENTS.items())]
    units = [{"name": name, "kind": "fire", **PLACE, **odd, "id": f"u-{name}"} for name, odd in UNITS.items()]
    many = [{"id": f"k-{n}", "name": f"异{n}", "kind": f"kind{n}", **PLACE} for n in range(300)]
    steps = [{}, {"state": {"a": 1}, "at": ["x"], "by": 5, "inferred": "yes"}]
    assignments = [
        {"id": "a-bare", "incident_id": "good", "unit_id": "nobody"},
        {"id": "a-odd", "incident_id": "good", "unit_id": "u-bare", "state": "teleported", "steps": steps, "created_at": "昨天", "ended_at": "x"},
    ]
    log = [{"id": "l-1", "incident_id": "good", "text": MARKUP, "at": "昨天", "by": MARKUP}]
    sensors = [{"id": "s-1", "name": MARKUP, "field": "x", "quantity": "x", "state": "x", **PLACE}, {"id": "s-2", "name": "x", "field": "x", "quantity": "x"}]
    facilities = [{"id": "f-1", "name": MARKUP, "kind": "castle", **PLACE}]
    video = [{"id": "v-1", "name": MARKUP, "state": "dreaming", **PLACE}]
    return {
        "incidents": incidents, "units": [*units, *many], "assignments": assignments, "log": log, "sensors": sensors, "facilities": facilities,
        "video_points": video,
    }


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    profile = Profile(tmp_path, "platform-test")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("wang", "王", "officer"), clock=lambda: NOW)
    for kind, records in _strangers().items():
        mirror.apply(made.store, kind, _sound(kind, records))
    yield made
    made.close()


@pytest.fixture
def screens(qapp: Any, desk: Desk, pump: Any) -> Iterator[tuple[DeskBoards, list[Fault]]]:
    boards = make_boards(desk, InlineRunner(), queries, verbs, Clock(lambda: NOW))
    troubles: list[Fault] = []
    boards.bridge.failed.connect(troubles.append)
    boards.refresh()
    pump()
    yield boards, troubles
    boards.close()


def _cells(model: Any) -> list[Any]:
    from PySide6.QtCore import QAbstractTableModel, Qt

    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
    return [model.data(model.index(row, column), role) for row in range(model.rowCount()) for column in range(columns) for role in roles]


def test_the_border_refuses_what_the_rules_cannot_hold() -> None:
    for name, odd in REFUSED.items():
        good, bad = validate_all("incidents", [_incident(name, odd)])
        assert not good and len(bad) == 1, name


def test_lists_show_every_stranger(screens: tuple[DeskBoards, list[Fault]]) -> None:
    boards, troubles = screens
    _cells(boards.incidents)
    _cells(boards.units)
    assert not troubles
    shown = {boards.incidents.row_at(at).id for at in range(boards.incidents.total)}  # type: ignore[union-attr]
    assert {f"i-{name}" for name in INCIDENTS if not name.startswith("ended")} <= shown and "good" in shown
    assert boards.units.total == len(UNITS) + 300


def test_every_stranger_opens(screens: tuple[DeskBoards, list[Fault]], pump: Any) -> None:
    boards, troubles = screens
    for incident in ("good", *(f"i-{name}" for name in INCIDENTS)):
        boards.detail.open(incident)
        pump()
        assert not troubles, (incident, troubles[0])
        assert boards.detail.detail is not None and boards.detail.detail.row.id == incident
        boards.detail.facts()
        _cells(boards.timeline)


def test_the_map_takes_every_stranger(desk: Desk, screens: tuple[DeskBoards, list[Fault]], pump: Any) -> None:
    boards, troubles = screens
    board = MapBoard(boards.bridge, boards.detail, boards.incidents)
    pictured: list[str] = []
    board.pictured.connect(lambda table, index: pictured.append(table.kind))
    board.start()
    boards.detail.open("good")
    pump()
    assert not troubles and set(pictured) == set(PICTURED)


def test_strange_units_are_candidates_like_others(desk: Desk) -> None:
    found = queries.recommended(desk, "good", limit=1000)
    assert {f"u-{name}" for name in UNITS if name not in {"released", "steps of anything"}} <= {row["unit_id"] for row in found}
    assert {row["unit_id"]: row["free"] for row in found}["u-unknown state"] is False


def test_acts_on_strangers_are_done_or_refused_by_a_rule(desk: Desk) -> None:
    for name in INCIDENTS:
        for act, given in (("close", {"outcome": "处置完毕"}), ("monitor", {"reason": "观察"}), ("suspend", {"reason": "等", "until": "x"}), ("queue", {})):
            try:
                acts.transition(desk, f"i-{name}", act, **given)
            except Fault as fault:
                assert fault.exit_code in (1, 2)
    for name in UNITS:
        for call in (lambda unit: acts.status(desk, unit, "en_route"), lambda unit: acts.dispatch(desk, "good", [unit])):
            try:
                call(f"u-{name}")
            except Fault as fault:
                assert fault.exit_code in (1, 2)
    assert queries.outbox(desk) and queries.incidents(desk) and queries.units(desk)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-07-16", "", None, [], 5])
def test_no_time_breaks_a_clock(text: object) -> None:
    assert clock(text) == "" and day_and_clock(text, NOW) == ""
