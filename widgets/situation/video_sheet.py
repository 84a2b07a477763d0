"""视频在线: cameras that answer, of all."""

from __future__ import annotations

from datetime import datetime

from weihai_command.domain.movers import FRESH
from weihai_command.domain.situation import Situation

from .heads import HEAD, NO_DATA, PAD, grouped, head
from .sheet import RIGHT, Box, Sheet, Type

NEEDS = 132.0


def lay(type: Type, width: float, height: float, found: Situation, now: datetime) -> Sheet:
    """The panel at this size."""
    stamp, video = found.stamps["video"], found.video
    sheet = Sheet(type, width, height, stamp.level != FRESH)
    head(sheet, "视频在线", stamp, now)
    if video is None:
        sheet.text(PAD, HEAD + 40, NO_DATA, "body", "text2", room=width - 2 * PAD)
        return sheet
    base = HEAD + (height - HEAD - 12) / 2 + 24
    made = sheet.text(PAD, base, grouped(video.online), "figure", room=width * 0.36)
    offline = sheet.text(width - PAD, base, f"离线 {grouped(video.total - video.online)}", "body", "text2", align=RIGHT, room=150)
    free = offline.box.x - made.box.right - 40
    share = "" if video.share is None else f"　{video.share:.1f} %"
    of = sheet.text(made.box.right + 16, base, f"/ {grouped(video.total)} 路{share}", "body", "text2", room=free)
    sheet.figure("video", Box(PAD - 8, base - 56, of.box.right - PAD + 16, 68), f"视频在线 {video.online} 路，共 {video.total} 路")
    sheet.figure("video/offline", Box(offline.box.x - 8, base - 34, offline.width + 16, 46), f"视频离线 {video.total - video.online} 路")
    return sheet
