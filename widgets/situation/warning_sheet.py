"""预警与告警: warnings in force, the worst first, and the alarms that stand."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import Alarms, Situation, WarningRow

from .heads import HEAD, NO_DATA, PAD, WIDE, clock, grouped, head, until
from .sheet import CENTRE, RIGHT, Box, Icon, Rule, Sheet, Type

WIDE_NEEDS, NARROW_NEEDS = 240.0, 268.0
#: Colour → its character and the colour in which it is written on the badge.
CHARACTERS = {"red": ("红", "on_dark"), "orange": ("橙", "on_light"), "yellow": ("黄", "on_light"), "blue": ("蓝", "on_dark")}
BADGES = {"red": "wr", "orange": "wo", "yellow": "wy", "blue": "wb"}


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["warnings"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    count = f" {len(found.warnings)} 条" if len(found.warnings) > 3 else ""
    times = [f"预警{count} {clock(stamp.at, now, seconds=False)}"] if stamp.at else []
    if (other := found.stamps.get("alarms")) and other.at:
        times.append(f"告警 {clock(other.at, now)}")
    head(sheet, "预警与告警", stamp, now, " · ".join(times) or NO_DATA)
    if width >= WIDE:
        middle = width * 0.69
        _warnings(sheet, found, now, middle - 24, height - 12)
        sheet.add(Rule(middle, HEAD + 8, middle, height - 20))
        _alarms_beside(sheet, found.alarms, middle + 24)
    else:
        low = height - 76
        _warnings(sheet, found, now, width - PAD, low - 4)
        sheet.add(Rule(PAD, low, width - PAD, low))
        _alarms_below(sheet, found.alarms, low)
    return sheet


def _warnings(sheet: Sheet, found: Situation, now: datetime, right: float, bottom: float) -> None:
    if not found.warnings:
        sheet.text(PAD, HEAD + 40, "没有生效的预警" if found.stamps["warnings"].at else NO_DATA, "body", "text2", room=right - PAD)
        return
    room = bottom - HEAD
    shown = found.warnings[: max(1, int(room // 44))]
    pitch = min(64.0, room / max(len(shown), 3))
    for place, row in enumerate(shown):
        _warning(sheet, row, now, HEAD + pitch * (place + 0.5), right, pitch)


def _warning(sheet: Sheet, row: WarningRow, now: datetime, middle: float, right: float, pitch: float) -> None:
    sheet.add(Icon(BADGES.get(row.colour, "g0"), PAD + 20, middle, 38))
    if row.colour in CHARACTERS:
        character, ink = CHARACTERS[row.colour]
        # The middle of a triangle lies below that of its box.
        sheet.text(PAD + 20, middle + (10 if row.colour == "yellow" else 6), character, "badge", ink, align=CENTRE, room=30)
    told = sheet.text(right, middle + 8, until(row.until, now), "small", "text2", align=RIGHT, room=150)
    title = sheet.text(PAD + 56, middle + 9, row.title, "body", room=told.box.x - PAD - 56 - 16)
    if (free := told.box.x - title.box.right - 32) > 48 and row.area:
        sheet.text(title.box.right + 16, middle + 9, row.area, "body", "text2", room=free)
    sheet.figure(f"warning/{row.id}", Box(PAD - 12, middle - pitch / 2 + 3, right - PAD + 20, pitch - 6), f"{row.title} {row.area} {told.text}")


def _told(found: Alarms | None) -> list[tuple[str, str, int | None]]:
    if found is None:
        return [("unacked", "未确认", None), ("acked", "已确认", None), ("shelved", "搁置", None)]
    return [("unacked", "未确认", found.unacked), ("acked", "已确认", found.acked), ("shelved", "搁置", found.shelved)]


def _colour(key: str, count: int) -> str:
    return "stale" if not count else "orange" if key == "unacked" else "text"


def _alarms_beside(sheet: Sheet, found: Alarms | None, left: float) -> None:
    right, pitch = sheet.width - PAD, min(64.0, (sheet.height - HEAD - 16) / 3)
    for place, (key, word, count) in enumerate(_told(found)):
        base = HEAD + pitch * (place + 0.5) + 13
        sheet.text(left, base, word, "body", "text2", room=100)
        if count is None:
            sheet.text(right, base, NO_DATA, "body", "text2", align=RIGHT, room=90)
            continue
        sheet.text(right, base + 5, grouped(count), "figure2", _colour(key, count), align=RIGHT, room=110)
        sheet.figure(f"alarms/{key}", Box(left - 12, base - pitch / 2 - 6, right - left + 24, pitch - 6), f"告警 {word} {count} 条")


def _alarms_below(sheet: Sheet, found: Alarms | None, top: float) -> None:
    step = (sheet.width - 2 * PAD) / 3
    for place, (key, word, count) in enumerate(_told(found)):
        left = PAD + step * place
        made = sheet.text(left, top + 50, word, "body", "text2", room=84)
        if count is None:
            sheet.text(made.box.right + 12, top + 50, NO_DATA, "body", "text2", room=step - made.width - 24)
            continue
        sheet.text(made.box.right + 14, top + 54, grouped(count), "figure2", _colour(key, count), room=step - made.width - 22)
        sheet.figure(f"alarms/{key}", Box(left - 10, top + 8, step - 8, 60), f"告警 {word} {count} 条")
