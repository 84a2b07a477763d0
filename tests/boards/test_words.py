from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fake_desk import NOW, ago
from weihai_command.boards import words


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, ""), (-1, ""), (0, "0:00"), (59, "0:00"), (60, "0:01"), (1380, "0:23"), (94_200, "26:10")]
)
def test_an_absent_interval_is_blank_and_a_true_zero_is_zero(seconds, shown):
    assert words.hours(seconds) == shown


def test_elapsed_of_a_negative_leg_is_blank():
    assert words.elapsed(NOW, NOW - timedelta(seconds=1)) == ""
    assert words.elapsed(None, NOW) == ""


@pytest.mark.parametrize("text", ["", None, "yesterday", "2026-07-16T08:00:00", 12, "9999"])
def test_a_time_without_offset_or_sense_is_none(text):
    assert words.moment(text) is None


def test_numbers_of_people_are_masked():
    shown = words.masked("打 13812345678，座机 0631-5221234，证 371002199001011234")
    assert "13812345678" not in shown and "5221234" not in shown and "19900101" not in shown
    assert "138****5678" in shown
    assert words.masked(None) == ""


def test_a_tooltip_never_reads_markup():
    assert words.tip("<b>x</b>\ny") == "<qt>&lt;b&gt;x&lt;/b&gt;<br>y</qt>"


def test_a_day_stands_before_the_clock_of_another_day():
    assert words.day_and_clock(ago(0), NOW) == NOW.astimezone().strftime("%H:%M:%S")
    assert "月" in words.day_and_clock(ago(60 * 48), NOW) and "年" not in words.day_and_clock(ago(60 * 48), NOW)
    assert words.day_and_clock("2099-06-01T12:00:00+00:00", NOW).startswith("2099年")


def test_what_happened_ahead_of_the_clock_is_marked_not_hidden():
    assert words.ahead(ago(-30), NOW) == words.ahead("2099-01-01T00:00:00+00:00", NOW) == "〔时间超前〕"
    assert words.ahead(ago(-5), NOW) == words.ahead(ago(5), NOW) == words.ahead("昨天", NOW) == words.ahead(None, NOW) == ""


@pytest.mark.parametrize(("metres", "shown"), [(4600.0, "4.6 km"), (320.4, "320 m"), (None, "距离不明"), (float("nan"), "距离不明"), (-1, "距离不明")])
def test_distances(metres, shown):
    assert words.distance(metres) == shown
