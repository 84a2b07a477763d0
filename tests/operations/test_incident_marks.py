"""Marks that were told of changes make the table that is made of all of them at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.points import PointTable
from weihai_command.operations.incident_marks import Marks, mark_of

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
IDS = st.sampled_from("abcdef")
ROWS = st.fixed_dictionaries({
    "track": st.sampled_from(["emergency", "municipal"]), "state": st.sampled_from(["active", "handling", "suspended", "ended", "closed"]),
    "grade": st.sampled_from([1, 4, None]), "due_at": st.sampled_from([None, *((NOW + timedelta(minutes=each)).isoformat() for each in (-5, 5))]),
    "lon": st.sampled_from([122.1, 122.2, 37.4, None]), "lat": st.sampled_from([37.4, 122.1, None]), "title": st.sampled_from(["甲", "乙"]),
    "type": st.sampled_from(["gas_leak", None]), "number": st.just("应1"),
})  # fmt: skip
STEPS = st.lists(st.tuples(st.dictionaries(IDS, ROWS, max_size=3), st.sets(IDS, max_size=2), st.integers(0, 9)), max_size=6)
Told = dict[str, dict[str, Any]]


def told(rows: Told) -> list[Any]:
    return [(each, mark_of({"id": each, **row})) for each, row in rows.items()]


def drawn(table: PointTable) -> dict[str, tuple[Any, ...]]:
    """What is drawn of each id."""
    assert len(table.lon) == len(table.lat) == len(table.symbol) == len(table.flags) == len(table.field) == len(table.labels) == len(table)
    columns = zip(table.ids, table.lon.tolist(), table.lat.tolist(), table.symbol.tolist(), table.flags.tolist(), table.field.tolist(), strict=True)
    return {each: (lon, lat, table.symbols[symbol], flags, table.fields[field], table.labels[at]) for at, (each, lon, lat, symbol, flags, field) in enumerate(columns)}


@given(first=st.dictionaries(IDS, ROWS), steps=STEPS)
def test_what_was_told_step_by_step_is_what_is_told_at_once(first: Told, steps: list[tuple[Told, set[str], int]]) -> None:
    marks, known = Marks(), dict(first)
    marks.take(told(first), ())
    before = []
    for changed, gone, minutes in steps:
        now, gone = NOW + timedelta(minutes=minutes), gone - changed.keys()
        marks.take(told(changed), gone)
        known = {each: row for each, row in known.items() if each not in gone} | changed
        whole = Marks()
        whole.take(told(known), ())
        table, expected = marks.table(now), whole.table(now)
        assert drawn(table) == drawn(expected)
        assert sorted(table.suspect) == sorted(expected.suspect)
        before.append((table, drawn(table)))
    assert all(drawn(table) == kept for table, kept in before), "a table that was handed out stays as it was"


ROW = {"track": "emergency", "state": "active", "grade": 1, "lon": 122.1, "lat": 37.4, "title": "甲"}


@pytest.mark.parametrize(("change", "is_same"), [({"title": "乙"}, True), ({"grade": 2}, True), ({"lon": 122.2}, False), ({"state": "ended"}, False)])
def test_places_are_the_same_arrays_until_one_moves(change: dict[str, Any], is_same: bool) -> None:
    marks = Marks()
    marks.take(told({"a": ROW, "b": ROW}), ())
    one = marks.table(NOW)
    marks.take(told({"b": {**ROW, **change}}), ())
    other = marks.table(NOW)
    assert (other.lon is one.lon, other.lat is one.lat, other.ids is one.ids) == (is_same,) * 3
    assert drawn(one) != drawn(other) and np.array_equal(one.lon, [122.1, 122.1])
