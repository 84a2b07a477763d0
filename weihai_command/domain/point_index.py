"""Where the points are: an index of one PointTable that answers click, box, nearest and clusters. Numpy only, no Qt.

Distances are metres on a sphere; "world pixels" are web-mercator pixels of a 256-pixel world at zoom 0. A point whose position
is not finite or not on Earth is in no answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .points import ABNORMAL, PointTable

EARTH_RADIUS = 6_371_008.8
#: Web mercator of a corner west and north of the city. Offsets from it keep centimetres in 32 bits.
ORIGIN = (0.835, 0.385)
#: A cluster's cell in pixels: its chip stays inside, so that two chips never touch.
CELL_WIDTH, CELL_HEIGHT = 112, 72
#: A zoom is crowded when a point shares its cell, on average, with more points than this.
CROWDED = 5.0
#: Deepest zoom that the map offers; there nothing is gathered any more unless it would not be drawable.
MAX_ZOOM = 18
_BUCKETS = 256
_GREATEST_LATITUDE = 85.0

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def offsets(lon: Floats, lat: Floats) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Web-mercator offsets from ORIGIN in worlds, as the page gets them. Shapes (n,) and (n,)."""
    x = lon / 360.0 + 0.5 - ORIGIN[0]
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat) / 2)) / (2 * np.pi) - ORIGIN[1]
    return x.astype(np.float32), y.astype(np.float32)


def distance(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Metres from one place to many along the sphere."""
    phi, phis = np.radians(lat), np.radians(lats)
    half = np.sin((phis - phi) / 2) ** 2
    half = half + np.cos(phi) * np.cos(phis) * np.sin(np.radians(lons - lon) / 2) ** 2
    result: Floats = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return result


@dataclass(frozen=True, slots=True)
class Clusters:
    """The cells of one zoom: `cell` (n,) is the cluster of each point (-1 = unplaced), `count` (m,) its points."""

    cell: Rows
    count: Rows
    column: Rows
    row: Rows
    is_crowded: bool


class PointIndex:
    """Built once for a geometry; states may change in the table without a rebuild (`flags` are read when asked)."""

    def __init__(self, table: PointTable) -> None:
        self.table = table
        lon, lat = np.asarray(table.lon, dtype=np.float64), np.asarray(table.lat, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            self.placed = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= _GREATEST_LATITUDE)
        self._rows: Rows = np.flatnonzero(self.placed)
        self._lon, self._lat = lon[self._rows], lat[self._rows]
        x, y = offsets(self._lon, self._lat)
        self._x, self._y = x.astype(np.float64) + ORIGIN[0], y.astype(np.float64) + ORIGIN[1]
        self._clusters: dict[int, Clusters] = {}
        self._sort()

    def world(self, row: int) -> tuple[float, float]:
        """Web-mercator place of a row in worlds, as the page computes it."""
        x, y = offsets(np.asarray([self.table.lon[row]]), np.asarray([self.table.lat[row]]))
        return float(x[0]) + ORIGIN[0], float(y[0]) + ORIGIN[1]

    def _sort(self) -> None:
        """Order the points by bucket of a grid over their extent, so that a box reads few of them."""
        if not len(self._rows):
            return
        self._low = np.array([self._x.min(), self._y.min()])
        span = np.array([self._x.max(), self._y.max()]) - self._low
        self._step = np.maximum(span / _BUCKETS, 1e-12)
        key = self._bucket(self._y, 1).astype(np.int64) * _BUCKETS + self._bucket(self._x, 0)
        order = np.argsort(key.astype(np.uint16), kind="stable")
        self._start = np.searchsorted(key[order], np.arange(_BUCKETS * _BUCKETS + 1))
        self._rows = self._rows[order]
        self._lon, self._lat, self._x, self._y = (a[order] for a in (self._lon, self._lat, self._x, self._y))

    def _bucket(self, values: Floats, axis: int) -> NDArray[np.int64]:
        cell = np.floor((values - self._low[axis]) / self._step[axis])
        clipped: Rows = np.clip(cell, 0, _BUCKETS - 1).astype(np.int64)
        return clipped

    def _near(self, x0: float, y0: float, x1: float, y1: float) -> Rows:
        """Positions (in bucket order) of all points in the buckets that a mercator box touches: a superset of the answer."""
        if not len(self._rows):
            return np.empty(0, dtype=np.int64)
        left, right = self._bucket(np.array([x0, x1]), 0)
        top, bottom = self._bucket(np.array([y0, y1]), 1)
        runs = [
            np.arange(self._start[line * _BUCKETS + left], self._start[line * _BUCKETS + right + 1])
            for line in range(top, bottom + 1)
        ]
        return np.concatenate(runs)

    def box(self, west: float, south: float, east: float, north: float) -> Rows:
        """Rows inside a box of degrees, edges included, ascending. A box over the date line is not supported."""
        x0, x1 = west / 360 + 0.5 - 1e-7, east / 360 + 0.5 + 1e-7
        y0, y1 = _mercator(north) - 1e-7, _mercator(south) + 1e-7
        near = self._near(x0, y0, x1, y1)
        lon, lat = self._lon[near], self._lat[near]
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        return np.sort(self._rows[near[inside]])

    def click(self, lon: float, lat: float, zoom: float, tolerance: float) -> Rows:
        """Rows within `tolerance` pixels of a place at a zoom: abnormal ones first, then the nearest, then the later row."""
        scale = 256.0 * 2.0**zoom
        x, y, reach = lon / 360 + 0.5, _mercator(lat), tolerance / scale
        near = self._near(x - reach, y - reach, x + reach, y + reach)
        far = np.hypot(self._x[near] - x, self._y[near] - y) * scale
        near, far = near[far <= tolerance], far[far <= tolerance]
        rows = self._rows[near]
        calm = (np.asarray(self.table.flags)[rows] & ABNORMAL) == 0
        ordered: Rows = rows[np.lexsort((-rows, far, calm))]
        return ordered

    def nearest(self, lon: float, lat: float, k: int, mask: NDArray[np.bool_] | None = None) -> tuple[Rows, Floats]:
        """The `k` nearest rows and their metres, nearest first, ties by row; `mask` (n,) leaves out what is False."""
        reach = 500.0
        while True:
            near, is_all = self._around(lon, lat, reach)
            if mask is not None:
                near = near[mask[self._rows[near]]]
            metres = distance(lon, lat, self._lon[near], self._lat[near])
            if is_all or np.count_nonzero(metres <= reach) >= k:
                best = np.lexsort((self._rows[near], metres))[:k]
                return self._rows[near[best]], metres[best]
            reach *= 4

    def _around(self, lon: float, lat: float, reach: float) -> tuple[Rows, bool]:
        """Positions of at least everything within `reach` metres, and whether that is all there is."""
        high = np.degrees(reach / EARTH_RADIUS) * 1.000_001
        furthest = abs(lat) + high
        wide = high / np.cos(np.radians(furthest)) if furthest < _GREATEST_LATITUDE else 360.0
        if lon - wide < -180 or lon + wide > 180 or furthest >= _GREATEST_LATITUDE:
            return np.arange(len(self._rows)), True
        x0, x1 = (lon - wide) / 360 + 0.5 - 1e-7, (lon + wide) / 360 + 0.5 + 1e-7
        near = self._near(x0, _mercator(lat + high) - 1e-7, x1, _mercator(lat - high) + 1e-7)
        return near, False

    def clusters(self, zoom: int) -> Clusters:
        """How the points gather at a zoom, by the same cells as the page uses; kept until the geometry changes."""
        if zoom not in self._clusters:
            self._clusters[zoom] = self._gather(zoom)
        return self._clusters[zoom]

    def _gather(self, zoom: int) -> Clusters:
        scale = 256.0 * 2.0**zoom
        column = np.floor(self._x * scale / CELL_WIDTH).astype(np.int64)
        row = np.floor(self._y * scale / CELL_HEIGHT).astype(np.int64)
        key, inverse, count = np.unique(row * 2**32 + column, return_inverse=True, return_counts=True)
        cell = np.full(len(self.table), -1, dtype=np.int64)
        cell[self._rows] = inverse
        mates = float((count.astype(np.float64) ** 2).sum() / max(1, len(self._rows)))
        is_crowded = mates > CROWDED and zoom < MAX_ZOOM
        return Clusters(cell, count, key % 2**32, key // 2**32, is_crowded)

    def is_alone(self, zoom: int, row: int) -> bool:
        """Whether the point has a symbol of its own at this zoom, and is not only counted in a cluster."""
        found = self.clusters(zoom)
        if self.placed[row] and np.asarray(self.table.flags)[row] & ABNORMAL:
            return True
        return bool(self.placed[row]) and (not found.is_crowded or found.count[found.cell[row]] == 1)


def _mercator(lat: float) -> float:
    clipped = max(-_GREATEST_LATITUDE, min(_GREATEST_LATITUDE, lat))
    return float(0.5 - np.log(np.tan(np.pi / 4 + np.radians(clipped) / 2)) / (2 * np.pi))
