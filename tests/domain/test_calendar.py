"""Working time against a walker that goes minute by minute and knows no arithmetic."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weihai_command.domain.calendar import CALENDAR, DAYS, HOURS, URGENT, WEIHAI, Calendar, Year, year_of
from weihai_command.domain.faults import StoreFault

OFF = {date(2026, 2, day) for day in range(15, 24)}
WORKED = {date(2026, 2, 14), date(2026, 2, 28)}
CITY = Calendar([Year(2026, frozenset(OFF), frozenset(WORKED))])
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WEIHAI)


def is_open(moment: datetime) -> bool:
    day = moment.date()
    worked = day in WORKED or (moment.weekday() < 5 and day not in OFF)
    return worked and moment.hour in (8, 9, 10, 11, 14, 15, 16, 17)


def walked(start: datetime, minutes: int) -> datetime:
    """The end of the minute in which the last of `minutes` open ones passes."""
    now = start
    while minutes:
        minutes -= is_open(now)
        now += MINUTE
    return now


def open_minutes(start: datetime, end: datetime) -> int:
    found, now = 0, start
    while now < end:
        found += is_open(now)
        now += MINUTE
    return found


moments = st.integers(0, 45 * 1440).map(lambda n: at("2026-01-28T00:00") + n * MINUTE)


@settings(max_examples=60)
@given(start=moments, minutes=st.integers(1, 2400))
def test_adding_is_walking(start: datetime, minutes: int) -> None:
    assert CITY.add(start, minutes / 60, HOURS) == walked(start, minutes)


@settings(max_examples=60)
@given(start=moments, length=st.integers(0, 20 * 1440))
def test_between_is_counting(start: datetime, length: int) -> None:
    end = start + length * MINUTE
    assert CITY.seconds(start, end, HOURS) == 60 * open_minutes(start, end)
    assert CITY.seconds(end, start, DAYS) == -CITY.seconds(start, end, DAYS)


@given(start=moments, seconds=st.integers(-400_000, 400_000), unit=st.sampled_from([URGENT, HOURS, DAYS, CALENDAR]))
def test_what_was_added_lies_between(start: datetime, seconds: int, unit: str) -> None:
    assert CITY.seconds(start, CITY.shift(start, seconds, unit), unit) == seconds


@given(start=moments, first=st.integers(0, 300_000), second=st.integers(0, 300_000), unit=st.sampled_from([URGENT, HOURS, DAYS, CALENDAR]))
def test_more_time_never_ends_earlier(start: datetime, first: int, second: int, unit: str) -> None:
    assert CITY.shift(start, first, unit) <= CITY.shift(start, first + second, unit)
    assert CITY.shift(CITY.shift(start, first, unit), second, unit) == CITY.shift(start, first + second, unit)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-07-16T16:00", 1, DAYS, "2026-07-17T16:00"),
        ("2026-07-16T16:00", 2, HOURS, "2026-07-16T18:00"),
        ("2026-07-16T16:00", 2.5, HOURS, "2026-07-17T08:30"),
        ("2026-07-17T17:00", 2, HOURS, "2026-07-20T09:00"),  # a weekend between
        ("2026-07-18T10:00", 1, HOURS, "2026-07-20T09:00"),  # starts on a Saturday
        ("2026-07-16T12:30", 1, HOURS, "2026-07-16T15:00"),  # starts at noon
        ("2026-02-13T17:00", 2, HOURS, "2026-02-14T09:00"),  # the Saturday is worked
        ("2026-02-14T17:00", 1, DAYS, "2026-02-24T17:00"),  # the whole feast between
        ("2026-02-15T09:00", 0.25, URGENT, "2026-02-15T09:15"),
        ("2026-02-14T17:00", 3, CALENDAR, "2026-02-17T17:00"),
        ("2026-07-18T10:00", 0, DAYS, "2026-07-18T10:00"),
        ("2026-07-20T09:00", -2, HOURS, "2026-07-17T17:00"),
        ("2026-07-20T09:00", -1, HOURS, "2026-07-20T08:00"),
    ],
)
def test_examples(start: str, amount: float, unit: str, end: str) -> None:
    assert CITY.add(at(start), amount, unit) == at(end)


def test_any_zone_may_ask() -> None:
    asked = datetime(2026, 7, 16, 8, 0, tzinfo=UTC)
    assert CITY.add(asked, 3, HOURS) == at("2026-07-17T09:00")
    assert CITY.add(asked, 3, HOURS).isoformat() == "2026-07-17T09:00:00+08:00"
    japan = Calendar([], timezone(timedelta(hours=9)))
    assert japan.add(asked, 3, HOURS).isoformat() == "2026-07-17T10:00:00+09:00"


def test_a_year_that_nobody_told_is_monday_to_friday() -> None:
    assert CITY.is_worked(date(2027, 10, 1)) and not CITY.is_worked(date(2027, 10, 2))
    assert CITY.is_worked(date(2026, 2, 28)) and not CITY.is_worked(date(2026, 2, 16))


@pytest.mark.parametrize(("year", "off", "worked"), [(2025, 18, 5), (2026, 19, 6)])
def test_the_published_plans(year: int, off: int, worked: int) -> None:
    """The count of weekdays off and of worked weekend days; a year has 365 days and 104 of them at weekends."""
    told = year_of(tomllib.loads((files("resources") / "words" / f"calendar-{year}.toml").read_text("utf-8")), "f")
    assert len(told.worked) == worked and all(day.weekday() >= 5 for day in told.worked)
    assert sum(day.weekday() < 5 for day in told.off) == off


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "year"), ("year = true\nholiday = []", "year"), ("year = 2027", "holiday"), ("year = 2027\nholiday = [3]", "第 1 个"),
        ('year = 2027\nholiday = [{from = "soon"}]', "from"), ("year = 2027\nholiday = [{from = 2026-01-01}]", "不在 2027"),
        ("year = 2027\nholiday = [{from = 2027-05-05, to = 2027-05-01}]", "起止"), ("year = 2027\nholiday = [{from = 2027-05-05, work = 3}]", "work"),
        ("year = 2027\nholiday = [{from = 2027-05-01, work = [2027-05-01]}]", "既是"),
        ("year = 2027\nholiday = [{from = 2027-05-01T08:00:00}]", "from"),
    ],
)
def test_a_broken_year_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(StoreFault, match="假日文件") as caught:
        year_of(tomllib.loads(text), "calendar-2027.toml")
    assert "calendar-2027.toml" in caught.value.happened and said in caught.value.happened
