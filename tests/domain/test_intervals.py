from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from weihai_command.domain.intervals import Benchmark, is_met, leg, legs, percentile, within

START = datetime.fromisoformat("2026-07-16T08:00:00+08:00")


def iso(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def test_a_blank_is_never_zero_and_a_true_zero_is() -> None:
    assert leg(START, None) is None and leg(None, START) is None
    assert leg(START, START - timedelta(seconds=1)) is None
    assert leg(START, START, inferred=True) is None
    assert leg(START, START) == 0.0


def test_legs_of_a_unit() -> None:
    steps = [
        {"state": "dispatching", "at": iso(50)}, {"state": "dispatched", "at": iso(50)}, {"state": "en_route", "at": iso(90), "inferred": True},
        {"state": "on_scene", "at": iso(300)}, {"state": "on_scene", "at": iso(900)}, {"state": "returning", "at": "soon"},
    ]
    assert legs(iso(0), steps) == {
        "report_dispatch": 50.0, "dispatch_acknowledge": 0.0, "acknowledge_en_route": None, "en_route_on_scene": None,
        "on_scene_release": None, "report_on_scene": 300.0, "dispatch_on_scene": 250.0,
    }


@pytest.mark.parametrize("steps", [[], [None], ["x"], [{}], [{"state": ["on_scene"], "at": 5}]])
def test_hostile_steps_are_blank(steps: list[object]) -> None:
    assert set(legs(None, steps).values()) == {None}  # type: ignore[arg-type]


def test_the_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(1, 11)]
    assert percentile([*values, None], 0.9) == 9.0
    assert percentile(values, 0.91) == 10.0 and percentile(values, 0.0) == 1.0
    assert percentile([None], 0.9) is None
    assert percentile([0.0], 0.9) == 0.0


def test_sixty_seconds_at_ninety_per_cent() -> None:
    goal = Benchmark(60.0, 0.9)
    assert is_met([60.0] * 9 + [61.0], goal) is True
    assert is_met([60.0] * 8 + [61.0, 61.0], goal) is False
    assert is_met([None, None], goal) is None and within([None], 60) is None
