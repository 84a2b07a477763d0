"""Which mark lies under a click. Decided here, from the index; the page only says where the click was."""

from __future__ import annotations

from collections.abc import Mapping

from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL

from .kinds import BY_KIND, LayerSpec, normal_key

#: Whose mark wins where several lie under the pointer; True = only the abnormal ones of the kind.
_ORDER: tuple[tuple[str, bool], ...] = (
    ("incidents", False), ("units", False), ("sensors", True), ("facilities", True), ("video_points", True), ("movers", False),
    ("facilities", False), ("sensors", False), ("video_points", False),
)
#: Pixels around a symbol that still count as a hit.
SLACK = 4


def hit(
    index: Mapping[str, PointIndex], visible: Mapping[str, bool], lon: float, lat: float, zoom: int, only_standing: bool = False
) -> tuple[str, str] | None:
    """(kind, id) of the uppermost mark at a place, or None for bare ground.

    only_standing: leave out the quiet masses, because a cluster's chip lies over them there.
    """
    for kind, abnormal in _ORDER:
        spec = BY_KIND[kind]
        if kind not in index or not visible.get(kind) or (only_standing and spec.clusters and not abnormal):
            continue
        row = _uppermost(index[kind], spec, abnormal, visible.get(normal_key(kind), True), (lon, lat, zoom))
        if row is not None:
            return kind, index[kind].table.ids[row]
    return None


def _uppermost(
    index: PointIndex, spec: LayerSpec, abnormal: bool, shows_normal: bool, place: tuple[float, float, int]
) -> int | None:
    lon, lat, zoom = place
    for row in index.click(lon, lat, zoom, spec.size / 2 + SLACK):
        is_abnormal = bool(index.table.flags[row] & ABNORMAL)
        if is_abnormal or not spec.clusters:
            return int(row)
        if not abnormal and shows_normal and index.is_alone(zoom, int(row)):
            return int(row)
    return None
