"""The flow that fills places: as many as can be, then the least cost, checked against every way there is."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.matching import matched

LAST = 50


def test_a_chain_is_untied() -> None:
    # The cheap one for both is needed where nothing else fits.
    assert sorted(matched([1, 1], {(0, 0): 1, (0, 1): 5, (1, 0): 1}, [None, None], {}, LAST)) == [(0, 1), (1, 0)]


def test_the_last_of_a_group_costs_more() -> None:
    costs = {(0, 0): 10, (0, 1): 40}
    assert matched([1], costs, ["a", "b"], {"a": 0, "b": 1}, LAST) == [(0, 1)]
    assert matched([1], costs, ["a", "b"], {"a": 1, "b": 1}, LAST) == [(0, 0)]
    assert matched([1], {(0, 0): 10, (0, 1): 61}, ["a", "b"], {"a": 0, "b": 1}, LAST) == [(0, 0)]


def test_a_cost_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        matched([1], {(0, 0): -1}, [None], {}, LAST)


@given(st.data())
def test_no_way_is_better(data: st.DataObject) -> None:
    places, ones = data.draw(st.integers(1, 3)), data.draw(st.integers(0, 5))
    counts = data.draw(st.lists(st.integers(0, 2), min_size=places, max_size=places))
    pairs = list(itertools.product(range(places), range(ones)))
    costs = {pair: data.draw(st.integers(0, 99)) for pair in pairs if data.draw(st.booleans())}
    groups = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=ones, max_size=ones))
    spare = {"a": data.draw(st.integers(0, 2)), "b": 0}
    found = matched(counts, costs, groups, spare, LAST)

    def price(ways: list[tuple[int, int]]) -> int:
        over = sum(max(0, sum(groups[one] == group for _, one in ways) - spare[group]) for group in ("a", "b"))
        return sum(costs[way] for way in ways) + LAST * over

    def fits(ways: list[tuple[int, int]]) -> bool:
        return len({one for _, one in ways}) == len(ways) and all(sum(at == place for at, _ in ways) <= counts[place] for place in range(places))

    options = [None, *range(places)]
    every = ([(at, one) for one, at in enumerate(given) if at is not None] for given in itertools.product(options, repeat=ones))
    best = min((-len(ways), price(ways)) for ways in every if fits(ways) and all(way in costs for way in ways))
    assert fits(found) and (-len(found), price(found)) == best
