"""The decision table of a write that met another version, row by row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.act import Step
from weihai_command.sync.conflict import OPS_KEPT, carries, compared, differing, judge, merged, stamped

BASE = {"title": "甲", "state": "queued", "owner": None, "unit_ids": ["u1"], "lon": 122.1}


def step(patch: dict[str, Any], *, mergeable: bool = False, kind: str = "incidents", base: dict[str, Any] | None = None) -> Step:
    return Step("op", 0, kind, "id", "patch", patch, BASE if base is None else base, mergeable=mergeable)


@pytest.mark.parametrize(
    ("patch", "mergeable", "theirs", "what", "fields"),
    [
        # nobody was there in between
        ({"title": "乙"}, True, {}, "go", ()),
        ({"state": "active"}, False, {}, "go", ()),
        # bookkeeping of sync is nobody's edit
        ({"state": "active"}, False, {"last_modified": 9, "ops": ["other"], "last_op": "other", "schema": 1}, "go", ()),
        # plain facts: different fields merge, the same field does not, not even with the same value
        ({"title": "乙"}, True, {"owner": "wang"}, "go", ()),
        ({"title": "乙"}, True, {"title": "丙"}, "conflict", ("title",)),
        ({"title": "乙"}, True, {"title": "丙", "owner": "wang"}, "conflict", ("owner", "title")),
        ({"title": "乙"}, True, {"title": "乙"}, "conflict", ("title",)),
        # states, assigning and closing never merge
        ({"state": "active"}, False, {"owner": "wang"}, "conflict", ("owner",)),
        ({"state": "ended"}, False, {"unit_ids": ["u1", "u2"]}, "conflict", ("unit_ids",)),
        # who leaves a list leaves it, whoever else left or what was written beside it; not where somebody was sent or the state changed
        ({"unit_ids": []}, False, {"unit_ids": []}, "merge", ()),
        ({"unit_ids": []}, False, {"unit_ids": ["u1", "u2"], "phone": "119"}, "merge", ()),
        ({"unit_ids": []}, False, {"unit_ids": ["u1", "u2"], "history": [{"act": "dispatch"}]}, "conflict", ("history", "unit_ids")),
        ({"unit_ids": []}, False, {"state": "ended"}, "conflict", ("state",)),
        ({"unit_ids": ["u1", "u2"]}, False, {"unit_ids": []}, "conflict", ("unit_ids",)),
        ({"unit_ids": [], "state": "ended"}, False, {"phone": "119"}, "conflict", ("phone",)),
        # a field that we have never heard of is a fact all the same
        ({"state": "active"}, False, {"novel": 1}, "conflict", ("novel",)),
        # absent and empty are one
        ({"state": "active"}, False, {"owner": ""}, "go", ()),
        # our op is in it, whatever else is
        ({"title": "乙"}, True, {"title": "丙", "last_op": "op"}, "done", ()),
        ({"state": "active"}, False, {"state": "ended", "last_op": "x", "ops": ["a", "op", "x"]}, "done", ()),
    ],
)
def test_table(patch: dict[str, Any], mergeable: bool, theirs: dict[str, Any], what: str, fields: tuple[str, ...]) -> None:
    verdict = judge(step(patch, mergeable=mergeable), {**BASE, **theirs})
    assert (verdict.what, verdict.fields) == (what, fields)


def test_where_a_unit_is_is_telemetry() -> None:
    moved = {**BASE, "lon": 122.3, "lat": 37.1, "position_at": "2026-01-01T00:00:00+08:00"}
    assert judge(step({"state": "dispatching"}, kind="units"), moved).what == "go"
    assert judge(step({"state": "active"}), moved).what == "conflict"


def test_compared_shows_three_versions_of_each_field_that_matters() -> None:
    met = Step("op", 0, "incidents", "id", "patch", {"title": "乙"}, BASE, theirs={**BASE, "title": "丙", "owner": "wang", "last_modified": 3})
    assert compared(met) == [
        {"field": "owner", "base": None, "mine": None, "theirs": "wang"}, {"field": "title", "base": "甲", "mine": "乙", "theirs": "丙"},
    ]


def test_the_last_32_ops_are_remembered_newest_last() -> None:
    record: dict[str, Any] = {}
    for n in range(40):
        record |= stamped({}, f"op{n}", record)
    assert record["ops"] == [f"op{n}" for n in range(40 - OPS_KEPT, 40)] and record["last_op"] == "op39"
    assert carries(record, "op8") and not carries(record, "op7")
    assert stamped({}, "op20", record)["ops"].count("op20") == 1


values = st.one_of(st.none(), st.integers(0, 3), st.text("ab", max_size=2), st.lists(st.integers(0, 2), max_size=2))
records = st.dictionaries(st.sampled_from(["title", "owner", "phone", "novel"]), values, max_size=4)


@given(records, records)
def test_differing_is_symmetric_and_empty_only_for_the_same(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert differing("incidents", one, two) == differing("incidents", two, one)
    assert not differing("incidents", one, {**one, "last_modified": 1})


@given(records, records, records)
def test_a_merge_never_touches_a_field_that_somebody_else_changed(base: dict[str, Any], theirs: dict[str, Any], patch: dict[str, Any]) -> None:
    verdict = judge(step(patch, mergeable=True, base=base), theirs)
    if verdict.what == "go":
        assert differing("incidents", base, theirs).isdisjoint(patch)
    else:
        assert differing("incidents", base, theirs) & set(patch)


def test_a_list_that_a_unit_left_keeps_who_came_and_lacks_who_went() -> None:
    left = step({"unit_ids": ["u2"]}, base={"unit_ids": ["u1", "u2", "u3"]})
    assert merged(left, {"unit_ids": ["u1", "u2", "u4"]}) == {"unit_ids": ["u2", "u4"]}
    assert merged(left, {}) == {"unit_ids": []}
