"""Where a warning holds: its polygon, or the districts that it names, as one geometry; what of a mass of points lies inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..domain.entries import Warning
from ..domain.warning import DISTRICTS

# Shapely takes a tenth of a second to load, and the start needs none of it: who works with an area loads it.
if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: Degrees; a border that is drawn as a hatched area needs no more.
DRAWN = 0.0015
#: Corners beyond these are no area that somebody means.
MOST_CORNERS = 200_000


@cache
def borders() -> dict[str, BaseGeometry]:
    """District (and the city) by name, WGS-84 degrees, on land."""
    import shapely
    from shapely.geometry import shape

    text = (files("resources") / "geo" / "districts_wgs84.geojson").read_text("utf-8")
    return {each["properties"]["name"]: shapely.make_valid(shape(each["geometry"])) for each in json.loads(text)["features"]}


def area_of(warning: Warning) -> BaseGeometry | None:
    """The polygon that the warning tells, else the union of its districts; None where neither says more than words."""
    told = _told(json.dumps(warning.area, sort_keys=True)) if warning.area else None
    return told if told is not None else _union(warning.districts)


@lru_cache(maxsize=256)
def _told(text: str) -> BaseGeometry | None:
    """A geometry of a stranger: what is no area, or too much of one, is none."""
    import shapely
    from shapely.geometry import shape

    try:
        found = shapely.make_valid(shape(json.loads(text)))
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError):
        return None
    return found if found.area > 0 and shapely.get_num_coordinates(found) <= MOST_CORNERS else None


@lru_cache(maxsize=64)
def _union(names: tuple[str, ...]) -> BaseGeometry | None:
    """The zones lie in districts and have no borders of their own here: alone they have no area."""
    import shapely

    known = borders()
    if set(names) >= set(DISTRICTS.values()):
        return known["威海市"]
    found = [known[name] for name in names if name in known]
    return shapely.union_all(found) if found else None


def touches_city(warning: Warning) -> bool:
    """False only where the warning says a place, and that place is elsewhere; some 20 km of sea belong to the city."""
    from shapely.geometry import Point

    area = area_of(warning)
    if area is not None:
        return bool(area.intersects(_surroundings()))
    if spot := _spot(warning.area):
        return bool(_surroundings().intersects(Point(*spot)))
    return bool(warning.districts) or not warning.geocodes or any(code.startswith("3710") for code in warning.geocodes)


def _spot(area: Mapping[str, Any] | None) -> tuple[float, float] | None:
    """Where a point of GeoJSON is; None for anything else."""
    said = area.get("coordinates") if area and area.get("type") == "Point" else None
    if not isinstance(said, list) or len(said) < 2:
        return None
    lon, lat = said[:2]
    is_place = isinstance(lon, (int, float)) and isinstance(lat, (int, float)) and abs(lon) <= 180 and abs(lat) <= 90
    return (float(lon), float(lat)) if is_place else None


@cache
def _surroundings() -> BaseGeometry:
    from shapely.geometry import box

    west, south, east, north = borders()["威海市"].bounds
    return box(west - 0.25, south - 0.25, east + 0.25, north + 0.25)


def inside(area: BaseGeometry, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rows of the points within, in order; a box first, because most of the city may be elsewhere."""
    import shapely

    west, south, east, north = area.bounds
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    shapely.prepare(area)
    found: NDArray[np.int64] = near[shapely.contains_xy(area, lon[near], lat[near])]
    return found


def drawn(area: BaseGeometry) -> Mapping[str, Any]:
    """GeoJSON for the map, without the corners that nobody can see."""
    from shapely.geometry import mapping

    simple = area.simplify(DRAWN)
    found: Mapping[str, Any] = mapping(simple if simple.area > 0 else area)
    return found
