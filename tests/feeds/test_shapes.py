"""Representative points of geometries."""

from __future__ import annotations

import pytest

from weihai_command.feeds.shapes import BadGeometry, representative

SQUARE = [[122.0, 37.0], [122.2, 37.0], [122.2, 37.2], [122.0, 37.2], [122.0, 37.0]]


@pytest.mark.parametrize(("geometry", "point"), [
    ({"type": "Point", "coordinates": [122.1, 37.5]}, (122.1, 37.5)), ({"type": "Point", "coordinates": [122.1, 37.5, 12]}, (122.1, 37.5)),
    ({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]}, (1, 2)), ({"type": "LineString", "coordinates": [[0, 0], [1, 0], [1, 3]]}, (1, 1)),
    ({"type": "LineString", "coordinates": [[1, 2]]}, (1, 2)), ({"type": "LineString", "coordinates": [[1, 2], [1, 2]]}, (1, 2)),
    ({"type": "MultiLineString", "coordinates": [[[9, 9], [9, 9.5]], [[0, 0], [4, 0]]]}, (2, 0)),
    ({"type": "Polygon", "coordinates": [SQUARE]}, (122.1, 37.1)), ({"type": "Polygon", "coordinates": [[[1, 1], [1, 1], [1, 1]]]}, (1, 1)),
    ({"type": "MultiPolygon", "coordinates": [[[[0, 0], [.1, 0], [0, .1], [0, 0]]], [SQUARE]]}, (122.1, 37.1)),
    ({"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [5, 6]}]}, (5, 6)),
    ({"type": "GeometryCollection", "geometries": []}, None), ({"type": "Point", "coordinates": []}, None), (None, None),
])
def test_the_point(geometry, point) -> None:
    found = representative(geometry)
    assert found == (pytest.approx(point) if point else None)


@pytest.mark.parametrize("geometry", [
    5, "Point", {"type": "Circle", "coordinates": [1, 2]}, {"type": "Point"}, {"type": "Point", "coordinates": ["122", "37"]},
    {"type": "Point", "coordinates": [1]}, {"type": "Point", "coordinates": [True, 1]}, {"type": "LineString", "coordinates": [[1, 2], [3]]},
    {"type": "Polygon", "coordinates": [5]}, {"type": "MultiPolygon", "coordinates": [[]]}, {"type": "Polygon", "coordinates": [[]]},
    {"type": "MultiLineString", "coordinates": [5]}, {"type": "MultiPolygon", "coordinates": [5]}, {"type": "Point", "coordinates": {"lon": 1}},
])
def test_what_is_no_geometry_is_said(geometry) -> None:
    with pytest.raises(BadGeometry):
        representative(geometry)
