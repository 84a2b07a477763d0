"""How time limits read on a screen: what is left, in which kind of time, and how much of a stage is used. A blank is never 0:00."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weihai_command.domain import clocks
from weihai_command.domain.calendar import CALENDAR, DAYS, HOURS, SECONDS, URGENT
from weihai_command.domain.clocks import PAUSED
from weihai_command.domain.foreign import moment
from weihai_command.domain.incident import Incident
from weihai_command.domain.record import read
from weihai_command.operations import deadlines

from . import words

#: Seconds of each kind of time from which a limit is shown as nearly due.
NEAR_S = {URGENT: 600, HOURS: 3600, DAYS: 14_400, CALENDAR: 86_400}
UNITS = {URGENT: "急，按钟点计", HOURS: "按工作时间计", DAYS: "按工作日计", CALENDAR: "按自然日计"}
_DAYS = {DAYS: "工作日", CALENDAR: "天"}
#: What is over by so much is told in days.
_LONG_OVER_S = 48 * 3600


@dataclass(frozen=True, slots=True)
class ClockLine:
    """The clock of the open incident in words; `share` 0 … 1 of the stage's time is used, `mood` as of `left`."""

    text: str
    mood: str
    share: float


def left(due: datetime | None, now: datetime, *, paused: bool, unit: str = URGENT, since: datetime | None = None) -> tuple[str, str]:
    """(text, mood) of a time limit; mood is plain, near, over or still. A paused one tells what was left at `since`."""
    if due is None or (paused and since is None):
        return ("挂账", "still") if paused else (words.BLANK, "still")
    rest = clocks.left(due, since or now if paused else now, unit, deadlines.rules().calendar)
    if paused:
        # That it is suspended stands in the column of states.
        return left_over(rest, unit), "still"
    if rest < 0:
        return _over(-rest), "over"
    return f"剩 {span(rest, unit)}", "near" if rest <= NEAR_S[unit] else "plain"


def span(seconds: int, unit: str) -> str:
    """`3 工作日`, `2 天` from one whole one on, else `h:mm`."""
    whole = seconds // SECONDS[unit]
    return f"{whole} {_DAYS[unit]}" if unit in _DAYS and whole else words.hours(seconds)


def left_over(rest: int, unit: str) -> str:
    """What a stopped clock has left: `余 3 工作日`, `余 1:35`, or what it is over by."""
    return f"余 {span(rest, unit)}" if rest >= 0 else _over(-rest)


def _over(seconds: int) -> str:
    return f"超 {seconds // 86_400} 天" if seconds >= _LONG_OVER_S else f"超 {words.hours(seconds)}"


def due_of(raw: Mapping[str, Any]) -> datetime | None:
    """When the running stage is over; of a suspended one when it was to be, of a record that came without by the limits of this desk."""
    told = moment(raw.get("due_at"))
    if told is not None or raw.get("state") == PAUSED:
        return told
    began = moment(raw.get("state_at")) or moment(raw.get("reported_at"))
    return clocks.due_since(began, _clock(raw), raw.get("type"), deadlines.rules())


def unit_of(raw: Mapping[str, Any]) -> str:
    """The kind of time that the present stage counts in."""
    return deadlines.rules().unit(_clock(raw), raw.get("type"))


def _clock(raw: Mapping[str, Any]) -> str:
    state = raw.get("state")
    return clocks.CLOCKS.get(str(raw.get("before") if state == PAUSED else state), "")


def clock_line(raw: Mapping[str, Any], now: datetime) -> ClockLine | None:
    """Stage, end, what is left, and what kind of time counts; None where no clock runs."""
    found = clocks.standing(read(Incident, raw), now, deadlines.rules())
    if found is None:
        return None
    if found.paused:
        text, mood = f"挂账，{left_over(found.left_s, found.unit)}", "still"
    else:
        text, mood = left(found.due, now, paused=False, unit=found.unit)
    parts = (f"{clocks.STAGES[found.clock]}时限", text, f"{_minute(found.due, now)} 到期" if found.due else "", UNITS[found.unit])
    return ClockLine(" · ".join(part for part in parts if part), mood, found.share)


def _minute(at: datetime, now: datetime) -> str:
    """`16:41` of today, `7月20日 16:41` of any other day, in this machine's zone."""
    local = at.astimezone()
    day = "" if local.date() == now.astimezone().date() else f"{local.month}月{local.day}日 "
    return f"{day}{local:%H:%M}"
