"""Chains of messages, what holds at a moment, colours and places; no message of a test ever counts."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.entries import Warning
from weihai_command.domain.warning import (
    CANCELLED,
    COMING,
    DISTRICTS,
    EXPIRED,
    IN_FORCE,
    Kind,
    chains,
    colour_of,
    districts_of,
    in_force,
    kind_of,
    name_of,
    worst,
)

START = datetime.fromisoformat("2026-07-16T08:00:00+08:00")


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def made(id: str, hours: float = 0, *, refs: tuple[Warning | str, ...] = (), lasts: float | None = 24, **more: Any) -> Warning:
    names = tuple(each if isinstance(each, str) else name_of(each) for each in refs)
    kind = "Update" if refs else "Alert"
    expires = at(hours + lasts) if lasts is not None else None
    fields = {"colour": "blue", "msg_type": kind, "sender": "s", "identifier": id, "sent": at(hours), "expires": expires, "references": names, **more}
    return Warning(id, id, **fields)


def heads(*warnings: Warning, hours: float = 3) -> list[str]:
    return [chain.head.id for chain in in_force(warnings, START + timedelta(hours=hours))]


def test_an_update_replaces_and_a_cancellation_ends() -> None:
    first = made("a")
    second = made("b", 1, refs=(first,), colour="orange")
    assert heads(first) == ["a"] and heads(first, second) == ["b"]
    (chain,) = chains([second, first])
    assert chain.earlier == (first,) and chain.first is first and chain.cancelled is None
    over = made("c", 2, refs=(second,), msg_type="Cancel")
    assert heads(first, second, over) == []
    (chain,) = chains([over, second, first])
    assert chain.cancelled is over and chain.state(START + timedelta(hours=3)) == CANCELLED
    assert chain.ended(START + timedelta(hours=3)) == START + timedelta(hours=2)


def test_the_order_of_arrival_does_not_matter_and_ancestors_may_be_missing_or_late() -> None:
    first = made("a")
    second = made("b", 1, refs=(first,))
    third = made("c", 2, refs=(second,))
    assert heads(third, second, first) == heads(first, third, second) == ["c"]
    assert heads(third) == ["c"] and heads(made("x", 1, refs=("nobody,0,2020-01-01T00:00:00+08:00",))) == ["x"]
    assert heads(made("over", 1, refs=("nobody,0,2020-01-01T00:00:00+08:00",), msg_type="Cancel")) == []


def test_a_cancellation_of_the_first_message_ends_the_updated_warning() -> None:
    first = made("a")
    second = made("b", 1, refs=(first,))
    assert heads(first, second, made("c", 2, refs=(first,), msg_type="Cancel")) == []
    # One that was sent before the update did not know of it.
    assert heads(first, made("b", 2, refs=(first,)), made("c", 1, refs=(first,), msg_type="Cancel")) == ["b"]


def test_a_cancellation_of_several_ends_each() -> None:
    one, two = made("a"), made("b", 1)
    over = made("c", 2, refs=(one, two), msg_type="Cancel")
    assert heads(one, two, over) == [] and [chain.cancelled for chain in chains([one, two, over])] == [over, over]


def test_references_by_identifier_alone_and_in_another_zone() -> None:
    first = made("a")
    assert heads(first, made("b", 1, refs=("a",))) == ["b"]
    assert heads(first, made("b", 1, refs=("s,a,2026-07-16T00:00:00+00:00",))) == ["b"]
    assert heads(first, made("b", 1, refs=("other,a,2026-07-16T00:00:00+00:00",))) == ["b", "a"]


def test_no_circle_and_no_older_message_hides_a_warning() -> None:
    one = made("a", 0, refs=("b",))
    assert heads(one, made("b", 1, refs=("a", "b"))) == ["b"]
    assert heads(made("old", 0, refs=("new",)), made("new", 1)) == ["new", "old"]


@pytest.mark.parametrize("status", ["Test", "Exercise", "Draft", "System"])
def test_no_message_of_a_test_counts_or_ends_anything(status: str) -> None:
    first = made("a")
    assert heads(first, made("b", 1, refs=(first,), status=status, msg_type="Cancel"), made("c", 1, status=status, colour="red")) == ["a"]


def test_it_ends_by_itself_and_an_expired_update_does_not_bring_the_old_one_back() -> None:
    first = made("a", lasts=48)
    second = made("b", 1, refs=(first,), lasts=1)
    assert heads(first, second, hours=1.5) == ["b"] and heads(first, second, hours=2) == []
    (chain,) = chains([first, second])
    assert chain.state(START + timedelta(hours=5)) == EXPIRED and chain.ended(START + timedelta(hours=5)) == START + timedelta(hours=2)


def test_before_its_time_it_is_coming_and_without_times_it_stands() -> None:
    later = made("a", effective=at(5))
    now = START + timedelta(hours=3)
    assert in_force([later], now)[0].state(now) == COMING
    assert heads(made("b", lasts=None)) == ["b"] and heads(made("b", lasts=None), hours=25) == []
    (chain,) = chains([Warning("x", "x", expires="soon", sent="yesterday")])
    assert chain.state(now) == IN_FORCE and chain.ended(now) is None and chain.expires is None


def test_the_worst_first_then_the_newest() -> None:
    some = [made("blue", 2), made("none", 2, colour=None), made("red", 0, colour="red"), made("old", 0), made("strange", 1, colour="pink")]
    assert heads(*some) == ["red", "blue", "old", "none", "strange"] and worst(some) == "red" and worst([]) is None


@given(st.lists(st.tuples(st.sampled_from(["Alert", "Update", "Cancel"]), st.integers(0, 3), st.lists(st.integers(0, 7), max_size=3)), max_size=8), st.randoms())
def test_any_set_of_messages_gives_the_same_chains_in_any_order(told: list[tuple[str, int, list[int]]], dice: random.Random) -> None:
    some = [made(str(n), hours, refs=tuple(str(ref) for ref in refs), msg_type=kind) for n, (kind, hours, refs) in enumerate(told)]
    mixed = some[:]
    dice.shuffle(mixed)
    found = chains(some)
    assert [(c.head, c.earlier, c.cancelled) for c in found] == [(c.head, c.earlier, c.cancelled) for c in chains(mixed)]
    members = {each.id for c in found for each in (c.head, *c.earlier, *([c.cancelled] if c.cancelled else []))}
    # Every alert stands somewhere: as the one that holds, or behind one.
    assert {each.id for each in some if each.msg_type != "Cancel"} <= members


@pytest.mark.parametrize(("said", "text", "severity", "colour"), [
    (["Red"], "", "", "red"), (["2; yellow; Moderate"], "", "", "yellow"), ([], "", "Orange", "orange"), (["蓝色"], "暴雨红色预警", "", "blue"),
    ([], "发布暴雨橙色预警信号", "Minor", "orange"), ([], "", "Severe", "orange"), ([], "", "Unknown", None), (["pink"], "", "extreme", "red"),
])
def test_colours(said: list[str], text: str, severity: str, colour: str | None) -> None:
    assert colour_of(said, text, severity) == colour


def test_kinds_and_districts() -> None:
    kinds = (Kind("sea_wind", "海上大风", (), ("1023",)), Kind("wind", "大风", ("Gale",), ("1006",)))
    assert kind_of("海上大风黄色预警", [], kinds) == "sea_wind" and kind_of("Gale", [], kinds) == "wind"
    assert kind_of("", ["1006"], kinds) == "wind" and kind_of("雾", ["1017"], kinds) is None
    assert districts_of("荣成市、乳山市", ()) == ("荣成市", "乳山市") and districts_of("", ["371002001"]) == ("环翠区",)
    assert districts_of("", ["371000"]) == tuple(DISTRICTS.values()) == districts_of("威海市气象台", ()) and districts_of("桂林", ["450300"]) == ()
    assert districts_of("威海市荣成市", ()) == ("荣成市",)
