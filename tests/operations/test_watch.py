"""A watch that was told of changes finds what one finds that looks at everything for the first time, at any time of day and also back in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from weihai_command.operations import deadlines, watch
from weihai_command.operations.watch import Notice, Watch, watched

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
IDS = st.sampled_from("abcdef")
AGO = st.integers(0, 600).map(lambda minutes: (NOW - timedelta(minutes=minutes)).isoformat())
ROWS = st.fixed_dictionaries({
    "track": st.sampled_from(["emergency", "municipal"]), "state": st.sampled_from(["reported", "new", "queued", "handling", "suspended", "ended"]),
    "type": st.sampled_from(["street_lamp", "gas_leak"]), "reported_at": st.one_of(AGO, st.none()), "state_at": AGO, "owner": st.sampled_from(["li", None]),
    "due_at": st.one_of(st.none(), st.integers(-60, 600).map(lambda minutes: (NOW + timedelta(minutes=minutes)).isoformat())),
})  # fmt: skip
STEPS = st.lists(st.tuples(st.dictionaries(IDS, ROWS, max_size=3), st.sets(IDS, max_size=2), st.integers(-30, 900)), max_size=6)
Told = dict[str, dict[str, Any]]


def told(rows: Told) -> list[Any]:
    return [(each, watched({"id": each, "title": "事", "number": f"应{each}", "history": [], **row})) for each, row in rows.items()]


def anew(known: Told, now: datetime) -> list[Notice]:
    whole = Watch()
    whole.take(told(known), ())
    return whole.crossed(now, deadlines.rules())


@given(first=st.dictionaries(IDS, ROWS), steps=STEPS, many=st.sampled_from([0, 2, 500]))
def test_what_is_kept_in_order_is_what_a_first_look_finds(first: Told, steps: list[tuple[Told, set[str], int]], many: int) -> None:
    made, known, now = Watch(), dict(first), NOW
    made.take(told(first), ())
    with mock.patch.object(watch, "MANY", many):
        for changed, gone, minutes in steps:
            now, gone = now + timedelta(minutes=minutes), gone - changed.keys()
            made.take(told(changed), gone)
            known = {each: row for each, row in known.items() if each not in gone} | changed
            found, expected = made.crossed(now, deadlines.rules()), anew(known, now)
            assert found == expected
            assert [each.percent for each in found] == sorted((each.percent for each in found), reverse=True)


def test_a_list_that_was_handed_out_stays_as_it_was() -> None:
    made, row = Watch(), {"track": "municipal", "state": "handling", "type": "street_lamp", "reported_at": (NOW - timedelta(days=9)).isoformat(), "state_at": NOW.isoformat()}
    made.take(told({"a": {**row, "due_at": NOW.isoformat()}}), ())
    found = made.crossed(NOW + timedelta(days=1), deadlines.rules())
    made.take([], ["a"])
    assert made.crossed(NOW + timedelta(days=1), deadlines.rules()) == [] and [each.percent for each in found] == [100]
