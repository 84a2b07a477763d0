"""The ground that the sample city stands on: real towns and village names, made-up village places, land and districts.

Reads resources/geo. Positions are WGS-84 degrees. Village places are invented (the gazetteer has none): an exercise city only.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SHORT = {"威海火炬高技术产业开发区": "高区", "威海经济技术开发区": "经区", "威海临港经济技术开发区": "临港区"}
#: The development zones lie inside 环翠区's polygon.
POLYGON = {"高区": "环翠区", "经区": "环翠区", "临港区": "环翠区"}
#: How much more of everything a residents' committee (居委会, 社区) has than a village (村委会).
URBAN = 8.0
KM_LAT = 111.195
SEED = 371000


@dataclass(frozen=True, slots=True)
class Town:
    """A town with coordinates; `weight` is its share of the city (all sum to 1), `spread_km` how far its villages lie."""

    name: str
    district: str
    lon: float
    lat: float
    weight: float
    spread_km: float


@dataclass(frozen=True, slots=True)
class Ground:
    """Villages as columns (n,): name, index of the town, share of the city (sums to 1), invented place; berths are dicts."""

    towns: tuple[Town, ...]
    villages: tuple[str, ...]
    town: Ints
    share: Floats
    lon: Floats
    lat: Floats
    berths: tuple[dict[str, Any], ...]
    landmarks: tuple[dict[str, Any], ...]

    def town_named(self, name: str) -> Town:
        return next(town for town in self.towns if town.name == name)

    def villages_of(self, name: str) -> Ints:
        return np.flatnonzero(self.town == [town.name for town in self.towns].index(name))


def text(group: str, name: str) -> str:
    return (files("resources") / group / name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text("geo", name))))


@cache
def words(name: str) -> dict[str, Any]:
    """A table of resources/words; shared, never to be changed."""
    return tomllib.loads(text("words", name))


def rng(part: str) -> np.random.Generator:
    """A generator of its own for every part, so that one part may change without moving the others."""
    return np.random.Generator(np.random.PCG64([SEED, *part.encode()]))


def ids(part: str, count: int) -> list[str]:
    """`count` deterministic UUID strings (version 5 and variant bits set); a longer list starts with the shorter one."""
    made = hashlib.shake_256(f"weihai sample city/{part}".encode()).hexdigest(16 * count)
    return [
        f"{made[i : i + 8]}-{made[i + 8 : i + 12]}-5{made[i + 13 : i + 16]}-a{made[i + 17 : i + 20]}-{made[i + 20 : i + 32]}"
        for i in range(0, 32 * count, 32)
    ]


def short_village(name: str) -> str:
    """The name as people say it: 东北村居委会 → 东北村."""
    for tail in ("社区居民委员会", "社区居委会", "社区居委", "居民委员会", "村民委员会", "村委会", "居委会"):
        if name.endswith(tail):
            base = name[: -len(tail)]
            keep = "社区" if tail.startswith("社区") else "村" if tail.startswith("村") else ""
            return base if not keep or base.endswith(("村", keep)) else base + keep
    return name


@cache
def _polygons() -> tuple[Any, dict[str, Any]]:
    """(land, {district: polygon}), prepared."""
    load = json.loads(text("geo", "gshhg_f_land.geojson"))["features"]
    land = shapely.MultiPolygon([shape(each["geometry"]) for each in load])
    districts = json.loads(text("geo", "districts_wgs84.geojson"))["features"]
    areas = {each["properties"]["name"]: shape(each["geometry"]) for each in districts}
    for geometry in (land, *areas.values()):
        shapely.prepare(geometry)
    return land, areas


def on_land(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """(n,) True where a position is on land."""
    return np.asarray(shapely.contains_xy(_polygons()[0], lon, lat))


def in_district(district: Ints | NDArray[np.str_], lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """(n,) True where a position lies in the polygon of its own district (names; a development zone in that of 环翠区)."""
    inside = np.zeros(len(lon), dtype=bool)
    for name in np.unique(district):
        here = district == name
        area = _polygons()[1][POLYGON.get(str(name), str(name))]
        inside[here] = shapely.contains_xy(area, lon[here], lat[here])
    return inside


def moved(lon: Floats, lat: Floats, east_km: Floats, north_km: Floats) -> tuple[Floats, Floats]:
    """Positions moved by kilometres, rounded to about 0.1 m."""
    return np.round(lon + east_km / (KM_LAT * np.cos(np.radians(lat))), 6), np.round(lat + north_km / KM_LAT, 6)


def size_of(village: str) -> float:
    """How much stands in a village by what its committee is: a residents' committee is urban."""
    return 1.0 if village.endswith(("村委会", "村民委员会")) else URBAN


def _base_weights(own: dict[tuple[str, str], float], points: dict[str, tuple[float, float]]) -> dict[str, float]:
    """Town with a point → weight: its own {(district, town): size}, and that of the district's towns that have no point."""
    weights = {name: weight for (_, name), weight in own.items() if name in points}
    for (district, name), weight in own.items():
        if name in points:
            continue
        near = [other for place, other in own if place == district and other in points]
        same = [other for other in near if other.endswith("街道") == name.endswith("街道")] or near
        for other in same:
            weights[other] += weight / len(same)
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def _towns(villages: list[dict[str, str]]) -> tuple[Town, ...]:
    features = json.loads(text("geo", "towns_points.geojson"))["features"]
    points = {each["properties"]["name"]: tuple(each["geometry"]["coordinates"]) for each in features}
    sizes: dict[tuple[str, str], float] = {}
    for row in villages:
        key = (SHORT.get(row["district"], row["district"]), row["street"])
        sizes[key] = sizes.get(key, 0.0) + size_of(row["village"])
    weights = _base_weights(sizes, points)
    places = np.array(list(points.values()))
    towns = []
    for district, name in sizes:
        if name in points:
            lon, lat = points[name]
            away = np.hypot((places[:, 0] - lon) * np.cos(np.radians(lat)), places[:, 1] - lat) * KM_LAT
            nearest = float(np.partition(away, 1)[1])
            low, high = (0.5, 1.2) if name.endswith("街道") else (1.2, 2.6)
            towns.append(Town(name, district, lon, lat, weights[name], float(np.clip(0.3 * nearest, low, high))))
    return tuple(towns)


def _village_places(towns: tuple[Town, ...], town: Ints) -> tuple[Floats, Floats]:
    """Invented places: around the town by distance decay, on land, in the district, nearest to their own town."""
    centre = np.array([(each.lon, each.lat) for each in towns])
    spread = np.array([each.spread_km for each in towns])
    district = np.array([each.district for each in towns])
    lon, lat = centre[town, 0].copy(), centre[town, 1].copy()
    random, open_rows = rng("villages"), np.arange(len(town))
    for _ in range(40):
        if not len(open_rows):
            break
        here = town[open_rows]
        away, bearing = random.gamma(2.0, spread[here]), random.uniform(0, 2 * np.pi, len(here))
        x, y = moved(centre[here, 0], centre[here, 1], away * np.sin(bearing), away * np.cos(bearing))
        near = np.hypot((x[:, None] - centre[:, 0]) * 0.797, y[:, None] - centre[:, 1]).argmin(axis=1)
        good = (near == here) & on_land(x, y) & in_district(district[here], x, y)
        lon[open_rows[good]], lat[open_rows[good]] = x[good], y[good]
        open_rows = open_rows[~good]
    return lon, lat


@cache
def ground() -> Ground:
    """The whole ground, made once a process (about 0.1 s)."""
    listed = rows("gazetteer_villages.csv")
    towns = _towns(listed)
    number = {town.name: index for index, town in enumerate(towns)}
    listed = [row for row in listed if row["street"] in number]
    town = np.array([number[row["street"]] for row in listed], dtype=np.int64)
    size = rng("shares").lognormal(0.0, 0.5, len(town)) * [size_of(row["village"]) for row in listed]
    share = size / np.bincount(town, weights=size)[town] * np.array([each.weight for each in towns])[town]
    lon, lat = _village_places(towns, town)
    berths = tuple({**row, "lon": float(row["lon"]), "lat": float(row["lat"])} for row in rows("harbours.csv"))
    landmarks = tuple({**row, "lon": float(row["lon"]), "lat": float(row["lat"])} for row in rows("landmarks.csv"))
    names = tuple(short_village(row["village"]) for row in listed)
    return Ground(towns, names, town, share / share.sum(), lon, lat, berths, landmarks)


def scatter(village: Ints, part: str) -> tuple[Floats, Floats]:
    """Positions (n,) near the villages of index `village`: clustered, on land, inside the village's district."""
    made = ground()
    district = np.array([town.district for town in made.towns])
    lon, lat = made.lon[village].copy(), made.lat[village].copy()
    random, open_rows = rng(part), np.arange(len(village))
    narrow = np.where(random.random(len(village)) < 0.15, 0.8, 0.26)
    for attempt in range(12):
        if not len(open_rows):
            break
        here = village[open_rows]
        east, north = random.normal(0.0, 0.8**attempt, (2, len(here))) * narrow[open_rows]
        x, y = moved(made.lon[here], made.lat[here], east, north)
        good = on_land(x, y) & in_district(district[made.town[here]], x, y)
        lon[open_rows[good]], lat[open_rows[good]] = x[good], y[good]
        open_rows = open_rows[~good]
    return lon, lat
