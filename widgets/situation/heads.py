"""What all panels have in common: title, the time of the data, and the words for data that is late, lost or not there."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH, LOST
from weihai_command.domain.situation import Stamp

from .sheet import RIGHT, Box, Clock, Sheet

PAD = 24.0
#: Where the title's letters stand, and where the room below begins.
TITLE_BASE, HEAD = 38.0, 56.0
NO_DATA = "无数据"
#: From this width on a panel is laid out as in the design; below it stands in its narrow form.
WIDE = 860.0
_UNITS = ((86_400, "天"), (3_600, "小时"), (60, "分钟"), (1, "秒"))


def clock(at: datetime, now: datetime, *, seconds: bool = True) -> str:
    """16:42:05 of today, 07-15 16:42 of another day."""
    local = at.astimezone(now.tzinfo)
    if local.date() != now.date():
        return local.strftime("%m-%d %H:%M")
    return local.strftime("%H:%M:%S" if seconds else "%H:%M")


def age(at: datetime, now: datetime) -> str:
    whole = max(1, int((now - at).total_seconds()))
    return next(f"{whole // length} {word}" for length, word in _UNITS if whole >= length)


def until(at: datetime | None, now: datetime) -> str:
    """至 21:00, 至 次日 08:00, 至 7月18日."""
    if at is None:
        return "未定"
    local = at.astimezone(now.tzinfo)
    days = (local.date() - now.date()).days
    return f"至 {local:%H:%M}" if days <= 0 else f"至 次日 {local:%H:%M}" if days == 1 else f"至 {local.month}月{local.day}日"


def head(sheet: Sheet, title: str, stamp: Stamp, now: datetime, note: str | None = None) -> None:
    """The title and when its data was brought; of late data since when it stands still."""
    # What the data is of gives way to its age.
    shown = title if stamp.level == FRESH else title.split(" · ")[0]
    made = sheet.text(PAD, TITLE_BASE, shown, "title", "stale" if sheet.is_late else "text", room=sheet.width - 2 * PAD)
    free = sheet.width - PAD - made.box.right - 32
    if stamp.level == FRESH:
        told = note if note is not None else f"数据 {clock(stamp.at, now)}" if stamp.at else NO_DATA
        sheet.text(sheet.width - PAD, TITLE_BASE - 1, told, "small", "text2", align=RIGHT, room=free)
        return
    words = _late(stamp, now)
    line = sheet.text(sheet.width - PAD, TITLE_BASE, words, "body", "lit", align=RIGHT, room=free - 32, bold=True)
    sheet.add(Clock(line.box.x - 20, TITLE_BASE - 9, 19))


def _late(stamp: Stamp, now: datetime) -> str:
    if stamp.at is None:
        return "数据中断 · 还没有读到过"
    word = "数据中断 · 停在" if stamp.level == LOST else "数据停在"
    return f"{word} {clock(stamp.at, now, seconds=False)} · 已过 {age(stamp.at, now)}"


def row_box(sheet: Sheet, x: float, base: float, width: float, height: float) -> Box:
    """Around a line of letters that stands at `base`."""
    return Box(max(2.0, x - 6), base - height * 0.72, min(width + 12, sheet.width - max(2.0, x - 6) - 2), height)


def grouped(number: int) -> str:
    return f"{number:,}"
