"""Pictures of a city for the wall: a quiet one, a full one, one with nothing, one with late data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from weihai_command.domain.situation import (
    Alarms,
    FieldRow,
    Group,
    HotSpots,
    Open,
    OpenRow,
    Rate,
    Response,
    Situation,
    Stamp,
    Video,
    WarningRow,
)

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 7, 16, 16, 42, 8, tzinfo=BEIJING)
PANELS = ("open", "response", "warnings", "sensors", "units", "video", "rates")
FIELDS = ("供水", "燃气", "供热", "水利", "气象", "空气", "交通", "海洋", "管廊", "桥隧")
GROUPS = ("消防", "公安", "医疗", "城管", "海上", "抢险")
RATES = (("立案率", 98.62, 98.0, False), ("派遣率", 97.1, 95.0, False), ("结案率", 91.36, 90.0, False), ("按期结案率", 87.47, 90.0, False),
         ("返工率", 0.53, 1.0, True), ("延期率", 0.2, 0.5, True))  # fmt: skip
WAVE = tuple(float(place % 7) for place in range(24))


def situation(scale: int = 1, **more: object) -> Situation:
    """A city whose counts are `scale` times those of a small one."""
    row = {"1": 0, "2": 0, "3": 1, "4": 3, "0": 1, "mu": 21}
    rows = tuple(OpenRow(name, {column: count * scale for column, count in row.items()}) for name in ("环翠区", "文登区", "荣成市", "乳山市", ""))
    made = Situation(
        NOW, Open(rows, (*(float(place * scale) for place in range(24)), float(sum(each.total for each in rows)))),
        (Response("report_dispatch", "接报到派遣", 52.0, 60.0, 0.9, WAVE), Response("dispatch_on_scene", "派遣到到场", 684.0, 720.0, 0.9, WAVE),
         Response("verify", "市政核实", 2280.0, 1800.0, 0.9, WAVE)),
        tuple(WarningRow(f"w{place}", title, colour, area, NOW + timedelta(hours=5 * place + 4)) for place, (title, colour, area) in
              enumerate((("暴雨橙色预警", "orange", "荣成市"), ("雷电黄色预警", "yellow", "全市"), ("海上大风蓝色预警", "blue", "近海"), ("森林火险红色预警", "red", "乳山市")))),
        Alarms(3 * scale, 14 * scale, 5), tuple(FieldRow(f"f{place}", word, 1284 * scale, 1270 * scale, place * scale, NOW, line=WAVE) for place, word in enumerate(FIELDS)),
        tuple(Group(f"g{place}", word, 6 * scale, 12 * scale) for place, word in enumerate(GROUPS)), Video(96_412, 100_000) if scale == 1 else Video(337_512, 350_000),
        tuple(Rate(f"r{place}", word, percent, goal, at_most, WAVE[:8]) for place, (word, percent, goal, at_most) in enumerate(RATES)),
        (NOW.replace(day=13, hour=0, minute=0, second=0), NOW.replace(day=20, hour=0, minute=0, second=0)),
        HotSpots(((122.1, 37.5),), tuple(tuple((day * hour) % 9 for hour in range(24)) for day in range(7)), 1135),
        {name: Stamp(NOW, source="平台") for name in (*PANELS, "alarms")},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def empty() -> Situation:
    """Nothing is known yet."""
    return situation(
        open=Open(), response=(Response("verify", "市政核实", None, 1800.0, 0.9),), warnings=(), alarms=None, sensors=(), units=(), video=None,
        rates=(Rate("filing", "立案率", None, 98.0, False, (None,) * 8),), hot=HotSpots(), stamps=dict.fromkeys((*PANELS, "alarms"), Stamp()),
    )


def late(level: int, minutes: float = 28) -> Situation:
    """Every source has stood still for so long."""
    return situation(stamps={name: Stamp((NOW - timedelta(minutes=minutes)).astimezone(UTC), level, "平台") for name in (*PANELS, "alarms")})
