"""Paths, constants, tables, times and numbers of foreign records."""

from __future__ import annotations

import pytest

from weihai_command.feeds.mapping import BadField, find, mapped, time_of, translated

FEATURE = {"id": "us1", "properties": {"title": "M 4.1", "time": 1700000000000, "alert": "green", "n": 0, "list": [{"a": 7}], "empty": ""}}


def test_paths_go_into_objects_and_lists() -> None:
    assert find(FEATURE, "id") == "us1"
    assert find(FEATURE, "properties.list.0.a") == 7
    assert find(FEATURE, "properties.n") == 0
    for nothing in ("x", "properties.x.y", "properties.list.5", "properties.list.a", "id.x"):
        assert find(FEATURE, nothing) is None
    assert find([1], "0") == 1 and find(5, "a") is None


def test_fields_constants_and_tables() -> None:
    paths = {"title": "properties.title", "type": "=earthquake", "priority": "properties.alert", "occurred_at": "properties.time", "place": "properties.empty"}
    record = mapped("incidents", FEATURE, paths, {"priority": {"green": "low"}})
    assert record == {"title": "M 4.1", "type": "earthquake", "priority": "low", "occurred_at": "2023-11-15T06:13:20+08:00"}


def test_a_table_may_have_a_word_for_the_rest() -> None:
    assert translated("x", {"a": "b"}) == "x" and translated("x", {"a": "b", "*": "c"}) == "c" and translated(3, {"3": 4}) == 4
    assert translated(None, None) is None


@pytest.mark.parametrize(("given", "found"), [
    ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"), ("2026-01-02T03:04:05+08:00", "2026-01-02T03:04:05+08:00"),
    ("2026-01-02 03:04:05", "2026-01-02T03:04:05+08:00"), ("2026-01-02", "2026-01-02T00:00:00+08:00"),
    (0, "1970-01-01T08:00:00+08:00"), (1700000000, "2023-11-15T06:13:20+08:00"), (1700000000123, "2023-11-15T06:13:20.123000+08:00"),
    ("1700000000", "2023-11-15T06:13:20+08:00"), (1700000000.5, "2023-11-15T06:13:20.500000+08:00"),
])
def test_times(given, found: str) -> None:
    assert time_of("at", given) == found


@pytest.mark.parametrize("given", ["yesterday", "", [], {}, None, float("nan"), 1e300, "2026-13-01"])
def test_what_is_no_time_is_said(given) -> None:
    with pytest.raises(BadField, match="时间") as caught:
        time_of("occurred_at", given)
    assert caught.value.field == "occurred_at"


def test_numbers_as_text_and_text_as_numbers() -> None:
    source = {"a": " 122.5 ", "b": "12", "c": 1509, "d": 3.0}
    assert mapped("facilities", source, {"lon": "a", "capacity": "b", "name": "c"}, {}) == {"lon": 122.5, "capacity": 12, "name": "1509"}
    assert mapped("facilities", source, {"capacity": "d"}, {}) == {"capacity": 3}
    for paths, field in (({"lon": "x"}, "lon"), ({"capacity": "y"}, "capacity"), ({"capacity": "x"}, "capacity")):
        with pytest.raises(BadField) as caught:
            mapped("facilities", {"x": "12,5", "y": 2.5}, paths, {})
        assert caught.value.field == field
