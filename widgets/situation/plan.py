"""Where everything stands on a wall of a given size: one design, scaled, never stretched; nothing stands on a seam. Pixels, no painting."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from . import rate_sheet, response_sheet, sensor_sheet, unit_sheet, video_sheet, warning_sheet
from .heads import WIDE
from .open_sheet import NARROW_NEEDS as OPEN_NARROW
from .open_sheet import WIDE_NEEDS as OPEN_WIDE
from .sheet import Box

#: The design's own size; its body is BODY there.
LINES, BODY = 1080.0, 24.0
HEADER, BAND, GAP, LEGEND = 72.0, 32.0, 16.0, 56.0
#: Part of the width that a side takes, the least and the most.
SIDE, SIDE_LEAST, SIDE_MOST = 0.242, 0.22, 0.25
#: What stands on a seam is kept this far from it (pixels of the design).
CLEAR = 10.0
#: No body is set smaller than this (pixels).
FLOOR = 14.0
LEFT_PANELS = ("open", "response", "warnings")
RIGHT_PANELS = ("sensors", "units", "video", "rates")
#: A body seen under this angle reads well from the back of the room.
ANGLE = math.radians(12.5 / 60)


@dataclass(frozen=True, slots=True)
class Wall:
    """The screen: pixels, seams between its parts (x and y), and what the body should measure (pixels; None: as large as fits)."""

    width: int
    height: int
    seams_x: tuple[float, ...] = ()
    seams_y: tuple[float, ...] = ()
    body: float | None = None
    is_exercise: bool = False
    fields: int = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """`scale` makes pixels of design lengths; boxes are pixels. `is_smaller` says that the body that was asked for did not fit."""

    scale: float
    header: Box
    band: Box | None
    map: Box
    legend: Box
    panels: dict[str, Box] = field(default_factory=dict)
    is_smaller: bool = False

    @property
    def body(self) -> float:
        return BODY * self.scale


def body_of(distance_m: float, pitch_mm: float) -> float:
    """Pixels of a body that is read from `distance_m` on a screen of this pixel pitch: 2·d·tan(12.5′)/pitch."""
    return 2 * distance_m * 1000.0 * math.tan(ANGLE) / pitch_mm


def usual_seams(width: int, height: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Those of a wall of full-HD screens: every 1920 and every 1080 pixels; none on a single screen, or where the size is no multiple of these."""
    if width % 1920 or height % 1080 or width * 9 == height * 16:
        return (), ()
    return tuple(float(x) for x in range(1920, width, 1920)), tuple(float(y) for y in range(1080, height, 1080))


def plan(wall: Wall) -> Plan:
    """The largest scale, the asked one at most, at which all panels find their room; the smallest where none does."""
    most = min(wall.height / LINES, (wall.body or math.inf) / BODY)
    least = min(FLOOR / BODY, most)
    steps = max(1, math.ceil((most - least) / (1 / 96)))
    for step in range(steps + 1):
        scale = most - (most - least) * step / steps
        found = _at(wall, scale)
        if found is not None:
            wanted = wall.body is not None and scale < wall.body / BODY - 1e-6
            return Plan(scale, found.header, found.band, found.map, found.legend, found.panels, wanted)
    return _at(wall, least, forced=True) or Plan(least, Box(0, 0, wall.width, 0), None, Box(0, 0, wall.width, wall.height), Box(0, 0, 0, 0))


def _at(wall: Wall, scale: float, *, forced: bool = False) -> Plan | None:
    """The plan at one scale, None where a panel does not find its room."""
    gap, band_height = round(GAP * scale), round(BAND * scale) if wall.is_exercise else 0
    band = Box(0, 0, wall.width, band_height) if band_height else None
    header = Box(0, band_height, wall.width, round((HEADER - (12 if band else 0)) * scale))
    for part in (SIDE, SIDE_LEAST, SIDE_MOST) if wall.width / scale * SIDE >= WIDE else (SIDE_MOST, SIDE):
        side = _clear_side(wall, round(wall.width * part), gap, scale)
        width = side / scale
        columns = [_column(wall, scale, header.bottom + gap, names, width, forced=forced) for names in (LEFT_PANELS, RIGHT_PANELS)]
        if all(columns) and (width >= NARROWEST or forced):
            panels = {name: Box(gap, y, side, high) for name, (y, high) in (columns[0] or {}).items()}
            panels |= {name: Box(wall.width - gap - side, y, side, high) for name, (y, high) in (columns[1] or {}).items()}
            low = round(LEGEND * scale)
            left = gap * 2 + side
            right = wall.width - left
            return Plan(scale, header, band, Box(left, header.bottom, right - left, wall.height - header.bottom - low), Box(left, wall.height - low, right - left, low), panels)
    return None


#: Narrower than this (design pixels) no panel can be read.
NARROWEST = 628.0


def _clear_side(wall: Wall, side: float, gap: float, scale: float) -> float:
    """As wide as `side`, or up to before the first seam that would run through it, on either side of the wall."""
    for seam in wall.seams_x:
        for edge in (seam, wall.width - seam):
            if gap < edge < gap + side + CLEAR * scale:
                side = min(side, edge - gap - CLEAR * scale)
    return math.floor(side)


def needs(name: str, width: float, fields: int) -> float:
    """The least height of a panel at this width, both in design pixels."""
    is_wide = width >= WIDE
    return {
        "open": OPEN_WIDE if is_wide else OPEN_NARROW, "response": response_sheet.WIDE_NEEDS if is_wide else response_sheet.NARROW_NEEDS,
        "warnings": warning_sheet.WIDE_NEEDS if is_wide else warning_sheet.NARROW_NEEDS, "sensors": sensor_sheet.needs(fields),
        "units": unit_sheet.WIDE_NEEDS if is_wide else unit_sheet.NARROW_NEEDS, "video": video_sheet.NEEDS, "rates": rate_sheet.NEEDS,
    }[name]


def _column(wall: Wall, scale: float, top: float, names: Sequence[str], width: float, *, forced: bool) -> dict[str, tuple[float, float]] | None:
    """name → (y, height) in pixels: the panels in their order between the seams, what is left over shared by their needs."""
    gap = round(GAP * scale)
    spans = _spans(wall, top, wall.height - gap, CLEAR * scale)
    wants = [(name, needs(name, width, wall.fields) * scale) for name in names]
    if forced:
        total = sum(want for _, want in wants)
        squeeze = min(1.0, (wall.height - gap - top - gap * (len(names) - 1)) / total)
        return _stacked([(top, wall.height - gap, [(name, want * squeeze) for name, want in wants])], gap)
    return next((_stacked(groups, gap) for groups in _groups(spans, wants, gap)), None)


def _spans(wall: Wall, top: float, bottom: float, clear: float) -> list[tuple[float, float]]:
    edges = [top, *(y for y in wall.seams_y if top < y < bottom), bottom]
    return [(low + (clear if place else 0), high - (clear if place < len(edges) - 2 else 0)) for place, (low, high) in enumerate(pairwise(edges))]


Group = tuple[float, float, list[tuple[str, float]]]


def _groups(spans: list[tuple[float, float]], wants: list[tuple[str, float]], gap: float) -> list[list[Group]]:
    """Every way to share the panels, in their order, among the spans; those that fit, the most even first."""
    if len(spans) == 1:
        return [[(*spans[0], wants)]] if _fits(spans[0], wants, gap) else []
    found = []
    for count in range(len(wants) + 1):
        if count and not _fits(spans[0], wants[:count], gap):
            break
        for rest in _groups(spans[1:], wants[count:], gap):
            found.append([(*spans[0], wants[:count]), *rest])
    return sorted(found, key=_unevenness)


def _fits(span: tuple[float, float], wants: list[tuple[str, float]], gap: float) -> bool:
    return sum(want for _, want in wants) + gap * max(0, len(wants) - 1) <= span[1] - span[0] + 0.5


def _unevenness(groups: list[Group]) -> float:
    shares = [sum(want for _, want in wants) / (high - low) for low, high, wants in groups]
    return max(shares) - min(shares)


def _stacked(groups: list[Group], gap: float) -> dict[str, tuple[float, float]]:
    found = {}
    for low, high, wants in groups:
        if not wants:
            continue
        total = sum(want for _, want in wants)
        free = high - low - gap * (len(wants) - 1)
        y = low
        for place, (name, want) in enumerate(wants):
            tall = round(free * want / total) if place < len(wants) - 1 else high - y
            found[name] = (float(round(y)), float(round(tall)))
            y += tall + gap
    return found
