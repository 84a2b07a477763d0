"""The roll call by hand, and what holds whatever order desks write their lines in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.roll_call import ANSWERS, Call, Rules, call_of, standing

START = datetime(2026, 7, 16, 8, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def state(seconds: float, *calls: tuple[float, str, int]) -> tuple[str, int]:
    found = standing([START], [Call(at(when), answer, n, f"c{n}") for when, answer, n in calls], at(seconds))
    return found.state, found.n


def test_a_unit_is_called_twenty_minutes_after_it_was_heard() -> None:
    assert state(1199) == ("quiet", 0) and state(1200) == ("due", 0)
    assert standing([START, at(600)], [], at(1700)).state == "quiet"
    assert standing([START, at(600)], [], at(1800)).since == at(1800)
    assert standing([], [], START).state == "due"


def test_the_first_answer_has_a_minute_the_second_two() -> None:
    first = (1200, "called", 1)
    assert state(1259, first) == ("called", 1) and state(1260, first) == ("due", 1)
    assert standing([START], [Call(at(1200), "called", 1)], at(1218)).left_s(at(1218)) == 42
    second = (1300, "called", 2)
    assert state(1419, first, second) == ("called", 2) and state(1420, first, second) == ("escalated", 2)


def test_an_answer_or_any_contact_ends_it() -> None:
    calls = ((1200, "called", 1), (1300, "called", 2))
    assert state(1430, *calls, (1425, "ok", 2)) == ("quiet", 0)
    late = standing([START, at(1425)], [Call(at(when), answer, n) for when, answer, n in calls], at(1430))
    assert (late.state, late.since) == ("quiet", at(1425))


def test_two_misses_escalate_until_somebody_knows() -> None:
    misses = ((1200, "missed", 1), (1230, "missed", 2))
    assert state(1231, *misses) == ("escalated", 2) and state(99_999, *misses) == ("escalated", 2)
    assert state(1300, *misses, (1290, "seen", 0)) == ("seen", 0)
    assert state(1290 + 1200, *misses, (1290, "seen", 0)) == ("due", 0)
    assert state(1300, (1200, "missed", 1), (1290, "seen", 0)) == ("due", 1), "there was nothing to know yet"


def test_two_desks_that_say_the_same_say_it_once() -> None:
    assert state(1205, (1200, "missed", 1), (1203, "missed", 1)) == ("due", 1)
    assert state(1250, (1200, "called", 1), (1240, "called", 1)) == ("called", 1)
    assert state(1261, (1200, "called", 1), (1240, "called", 1)) == ("due", 1)


def test_a_call_that_ran_out_is_named_until_a_line_says_so() -> None:
    called = Call(at(1200), "called", 1, "e1", "wang")
    assert standing([START], [called], at(1260)).lapsed == ("e1",)
    assert standing([START], [called, Call(at(1261), "missed", 1, "e2")], at(1262)).lapsed == ()
    assert standing([START], [called, Call(at(1300), "called", 2, "e3")], at(1500)).lapsed == ("e1", "e3")


def test_what_lies_far_ahead_is_no_contact() -> None:
    assert standing([START, at(10**8)], [], at(1300)).state == "due"
    assert standing([START], [Call(at(10**8), "ok")], at(1300)).state == "due"


@pytest.mark.parametrize("row", [
    {}, {"at": "x", "data": {"answer": "ok"}}, {"at": START.isoformat(), "data": "ok"}, {"at": START.isoformat(), "data": {"answer": ["ok"]}},
    {"at": START.isoformat(), "data": {"answer": "maybe"}},
])
def test_lines_that_say_nothing(row: dict[str, Any]) -> None:
    assert call_of(row) is None


def test_a_line_of_the_log_is_read() -> None:
    row = {"id": "e", "by": "wang", "at": START.isoformat(), "data": {"answer": "missed", "call": 2}}
    assert call_of(row) == Call(START, "missed", 2, "e", "wang")
    assert call_of(row | {"data": {"answer": "missed", "call": True}}) == Call(START, "missed", 0, "e", "wang")


CALLS = st.lists(st.builds(lambda s, a, n: Call(at(s), a, n, f"{s}{a}{n}"), st.integers(0, 4000), st.sampled_from(ANSWERS), st.integers(0, 3)), max_size=12)
CONTACTS = st.lists(st.integers(0, 4000).map(at), max_size=4)


@given(CONTACTS, CALLS, st.integers(0, 6000), st.randoms())
def test_whatever_the_desks_write(contacts: list[datetime], calls: list[Call], seconds: int, random: Any) -> None:
    now, shuffled = at(seconds), [*calls, *calls[:3]]
    random.shuffle(shuffled)
    found = standing(contacts, calls, now)
    assert standing(list(reversed(contacts)), shuffled, now) == found, "order and repetition say nothing"
    later = at(6001)
    assert standing([*contacts, later], calls, later).state == "quiet", "a unit that speaks is neither due nor lost"
    if found.state == "escalated":
        assert found.n == len(Rules().answers_s)
    assert (found.deadline is not None) == (found.state == "called")
    assert not found.deadline or found.deadline > now


@given(CONTACTS, CALLS)
def test_time_alone_never_calms(contacts: list[datetime], calls: list[Call]) -> None:
    order = ("quiet", "seen", "called", "due", "escalated")
    seen = [standing(contacts, calls, at(seconds)).state for seconds in range(4000, 8000, 50)]
    ranks = [order.index(each) for each in seen]
    assert ranks == sorted(ranks)
