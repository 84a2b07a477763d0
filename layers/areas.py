"""The areas of warnings on the map: held here as rings of the page's world, shown by their switch or while their view is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .map_view import MapView
from .rows import ORIGIN, offsets

KEY = "areas"
#: Digits of the world's coordinates: 2 m.
_DIGITS = 7
#: Half the height (degrees) from which an area is no part of the city.
WIDE = 0.4


class Areas:
    """Takes what operations/warnings.areas gives: dicts {id, colour, geometry (GeoJSON polygons, degrees)}, the lowest first."""

    def __init__(self, city_map: MapView) -> None:
        self._map, self._feeds = city_map, city_map.feeds
        self._areas: list[dict[str, Any]] = []
        self._lit, self._is_open = "", False
        before = self._feeds.around
        self._feeds.around = lambda: {**before(), **self.scene()}

    def show(self, areas: Sequence[Mapping[str, Any]]) -> None:
        """These instead of those before."""
        self._areas = [made for each in areas if (made := _as_page(each))]
        self._map.stage.panel.kinds.show_number(KEY, len(self._areas))
        self._feeds.touch()

    def light(self, warning_id: str) -> None:
        """The one that is open stands out while its view is."""
        if warning_id != self._lit:
            self._lit = warning_id
            self._feeds.touch()

    def open(self, is_open: bool) -> None:
        """Whether their view is open: then they are there whatever the switch says."""
        self._is_open = is_open
        self._feeds.touch()

    def extent(self, warning_id: str) -> tuple[float, float, float] | None:
        """Longitude and latitude of the middle of an area, and half its height in degrees; None for one that is not drawn."""
        found = next((each for each in self._areas if each["id"] == warning_id), None)
        return found["middle"] if found else None

    def scene(self) -> dict[str, Any]:
        """As the page wants it; the open one last, above the others."""
        if not (self._is_open or self._feeds.visible.get(KEY)):
            return {"areas": []}
        lit = self._lit if self._is_open else ""
        rows = [
            {name: each[name] for name in ("colour", "rings", "box")} | {"lit": each["id"] == lit, "weight": self._weight(each, lit)} for each in self._areas
        ]
        return {"areas": sorted(rows, key=lambda row: bool(row["lit"]))}

    def _weight(self, area: Mapping[str, Any], lit: str) -> float:
        """How strong the lines are: what covers the whole city, or stands beside the open one, is a hint only."""
        if area["id"] == lit:
            return 0.6
        return 0.14 if lit or area["middle"][2] > WIDE else 0.3


def _as_page(area: Mapping[str, Any]) -> dict[str, Any] | None:
    rings = [_world(ring) for ring in _rings(area["geometry"])]
    if not rings:
        return None
    xs, ys = np.concatenate([ring[0::2] for ring in rings]), np.concatenate([ring[1::2] for ring in rings])
    points = np.concatenate([np.asarray(ring, np.float64)[:, :2] for ring in _rings(area["geometry"])])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return {
        "id": area["id"], "colour": area["colour"], "rings": [ring.round(_DIGITS).tolist() for ring in rings],
        "box": [float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())],
        "middle": (float(west + east) / 2, float(south + north) / 2, float(max(north - south, (east - west) * 0.8)) / 2),
    }


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    kind, parts = geometry.get("type"), geometry.get("coordinates") or ()
    if kind == "GeometryCollection":
        for each in geometry.get("geometries") or ():
            yield from _rings(each)
    elif kind in ("Polygon", "MultiPolygon"):
        for polygon in [parts] if kind == "Polygon" else parts:
            yield from polygon


def _world(ring: Sequence[Sequence[float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    points = np.asarray(ring, np.float64)
    x, y = offsets(points[:, 0], points[:, 1])
    return np.stack((x + ORIGIN[0], y + ORIGIN[1]), axis=1).reshape(-1)
