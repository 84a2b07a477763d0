"""Ten thousand hostile records through the real border: all are kept or quarantined, every question is answered, no act leaves the tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from tests import hostile
from weihai_command.domain import lifecycle, unit_lifecycle
from weihai_command.domain.faults import Fault
from weihai_command.domain.kinds import KINDS
from weihai_command.domain.words import STATES, UNIT_STATES
from weihai_command.operations import acts, logbook, picture, queries, recommending, shifts
from weihai_command.operations.desk import Desk
from weihai_command.operations.exporting import csv_text
from weihai_command.store import mirror, quarantine, view
from weihai_command.sync import pull

ALL_ACTS = sorted({row.act for row in lifecycle.TABLE} - {"report", "dispatch"})
GIVEN: dict[str, Any] = {
    "type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5, "reason": "<b>r</b>", "outcome": "=o", "parent": "incidents-1", "owner": "wang",
    "result": "😀", "until": "9999-12-31T23:59:59+00:00", "municipal": "resume",
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, pull.Pulled]]:
    made, pulled = hostile.desk(tmp_path_factory.mktemp("hostile"))
    yield made, pulled
    made.close()


@pytest.fixture
def hostile_desk(opened: tuple[Desk, pull.Pulled]) -> Desk:
    return opened[0]


def test_every_record_is_kept_or_refused(opened: tuple[Desk, pull.Pulled]) -> None:
    desk, pulled = opened
    kept = sum(mirror.count(desk.store, kind) for kind in hostile.SHARES)
    assert kept + pulled.quarantined == 10_000 and kept > 4_000 and pulled.quarantined > 2_000
    told = queries.quarantine(desk)
    assert 0 <= pulled.quarantined - len(told) < 50, "only records without an id of their own share an entry"
    assert all(row["field"] and row["reason"] and len(row["raw"]) <= queries.RAW_SHOWN for row in told)
    again = pull.pull(desk.store, hostile.Source(hostile.records()), desk.now(), full=True)  # type: ignore[arg-type]
    assert (again.quarantined, quarantine.count(desk.store)) == (pulled.quarantined, len(told))


def test_a_record_that_no_json_can_hold_is_kept_as_text(opened: tuple[Desk, pull.Pulled]) -> None:
    desk, _ = opened
    quarantine.put(desk.store, "x", "incidents", "1", "title", "r", {"title": "\ud800", "n": 2**80}, desk.now())
    assert "\\ud800" in quarantine.rows(desk.store, feed="x")[0].raw


def test_every_question_is_answered(hostile_desk: Desk) -> None:
    desk = hostile_desk
    for kind in hostile.SHARES:
        assert len(queries.rows(desk, kind)) == mirror.count(desk.store, kind)
        for word in () if not KINDS[kind].text else ("<b>", "=1+1", "😀", "%", "_", "\x00", '"', "威海"):
            queries.rows(desk, kind, text=word, limit=20)
        if KINDS[kind].placed:
            queries.rows(desk, kind, near=(122.12, 37.5, 1000.0))
    for ask in (*queries.SPECIAL.values(), queries.status, queries.units, queries.incidents):
        ask(desk)
    for kind in picture.PICTURED:
        table = picture.table(desk, kind)
        assert all(len(label) <= 200 and "\n" not in label for label in table.labels.values())
    shifts.handover_summary(desk)


def test_every_incident_opens(hostile_desk: Desk) -> None:
    desk = hostile_desk
    for row in queries.incidents(desk)[:120]:
        assert queries.record(desk, "incidents", row["id"])
        assert all(line["text"] is not None for line in queries.timeline(desk, row["id"]))
        queries.assignments(desk, row["id"])
        queries.allowed(desk, row)
        picture.links(desk, row["id"])
    for row in queries.incidents(desk)[:20]:
        recommending.plan(desk, row["id"])


def test_no_act_leaves_the_tables(hostile_desk: Desk) -> None:
    """Each act is done by the table or refused by a rule; what stood outside never gets from there to another place outside."""
    desk, done = hostile_desk, 0
    for row in view.rows(desk.store, "incidents", limit=200):
        for act in ALL_ACTS:
            before = queries.record(desk, "incidents", row["id"]) or {}
            try:
                acts.transition(desk, row["id"], act, **GIVEN)
            except Fault as fault:
                assert fault.exit_code in (1, 2) and fault.happened
                assert queries.record(desk, "incidents", row["id"]) == before
                continue
            after = queries.record(desk, "incidents", row["id"]) or {}
            assert after["state"] in STATES and lifecycle.find(before["track"], before["state"], act), (before["state"], act)
            assert after["history"][:-1] == before.get("history", []) and after["history"][-1]["to"] == after["state"]
            done += 1
    assert done > 60
    for row in view.rows(desk.store, "units", limit=150):
        for state in ("dispatched", "on_scene", "returning", "available", "unavailable"):
            try:
                acts.status(desk, row["id"], state, reason="=r")
            except Fault as fault:
                assert fault.exit_code in (1, 2) and fault.happened
                continue
            after = queries.record(desk, "units", row["id"]) or {}
            assert after["state"] == state and state in UNIT_STATES and state in {end for _, _, end in unit_lifecycle.TABLE}
    queries.incidents(desk), queries.units(desk), queries.outbox(desk)


def test_no_spreadsheet_calculates_what_is_taken_out(hostile_desk: Desk) -> None:
    rows = [dict(each) if isinstance(each, dict) else each for each in logbook.rows(hostile_desk)]
    text = csv_text(["at", "text", "by"], [[str(row.get("at")), str(row.get("text")), str(row.get("by"))] for row in rows])
    usual = csv.field_size_limit(2 * hostile.MEGABYTE)
    cells = [cell for line in csv.reader(io.StringIO(text.lstrip("\ufeff"))) for cell in line]
    csv.field_size_limit(usual)
    assert len(cells) > 3000
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))]
