"""本周考核: the rates of the week against their goals, with the eight weeks."""

from __future__ import annotations

from datetime import datetime, timedelta

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import Rate, Situation

from .heads import HEAD, NO_DATA, PAD, WIDE, head
from .sheet import RIGHT, Box, Rule, Sheet, Spark, Type

NEEDS = 226.0
COLUMNS = 3


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["rates"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    first, last = found.week[0], min(now.astimezone(found.week[0].tzinfo), found.week[1] - timedelta(days=1))
    days = f"{first.month}月{first.day}日至" + (f"{last.day}日" if last.month == first.month else f"{last.month}月{last.day}日")
    head(sheet, "本周考核", stamp, now, f"{days} · 前 8 周")
    lines = max(1, -(-len(found.rates) // COLUMNS))
    gap = 48.0 if width >= WIDE else 20.0
    step = (width - 2 * PAD + gap) / COLUMNS
    pitch = min(124.0, (height - HEAD - 6) / lines)
    for place, rate in enumerate(found.rates):
        line, column = divmod(place, COLUMNS)
        _rate(sheet, rate, PAD + step * column, HEAD + pitch * line, step - gap, pitch)
    for column in range(1, COLUMNS):
        x = PAD + step * column - gap / 2
        sheet.add(Rule(x, HEAD + 6, x, HEAD + pitch * lines - 8))
    return sheet


def _rate(sheet: Sheet, rate: Rate, left: float, top: float, width: float, pitch: float) -> None:
    middle = top + pitch / 2
    sign = "≤" if rate.is_at_most else "≥"
    goal = f"{sign} {rate.goal:.2f}" if sheet.width < WIDE else f"目标 {sign} {rate.goal:.2f}"
    told = sheet.text(left + width, middle - 12, goal, "small", "text2", align=RIGHT, room=width * 0.6)
    sheet.text(left, middle - 12, rate.word, "small", "text2", room=width - told.width - 8)
    spark = Box(left + width - (92 if sheet.width >= WIDE else 58), middle + 2, 84 if sheet.width >= WIDE else 52, 32)
    if rate.percent is None:
        sheet.text(left, middle + 28, NO_DATA, "body", "text2", room=spark.x - left - 10)
    else:
        colour = "orange" if rate.is_bad else "text"
        sign_room = 24.0
        figure = sheet.text(left, middle + 33, f"{rate.percent:.2f}", "figure2" if sheet.width >= WIDE else "figure3", colour, room=spark.x - left - sign_room - 8)
        sheet.text(figure.box.right + 5, middle + 33, "%", "small", "text2", room=sign_room)
    sheet.add(Spark(spark, rate.line, "orange" if rate.is_bad and not sheet.is_late else "text2", rate.goal))
    words = NO_DATA if rate.percent is None else f"{rate.percent:.2f}%"
    sheet.figure(f"rate/{rate.key}", Box(left - 10, top + 3, width + 20, pitch - 6), f"{rate.word} {words}，{goal}")
