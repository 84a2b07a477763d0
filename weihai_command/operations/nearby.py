"""What stands around a place: cameras, units, sensors and facilities inside a ring, counted whole, listed nearest first.

Given what the map shows, states are those of the map: what was reported since the store was read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.foreign import one_line
from ..domain.point_index import EARTH_RADIUS, distance
from ..domain.points import PointTable
from ..domain.words import UNIT_STATES
from ..store import state_times, view
from . import catalogue, picture
from .desk import Desk
from .upkeep import CAMERA_STATES, SENSOR_STATES

#: Radii in metres: the standard one, the inner circle of the map, and the least and the most that a person may draw.
RADIUS, INNER, LEAST, MOST = 5_000.0, 2_000.0, 200.0, 30_000.0
#: Rows listed of a kind; all are counted.
LISTED = 20
_NAME = 60
_FACILITY_STATES = {"open": "开放", "closed": "关闭", "full": "已满"}
#: A kind's parts by the end of their symbols, in the order in which they are told; "" is what is left.
_PARTS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "video_points": (("cam", "在线", ("cam",)), ("cam-x", "离线", ("cam-x",))),
    "units": (("u-fire", "可用", ("",)), ("u-fire-b", "出动", ("-b",)), ("u-fire-x", "不可用", ("-x",))),
    "sensors": (("sen-o", "告警", ("sen-r", "sen-o", "sen-y", "sen-b")), ("sen-s", "故障或过期", ("sen-s",)), ("sen", "正常", ("sen",))),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing near the place: `symbol` as on the map, `word` its state, `is_down` offline, unavailable or without reading."""

    kind: str
    id: str
    name: str
    distance_m: float
    word: str
    symbol: str
    is_down: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A kind inside the ring: `total` of all, `tallies` (symbol, word, count) of its parts, `rows` the first of them."""

    kind: str
    word: str
    total: int
    tallies: tuple[tuple[str, str, int], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Nearby:
    """The ring (degrees, metres) and its groups: cameras, units, sensors, facilities."""

    lon: float
    lat: float
    radius_m: float
    groups: tuple[Group, ...]

    def group(self, kind: str) -> Group:
        return next(each for each in self.groups if each.kind == kind)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the map shows: its tables by kind, and `state_of(kind, id)`, the last reported state with its epoch seconds."""

    tables: Mapping[str, PointTable] = field(default_factory=dict)
    state_of: Callable[[str, str], tuple[str, float] | None] = lambda kind, record_id: None

    def now(self, kind: str, raw: dict[str, Any]) -> dict[str, Any]:
        """A record with the reported state where that is newer; a reading of another state is left out."""
        reported = self.state_of(kind, str(raw["id"])) if kind in self.tables else None
        if reported is None or reported[0] == raw.get("state") or reported[1] < state_times.state_time(kind, raw):
            return raw
        at = datetime.fromtimestamp(reported[1], UTC).astimezone().isoformat()
        return {**raw, "state": reported[0], "value": None, state_times.FIELD[kind]: at}


def nearby(
    desk: Desk, lon: float, lat: float, radius_m: float = RADIUS, limit: int = LISTED, shown: Shown | None = None
) -> Nearby:
    """Cameras online first, sensors in alarm first, then by straight distance; units and facilities by distance alone."""
    place, seen = (lon, lat, max(LEAST, min(MOST, radius_m))), shown or Shown()
    return Nearby(*place, (
        _group(desk, "video_points", "摄像机", place, limit, seen, lambda symbol: symbol.endswith("-x")),
        _group(desk, "units", "力量", place, limit, seen, lambda _: False),
        _group(desk, "sensors", "传感器", place, limit, seen, lambda symbol: _part("sensors", symbol) != 0),
        _group(desk, "facilities", "设施", place, limit, seen, lambda _: False),
    ))


def _group(
    desk: Desk, kind: str, word: str, place: tuple[float, float, float], limit: int, seen: Shown, is_later: Callable[[str], bool]
) -> Group:
    """There may be hundreds of thousands of a kind: columns decide, only the listed rows are read."""
    table = seen.tables[kind] if kind in seen.tables else picture.table(desk, kind)
    rows, metres = _inside(table.lon, table.lat, place)
    codes = table.symbol[rows]
    later = np.array([*(is_later(symbol) for symbol in table.symbols), False])[codes]
    best = np.lexsort((rows, metres, later))[:limit]
    sizes = np.bincount(codes, minlength=len(table.symbols)).tolist()
    listed = [(table.ids[int(rows[at])], float(metres[at]), table.symbols[codes[at]]) for at in best]
    found = [row_of(kind, seen.now(kind, raw), far, symbol) for each, far, symbol in listed if (raw := view.record(desk.store, kind, each))]
    return Group(kind, word, len(rows), tallies_of(kind, dict(zip(table.symbols, sizes, strict=True))), tuple(found))


def _inside(
    lon: NDArray[np.float64], lat: NDArray[np.float64], place: tuple[float, float, float]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows within the circle and their metres; a box of degrees first, because most of the city is elsewhere."""
    east, north, radius = place
    high = math.degrees(radius / EARTH_RADIUS) * 1.000_001
    wide = high / math.cos(math.radians(min(89.0, abs(north) + high)))
    near = np.flatnonzero((np.abs(lat - north) <= high) & (np.abs(lon - east) <= wide))
    metres = distance(east, north, lon[near], lat[near])
    return near[metres <= radius], metres[metres <= radius]


def tallies_of(kind: str, sizes: dict[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Facilities by their kind, the most first; the others by the parts of _PARTS."""
    if kind == "facilities":
        most = sorted(sizes.items(), key=lambda each: (-each[1], each[0]))
        return tuple((symbol, _facility(symbol), size) for symbol, size in most if size)
    found: Counter[int] = Counter()
    for symbol, size in sizes.items():
        found[_part(kind, symbol)] += size
    return tuple((symbol, word, found[at]) for at, (symbol, word, _) in enumerate(_PARTS[kind]) if found[at])


def _facility(symbol: str) -> str:
    return catalogue.word("facility_kind", symbol.removeprefix("f-"))


def _part(kind: str, symbol: str) -> int:
    """Which part of its kind a symbol belongs to; what no part names belongs to the usual one."""
    parts = _PARTS[kind]
    if kind == "units":
        return next((at for at, (_, _, (end,)) in enumerate(parts) if end and symbol.endswith(end)), 0)
    return next((at for at, (_, _, names) in enumerate(parts) if symbol in names), 0)


def row_of(kind: str, raw: dict[str, Any], far: float, symbol: str) -> Row:
    """A record of a kind as it is listed, `far` metres away (nan where that says nothing)."""
    state = str(raw.get("state") or "")
    name = one_line(raw.get("name"), _NAME) or str(raw["id"])
    down = symbol.endswith(("-x", "-s")) or (kind == "facilities" and state == "closed")
    return Row(kind, str(raw["id"]), name, far, _word(kind, raw, state, symbol), symbol, down)


def _word(kind: str, raw: dict[str, Any], state: str, symbol: str) -> str:
    other = one_line(state, 12)
    if kind == "facilities":
        return " ".join(part for part in (_facility(symbol), _FACILITY_STATES.get(state, other)) if part)
    words = {"video_points": CAMERA_STATES, "units": UNIT_STATES, "sensors": SENSOR_STATES}[kind]
    value = raw.get("value") if kind == "sensors" else None
    reading = f"{value:g} {one_line(raw.get('unit'), 12)}".strip() if isinstance(value, (int, float)) else ""
    return " ".join(part for part in (words.get(state, other), reading) if part)
