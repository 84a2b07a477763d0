"""What moves in the sample city: invented ships on plausible ways off the coast, never on land, and vehicles on straight lines between
towns, never on water. There is no road network, and none is invented: the lines are marked 示意.

Deterministic: ways and names depend on nothing, places on the time alone. Some reports are late and some movers are silent, as in life.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.movers import KNOT

from .sample_city_ground import KM_LAT, ground, on_land, rng

Floats = NDArray[np.float64]
#: Seconds between two reports: under way, at anchor, and of a vehicle.
UNDER_WAY_S, AT_ANCHOR_S, ON_LAND_S = 12.0, 180.0, 15.0
#: kind -> how many, knots, name.
_KINDS = {
    "fishing": (40, (3.0, 7.5), "鲁荣渔 演"), "cargo": (16, (9.0, 14.0), "货轮 演"), "ferry": (4, (15.0, 18.0), "客滚 演"),
    "tanker": (4, (9.0, 12.0), "油轮 演"), "anchored": (22, (0.0, 0.1), "散货 演"),
}
#: kind -> how many, km/h, name.
_VEHICLES = {"bus": (13, (24.0, 42.0), "公交 演"), "patrol": (6, (20.0, 36.0), "巡逻车 演"), "parked": (3, (0.0, 0.0), "环卫车 演")}
#: Kilometres between the towns that a line joins.
_LINE_KM = (4.0, 22.0)
#: Ways of the big ships: the traffic around 成山角, in and out of the harbours, and over to 大连.
_LANES = (
    ((121.30, 37.98), (121.95, 37.86), (122.55, 37.72), (122.92, 37.56), (123.02, 37.20), (122.98, 36.80), (122.70, 36.45), (122.30, 36.25)),
    ((122.28, 37.50), (122.45, 37.58), (122.80, 37.66), (123.20, 37.70), (123.60, 37.72)),
    ((122.55, 36.84), (122.75, 36.78), (123.05, 36.72), (123.60, 36.70)),
    ((122.12, 37.60), (122.00, 37.80), (121.90, 38.10), (121.80, 38.40)),
)
_FERRY_LANE = 3
#: Fishing grounds and anchorages: lon, lat, km around.
_GROUNDS = ((122.45, 37.62, 14.0), (122.90, 37.35, 12.0), (122.85, 36.95, 14.0), (122.30, 36.60, 16.0), (121.70, 36.62, 12.0), (121.75, 37.72, 14.0))
_ANCHORAGES = ((122.24, 37.48, 3.0), (122.52, 36.83, 3.5), (122.62, 37.10, 3.0), (121.55, 36.72, 4.0), (122.02, 37.60, 3.0))
_LOOKS_ALONG = 96


@dataclass(frozen=True, slots=True)
class Fleet:
    """n movers: a closed way each, as corners (n, k, 2) at equal steps of time, and the seconds for the whole of it.

    period_s: what each promises between two reports; report_s: what it keeps; silent_s: how long ago it reported last, 0 where it still does.
    is_vehicle: bool (n,).
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    way: Floats
    lap_s: Floats
    phase: Floats
    period_s: Floats
    report_s: Floats
    silent_s: Floats
    is_vehicle: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def at(self, which: NDArray[np.int64], seconds: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """lon, lat (degrees), heading (degrees) and speed (m/s) of some movers, (m,) each, at epoch seconds (m,)."""
        points = self.way.shape[1]
        along = (seconds / self.lap_s[which] + self.phase[which]) % 1.0 * points
        leg = along.astype(np.int64) % points
        share = (along - np.floor(along))[:, None]
        start, end = self.way[which, leg], self.way[which, (leg + 1) % points]
        place = start + share * (end - start)
        east, north = _km(end - start, place[:, 1])
        return place[:, 0], place[:, 1], np.degrees(np.arctan2(east, north)) % 360, np.hypot(east, north) * 1000 * points / self.lap_s[which]

    def due(self, since: float, until: float) -> NDArray[np.int64]:
        """Those that report in (since, until]: each at its own moments, the silent ones never."""
        offset = self.phase * self.report_s
        reports = np.floor((until - offset) / self.report_s) > np.floor((since - offset) / self.report_s)
        return np.flatnonzero(reports & (self.silent_s == 0))


def _km(step: Floats, lat: Floats) -> tuple[Floats, Floats]:
    return step[:, 0] * KM_LAT * np.cos(np.radians(lat)), step[:, 1] * KM_LAT


@cache
def fleet() -> Fleet:
    """All ships, then all vehicles, made once a process (some 0.2 s with the ground): ways that touch the other element are drawn again."""
    ships, vehicles = _ships(), _vehicles()
    joined = (np.concatenate((getattr(ships, name), getattr(vehicles, name))) for name in Fleet.__dataclass_fields__ if name not in {"ids", "names"})
    return Fleet(ships.ids + vehicles.ids, ships.names + vehicles.names, *joined)


def _ships() -> Fleet:
    random = rng("movers")
    ways, laps, names, periods = [], [], [], []
    for kind, (count, (slow, fast), name) in _KINDS.items():
        for number in range(1, count + 1):
            way = _at_sea(random, kind)
            ways.append(way)
            speed = random.uniform(slow, fast) * KNOT
            laps.append(_length_km(way) * 1000 / speed if kind != "anchored" else 21_600.0)
            names.append(f"{name} {number:02d}")
            periods.append(AT_ANCHOR_S if kind == "anchored" else UNDER_WAY_S)
    count = len(ways)
    report, silent = np.array(periods), np.zeros(count)
    # Three that are heard now and then only, and two that have been silent for a while.
    report[[5, 21, 44]], silent[[13, 33]] = 52.0, 1_500.0
    ids = tuple(f"sample-vessel-{number:03d}" for number in range(1, count + 1))
    phase = random.random(count)
    return Fleet(ids, tuple(names), np.array(ways), np.array(laps), phase, np.array(periods), report, silent, np.zeros(count, bool))


def _vehicles() -> Fleet:
    random = rng("vehicles")
    ways, laps, names = [], [], []
    for count, (slow, fast), name in _VEHICLES.values():
        for number in range(1, count + 1):
            way = _on_land(random)
            speed = random.uniform(slow, fast) / 3.6
            ways.append(way if speed else np.repeat(way[:1], len(way), axis=0))
            laps.append(_length_km(way) * 1000 / speed if speed else 3_600.0)
            names.append(f"{name} {number:02d}（示意）")
    count = len(ways)
    period, report, silent = np.full(count, ON_LAND_S), np.full(count, ON_LAND_S), np.zeros(count)
    # One that is heard now and then only, and one that has been silent for a while.
    report[4], silent[16] = 50.0, 1_200.0
    ids = tuple(f"sample-vehicle-{number:03d}" for number in range(1, count + 1))
    return Fleet(ids, tuple(names), np.array(ways), np.array(laps), random.random(count), period, report, silent, np.ones(count, bool))


def _on_land(random: np.random.Generator) -> Floats:
    """The straight line between two towns and back, a few metres aside."""
    towns = ground().towns
    places = np.array([(town.lon, town.lat) for town in towns])
    weights = np.array([town.weight for town in towns])
    while True:
        start = int(random.choice(len(towns), p=weights))
        away = np.hypot(*_km(places - places[start], places[:, 1]))
        ends = np.flatnonzero((away > _LINE_KM[0]) & (away < _LINE_KM[1]))
        if not len(ends):
            continue
        line = np.array([places[start], places[int(random.choice(ends))]])
        way = _both_ways(line, 0.000_1)
        if on_land(*_fine(way).T).all():
            return way


def _at_sea(random: np.random.Generator, kind: str) -> Floats:
    while True:
        way = _lane(random, kind) if kind in {"cargo", "ferry", "tanker"} else _round(random, kind)
        # Equal steps all around: a ship that turns does not race.
        way = _even(np.concatenate((way, way[:1])), _LOOKS_ALONG + 1)[:-1]
        if not on_land(*_fine(way).T).any():
            return way


def _fine(way: Floats) -> Floats:
    """A closed way with three more points on every leg."""
    return np.concatenate([way + share * (np.roll(way, -1, axis=0) - way) for share in (0.0, 0.25, 0.5, 0.75)])


def _lane(random: np.random.Generator, kind: str) -> Floats:
    """There and back on the right-hand side of a lane, with a place of its own across it."""
    lane = np.array(_LANES[_FERRY_LANE if kind == "ferry" else random.integers(0, _FERRY_LANE)])
    return _both_ways(lane, random.uniform(0.006, 0.03))


def _both_ways(line: Floats, offset: float) -> Floats:
    half = _even(line, _LOOKS_ALONG // 2)
    step = np.gradient(half, axis=0)
    side = np.column_stack((step[:, 1], -step[:, 0])) / np.hypot(*step.T)[:, None]
    return np.concatenate((half + offset * side, (half - offset * side)[::-1]))


def _even(line: Floats, count: int) -> Floats:
    """`count` points at equal distances along a line."""
    step = np.diff(line, axis=0)
    at = np.concatenate(([0.0], np.cumsum(np.hypot(*_km(step, line[:-1, 1])))))
    wanted = np.linspace(0, at[-1], count)
    return np.column_stack([np.interp(wanted, at, line[:, axis]) for axis in (0, 1)])


def _round(random: np.random.Generator, kind: str) -> Floats:
    """Loops on a fishing ground, or the swing around an anchor."""
    lon, lat, reach = (_ANCHORAGES if kind == "anchored" else _GROUNDS)[random.integers(0, 5 if kind == "anchored" else 6)]
    middle = random.normal(0, reach / 2, 2)
    width, height = (0.03, 0.03) if kind == "anchored" else random.uniform(1.2, 5.0, 2)
    turn, loops = random.uniform(0, 2 * np.pi), 1 if kind == "anchored" else int(random.integers(1, 4))
    angle = np.linspace(0, 2 * np.pi, _LOOKS_ALONG, endpoint=False)
    east = middle[0] + width * np.cos(angle + turn)
    north = middle[1] + height * np.sin(loops * angle + 2 * turn)
    return np.column_stack((lon + east / (KM_LAT * np.cos(np.radians(lat))), lat + north / KM_LAT))


def _length_km(way: Floats) -> float:
    east, north = _km(np.roll(way, -1, axis=0) - way, way[:, 1])
    return float(np.hypot(east, north).sum())
