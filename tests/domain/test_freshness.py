from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from weihai_command.domain.freshness import Freshness, Reading, judge, level, short
from weihai_command.domain.movers import FRESH, LATE, LOST

NOW = datetime.fromisoformat("2026-07-16T16:42:08+08:00")


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.parametrize(("age", "wanted"), [(0, FRESH), (120, FRESH), (121, LATE), (300, LATE), (301, LOST)])
def test_late_beyond_twice_and_lost_beyond_five_times_the_period(age, wanted):
    assert level(age, 60) == wanted


@pytest.mark.parametrize(("age", "words"), [(0, "1 秒"), (59.9, "59 秒"), (60, "1 分"), (3_599, "59 分"), (3_600, "1 时"), (200_000, "2 天")])
def test_an_age_is_said_in_its_largest_unit(age, words):
    assert short(age) == words


def test_a_fresh_source_says_its_time_in_the_line_alone():
    assert judge([Reading("水文站", ago(30), 60)], NOW) == Freshness(FRESH, "", ("水文站 · 16:41:38 · 30 秒前",))


def test_the_worst_of_several_sources_is_said_and_each_has_its_line():
    found = judge([Reading("平台", ago(5), 15), Reading("水文站", ago(720), 300), Reading("气象", ago(700), 300)], NOW)
    assert (found.level, found.words) == (LATE, "过期 12 分")
    assert [line.split(" ")[0] for line in found.lines] == ["平台", "水文站", "气象"]
    assert judge([Reading("平台", ago(4_000), 15), Reading("水文站", ago(720), 300)], NOW).words == "中断 1 时"


def test_what_was_never_read_is_lost_once_somebody_tried():
    assert judge([Reading("水文站", None, 60)], NOW) == Freshness(LOST, "中断", ("水文站 · 还没有读到过",))
    assert judge([Reading("水文站", None, 60, was_tried=False)], NOW) == Freshness(FRESH, "", ("水文站 · 尚未读取",))


def test_the_embedded_city_is_never_late_and_nothing_comes_from_tomorrow():
    assert judge([Reading("示例城市", is_own=True)], NOW) == Freshness(FRESH, "", ("示例城市 · 内置",))
    assert judge([Reading("平台", ago(-7_200), 15)], NOW).lines == ("平台 · 18:42:08 · 0 秒前",)
    assert judge([], NOW) == Freshness()


def test_another_day_is_told_with_its_date():
    assert judge([Reading("平台", ago(86_400), 15)], NOW).lines == ("平台 · 07-15 16:42:08 · 1 天前",)
