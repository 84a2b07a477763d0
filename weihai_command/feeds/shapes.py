"""One point that stands for a GeoJSON geometry, WGS-84 degrees: on the line, in the middle of the area. No I/O, no projection."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

Point = tuple[float, float]


class BadGeometry(ValueError):
    """The geometry is none: the reason in Chinese."""


def representative(geometry: Any) -> Point | None:
    """Lon and lat of the point, halfway line or area's centroid; None for no geometry. Raises BadGeometry."""
    if geometry is None:
        return None
    if not isinstance(geometry, dict):
        raise BadGeometry("应为 GeoJSON 几何对象")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        return representative(parts[0]) if isinstance(parts, list) and parts else None
    if kind not in _BY_KIND:
        raise BadGeometry(f"不认识的几何类型 {kind}")
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise BadGeometry("缺少坐标 coordinates")
    return _BY_KIND[kind](coordinates) if coordinates else None


def _point(raw: Any) -> Point:
    if not isinstance(raw, list) or len(raw) < 2 or any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in raw[:2]):
        raise BadGeometry("坐标不是数字")
    return float(raw[0]), float(raw[1])


def _points(raw: Any) -> list[Point]:
    if not isinstance(raw, list) or not raw:
        raise BadGeometry("坐标列表为空或不完整")
    return [_point(item) for item in raw]


def _length(points: list[Point]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(points))


def _line(raw: Any) -> Point:
    """The point halfway along."""
    points = _points(raw)
    left = _length(points) / 2
    for a, b in pairwise(points):
        step = math.dist(a, b)
        if step and step >= left:
            return a[0] + (b[0] - a[0]) * left / step, a[1] + (b[1] - a[1]) * left / step
        left -= step
    return points[-1]


def _polygon(raw: Any) -> Point:
    """The centroid of the outer ring, relative to its first point so that small areas keep their digits."""
    ring = _points(raw[0] if isinstance(raw, list) and raw else None)
    x0, y0 = ring[0]
    area = x = y = 0.0
    for (ax, ay), (bx, by) in pairwise([*ring, ring[0]]):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        area += cross
        x += (ax + bx - 2 * x0) * cross
        y += (ay + by - 2 * y0) * cross
    return (x0 + x / (3 * area), y0 + y / (3 * area)) if abs(area) > 1e-15 else ring[0]


def _multi_line(raw: Any) -> Point:
    return _line(max(raw, key=lambda part: _length(_points(part))))


def _multi_polygon(raw: Any) -> Point:
    return _polygon(max(raw, key=lambda part: _area(_points(part[0] if isinstance(part, list) and part else None))))


def _area(ring: list[Point]) -> float:
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise([*ring, ring[0]])))


_BY_KIND = {
    "Point": _point, "MultiPoint": lambda raw: _points(raw)[0], "LineString": _line, "MultiLineString": _multi_line,
    "Polygon": _polygon, "MultiPolygon": _multi_polygon,
}
