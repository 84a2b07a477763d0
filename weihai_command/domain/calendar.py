"""Working time of a city: 8–12 and 14–18 on working days, in the city's own fixed zone. Pure arithmetic on aware datetimes.

Amounts are in the unit's own measure (hours or days); one working day is eight working hours. Parts of a second are dropped.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import accumulate
from typing import Any

from .faults import StoreFault

URGENT, HOURS, DAYS, CALENDAR = "urgent", "working_hours", "working_days", "calendar_days"
#: Seconds of one of each unit; of the working units these are seconds of working time.
SECONDS = {URGENT: 3600, HOURS: 3600, DAYS: 28_800, CALENDAR: 86_400}
WORKING = frozenset({HOURS, DAYS})
WEIHAI = timezone(timedelta(hours=8))
#: Start of both halves of a working day, and how long each is; seconds.
MORNING, AFTERNOON, HALF = 8 * 3600, 14 * 3600, 4 * 3600
DAY = 2 * HALF


@dataclass(frozen=True, slots=True)
class Year:
    """What the published plan of one year says: days off, and days at a weekend that are worked."""

    year: int
    off: frozenset[date]
    worked: frozenset[date]


class Calendar:
    """Working days of the years that are known; in any other year Monday to Friday. Times without offset are not accepted."""

    __slots__ = ("_days", "_sums", "years", "zone")

    def __init__(self, years: Iterable[Year] = (), zone: timezone = WEIHAI) -> None:
        self.years = {each.year: each for each in years}
        self.zone = zone
        shifts = {day.toordinal(): -1 for each in self.years.values() for day in each.off if day.weekday() < 5}
        shifts |= {day.toordinal(): 1 for each in self.years.values() for day in each.worked if day.weekday() >= 5}
        self._days = sorted(shifts)
        self._sums = [0, *accumulate(shifts[day] for day in self._days)]

    def is_worked(self, day: date) -> bool:
        return self._before(day.toordinal() + 1) > self._before(day.toordinal())

    def add(self, start: datetime, amount: float, unit: str) -> datetime:
        """The earliest moment at which `amount` has passed since `start`; a negative amount goes back, to the latest one."""
        return self.shift(start, round(amount * SECONDS[unit]), unit)

    def between(self, start: datetime, end: datetime, unit: str) -> float:
        """How much of `unit` lies between; negative where `end` is the earlier one."""
        return self.seconds(start, end, unit) / SECONDS[unit]

    def shift(self, start: datetime, seconds: int, unit: str) -> datetime:
        """As `add`, in seconds of that time."""
        local = start.astimezone(self.zone).replace(microsecond=0)
        if unit not in WORKING or not seconds:
            return local + timedelta(seconds=seconds)
        return self._moment(self._worked(local) + seconds, is_late=seconds < 0)

    def seconds(self, start: datetime, end: datetime, unit: str) -> int:
        """As `between`, in seconds of that time."""
        first, last = (each.astimezone(self.zone).replace(microsecond=0) for each in (start, end))
        return self._worked(last) - self._worked(first) if unit in WORKING else int((last - first).total_seconds())

    def count(self, at: datetime, unit: str) -> int:
        """A counter of this kind of time: the difference of two is what lies between."""
        return self._worked(at.astimezone(self.zone)) if unit in WORKING else int(at.timestamp())

    def _before(self, ordinal: int) -> int:
        """Working days before this day, counted from the year 1."""
        weeks, day = divmod(ordinal - 1, 7)
        return weeks * 5 + min(day, 5) + self._sums[bisect_left(self._days, ordinal)]

    def _worked(self, local: datetime) -> int:
        """Seconds of working time before this moment, counted from the year 1."""
        whole = self._before(local.toordinal()) * DAY
        if not self.is_worked(local.date()):
            return whole
        past = local.hour * 3600 + local.minute * 60 + local.second
        return whole + min(max(past - MORNING, 0), HALF) + min(max(past - AFTERNOON, 0), HALF)

    def _moment(self, worked: int, *, is_late: bool) -> datetime:
        """The earliest or the latest moment with so much working time before it."""
        place, rest = divmod(worked, DAY)
        if rest == 0 and not is_late:
            place, rest = place - 1, DAY
        noon = rest > HALF or (rest == HALF and is_late)
        day = datetime.combine(self._day(place), time(), self.zone)
        return day + timedelta(seconds=rest + (AFTERNOON - HALF if noon else MORNING))

    def _day(self, place: int) -> date:
        """The working day that has `place` working days before it."""
        # Five working days a week, give or take what the plans shift.
        guess, off = place // 5 * 7 + 1, 2 * len(self._days) + 7
        low, high = max(guess - off, 1), min(guess + off, date.max.toordinal())
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._before(middle + 1) > place else (middle + 1, high)
        return date.fromordinal(low)


def year_of(raw: Mapping[str, Any], name: str) -> Year:
    """A year's file as it was read: {year, holiday: [{name, from, to, work: []}]}, dates as dates (StoreFault naming file and line)."""
    year = raw.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 1900 <= year <= 2200:
        raise _wrong(name, "year 要写成年份，例如 year = 2026")
    rows = raw.get("holiday")
    if not isinstance(rows, list):
        raise _wrong(name, "至少要有一段 [[holiday]]")
    off: set[date] = set()
    worked: set[date] = set()
    for place, row in enumerate(rows, start=1):
        off |= _span(row, name, place)
        worked |= {_day(each, name, place, "work") for each in _listed(row, name, place)}
    for day in sorted(off | worked):
        if day.year != year:
            raise _wrong(name, f"{day} 不在 {year} 年")
    if both := sorted(off & worked):
        raise _wrong(name, f"{both[0]} 既是假日又是上班日")
    return Year(year, frozenset(off), frozenset(worked))


def _span(row: Any, name: str, place: int) -> set[date]:
    if not isinstance(row, dict):
        raise _wrong(name, f"第 {place} 个假日要写成 [[holiday]] 一段")
    first, last = _day(row.get("from"), name, place, "from"), _day(row.get("to", row.get("from")), name, place, "to")
    if not 0 <= (last - first).days < 60:
        raise _wrong(name, f"第 {place} 个假日的起止不对：{first} 到 {last}")
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


def _listed(row: dict[str, Any], name: str, place: int) -> list[Any]:
    work = row.get("work", [])
    if not isinstance(work, list):
        raise _wrong(name, f"第 {place} 个假日的 work 要写成日期的列表")
    return work


def _day(value: Any, name: str, place: int, field: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(name, f"第 {place} 个假日的 {field} 要写成日期，例如 2026-02-15")


def _wrong(name: str, what: str) -> StoreFault:
    return StoreFault(f"假日文件 {name} 有误：{what}", "没有改动，这一年暂按程序自带的安排计时", "请改好后重新打开", code="bad_calendar")
