"""Alarms in words: what is wrong, where, and what an officer did about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, tzinfo
from typing import Any

from ..domain.alarm import WORDS, Alarm
from ..domain.foreign import one_line

#: Decimals of a figure at most.
_MOST = 3
_KINDS = {"silence": "无数据", "repetition": "反复越限", "fault": "读数异常"}


def sentence(alarm: Alarm) -> str:
    """What is wrong: 泵站前池水位 4.62 m，限 4.20."""
    what = quantity(alarm)
    if alarm.kind in _KINDS:
        return f"{what}{_KINDS[alarm.kind]}"
    if alarm.value is None:
        return f"{what}{'偏高' if alarm.kind == 'high' else '偏低'}"
    figures = [each for each in (alarm.value, alarm.limit) if each is not None]
    digits = max(len(f"{each:.{_MOST}f}".rstrip("0").partition(".")[2]) for each in figures)
    limit = "" if alarm.limit is None else f"，{'限' if alarm.kind == 'high' else '低限'} {alarm.limit:.{digits}f}"
    return f"{what} {alarm.value:.{digits}f} {alarm.unit}".rstrip() + limit


def quantity(alarm: Alarm) -> str:
    """What its sensor measures, by the city's word."""
    # The tables come with numpy: only who reads the words pays for them.
    from . import catalogue

    return one_line(catalogue.word("quantity", alarm.quantity), 40) if alarm.quantity else alarm.name or "传感器"


def row(alarm: Alarm, zone: tzinfo | None) -> dict[str, Any]:
    """The alarm for a script: times as ISO 8601 of `zone`, standing, words."""
    found = asdict(alarm)
    times = {name: _iso(found[name], zone) for name in found if name.endswith(("_at", "_until"))}
    return {**found, **times, "recent": [_iso(each, zone) for each in alarm.recent], "standing": alarm.standing,
            "text": sentence(alarm), "place": place(alarm)}


def _iso(seconds: float | None, zone: tzinfo | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).isoformat(timespec="seconds")


def place(alarm: Alarm) -> str:
    """The town, or else the district."""
    return alarm.town or alarm.district


def entry(alarm: Alarm, act: str, said: Mapping[str, Any]) -> str:
    """The line of the log that an act leaves."""
    name = one_line(alarm.name, 60)
    if act in ("link", "unlink"):
        return f"{WORDS[act]}：告警 {name} {sentence(alarm)}"
    until = f"到 {datetime.fromtimestamp(said['until']).astimezone():%H:%M}" if said.get("until") else ""
    reason = f"（{one_line(said['reason'], 200)}）" if said.get("reason") else ""
    return f"{WORDS[act]}告警{until}：{name} {sentence(alarm)}{reason}"
