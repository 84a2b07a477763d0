"""Which marks lie under a click. Decided here, from the index; the page only says where the click was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from weihai_command.domain.point_index import MAX_ZOOM, PointIndex, Rows
from weihai_command.domain.points import ABNORMAL

from .kinds import BY_KIND, LayerSpec, normal_key, state_key
from .showing import shown
from .view_rules import Extent

#: Whose mark wins where several lie under the pointer; True = only the abnormal ones of the kind.
_ORDER: tuple[tuple[str, bool], ...] = (
    ("incidents", False), ("units", False), ("sensors", True), ("facilities", True), ("video_points", True), ("movers", False),
    ("facilities", False), ("sensors", False), ("video_points", False),
)
#: Pixels around a symbol that still count as a hit.
SLACK = 4
#: Marks whose middles are no further apart at the last zoom (pixels) cannot be told apart by any: they are one stack.
STACK = 6.0

Mark = tuple[str, str]


def hit(
    index: Mapping[str, PointIndex], visible: Mapping[str, bool], lon: float, lat: float, zoom: int, only_standing: bool = False
) -> Mark | None:
    """(kind, id) of the uppermost mark at a place, or None for bare ground; see `under`."""
    found = next(under(index, visible, lon, lat, zoom, only_standing), None)
    return None if found is None else (found[0], index[found[0]].table.ids[found[1]])


def under(
    index: Mapping[str, PointIndex], visible: Mapping[str, bool], lon: float, lat: float, zoom: int, only_standing: bool = False
) -> Iterator[tuple[str, int]]:
    """(kind, row) of every mark that is drawn under a place, uppermost first.

    only_standing: leave out the quiet masses, because a cluster's chip lies over them there.
    """
    told: set[tuple[str, int]] = set()
    for kind, abnormal in _ORDER:
        spec = BY_KIND[kind]
        if kind not in index or not visible.get(kind) or (only_standing and spec.clusters and not abnormal):
            continue
        rows = _drawn(index[kind], spec, abnormal, _shows_mass(kind, visible), (lon, lat, zoom))
        for row in rows[shown(index[kind].table, visible, rows)].tolist():
            if (kind, row) not in told:
                told.add((kind, row))
                yield kind, row


def stack(
    index: Mapping[str, PointIndex], visible: Mapping[str, bool], lon: float, lat: float, zoom: int, only_standing: bool = False
) -> list[tuple[str, int]]:
    """(kind, row) of the uppermost mark at a place and of all that stand on its very spot; empty for bare ground."""
    found = list(under(index, visible, lon, lat, zoom, only_standing))
    if len(found) < 2:
        return found
    x, y = np.array([index[kind].world(row) for kind, row in found]).T
    is_near = np.hypot(x - x[0], y - y[0]) * 256 * 2.0**MAX_ZOOM <= STACK
    return [mark for mark, near in zip(found, is_near.tolist(), strict=True) if near]


def ids(index: Mapping[str, PointIndex], marks: list[tuple[str, int]]) -> list[Mark]:
    """(kind, id) of rows."""
    return [(kind, index[kind].table.ids[row]) for kind, row in marks]


def is_one_spot(box: Extent) -> bool:
    """Whether no zoom would take apart what lies in a box of degrees."""
    return max(box[2] - box[0], (box[3] - box[1]) * 1.3) / 360 * 256 * 2.0**MAX_ZOOM <= STACK


def _shows_mass(kind: str, visible: Mapping[str, bool]) -> bool:
    """Whether anything may show besides the abnormal points."""
    return visible.get(normal_key(kind), True) or visible.get(state_key(kind, "down"), True)


def _drawn(index: PointIndex, spec: LayerSpec, abnormal: bool, shows_normal: bool, place: tuple[float, float, int]) -> Rows:
    lon, lat, zoom = place
    rows = index.click(lon, lat, zoom, spec.size / 2 + SLACK)
    # Far out thousands lie in reach: they are judged together.
    if spec.clusters:
        is_odd = (np.asarray(index.table.flags)[rows] & ABNORMAL) != 0
        rows = rows[index.standing(zoom, rows) if shows_normal and not abnormal else is_odd]
    return rows
