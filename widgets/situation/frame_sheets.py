"""What stands around the panels: header with city and clock, the exercise's band, the map's legend, the strip of hours. Sheets as the panels are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from weihai_command.domain.situation import HotSpots

from .sheet import CENTRE, RIGHT, Bar, Box, Icon, Rule, Sheet, Type

PAD = 40.0
EQUATOR = 156_543.033_92
GRADES = (("g1", "Ⅰ 特别重大", "Ⅰ"), ("g2", "Ⅱ 重大", "Ⅱ"), ("g3", "Ⅲ 较大", "Ⅲ"), ("g4", "Ⅳ 一般", "Ⅳ"), ("g0", "未定级", "未定级"), ("mu", "市政案卷", "市政"))
UNITS = (("u-fire", "可用力量", "可用"), ("u-fire-b", "出动力量", "出动"))
SOURCE = "示意底图"
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclass(frozen=True, slots=True)
class View:
    """Where the map stands: degrees of latitude, and the zoom at which 256 pixels of the screen are a tile."""

    lat: float = 37.2
    zoom: float = 10.0


def header(type: Type, width: float, height: float, city: str, link: str, date: str, now: datetime) -> Sheet:
    """City on the left; connection, date and clock on the right."""
    sheet = Sheet(type, width, height)
    base = height / 2 + 12
    made = sheet.text(PAD, base, city, "screen", room=400)
    sheet.text(made.box.right + 26, base - 1, "城市运行态势", "screen", "text2", room=240, bold=False)
    clock = sheet.text(width - PAD, base + 3, now.strftime("%H:%M:%S"), "clock", align=RIGHT, room=220)
    day = sheet.text(clock.box.x - 48, base - 2, date, "body", "text2", align=RIGHT, room=220)
    sheet.text(day.box.x - 64, base - 2, link, "body", "text2", align=RIGHT, room=320)
    return sheet


def band_spots(width: float, seams: Sequence[float]) -> list[float]:
    """The middle of each part of the wall: the band says its words on all of them."""
    edges = [0.0, *seams, width]
    return [(low + high) / 2 for low, high in pairwise(edges)]


def legend(type: Type, width: float, height: float, seams: Sequence[float], view: View, has_heat: bool) -> Sheet:
    """What the symbols mean, in groups that stand on one part of the wall each; words are cut short where there is no room for whole ones."""
    sheet = Sheet(type, width, height)
    scale_width, scale_words = scale_bar(type.scale, view)
    tail = ("scale", scale_words, scale_width + 34 + type.width(f"{scale_words}{SOURCE}", 20))
    # What the map is made of is told on every wall.
    for short, has_units in ((False, True), (True, True), (True, False)):
        units = [[*_marks(type, UNITS, short), ("hatch", "预警范围", 52.0 + type.width("预警范围", 20))]] if has_units else []
        wanted = [_marks(type, GRADES, short), *units, [tail]]
        if places := _placed(wanted, width, seams):
            for group, left in places:
                _paint_group(sheet, group, left, height, scale_width)
            break
    right = width - 8
    words = "热点：开　H" if has_heat else "热点　H"
    if not any(text.box.right > right - type.width(words, 20) - 40 for text in sheet.texts):
        made = sheet.text(right - 12, height / 2 + 7, words, "small", "text" if has_heat else "text2", align=RIGHT, room=160)
        sheet.figure("heat", Box(made.box.x - 12, 6, made.width + 24, height - 12), "热点：前 8 周事件在哪里、在什么时候多")
    return sheet


Mark = tuple[str, str, float]


def _marks(type: Type, told: Sequence[tuple[str, str, str]], short: bool) -> list[Mark]:
    words = [(name, brief if short else whole) for name, whole, brief in told]
    return [(name, word, 36.0 + type.width(word, 20)) for name, word in words]


def _placed(groups: list[list[Mark]], width: float, seams: Sequence[float]) -> list[tuple[list[Mark], float]] | None:
    """Each group at its left edge, from left to right, none over a seam or beyond the end; the last one keeps room for the switch."""
    found, x = [], 20.0
    for group in groups:
        wide = sum(length for *_, length in group) + 22.0 * (len(group) - 1)
        for seam in seams:
            if x < seam + 12 and x + wide > seam - 12:
                x = seam + 20
        if x + wide > width - 8:
            return None
        found.append((group, x))
        x += wide + 36
    return found


def _paint_group(sheet: Sheet, group: list[Mark], left: float, height: float, bar: float) -> None:
    middle, x = height / 2, left
    for name, words, length in group:
        if name == "scale":
            ends = ((x, middle - 7, x, middle + 5), (x, middle + 4, x + bar, middle + 4), (x + bar, middle - 7, x + bar, middle + 5))
            sheet.add(*(Rule(*each, "text2", 2.0) for each in ends))
            made = sheet.text(x + bar + 14, middle + 7, words, "small", "text2", room=120)
            sheet.text(made.box.right + 20, middle + 7, SOURCE, "small", "text2", room=100)
        elif name == "hatch":
            sheet.add(Bar(Box(x, middle - 11, 40, 22), 0.0, "hatch"))
            sheet.text(x + 52, middle + 7, words, "small", "text2", room=100)
        else:
            sheet.add(Icon(name, x + 13, middle, 26))
            sheet.text(x + 36, middle + 7, words, "small", "text2", room=130)
        x += length + 22


def scale_bar(scale: float, view: View, longest: float = 170.0) -> tuple[float, str]:
    """(length in design pixels, its words) of the roundest distance that is not longer than `longest`."""
    ground = EQUATOR * math.cos(math.radians(view.lat)) / 2**view.zoom * scale
    most = ground * longest
    power = 10.0 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most)
    return metres / ground, f"{metres / 1000:g} 公里" if metres >= 1000 else f"{metres:g} 米"


def hours(type: Type, width: float, height: float, found: HotSpots) -> Sheet:
    """When incidents come: a row a weekday, a cell an hour; the busiest cell is the brightest."""
    sheet = Sheet(type, width, height)
    title = sheet.text(20, 30, f"前 8 周接报 {found.count:,} 件 · 按星期和小时", "small", "text2", room=width * 0.6)
    sheet.figure("hot", Box(12, 8, title.width + 16, 32), f"前 8 周接报 {found.count} 件")
    left, top = 84.0, 48.0
    step, line = (width - left - 20) / 24, (height - top - 34) / 7
    most = max((count for row in found.hours for count in row), default=0)
    for day, row in enumerate(found.hours):
        sheet.text(20, top + line * (day + 0.5) + 7, WEEKDAYS[day], "small", "text2", room=60)
        for hour, count in enumerate(row):
            if count:
                sheet.add(Bar(Box(left + step * hour + 1, top + line * day + 1, step - 2, line - 2), count / most, "heat"))
    for hour in range(0, 24, 3):
        sheet.text(left + step * (hour + 0.5), height - 10, str(hour), "small", "text2", align=CENTRE, room=step * 3)
    busiest = max(((count, day, hour) for day, row in enumerate(found.hours) for hour, count in enumerate(row)), default=(0, 0, 0))
    if busiest[0]:
        words = f"最多：{WEEKDAYS[busiest[1]]} {busiest[2]} 时，{busiest[0]} 件"
        sheet.text(width - 20, 30, words, "small", "text2", align=RIGHT, room=width * 0.36)
    return sheet
