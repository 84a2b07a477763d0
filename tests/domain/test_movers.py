from __future__ import annotations

import numpy as np
import pytest

from weihai_command.domain.movers import (
    DOUBTS,
    FORGET_AFTER_S,
    FRESH,
    GOOD,
    HEADLESS,
    LATE,
    LOST,
    MISSING,
    OUTSIDE,
    RESTS,
    SWAPPED,
    VEHICLE,
    age_words,
    ages,
    doubts,
    is_forgotten,
    last_of_each,
    looks,
)

NAN = float("nan")


def test_a_mover_is_late_beyond_twice_and_lost_beyond_five_times_its_own_period() -> None:
    age = np.array([20.0, 20.1, 50.0, 50.1, 50.1, -3.0])
    period = np.array([10.0, 10.0, 10.0, 10.0, 180.0, 10.0])
    assert ages(age, period).tolist() == [FRESH, LATE, LATE, LOST, FRESH, FRESH]


def test_rest_and_an_unknown_heading_are_told_apart() -> None:
    speed, heading = np.array([0.0, 5.0, 5.0, NAN, NAN], np.float32), np.array([90.0, 90.0, NAN, 90.0, NAN], np.float32)
    assert looks(np.zeros(5), np.ones(5), speed, heading).tolist() == [RESTS, 0, HEADLESS, 0, HEADLESS]


def test_a_vehicle_is_told_in_its_look() -> None:
    zeros = np.zeros(2, np.float32)
    assert looks(np.zeros(2), np.ones(2), zeros, zeros, np.array([0, VEHICLE], np.uint8)).tolist() == [RESTS, RESTS | VEHICLE]


def test_a_day_of_silence_is_forgotten_and_who_never_came_is_not() -> None:
    assert is_forgotten(np.array([FORGET_AFTER_S, FORGET_AFTER_S + 1, np.inf, -5.0])).tolist() == [False, True, False, False]
    assert is_forgotten(np.array([11.0]), 10.0).tolist() == [True]


@pytest.mark.parametrize(
    ("lon", "lat", "doubt"),
    [(122.1, 37.5, GOOD), (NAN, 37.5, MISSING), (122.1, NAN, MISSING), (37.5, 122.1, SWAPPED), (0.0, 0.0, OUTSIDE), (181.0, 91.0, OUTSIDE),
     (float("inf"), 37.0, OUTSIDE), (73.0, 3.0, GOOD)],
)
def test_positions_that_cannot_be_true(lon: float, lat: float, doubt: int) -> None:
    assert doubts(np.array([lon]), np.array([lat])).tolist() == [doubt]
    assert DOUBTS[doubt].startswith("位置可疑") or doubt == GOOD


def test_the_newest_of_each_row_and_of_equal_times_the_later() -> None:
    rows, at = np.array([3, 1, 3, 1, 3]), np.array([5.0, 7.0, 9.0, 7.0, 2.0])
    assert last_of_each(rows, at).tolist() == [3, 2]
    assert last_of_each(rows[:0], at[:0]).tolist() == []


@pytest.mark.parametrize(("seconds", "words"), [(-2, "0 秒前"), (59.4, "59 秒前"), (61, "1 分钟前"), (7_300, "2 小时前"), (200_000, "2 天前")])
def test_ages_in_words(seconds: float, words: str) -> None:
    assert age_words(seconds) == words
