from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from weihai_command.domain.kpi import RATES, Counts, percent, rates

#: Zhengzhou, 8 to 14 April 2019, as published.
WEEK = Counts(received=51571, filed=51229, dispatched=49151, due=52434, closed=43523, in_time=40394, rework=276, extended=104)


def test_the_golden_figures() -> None:
    found = rates(replace(WEEK, to_handle=3, handled_in_time=2))
    assert {RATES[name][0]: str(value) for name, value in found.items()} == {
        "立案率": "99.34", "派遣率": "95.94", "结案率": "83.01", "按期结案率": "77.04", "返工率": "0.53", "延期率": "0.20", "按期处置率": "66.67",
    }


def test_a_rate_without_a_base_is_blank_and_none_of_some_is_zero() -> None:
    assert set(rates(Counts()).values()) == {None}
    assert percent(0, 7) == Decimal("0.00") and percent(1, 0) is None and percent(-1, 5) is None


@pytest.mark.parametrize(("part", "whole", "shown"), [(1, 8, "12.50"), (1, 800, "0.13"), (1, 2400, "0.04"), (7, 7, "100.00")])
def test_halves_go_up(part: int, whole: int, shown: str) -> None:
    assert str(percent(part, whole)) == shown
