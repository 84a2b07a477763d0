from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.domain.unit import KINDS
from weihai_command.domain.unit_times import Limits, limits_of
from weihai_command.domain.words import UNIT_STATES

START = datetime(2026, 7, 16, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def limits() -> Limits:
    return limits_of(tomllib.loads((files("resources") / "words" / "unit_limits.toml").read_text("utf-8")), "unit_limits.toml")


def test_the_file_names_states_and_kinds_that_there_are(limits: Limits) -> None:
    assert set(limits.states) <= set(UNIT_STATES) and set(limits.kinds) <= set(KINDS)
    assert all(set(rows) <= set(limits.states) for rows in limits.kinds.values())
    assert (limits.calls.every_s, limits.calls.answers_s) == (1200, (60, 120))


def test_a_state_warns_after_its_limit(limits: Limits) -> None:
    limit = limits.limit("dispatching", "fire")
    assert limit and limit.word == "未确认"
    assert [limit.is_over(START, START + timedelta(seconds=s)) for s in (0, 120, 121, 10**6)] == [False, False, True, True]
    assert not limit.is_over(None, START) and not limit.is_over(START, START - timedelta(hours=1))
    assert limits.limit("available", "fire") is None


def test_the_way_is_judged_by_its_length(limits: Limits) -> None:
    assert limits.limit("en_route", "fire", 500.0).seconds == 300  # type: ignore[union-attr]
    assert limits.limit("en_route", "fire", 20_000.0).seconds == pytest.approx(2520)  # type: ignore[union-attr]
    assert limits.limit("en_route", "fire").seconds == 1200  # type: ignore[union-attr]
    assert limits.limit("en_route", "sea", 500.0).seconds == 5400  # type: ignore[union-attr]


@pytest.mark.parametrize("raw", [
    {"state": {"on_scene": {"seconds": -1, "word": "x"}}}, {"state": {"on_scene": {"seconds": True, "word": "x"}}}, {"state": {"on_scene": 3}},
    {"kind": {"sea": 4}}, {"roll_call": {"answers_s": 60}}, {"way": {"speed_kmh": 0}},
])
def test_a_figure_that_is_none_is_told(raw: dict[str, Any]) -> None:
    with pytest.raises(StoreFault, match="unit_limits"):
        limits_of(raw, "unit_limits.toml")
