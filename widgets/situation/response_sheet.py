"""响应时间: how long nine of ten take, against their goal, with the days before."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import Response, Situation

from .heads import HEAD, NO_DATA, PAD, WIDE, head
from .sheet import Bar, Box, Sheet, Spark, Type

WIDE_NEEDS, NARROW_NEEDS = 252.0, 228.0
#: A leg whose goal is this long or longer is told in minutes.
LONG_S = 1200.0


def span(seconds: float, goal: float) -> str:
    """0:52, or 38 分 where the goal is long; 30.4 分 where whole minutes would hide that it was missed."""
    whole = round(seconds)
    if goal < LONG_S:
        return f"{whole // 60}:{whole % 60:02d}"
    hides = seconds != goal and round(seconds / 60) == round(goal / 60)
    return f"{seconds / 60:.1f} 分" if hides else f"{round(seconds / 60)} 分"


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp = found.stamps["response"]
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    shares = sorted({each.share for each in found.response})
    told = f" · {shares[0] * 100:.0f} 分位" if len(shares) == 1 else ""
    head(sheet, f"响应时间{told} · 前 14 天", stamp, now)
    pitch = min(88.0, (height - HEAD - 12) / max(1, len(found.response)))
    for place, leg in enumerate(found.response):
        _leg(sheet, leg, HEAD + pitch * (place + 0.5), pitch)
    return sheet


def _leg(sheet: Sheet, leg: Response, middle: float, pitch: float) -> None:
    is_wide = sheet.width >= WIDE
    value_x, goal_x = (192.0, 344.0) if is_wide else (PAD + 128, PAD + 256)
    spark = Box(sheet.width - PAD - 112, middle - 20, 104, 40) if is_wide else Box(sheet.width - PAD - 100, middle - 18, 92, 36)
    colour = "orange" if leg.is_bad else "text"
    sheet.text(PAD, middle + 9, leg.word, "body", room=value_x - PAD - 10)
    words = NO_DATA if leg.seconds is None else span(leg.seconds, leg.goal_s)
    sheet.text(value_x, middle + 14 if leg.seconds is not None else middle + 9, words, "figure2" if leg.seconds is not None else "body",
               colour if leg.seconds is not None else "text2", room=goal_x - value_x - 12)
    goal = f"目标 {span(leg.goal_s, leg.goal_s)}"
    room = (544.0 if is_wide else spark.x) - goal_x - 14
    told = sheet.text(goal_x, middle + 8, f"{goal} · {leg.share:.0%}".replace("%", " %"), "small", "text2", room=room)
    if leg.seconds is not None:
        left = 544.0 if is_wide else max(told.box.right, goal_x + 190) + 16
        if spark.x - 28 - left >= 64:
            part = min(1.0, leg.seconds / leg.goal_s / 1.5) if leg.goal_s else 0.0
            sheet.add(Bar(Box(left, middle - 6, spark.x - 28 - left, 12), part, "stale" if sheet.is_late else "orange" if leg.is_bad else "text2", 1 / 1.5, track=True))
        sheet.add(Spark(spark, leg.line, "orange" if leg.is_bad and not sheet.is_late else "text2", leg.goal_s))
    sheet.figure(f"response/{leg.key}", Box(PAD - 12, middle - pitch / 2 + 3, sheet.width - 2 * PAD + 24, pitch - 6), f"{leg.word} {words}，{goal}")
