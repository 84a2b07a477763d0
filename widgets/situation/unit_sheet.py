"""可用力量: who can be sent, of how many, by kind."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import Group, Situation

from .heads import HEAD, NO_DATA, PAD, WIDE, grouped, head
from .sheet import Box, Icon, Sheet, Type

WIDE_NEEDS, NARROW_NEEDS = 140.0, 150.0
SYMBOLS = {"fire": "u-fire", "police": "u-police", "medical": "u-medical", "city": "u-city", "sea": "u-sea", "rescue": "u-rescue"}


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["units"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    head(sheet, "可用力量", stamp, now)
    total = sum(group.total for group in found.units)
    if not total:
        sheet.text(PAD, HEAD + 40, NO_DATA, "body", "text2", room=width - 2 * PAD)
        return sheet
    free = sum(group.available for group in found.units)
    middle = HEAD + (height - HEAD - 12) / 2
    if width >= WIDE:
        made = sheet.text(PAD, middle + 24, grouped(free), "figure", room=120)
        of = sheet.text(made.box.right + 8, middle + 24, f"/ {grouped(total)}", "body", "text2", room=232 - made.box.right - 24)
        sheet.figure("units", Box(PAD - 8, middle - 34, of.box.right - PAD + 16, 70), f"可用力量 {free}，共 {total}")
        left = 232.0
    else:
        first = (width - 2 * PAD) / (len(found.units) + 1) * 1.3
        sheet.text(PAD, middle - 13, "合计", "small", "text2", room=first - 8)
        _count(sheet, PAD, middle + 32, free, total, first)
        sheet.figure("units", Box(PAD - 8, middle - 40, first - 4, 82), f"可用力量 {free}，共 {total}")
        left = PAD + first
    step = (width - PAD - left) / len(found.units)
    for place, group in enumerate(found.units):
        _group(sheet, group, left + step * place, middle, step)
    return sheet


def _group(sheet: Sheet, group: Group, left: float, middle: float, step: float) -> None:
    sheet.add(Icon(SYMBOLS.get(group.key, "u-rescue"), left + 14, middle - 20, 27))
    sheet.text(left + 32, middle - 14, group.word, "small", "text2", room=step - 36)
    _count(sheet, left, middle + 32, group.available, group.total, step)
    sheet.figure(f"units/{group.key}", Box(left - 8, middle - 40, step - 4, 82), f"{group.word} 可用 {group.available}，共 {group.total}")


def _count(sheet: Sheet, left: float, base: float, free: int, total: int, step: float) -> None:
    tail = f"/ {grouped(total)}"
    room = sheet.type.width(tail, 20)
    if sheet.width < WIDE and sheet.type.width(grouped(free), 34, True) + room + 16 > step:
        # Hundreds of a kind: all of them stand below those that are free.
        sheet.text(left, base - 8, grouped(free), "figure3", "text" if free else "stale", room=step - 6)
        sheet.text(left, base + 15, tail, "small", "text2", room=step - 6)
        return
    made = sheet.text(left, base, grouped(free), "figure2" if sheet.width >= WIDE else "figure3", "text" if free else "stale", room=max(24.0, step - room - 20))
    sheet.text(made.box.right + 6, base, tail, "small", "text2", room=max(20.0, left + step - made.box.right - 12))
