"""What the map of the leaders' screen shows: open incidents with the time that they have lasted, units, areas under a warning, where incidents gather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.foreign import one_line
from ..domain.hotspots import density
from ..domain.points import PointTable
from ..domain.situation import HotSpots
from . import picture, situation_cases, situation_things
from .desk import Desk
from .warning_area import area_of, drawn

#: Columns of the density, and how far each incident reaches (km).
COLUMNS, REACH_KM = 160, 2.2


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
    """Of the warnings in force that hold for a part of the city only, the worst first; where two hold, the worse one's area alone."""
    found, taken = [], None
    for each in situation_things.in_force(desk):
        head = each.chain.head
        area = None if situation_things.place_of(each) == "全市" else area_of(head)
        if area is None:
            continue
        free = area if taken is None else area.difference(taken)
        taken = area if taken is None else taken.union(area)
        found.append(WarningArea(each.id, situation_things.title_of(each), head.colour or "", situation_things.place_of(each), each.chain.expires,
                                 _rings(drawn(free)) if not free.is_empty else (), not head.area))
    return found


def _rings(area: Mapping[str, Any]) -> tuple[NDArray[np.float64], ...]:
    """The outer and inner rings of a GeoJSON area."""
    parts = area.get("geometries") or [area]
    polygons = [polygon for part in parts for polygon in ([part["coordinates"]] if part["type"] == "Polygon" else part["coordinates"] if part["type"] == "MultiPolygon" else [])]
    return tuple(np.asarray(ring, np.float64)[:, :2] for polygon in polygons for ring in polygon)


def heat(found: HotSpots, box: tuple[float, float, float, float]) -> NDArray[np.float64]:
    """(rows, COLUMNS) of density over a box (west, south, east, north); some 10 ms for a thousand incidents."""
    places = np.array(found.places or [(0.0, 0.0)], np.float64)
    return density(places[:, 0], places[:, 1], box, COLUMNS, REACH_KM)
