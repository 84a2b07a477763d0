"""Detection against series labelled by hand, and against the plain loop of plain_detection under any readings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.plain_detection import Plain
from weihai_command.domain.alarm_rules import AlarmRules, Rule, columns
from weihai_command.domain.detection import DetectionBook, Transition

NAN = math.nan
PUMP = Rule("works", high=((4.2, 2), (4.8, 1)), hysteresis=0.1)
HELD = Rule("works", high=((4.2, 2), (4.8, 1)), hysteresis=0.1, duration_s=120)
BOTH = Rule("supply", high=((0.6, 3),), low=((0.14, 3), (0.1, 2)), hysteresis=0.02, frozen=4, valid=(0.0, 2.5))
OFTEN = Rule("works", high=((4.2, 2),), hysteresis=0.1, duration_s=300, repetition=(3, 600))
#: name | rule | readings "at value" (a tick: "at !") | expected "at kind what severity"; a period is 60 s, patience 3 of them.
LABELLED: list[tuple[str, Rule, str, str]] = [
    ("at the limit is not beyond it", PUMP, "0 4.2, 60 4.2", ""),
    ("beyond by a hair", PUMP, "0 4.2, 60 4.2000001", "60 high raise 2"),
    ("inside the hysteresis it stays", PUMP, "0 4.3, 60 4.15, 120 4.11", "0 high raise 2"),
    ("back by the whole hysteresis it clears", PUMP, "0 4.3, 60 4.1", "0 high raise 2, 60 high clear 2"),
    ("it climbs step by step and is told once each", PUMP, "0 4.3, 60 4.9, 120 4.4, 180 4.9, 240 4.0",
     "0 high raise 2, 60 high severity 1, 240 high clear 1"),
    ("it leaps over a step", PUMP, "0 5.0, 60 4.0", "0 high raise 1, 60 high clear 1"),
    ("it does not last", HELD, "0 4.3, 60 4.3, 119 4.0", ""),
    ("it lasts exactly so long, seen by a reading", HELD, "0 4.3, 60 4.3, 120 4.3", "120 high raise 2"),
    ("it ends exactly then", HELD, "0 4.3, 60 4.3, 120 4.0", ""),
    ("the time runs out between readings", HELD, "0 4.3, 121 4.0", "120 high raise 2, 121 high clear 2"),
    ("the time runs out at a tick", HELD, "0 4.3, 120 !, 121 !, 122 !", "120 high raise 2"),
    ("each step has its own time", HELD, "0 4.3, 60 4.9, 120 4.9, 180 4.9", "120 high raise 2, 180 high severity 1"),
    ("two steps that run out together are told once", HELD, "0 4.9, 121 !", "120 high raise 1"),
    ("a gap breaks the time", HELD, "0 4.3, 60 4.3, 300 4.3, 360 4.3, 420 4.3", "120 high raise 2"),
    ("behind a gap the time begins anew", Rule(high=((4.2, 2),), duration_s=250), "0 4.3, 60 4.3, 300 4.3, 420 4.3, 540 4.3, 560 4.3", "550 high raise 2"),
    ("late readings say nothing", PUMP, "0 4.0, 120 4.0, 60 4.9, 120 4.9, 180 4.3", "180 high raise 2"),
    ("no value is a fault and no end", PUMP, "0 4.3, 60 nan, 120 nan, 180 4.3, 240 4.0",
     "0 high raise 2, 60 fault raise 4, 180 fault clear 4, 240 high clear 2"),
    ("beyond what it can measure is a fault and no alarm", BOTH, "0 0.3, 60 99, 120 -1, 180 0.31", "60 fault raise 4, 180 fault clear 4"),
    ("a value that never moves is a fault", BOTH, "0 0.3, 60 0.3, 120 0.3, 180 0.3, 240 0.3, 300 0.31", "180 fault raise 4, 300 fault clear 4"),
    ("downwards", BOTH, "0 0.14, 60 0.139, 120 0.09, 180 0.15, 240 0.16", "60 low raise 3, 120 low severity 2, 240 low clear 2"),
    ("from one side to the other", BOTH, "0 0.7, 60 0.05, 120 0.3", "0 high raise 3, 60 high clear 3, 60 low raise 2, 120 low clear 2"),
    ("silence begins when patience ends", PUMP, "0 4.0, 180 !, 181 !, 240 !, 300 4.0", "180 silence raise 4, 300 silence clear 4"),
    ("what was never heard is not silent", PUMP, "9999 !", ""),
    ("a gap that readings show afterwards is no news", PUMP, "0 4.0, 3600 4.0", ""),
    ("silence does not end an alarm", PUMP, "0 4.3, 200 !, 300 4.3, 360 4.0", "0 high raise 2, 180 silence raise 4, 300 silence clear 4, 360 high clear 2"),
    ("going beyond often is told although no time lasted", OFTEN, "0 4.3, 60 4.0, 120 4.3, 180 4.0, 240 4.3, 300 4.0, 900 !",
     "240 repetition raise 4, 480 silence raise 4, 840 repetition clear 4"),
    ("at its end it is not over", OFTEN, "0 4.3, 60 4.0, 120 4.3, 180 4.0, 240 4.3, 300 4.0, 450 4.0, 600 4.0, 750 4.0, 840 !", "240 repetition raise 4"),
    ("too rarely", OFTEN, "0 4.3, 60 4.0, 400 4.3, 460 4.0, 800 4.3, 860 4.0", ""),
    ("chattering about the limit with no hysteresis", Rule(high=((4.2, 2),)), "0 4.3, 60 4.2, 120 4.3, 180 4.2",
     "0 high raise 2, 60 high clear 2, 120 high raise 2, 180 high clear 2"),
]


def book(*rules: Rule, period: float = 60.0) -> DetectionBook:
    known = AlarmRules({f"q{n}": rule for n, rule in enumerate(rules)})
    return DetectionBook(columns([{"quantity": f"q{n}", "period_s": period} for n in range(len(rules))], known))


def short(found: list[Transition]) -> list[str]:
    return [f"{each.at:g} {each.kind} {each.what} {each.severity}" for each in found]


@pytest.mark.parametrize(("name", "rule", "series", "expected"), LABELLED, ids=[each[0] for each in LABELLED])
def test_labelled(name: str, rule: Rule, series: str, expected: str) -> None:
    made, found = book(rule), []
    for step in series.split(", "):
        at, value = step.split()
        rows = np.zeros(1, np.int64)
        found += made.tick(float(at)) if value == "!" else made.take(rows, [float(value)], [float(at)])
    assert short(found) == (expected.split(", ") if expected else [])


@pytest.mark.parametrize(("name", "rule", "series", "expected"), [each for each in LABELLED if "!" not in each[2] and not each[0].startswith("late")],
                         ids=[each[0] for each in LABELLED if "!" not in each[2] and not each[0].startswith("late")])
def test_labelled_as_one_batch_in_any_order(name: str, rule: Rule, series: str, expected: str) -> None:
    steps = [step.split() for step in series.split(", ")][::-1]
    found = book(rule).take(np.zeros(len(steps), np.int64), [float(value) for _, value in steps], [float(at) for at, _ in steps])
    assert short(found) == (expected.split(", ") if expected else [])


def test_a_transition_says_value_limit_and_peak() -> None:
    made = book(BOTH)
    found = made.take(np.zeros(4, np.int64), [0.13, 0.08, 0.11, 0.2], [0.0, 60.0, 120.0, 180.0])
    assert [(each.value, each.limit, each.peak) for each in found] == [(0.13, 0.14, 0.13), (0.08, 0.1, 0.08), (0.2, 0.14, 0.08)]


def test_what_is_not_judged_is_counted() -> None:
    made = book(PUMP, BOTH)
    made.take(np.array([0, 0, 0, 1, 1, 1]), [4.0, 4.0, NAN, 99.0, 0.3, 0.3], [10.0, 20.0, 30.0, 10.0, 10.0, math.inf])
    made.take(np.array([0]), [9.9], [5.0])
    counts = made.counts
    assert (counts.received, counts.judged, counts.no_value, counts.late, counts.same, counts.no_time) == (7, 2, 2, 1, 1, 1)


def test_what_is_restored_is_not_raised_again_and_can_end() -> None:
    for kind, value, end, told in (("high", 4.9, 4.0, "120 high clear 1"), ("silence", 4.0, 4.0, "60 silence clear 4"), ("fault", 4.0, 4.0, "60 fault clear 4")):
        made = book(PUMP)
        made.restore(0, kind, 1 if kind == "high" else 4, 0.0)
        assert made.raised() == {(0, kind)}
        assert short(made.take(np.zeros(2, np.int64), [value, end], [60.0, 120.0])) == [told]
    made = book(PUMP)
    made.restore(0, "high", 2, 0.0)
    assert short(made.take(np.zeros(1, np.int64), [4.9], [60.0])) == ["60 high severity 1"]
    often = book(OFTEN)
    often.restore(0, "repetition", 4, 0.0)
    assert short(often.tick(601.0)) == ["600 repetition clear 4"]


def test_an_alarm_whose_rule_is_gone_ends_with_the_next_reading() -> None:
    made = book(Rule())
    made.restore(0, "low", 3, 0.0)
    assert [each.what for each in made.take(np.zeros(1, np.int64), [1.0], [60.0])] == ["clear"]


def test_what_is_released_is_judged_anew() -> None:
    made = book(PUMP)
    made.take(np.zeros(1, np.int64), [4.9], [0.0])
    made.release(0, "high")
    assert made.raised() == set()
    assert short(made.take(np.zeros(1, np.int64), [4.9], [60.0])) == ["60 high raise 1"]


def test_sensors_of_a_lost_source_are_not_called_silent() -> None:
    made = book(PUMP, PUMP)
    made.heard(np.array([0, 1]), np.array([0.0, 0.0]))
    assert [each.row for each in made.tick(500.0, np.array([False, True]))] == [1]
    assert [each.row for each in made.tick(501.0)] == [0]


VALUES = st.sampled_from([0.0, 1.0, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, NAN, math.inf, -9.0])
LADDERS = st.sampled_from([(), ((3.0, 3),), ((3.0, 3), (4.0, 1)), ((3.0, 4), (3.5, 3), (4.0, 2))])
LOWS = st.sampled_from([(), ((2.0, 3),), ((2.0, 4), (1.0, 2))])
RULES = st.builds(
    lambda high, low, back, lasts, silence, frozen, repetition: Rule(
        "c", high, low, back, lasts, silence, frozen=frozen, valid=(-5.0, 99.0), repetition=repetition
    ),
    LADDERS, LOWS, st.sampled_from([0.0, 0.5, 1.5]), st.sampled_from([0.0, 60.0, 120.0, 180.0]), st.sampled_from([0.0, 2.0, 3.0]), st.sampled_from([0, 3]),
    st.sampled_from([(0, 0.0), (2, 180.0), (3, 420.0)]),
)
#: Multiples of half a minute, so that many things happen at the very same moment.
HALVES = st.integers(-2, 8).map(lambda each: 30 * each)
#: A batch of (sensor, seconds after the last batch, value), or the seconds after it at which a tick comes.
STEPS = st.lists(
    st.one_of(st.lists(st.tuples(st.integers(0, 2), HALVES, VALUES), min_size=1, max_size=6), st.integers(0, 14).map(lambda each: 30 * each)), max_size=14
)


def plain(rule: Rule, period: float) -> Plain:
    return Plain(
        list(rule.high), list(rule.low), back=rule.hysteresis, lasts=rule.duration_s, gap=(rule.silence or 3.0) * period,
        patience=rule.silence * period if rule.silence else math.inf, frozen=rule.frozen, repeats=rule.repetition[0], within=rule.repetition[1],
        valid=rule.valid,
    )


@settings(max_examples=250, deadline=None)
@given(rules=st.lists(RULES, min_size=3, max_size=3), steps=STEPS)
def test_like_the_plain_loop(rules: list[Rule], steps: list[Any]) -> None:
    made, loops, now, late = book(*rules), [plain(rule, 60.0) for rule in rules], 1000.0, 0
    found: list[Transition] = []
    for step in steps:
        if isinstance(step, int):
            now += step
            found += made.tick(now)
            for loop in loops:
                loop.tick(now)
            continue
        batch = [(row, now + after, value) for row, after, value in step]
        found += made.take(np.array([row for row, _, _ in batch]), [value for _, _, value in batch], [at for _, at, _ in batch])
        # Of readings of the same moment the first counts, as it came.
        for row, at, value in sorted(batch, key=lambda each: each[1]):
            loops[row].read(at, value)
        now = max(now, *(at for _, at, _ in batch))
        late = sum(loop.unused for loop in loops)
    expected = sorted((at, row, kind, what, severity, limit, peak) for row, loop in enumerate(loops)
                      for at, kind, what, severity, limit, peak in (_plain(each) for each in loop.told))
    assert sorted((each.at, each.row, each.kind, each.what, each.severity, *_numbers(each)) for each in found) == expected
    assert made.counts.late + made.counts.same == late
    assert made.raised() == {(row, kind) for row, loop in enumerate(loops) for kind in (*loop.on, *(side for side, n in loop.reached.items() if n))}


def _plain(told: Any) -> Any:
    at, kind, what, severity, limit, peak = told
    return at, kind, what, severity, -1.0 if limit is None else limit, -1.0 if peak is None else peak


def _numbers(each: Transition) -> tuple[float, float]:
    return (-1.0 if each.limit is None else each.limit, -1.0 if each.peak is None else each.peak)


@settings(max_examples=80, deadline=None)
@given(rule=RULES, series=st.lists(st.tuples(st.integers(0, 2000), VALUES), max_size=25, unique_by=lambda each: each[0]), cuts=st.lists(st.integers(0, 25), max_size=6))
def test_batches_and_ticks_in_between_change_nothing(rule: Rule, series: list[tuple[int, float]], cuts: list[int]) -> None:
    """What is told of values is the same however the readings come in, except silence, which only ticks tell."""
    series = sorted(series)
    whole = book(rule).take(np.zeros(len(series), np.int64), [value for _, value in series], [float(at) for at, _ in series])
    made, found, last = book(rule), [], 0
    for cut in [*sorted({min(each, len(series)) for each in cuts}), len(series)]:
        part = series[last:cut]
        found += made.take(np.zeros(len(part), np.int64), [value for _, value in part], [float(at) for at, _ in part])
        if cut < len(series):
            found += made.tick(float(series[cut][0]))
        last = cut
    assert [each for each in found if each.kind != "silence"] == whole
