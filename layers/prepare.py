"""Bakes the base map: `python -m layers.prepare` turns resources/geo into resources/map/base.bin and names.json.

Run by hand when the geography changes; the program only reads the results. Never imported at a start (shapely).

base.bin, little endian: uint32 [1, lines]; uint32 (lines, 3) of (role, first point, points); float32 (points, 2) of web-mercator
offsets from `layers.rows.ORIGIN`, one world being 1 wide.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from layers.roles import Role
from layers.rows import ORIGIN, offsets

#: Borders nearer to the sea than this (degrees) run along the shore and are not drawn: the coast line is there already.
SHORE = 0.006
#: A shore that the two sources trace a little apart leaves slivers; a district reaches this far (degrees) to take them in.
REACH = 0.012


def _features(name: str) -> list[dict[str, Any]]:
    path = files("resources") / "geo" / name
    return list(json.loads(path.read_text(encoding="utf-8"))["features"])


def _shapes(name: str) -> list[BaseGeometry]:
    return [shapely.make_valid(shape(feature["geometry"])) for feature in _features(name)]


def _districts() -> dict[str, BaseGeometry]:
    found = zip(_features("districts_wgs84.geojson"), _shapes("districts_wgs84.geojson"), strict=True)
    return {f["properties"]["name"]: s for f, s in found if f["properties"]["adcode"] != "371000"}


def _city_land(land: BaseGeometry, city: BaseGeometry) -> BaseGeometry:
    """The land of the city: district area, and the slivers and islets between it and the traced shore."""
    inside = land.intersection(city)
    rest = land.difference(city)
    near = [part for part in shapely.get_parts(rest) if part.within(city.buffer(REACH))]
    return shapely.unary_union([inside, *near])


def _borders(districts: dict[str, BaseGeometry], land: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """(between districts, around the city), inland only."""
    inland = land.buffer(-SHORE)
    city = shapely.unary_union([area.buffer(1e-5) for area in districts.values()])
    rim = city.boundary
    # Two districts trace their common border twice, some metres apart: keep one of the two lines.
    kept: list[BaseGeometry] = []
    for area in districts.values():
        line = area.boundary.difference(rim.buffer(4e-4)).intersection(inland)
        kept.append(line.difference(shapely.unary_union(kept).buffer(8e-4)) if kept else line)
    return _joined(shapely.unary_union(kept)), _joined(rim.intersection(inland))


def _joined(lines: BaseGeometry) -> BaseGeometry:
    merged = shapely.line_merge(lines)
    return shapely.MultiLineString([part for part in shapely.get_parts(merged) if part.length > 0.01])


def _coordinates(geometry: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring)
        elif part.geom_type == "LineString":
            yield shapely.get_coordinates(part)
        elif part.geom_type in {"MultiPolygon", "MultiLineString", "GeometryCollection"}:
            yield from _coordinates(part)


def _region(land_box: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """(land, coast) beyond the box that is traced in full; the cuts at the box and at the edge of the source are no coast."""
    far = shapely.simplify(shapely.unary_union(_shapes("gshhg_h_region_land.geojson")), 0.006)
    edge = box(*far.bounds).boundary.buffer(0.01)
    return far.difference(land_box), _joined(far.boundary.difference(land_box).difference(edge))


def parts() -> list[tuple[Role, BaseGeometry]]:
    """What the base map is made of, in the order in which it is painted."""
    traced = _shapes("gshhg_f_land.geojson")
    land = shapely.unary_union(traced)
    districts = _districts()
    city = _city_land(land, shapely.unary_union(list(districts.values())))
    inner, rim = _borders(districts, land)
    coast = [shape(feature["geometry"]) for feature in _features("gshhg_f_coast.geojson")]
    region, region_coast = _region(box(*land.bounds))
    return [
        (Role.REGION, region),
        (Role.REGION_COAST, region_coast),
        (Role.LAND_OUT, land),
        (Role.LAND, city),
        (Role.COAST, shapely.GeometryCollection(coast)),
        (Role.DISTRICT, inner),
        (Role.CITY, rim),
        (Role.OVERVIEW, shapely.simplify(city, 0.004)),
    ]


def pack(pieces: Iterable[tuple[Role, BaseGeometry]]) -> bytes:
    """The bytes of base.bin."""
    table: list[tuple[int, int, int]] = []
    points: list[NDArray[np.float32]] = []
    first = 0
    for role, geometry in pieces:
        for line in _coordinates(geometry):
            if len(line) < 2:
                continue
            table.append((int(role), first, len(line)))
            points.append(np.column_stack(offsets(line[:, 0], line[:, 1])))
            first += len(line)
    head = np.array([1, len(table)], dtype="<u4")
    return head.tobytes() + np.array(table, dtype="<u4").tobytes() + np.concatenate(points).astype("<f4").tobytes()


#: Names that are common knowledge and stand in no data set at hand: text, longitude, latitude, kind, from zoom, to zoom.
_KNOWN = [
    ("黄 海", 122.42, 37.56, "sea", 8, 22), ("黄 海", 121.95, 36.70, "sea", 8, 22), ("黄 海", 122.80, 37.05, "sea", 8, 22),
    ("渤 海", 120.20, 38.30, "sea", 6, 9), ("威海湾", 122.185, 37.455, "bay", 11, 22), ("桑沟湾", 122.545, 37.105, "bay", 10, 22),
    ("石岛湾", 122.475, 36.915, "bay", 11, 22), ("刘公岛", 122.187, 37.5035, "island", 11, 22),
    ("烟台市", 120.98, 37.30, "beyond", 8, 10),
]


def names() -> dict[str, Any]:
    """Places with a name: {"districts": [...], "towns": [...], "others": [...]}, each [text, dx, dy, kind, from zoom, to zoom]."""
    def row(text: str, lon: float, lat: float, kind: str, low: int, high: int) -> list[Any]:
        x, y = offsets(np.array([lon]), np.array([lat]))
        return [text, round(float(x[0]), 9), round(float(y[0]), 9), kind, low, high]

    land = shapely.unary_union(_shapes("gshhg_f_land.geojson"))
    result = [row(*known) for known in _KNOWN]
    for name, area in _districts().items():
        spot = shapely.maximum_inscribed_circle(area.intersection(land)).coords[0]
        result.append(row(name, spot[0], spot[1], "district", 8, 10))
    for feature in _features("towns_points.geojson"):
        lon, lat = feature["geometry"]["coordinates"]
        street = feature["properties"]["name"].endswith("街道")
        result.append(row(feature["properties"]["name"], lon, lat, "town", 11 if street else 10, 22))
    return {"origin": list(ORIGIN), "places": result}


def main() -> None:
    """Write both files beside the page."""
    target = Path(str(files("resources") / "map"))
    (target / "base.bin").write_bytes(pack(parts()))
    text = json.dumps(names(), ensure_ascii=False, separators=(",", ":"))
    (target / "names.json").write_text(text.replace("],[", "],\n[") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
