"""When and how far the view moves. Pure."""

from __future__ import annotations

import math

from weihai_command.domain.point_index import MAX_ZOOM

Extent = tuple[float, float, float, float]


def is_central(place: tuple[float, float], extent: Extent | None) -> bool:
    """Whether a place (lon, lat) lies well inside the view (west, south, east, north), so that following need not move it."""
    if extent is None:
        return False
    west, south, east, north = extent
    margin_x, margin_y = (east - west) * 0.15, (north - south) * 0.15
    return west + margin_x <= place[0] <= east - margin_x and south + margin_y <= place[1] <= north - margin_y


def fitting_zoom(box: Extent, extent: Extent, zoom: float) -> int:
    """The deepest zoom that shows a cluster's box with some air; at least one deeper than now, so that a click does something."""
    wide = max((box[2] - box[0]) / (extent[2] - extent[0]), (box[3] - box[1]) / (extent[3] - extent[1]), 1e-9)
    return int(max(zoom + 1, min(MAX_ZOOM, math.floor(zoom + math.log2(0.8 / wide)))))


def spot(place: tuple[float, float], extent: Extent, size: tuple[int, int]) -> tuple[float, float]:
    """Where a place (lon, lat) stands in a view of this size, pixels from its left upper corner."""
    west, south, east, north = extent

    def up(lat: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))

    return (place[0] - west) / (east - west) * size[0], (up(north) - up(place[1])) / (up(north) - up(south)) * size[1]
