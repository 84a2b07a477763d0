"""感知设备: by field how many, how many are online, how many out of bounds, and when they last reported."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH, LOST
from weihai_command.domain.situation import FieldRow, Situation

from .heads import HEAD, NO_DATA, PAD, WIDE, age, clock, grouped, head
from .sheet import RIGHT, Bar, Box, Sheet, Spark, Type

#: Of as many rows as there are fields.
ROW, REST = 33.0, 66.0


def needs(fields: int) -> float:
    """The height that so many fields want."""
    return REST + ROW * max(3, fields)


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["sensors"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    head(sheet, "感知设备", stamp, now, "在线率 · 异常 · 前 24 小时" if found.sensors else None)
    if not found.sensors:
        sheet.text(PAD, HEAD + 40, NO_DATA, "body", "text2", room=width - 2 * PAD)
        return sheet
    pitch = min(50.0, (height - HEAD - 8) / len(found.sensors))
    for place, row in enumerate(found.sensors):
        _row(sheet, row, HEAD + pitch * (place + 0.5), pitch, now)
    return sheet


def _columns(sheet: Sheet) -> tuple[float, Box, float, float, Box, float]:
    """Right of the count, bar, right of the share, right of the abnormal ones, spark, right of the time."""
    last = sheet.width - PAD
    if sheet.width >= WIDE:
        return 208.0, Box(232, 0, 176, 12), 536.0, 664.0, Box(692, 0, 108, 26), last
    spark = Box(last - 76 - 92, 0, 84, 24)
    abnormal = spark.x - 22
    share = abnormal - 52
    count = 178.0
    return count, Box(count + 16, 0, max(0.0, share - 96 - count - 32), 10), share, abnormal, spark, last


def _row(sheet: Sheet, row: FieldRow, middle: float, pitch: float, now: datetime) -> None:
    count_x, bar, share_x, abnormal_x, spark, last = _columns(sheet)
    base, is_old = middle + 9, bool(row.rest) or row.level != FRESH
    tone = "stale" if is_old else "text"
    sheet.text(PAD, base, row.word, "body", tone, room=70)
    sheet.text(count_x, base, grouped(row.total), "body", "text2", align=RIGHT, room=count_x - PAD - 74)
    words = f"{row.word} {row.total} 台"
    if bar.w >= 40:
        box = Box(bar.x, middle - bar.h / 2, bar.w, bar.h)
        sheet.add(Bar(box, (row.share or 0.0) / 100, "stale" if is_old or sheet.is_late else "text2", track=True, is_empty=bool(row.rest)))
    if row.rest:
        sheet.text(share_x, base, "—", "body", "stale", align=RIGHT, room=90)
        sheet.text(share_x + 28, base, row.rest, "body", "stale", room=last - share_x - 28)
    else:
        sheet.text(share_x, base, f"{row.share:.1f} %" if row.share is not None else NO_DATA, "body", tone, align=RIGHT, room=110)
        sheet.text(abnormal_x, base, grouped(row.abnormal), "body", "stale" if is_old or not row.abnormal else "orange", align=RIGHT, room=48, bold=row.abnormal > 0)
        _end(sheet, row, spark, middle, last, now)
        words += f"，在线 {row.share or 0:.1f}%，异常 {row.abnormal}"
        sheet.figure(f"sensors/{row.key}/abnormal", Box(abnormal_x - 44, middle - pitch / 2 + 1, 54, pitch - 2), f"{row.word} 异常 {row.abnormal} 台")
    sheet.figure(f"sensors/{row.key}", Box(PAD - 12, middle - pitch / 2 + 1, share_x - PAD + 18, pitch - 2), words)


def _end(sheet: Sheet, row: FieldRow, spark: Box, middle: float, last: float, now: datetime) -> None:
    """The line of the day and the time; of a field that is late how late."""
    base = middle + 8
    if row.level != FRESH and row.at is not None:
        word = "中断" if row.level == LOST else "停在"
        sheet.text(last, base, f"{word} {clock(row.at, now, seconds=False)} · {age(row.at, now)}", "small", "lit", align=RIGHT, room=last - spark.x + 14)
        return
    # One value is no line.
    if sum(value is not None for value in row.line) > 1:
        sheet.add(Spark(Box(spark.x, middle - spark.h / 2, spark.w, spark.h), row.line))
    else:
        sheet.text(spark.right, base, "—", "small", "stale", align=RIGHT, room=30)
    sheet.text(last, base, clock(row.at, now, seconds=False) if row.at else NO_DATA, "small", "text2", align=RIGHT, room=last - spark.right - 10)
