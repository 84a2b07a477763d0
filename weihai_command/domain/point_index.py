"""Where the points are: an index of one PointTable that answers click, box, polygon, nearest and clusters. Numpy only, no Qt.

The points stand in z-order: by the cell that holds them at the deepest zoom, its column and row woven bit by bit. A cell of
any zoom is four cells of the next, so it is one run of that order, and what it counts is the difference of two places in it.

Distances are metres on a sphere; "world pixels" are web-mercator pixels of a 256-pixel world at zoom 0. A point whose position
is not finite or not on Earth is in no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
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
#: Bits of a column or a row of the deepest cells, and of a row number beside both: together an integer of 63.
_BITS, _ROW_BITS = 20, 23
#: A box is looked up by at most so many cells.
_MOST_CELLS = 256
_GREATEST_LATITUDE = 85.0

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
#: Rings of (k, 2) longitudes and latitudes, holes among them: a place is inside when an odd number of rings hold it.
Polygon = Sequence[Floats]
_SPREAD = ((16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333), (1, 0x5555555555555555))


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
    """Built once for a geometry; states may change in the table without a rebuild (`flags` are read when asked).

    placed: bool (n,); x, y: float32 (n,), offsets from ORIGIN in worlds, 0 where unplaced; order: int32 (m,), the placed rows in z-order;
    crowded: bit z is set where zoom z is crowded.
    """

    def __init__(self, table: PointTable) -> None:
        self.table = table
        lon, lat = np.asarray(table.lon, dtype=np.float64), np.asarray(table.lat, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            self.placed = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= _GREATEST_LATITUDE)
        is_whole = bool(self.placed.all())
        self.x, self.y = offsets(lon, lat) if is_whole else offsets(np.where(self.placed, lon, 0.0), np.where(self.placed, lat, 0.0))
        if not is_whole:
            self.x[~self.placed], self.y[~self.placed] = 0, 0
        self._sort()
        self.crowded = self._judge()

    def of(self, table: PointTable) -> PointIndex:
        """The index of another table whose places are these: itself anew when `lon` and `lat` are the same arrays, else one built from them."""
        if table.lon is not self.table.lon or table.lat is not self.table.lat:
            return PointIndex(table)
        other = copy(self)
        other.table = table
        return other

    def world(self, row: int) -> tuple[float, float]:
        """Web-mercator place of a row in worlds, as the page computes it."""
        return float(self.x[row]) + ORIGIN[0], float(self.y[row]) + ORIGIN[1]

    def _sort(self) -> None:
        # Cell and row number in one integer: sorting it is several times quicker than sorting by it.
        packed = (self._codes(self.x, self.y) << _ROW_BITS) | np.arange(len(self.table), dtype=np.int64)
        if not self.placed.all():
            packed = packed[self.placed]
        packed.sort()
        self.order: NDArray[np.int32] = (packed & ((1 << _ROW_BITS) - 1)).astype(np.int32)
        self._code: Rows = packed >> _ROW_BITS

    @staticmethod
    def _codes(x: NDArray[np.float32], y: NDArray[np.float32]) -> Rows:
        """The deepest cells of places, by columns and rows woven together."""
        scale = 256.0 * 2.0**MAX_ZOOM
        column = np.floor((x.astype(np.float64) + ORIGIN[0]) * scale / CELL_WIDTH).astype(np.int64)
        row = np.floor((y.astype(np.float64) + ORIGIN[1]) * scale / CELL_HEIGHT).astype(np.int64)
        return _woven(column, row)

    def _judge(self) -> int:
        """Bits of the zooms at which a point shares its cell with too many; counts of a zoom are sums of the next one's."""
        code, count, crowded = self._code, np.ones(len(self._code), dtype=np.int64), 0
        for zoom in range(MAX_ZOOM - 1, -1, -1):
            code, count = _gathered(code >> 2, count)
            mates = float((count.astype(np.float64) ** 2).sum() / max(1, len(self.order)))
            crowded |= (mates > CROWDED) << zoom
        return crowded

    def is_crowded(self, zoom: int) -> bool:
        """Whether the points gather at a zoom, all over the map."""
        return bool(self.crowded >> zoom & 1)

    def _runs(self, codes: Rows, zoom: int) -> tuple[Rows, Rows]:
        """Where the runs of cells of a zoom begin and end in the order."""
        shift = 2 * (MAX_ZOOM - zoom)
        return np.searchsorted(self._code, codes << shift), np.searchsorted(self._code, (codes + 1) << shift)

    def _near(self, x0: float, y0: float, x1: float, y1: float) -> Rows:
        """Rows in the cells that a box of worlds touches: a superset of those in the box, in z-order."""
        if x1 < x0 or y1 < y0 or not len(self.order):
            return np.empty(0, dtype=np.int64)
        left, right = (_cell_of(x, CELL_WIDTH) for x in (x0, x1))
        top, bottom = (_cell_of(y, CELL_HEIGHT) for y in (y0, y1))
        zoom = MAX_ZOOM
        while (right - left + 1) * (bottom - top + 1) > _MOST_CELLS:
            left, right, top, bottom, zoom = left >> 1, right >> 1, top >> 1, bottom >> 1, zoom - 1
        columns, rows = np.arange(left, right + 1), np.arange(top, bottom + 1)
        codes = np.sort(_woven(np.tile(columns, len(rows)), np.repeat(rows, len(columns))))
        start, end = self._runs(codes, zoom)
        size = end - start
        at = np.arange(int(size.sum())) + np.repeat(start - np.cumsum(size) + size, size)
        found: Rows = self.order[at].astype(np.int64)
        return found

    def box(self, west: float, south: float, east: float, north: float) -> Rows:
        """Rows inside a box of degrees, edges included, ascending. A box over the date line is not supported."""
        # 32 bits move a point by centimetres: the cells are asked for a little more than the box.
        near = self._near(west / 360 + 0.5 - 1e-7, _mercator(north) - 1e-7, east / 360 + 0.5 + 1e-7, _mercator(south) + 1e-7)
        lon, lat = np.asarray(self.table.lon)[near], np.asarray(self.table.lat)[near]
        return np.sort(near[(lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)])

    def polygon(self, rings: Polygon) -> Rows:
        """Rows inside a polygon of degrees, ascending; on its edge either way."""
        corners = np.concatenate([np.asarray(ring, dtype=np.float64) for ring in rings])
        near = self.box(*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())
        lat = np.asarray(self.table.lat)[near]
        near = near[np.argsort(lat, kind="stable")]
        return np.sort(near[_inside(np.asarray(self.table.lon)[near], np.asarray(self.table.lat)[near], rings)])

    def counts(self, polygons: Sequence[Polygon], mask: NDArray[np.bool_] | None = None) -> Rows:
        """How many points stand in each polygon (districts, say); `mask` (n,) leaves out what is False."""
        inside = (self.polygon(rings) for rings in polygons)
        return np.array([len(rows) if mask is None else np.count_nonzero(mask[rows]) for rows in inside], dtype=np.int64)

    def click(self, lon: float, lat: float, zoom: float, tolerance: float) -> Rows:
        """Rows within `tolerance` pixels of a place at a zoom: abnormal ones first, then the nearest, then the later row."""
        scale = 256.0 * 2.0**zoom
        x, y, reach = lon / 360 + 0.5, _mercator(lat), tolerance / scale
        rows = self._near(x - reach, y - reach, x + reach, y + reach)
        far = np.hypot(self.x[rows] + (ORIGIN[0] - x), self.y[rows] + (ORIGIN[1] - y)) * scale
        rows, far = rows[far <= tolerance], far[far <= tolerance]
        calm = (np.asarray(self.table.flags)[rows] & ABNORMAL) == 0
        ordered: Rows = rows[np.lexsort((-rows, far, calm))]
        return ordered

    def nearest(self, lon: float, lat: float, k: int, mask: NDArray[np.bool_] | None = None) -> tuple[Rows, Floats]:
        """The `k` nearest rows and their metres, nearest first, ties by row; `mask` (n,) leaves out what is False."""
        reach = 500.0
        while True:
            near, is_all = self._around(lon, lat, reach)
            if mask is not None:
                near = near[mask[near]]
            metres = distance(lon, lat, np.asarray(self.table.lon)[near], np.asarray(self.table.lat)[near])
            if is_all or np.count_nonzero(metres <= reach) >= k:
                best = np.lexsort((near, metres))[:k]
                return near[best], metres[best]
            reach *= 4

    def _around(self, lon: float, lat: float, reach: float) -> tuple[Rows, bool]:
        """At least every row within `reach` metres, and whether that is all there is."""
        high = np.degrees(reach / EARTH_RADIUS) * 1.000_001
        furthest = abs(lat) + high
        wide = high / np.cos(np.radians(furthest)) if furthest < _GREATEST_LATITUDE else 360.0
        if lon - wide < -180 or lon + wide > 180 or furthest >= _GREATEST_LATITUDE:
            return self.order.astype(np.int64), True
        x0, x1 = (lon - wide) / 360 + 0.5 - 1e-7, (lon + wide) / 360 + 0.5 + 1e-7
        return self._near(x0, _mercator(lat + high) - 1e-7, x1, _mercator(lat - high) + 1e-7), False

    def clusters(self, zoom: int) -> Clusters:
        """How the points gather at a zoom, by the same cells as the page uses."""
        shift = 2 * (MAX_ZOOM - zoom)
        codes = self._code >> shift
        first = _firsts(codes)
        cell = np.full(len(self.table), -1, dtype=np.int64)
        cell[self.order] = np.cumsum(first) - 1
        starts = np.flatnonzero(first)
        column, row = _unwoven(codes[starts])
        return Clusters(cell, np.diff(np.append(starts, len(codes))), column, row, self.is_crowded(zoom))

    def standing(self, zoom: int, rows: Rows) -> NDArray[np.bool_]:
        """Which of some placed rows have a symbol of their own at this zoom, and are not only counted in a cluster."""
        stands = (np.asarray(self.table.flags)[rows] & ABNORMAL) != 0
        if not self.is_crowded(zoom):
            return np.ones(len(rows), dtype=np.bool_)
        start, end = self._runs(self._codes(self.x[rows], self.y[rows]) >> 2 * (MAX_ZOOM - zoom), zoom)
        alone: NDArray[np.bool_] = stands | (end - start == 1)
        return alone

    def is_alone(self, zoom: int, row: int) -> bool:
        """Whether a point has a symbol of its own at this zoom."""
        return bool(self.placed[row]) and bool(self.standing(zoom, np.array([row]))[0])


def _woven(column: Rows, row: Rows) -> Rows:
    """The bits of two numbers, a column's below a row's."""
    return _spread(column) | (_spread(row) << 1)


def _spread(values: Rows) -> Rows:
    for shift, bits in _SPREAD:
        values = (values | (values << shift)) & bits
    return values


def _unwoven(codes: Rows) -> tuple[Rows, Rows]:
    return _pressed(codes), _pressed(codes >> 1)


def _pressed(values: Rows) -> Rows:
    values = values & _SPREAD[-1][1]
    for (shift, _), (_, bits) in zip(reversed(_SPREAD), [*reversed(_SPREAD[:-1]), (0, 0x00000000FFFFFFFF)], strict=True):
        values = (values | (values >> shift)) & bits
    return values


def _firsts(codes: Rows) -> NDArray[np.bool_]:
    """Where each run of equal numbers begins."""
    first = np.ones(len(codes), dtype=np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=first[1:])
    return first


def _gathered(codes: Rows, count: Rows) -> tuple[Rows, Rows]:
    """Equal neighbours as one, with the sum of their counts."""
    if not len(codes):
        return codes, count
    starts = np.flatnonzero(_firsts(codes))
    return codes[starts], np.add.reduceat(count, starts)


def _cell_of(world: float, size: int) -> int:
    """Column or row of the deepest cells, held on the map."""
    return max(0, min((1 << _BITS) - 1, int(np.floor(world * (256.0 * 2.0**MAX_ZOOM) / size))))


def _inside(lon: Floats, lat: Floats, rings: Polygon) -> NDArray[np.bool_]:
    """Whether a ray to the east crosses the rings an odd number of times; `lat` ascends, so an edge looks only at its own band."""
    inside = np.zeros(len(lat), dtype=np.bool_)
    for ring in rings:
        line = np.asarray(ring, dtype=np.float64)
        for (x0, y0), (x1, y1) in zip(line.tolist(), np.roll(line, -1, axis=0).tolist(), strict=True):
            low, high = np.searchsorted(lat, (min(y0, y1), max(y0, y1)))
            if low < high:
                band = slice(int(low), int(high))
                inside[band] ^= lon[band] < x0 + (lat[band] - y0) * ((x1 - x0) / (y1 - y0))
    return inside


def _mercator(lat: float) -> float:
    clipped = max(-_GREATEST_LATITUDE, min(_GREATEST_LATITUDE, lat))
    return float(0.5 - np.log(np.tan(np.pi / 4 + np.radians(clipped) / 2)) / (2 * np.pi))
