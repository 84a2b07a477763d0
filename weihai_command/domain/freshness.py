"""How old a picture is: fresh, late or lost by the age of what a source last brought and the source's own period. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .movers import FRESH, LATE, LATE_AFTER, LOST, LOST_AFTER, age_words

_UNITS = ((86_400, "天"), (3_600, "时"), (60, "分"), (1, "秒"))
_WORDS = {LATE: "过期", LOST: "中断"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one source of a kind: its name, when it last brought something, how often it should (seconds).

    `was_tried`: somebody asked it already, so that silence means something. `is_own`: the embedded city, which is never late.
    """

    source: str
    at: datetime | None = None
    period_s: float = 0.0
    was_tried: bool = True
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Freshness:
    """`level` FRESH, LATE or LOST; `words` say so in short, "" while fresh; `lines` tell source, time and age, one a source; `at` is the worst one's time."""

    level: int = FRESH
    words: str = ""
    lines: tuple[str, ...] = ()
    at: datetime | None = field(default=None, compare=False)


def level(age_s: float, period_s: float) -> int:
    """FRESH up to twice the period, LOST beyond five times (seconds both)."""
    return LOST if age_s > LOST_AFTER * period_s else LATE if age_s > LATE_AFTER * period_s else FRESH


def short(age_s: float) -> str:
    """An age in its largest unit: 12 分."""
    whole = max(1, int(age_s))
    return next(f"{whole // length} {word}" for length, word in _UNITS if whole >= length)


def judge(readings: Iterable[Reading], now: datetime) -> Freshness:
    """The worst of a kind's sources, and a line about each; a kind without sources is not late."""
    found = [_judged(reading, now) for reading in readings]
    worst = max(found, key=lambda each: each[:2], default=(FRESH, 0.0, ""))
    age = f" {short(worst[1])}" if worst[1] else ""
    words = f"{_WORDS[worst[0]]}{age}" if worst[0] else ""
    return Freshness(worst[0], words, tuple(line for *_, line in found), now - timedelta(seconds=worst[1]) if worst[1] else None)


def _judged(reading: Reading, now: datetime) -> tuple[int, float, str]:
    """(level, age in seconds, line) of one source; no age where it never brought anything."""
    if reading.is_own:
        return FRESH, 0.0, f"{reading.source} · 内置"
    if reading.at is None:
        return (LOST, 0.0, f"{reading.source} · 还没有读到过") if reading.was_tried else (FRESH, 0.0, f"{reading.source} · 尚未读取")
    # A clock that ran backwards makes nothing younger than now.
    age = max(0.0, (now - reading.at).total_seconds())
    return level(age, reading.period_s), age, f"{reading.source} · {_moment(reading.at, now)} · {age_words(age)}"


def _moment(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return local.strftime("%H:%M:%S" if local.date() == now.date() else "%m-%d %H:%M:%S")
