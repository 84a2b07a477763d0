"""How figures and states read on a screen: times, ages, masked numbers; limits are limit_words. The words themselves are domain.words.

An absent or negative interval is blank, never 0:00; a true zero is 0:00.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import escape

from weihai_command.domain.foreign import moment
from weihai_command.domain.words import GRADES, PRIORITIES, SOURCES, SYNC, UNIT_STATES
from weihai_command.operations import catalogue

BLANK = "—"
WEEKDAYS = "一二三四五六日"
#: Clocks of desks and sources may differ by so much before a time is called wrong.
AHEAD = timedelta(minutes=10)
CONNECTIONS = {"synced": "已同步", "syncing": "同步中", "offline": "离线", "paused": "已暂停", "local": "本机数据"}
_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}-?\d{2})\d{3,4}(\d{2})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{3})\d{11}(\d{3}[\dXx])(?!\d)")


def incident_types() -> dict[str, str]:
    """Code -> Chinese name of every incident type, in the order of the table."""
    return catalogue.words("type")


def incident_type(code: object) -> str:
    return catalogue.word("type", code) if code else ""


def department(code: object, district: object = None) -> str:
    """The name of a department; one that each district has of its own carries the district: 环翠城管."""
    return catalogue.department_name(str(code), str(district) if district else None) if code else ""


def departments() -> list[tuple[str, str]]:
    """(code, name) of every department, in the order of the table."""
    return list(catalogue.words("department").items())


def hours(seconds: float | None) -> str:
    """`h:mm` of an interval in seconds, "" where it is absent or negative."""
    if seconds is None or seconds < 0:
        return ""
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def elapsed(start: datetime | None, end: datetime | None) -> str:
    """`h:mm` from `start` to `end`, "" where either is absent or the leg is negative."""
    return hours((end - start).total_seconds()) if start and end else ""


def clock(text: object) -> str:
    """`16:41:27` of an ISO time in this machine's zone, "" where it is absent."""
    value = moment(text)
    return value.astimezone().strftime("%H:%M:%S") if value else ""


def day_and_clock(text: object, now: datetime) -> str:
    """The clock of today, with the day in front for any other day, and the year for another year."""
    value = moment(text)
    if value is None:
        return ""
    local = value.astimezone()
    if local.date() == now.astimezone().date():
        return local.strftime("%H:%M:%S")
    year = f"{local.year}年" if local.year != now.astimezone().year else ""
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def ahead(text: object, now: datetime) -> str:
    """A mark for what is said to have happened but lies ahead of this desk's clock, "" for all else."""
    value = moment(text)
    return "〔时间超前〕" if value is not None and value - now > AHEAD else ""


def date_line(now: datetime) -> str:
    """`7月16日 周四` in this machine's zone."""
    local = now.astimezone()
    return f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]}"


def masked(text: object) -> str:
    """`text` with the middle of phone and identity numbers replaced by stars."""
    plain = "" if text is None else str(text)
    plain = _IDENTITY.sub(r"\1***********\2", plain)
    plain = _PHONE.sub(r"\1****\2", plain)
    return _LANDLINE.sub(r"\1****\2", plain)


def tip(text: str) -> str:
    """`text` for a tooltip: Qt guesses markup there, so what comes from outside is escaped."""
    return "<qt>" + escape(text).replace("\n", "<br>") + "</qt>"


def distance(metres: object) -> str:
    """`4.6 km`, `320 m`, or 距离不明."""
    if not isinstance(metres, (int, float)) or metres != metres or metres < 0:
        return "距离不明"
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def grade(value: object) -> str:
    return GRADES.get(value, "未定级") if isinstance(value, int) else "未定级"


def priority(value: object) -> str:
    """The digit 1–4, or a dash while nobody has ranked it."""
    return PRIORITIES.get(str(value), BLANK)


def source(value: object) -> str:
    return SOURCES.get(str(value), str(value)) if value else ""


def sync(state: object) -> str:
    return SYNC.get(str(state), str(state))


def unit_state(state: object) -> str:
    return UNIT_STATES.get(str(state), str(state))


def unit_kind(kind: object) -> str:
    return catalogue.word("unit_kind", kind)
