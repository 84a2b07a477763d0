"""未结事件: how many, against yesterday, through the last day, by district and grade."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import COLUMNS, Open, OpenRow, Situation

from .heads import HEAD, NO_DATA, PAD, WIDE, grouped, head
from .sheet import RIGHT, Bar, Box, Icon, Sheet, Spark, Type

TITLE = "未结事件"
WIDE_NEEDS, NARROW_NEEDS = 352.0, 404.0
SYMBOLS = {"1": "g1", "2": "g2", "3": "g3", "4": "g4", "0": "g0", "mu": "mu"}
WORDS = {"1": "Ⅰ级", "2": "Ⅱ级", "3": "Ⅲ级", "4": "Ⅳ级", "0": "未定级", "mu": "市政案卷"}
NOWHERE_WORD = "未定区市"


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["open"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    head(sheet, TITLE, stamp, now)
    if width >= WIDE:
        _total(sheet, found.open, HEAD + 14)
        _table(sheet, found.open, 272.0, HEAD + 4)
    else:
        _total_flat(sheet, found.open)
        _table(sheet, found.open, PAD, HEAD + 84)
    return sheet


def _figure(sheet: Sheet, found: Open, base: float) -> float:
    made = sheet.text(PAD, base, grouped(found.total), "figure", room=190)
    unit = sheet.text(made.box.right + 8, base, "起", "body", "text2", room=32)
    sheet.figure("open/*", Box(PAD - 8, base - 58, unit.box.right - PAD + 16, 70), f"未结事件 {found.total} 起")
    return unit.box.right


def _since(found: Open) -> str:
    if found.since_yesterday is None:
        return f"较昨日同刻 {NO_DATA}"
    return f"较昨日同刻 {found.since_yesterday:+d}" if found.since_yesterday else "与昨日同刻持平"


def _peak(found: Open) -> str:
    return NO_DATA if found.peak is None else f"峰值 {grouped(found.peak)}"


def _total(sheet: Sheet, found: Open, top: float) -> None:
    _figure(sheet, found, top + 58)
    sheet.text(PAD, top + 104, _since(found), "small", "text2", room=230)
    low = min(sheet.height - 56, top + 232)
    sheet.add(Spark(Box(PAD + 4, top + 138, 196, max(40.0, low - top - 146)), found.line))
    sheet.text(PAD, low + 26, "前 24 小时", "small", "text2", room=110)
    sheet.text(PAD + 208, low + 26, _peak(found), "small", "text2", align=RIGHT, room=96)


def _total_flat(sheet: Sheet, found: Open) -> None:
    right = max(_figure(sheet, found, HEAD + 60) + 28, 184.0)
    sheet.text(right, HEAD + 32, _since(found), "small", "text2", room=190)
    sheet.text(right, HEAD + 60, f"前 24 小时 {_peak(found)}", "small", "text2", room=200)
    left = right + 216
    sheet.add(Spark(Box(left, HEAD + 18, sheet.width - PAD - left - 6, 42), found.line))


def _table(sheet: Sheet, found: Open, left: float, top: float) -> None:
    """District by district, the city last; the bars compare the districts."""
    rows = [*found.rows, None]
    pitch = min(58.0, (sheet.height - top - 44 - 10) / len(rows))
    bars = 96.0 if sheet.width >= WIDE else max(0.0, min(96.0, sheet.width - 600))
    last = sheet.width - PAD - (bars + 24 if bars >= 40 else 0)
    # Cases of city management are many: their column is the widest.
    step = (last - 84 - (left + 104)) / (len(COLUMNS) + 0.5)
    rights = [left + 104 + step * (place + 1) - step * 0.18 for place in range(len(COLUMNS) - 1)]
    rights.append(last - 84 - step * 0.18)
    for right, column in zip(rights, COLUMNS, strict=True):
        sheet.add(Icon(SYMBOLS[column], right - 9, top + 22, 26))
    sheet.text(last, top + 30, "合计", "small", "text2", align=RIGHT, room=60)
    most = max([row.total for row in found.rows if row.name] or [0])
    for place, row in enumerate(rows):
        base = top + 44 + pitch * (place + 0.5) + 9
        _row(sheet, found, row, left, base, pitch, rights, last, step)
        if row is not None and row.name and bars >= 40 and most:
            sheet.add(Bar(Box(last + 24, base - 15, bars, 12), row.total / most * 0.9, "stale" if sheet.is_late else "text2"))


def _row(sheet: Sheet, found: Open, row: OpenRow | None, left: float, base: float, pitch: float, rights: list[float], last: float, step: float) -> None:
    is_city = row is None
    name = "全市" if row is None else row.name or NOWHERE_WORD
    where = "*" if row is None else row.name
    sheet.text(left, base, name, "body", "text" if row is not None and row.name else "text2", room=100)
    for right, column in zip(rights, COLUMNS, strict=True):
        count = found.column(column) if row is None else row.counts.get(column, 0)
        room = step * (1.5 if column == COLUMNS[-1] else 1.0) - 4
        sheet.text(right, base, grouped(count), "body", "text" if count else "stale", align=RIGHT, room=room, bold=is_city and count > 0)
        sheet.figure(f"open/{where}/{column}", Box(right - 36, base - pitch * 0.5 - 8, 44, pitch - 2), f"{name} {WORDS[column]} {count} 起")
    total = found.total if row is None else row.total
    sheet.text(last, base, grouped(total), "body", align=RIGHT, room=78, bold=True)
    sheet.figure(f"open/{where}/", Box(last - 62, base - pitch * 0.5 - 8, 70, pitch - 2), f"{name} 合计 {total} 起")
