"""What the map of the leaders' screen shows: open incidents with the time that they have lasted, units, areas under a warning, where incidents gather."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.foreign import moment, one_line
from ..domain.hotspots import density
from ..domain.points import PointTable
from ..domain.situation import HotSpots
from . import catalogue, picture, situation_cases, situation_things
from .desk import Desk

#: Columns of the density, and how far each incident reaches (km).
COLUMNS, REACH_KM = 120, 2.2
#: More districts than these are the whole city, which is not hatched: there would be nothing beside it.
MOST_DISTRICTS = 3


@dataclass(frozen=True, slots=True)
class WarningArea:
    """Where a warning holds: closed rings (n, 2) of lon, lat, WGS-84; `inland`: of districts, whose land is meant."""

    id: str
    title: str
    colour: str
    area: str
    until: datetime | None
    rings: tuple[NDArray[np.float64], ...]
    inland: bool


def incidents(desk: Desk) -> PointTable:
    """As the desk's map has them; emergencies are labelled by their type and how long they have lasted (h:mm)."""
    table, now = picture.table(desk, "incidents"), desk.clock()
    known = {case.id: case for case in situation_cases.cases(desk)}
    found = ((row, known.get(ident)) for row, ident in enumerate(table.ids))
    table.labels = {row: f"{one_line(case.word, 10)} {_lasted(case.reported, now)}" for row, case in found if case and case.is_emergency}
    return table


def _lasted(since: datetime | None, now: datetime) -> str:
    minutes = max(0, int((now - since).total_seconds() // 60)) if since else 0
    return f"{minutes // 60}:{minutes % 60:02d}" if since else ""


def units(desk: Desk) -> PointTable:
    """As the desk's map has them, without names."""
    table = picture.table(desk, "units")
    table.labels = {}
    return table


def areas(desk: Desk) -> list[WarningArea]:
    """Of the warnings in force that hold for a part of the city only, the worst first."""
    made = (_area(row) for row in situation_things.in_force(desk))
    return [each for each in made if each is not None]


def _area(row: dict[str, Any]) -> WarningArea | None:
    rings, inland = _rings(row.get("area")), False
    names = [str(each) for each in row.get("districts") or ()]
    if not rings:
        districts = catalogue.gazetteer().districts
        parts = list(dict.fromkeys(part for name in names if name in districts and (part := catalogue.gazetteer().area_of(name))))
        if not parts or len(parts) > MOST_DISTRICTS:
            return None
        rings, inland = tuple(ring for part in parts for ring in districts[part].rings), True
    return WarningArea(str(row["id"]), str(row["title"]), str(row.get("colour") or ""), situation_things.area_words(names), moment(row.get("expires")), rings, inland)


def _rings(area: Any) -> tuple[NDArray[np.float64], ...]:
    """The outer and inner rings of a GeoJSON polygon or several; none for what is neither."""
    if not isinstance(area, dict):
        return ()
    parts: Any = area.get("coordinates") or ()
    try:
        polygons = [parts] if area.get("type") == "Polygon" else parts if area.get("type") == "MultiPolygon" else []
        found = [np.asarray(ring, np.float64)[:, :2] for polygon in polygons for ring in polygon]
    except (TypeError, ValueError, IndexError):
        return ()
    return tuple(ring for ring in found if len(ring) >= 4 and bool(np.isfinite(ring).all()))


def heat(found: HotSpots, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(rows, COLUMNS) of density over a box (west, south, east, north); some 10 ms for a thousand incidents."""
    places = np.array(found.places or [(0.0, 0.0)], np.float64)
    return density(places[:, 0], places[:, 1], box, COLUMNS, REACH_KM)
