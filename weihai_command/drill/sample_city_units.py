"""The units of the sample city: where their stations are and what they are called. States come with the incidents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from weihai_command.domain.unit import Unit

from .sample_city_ground import Ground, Town, ground, ids, moved, on_land, rng
from .sample_city_points import iso

#: kind → (call sign, agency, station, how many more the big city has, number of the first of these, crew)
KINDS: dict[str, tuple[str, str, str, int, int, int]] = {
    "fire": ("消防", "消防支队", "消防站", 40, 601, 6),
    "police": ("巡警", "公安", "派出所", 46, 50, 3),
    "medical": ("急救", "急救中心", "急救站", 26, 10, 3),
    "city": ("城管", "城管", "城管中队", 20, 30, 4),
    "drain": ("排水", "排水公司", "排水站", 8, 10, 5),
    "power": ("供电", "供电公司", "供电所", 8, 10, 4),
    "gas": ("燃抢", "燃气公司", "抢修点", 4, 10, 4),
    "rescue": ("救援", "救援队", "救援站", 4, 10, 8),
    "sea": ("海事", "海事局", "", 3, 10, 9),
    "fish": ("渔政", "渔政", "", 3, 10, 7),
}


def listed_units(told: list[dict[str, Any]], scale: str, now: datetime) -> list[Unit]:
    """All units at their stations, free unless told otherwise: the told ones first, in the big city some 160 more."""
    rows = [*told, *(_more() if scale == "city" else ())]
    random, made = rng("units"), ground()
    return [_unit(row, ident, made, random, now) for row, ident in zip(rows, ids("units", len(rows)), strict=True)]


def _more() -> Iterator[dict[str, Any]]:
    made, random = ground(), rng("more units")
    weights = [town.weight for town in made.towns]
    for kind, (sign, _, station, count, first, crew) in KINDS.items():
        for number in range(count):
            row: dict[str, Any] = {"name": f"{sign}{first + number}", "kind": kind, "crew": crew}
            if station:
                row["town"] = made.towns[int(random.choice(len(weights), p=weights))].name
            else:
                row["berth"] = made.berths[int(random.integers(len(made.berths)))]["name"]
            if random.random() < 0.06:
                row |= {"state": "unavailable", "reason": "检修"}
            elif kind in {"police", "city"} and random.random() < 0.4:
                row["out"] = True
            yield row


def _unit(row: dict[str, Any], ident: str, made: Ground, random: np.random.Generator, now: datetime) -> Unit:
    """A unit at its home; one that is `out` patrols up to 1.5 km away and its position may be old."""
    town, home, lon, lat = _home(row, made)
    here = _patrol(lon, lat, random) if row.get("out") else (lon, lat)
    age = float(random.uniform(20, 600)) if random.random() > 0.05 else 2600.0
    return Unit(
        id=ident, name=row["name"], kind=row["kind"], state=row.get("state", "available"), state_at=iso(now - timedelta(minutes=int(random.integers(1, 240)))),
        skills=tuple(row.get("skills", ())), crew=row["crew"], agency=_agency(row["kind"], town), district=town.district,
        contact=f"000-{int(random.integers(6100000, 6999999))}", lon=here[0], lat=here[1], position_at=iso(now - timedelta(seconds=age)),
        home=home, home_lon=lon, home_lat=lat, reason=row.get("reason"),
    )  # fmt: skip


def _agency(kind: str, town: Town) -> str:
    agency = KINDS[kind][1]
    return f"{town.district.rstrip('区市') if len(town.district) > 2 else town.district}{agency}" if kind in {"police", "city"} else agency


def _home(row: dict[str, Any], made: Ground) -> tuple[Town, str, float, float]:
    """(town, name, lon, lat) of the station: a village of the town, or a berth."""
    if "berth" in row:
        berth = next(each for each in made.berths if each["name"] == row["berth"])
        return made.town_named(berth["town"]), berth["name"], berth["lon"], berth["lat"]
    village = made.villages_of(row["town"])[-1 - sum(row["name"].encode()) % 5]
    return made.town_named(row["town"]), f"{row['town']}{KINDS[row['kind']][2]}", float(made.lon[village]), float(made.lat[village])


def _patrol(lon: float, lat: float, random: np.random.Generator) -> tuple[float, float]:
    east, north = random.uniform(-1.5, 1.5, 2)
    x, y = moved(np.array([lon]), np.array([lat]), np.array([east]), np.array([north]))
    return (float(x[0]), float(y[0])) if on_land(x, y)[0] else (lon, lat)
