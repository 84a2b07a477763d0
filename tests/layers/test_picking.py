from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from layers.kinds import LAYERS
from layers.picking import hit
from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL

PLACE = (122.15, 37.40)
ALL = {spec.kind: True for spec in LAYERS}


def city(table: Callable[..., Any], kinds: list[str]) -> dict[str, PointIndex]:
    """One point of each kind, all on one spot; "sensors!" is an abnormal one."""
    flags = {kind.rstrip("!"): [ABNORMAL if kind.endswith("!") else 0] for kind in kinds}
    return {kind: PointIndex(table(kind, [PLACE], flags=flag)) for kind, flag in flags.items()}


@pytest.mark.parametrize("above, below", [
    ("incidents", "units"), ("units", "sensors!"), ("sensors!", "facilities"), ("facilities", "sensors"), ("sensors", "video_points"),
])
def test_the_order_of_the_layers(table: Callable[..., Any], above: str, below: str) -> None:
    assert hit(city(table, [above, below]), ALL, *PLACE, 12) == (above.rstrip("!"), above.rstrip("!") + "-0")


def test_reach_is_the_symbol_and_a_little(table: Callable[..., Any]) -> None:
    index, pixel = city(table, ["incidents"]), 360 / (256 * 2**12)
    assert hit(index, ALL, PLACE[0] + 14 * pixel, PLACE[1], 12)
    assert hit(index, ALL, PLACE[0] + 17 * pixel, PLACE[1], 12) is None


def test_what_only_a_cluster_shows_is_not_picked(table: Callable[..., Any]) -> None:
    places = [(PLACE[0] + x, PLACE[1] + y) for x, y in np.random.default_rng(2).normal(0, 0.02, (400, 2))]
    index = {"video_points": PointIndex(table("video_points", [PLACE, *places]))}
    assert hit(index, ALL, *PLACE, 10) is None
    assert hit(index, ALL, *PLACE, 18) == ("video_points", "video_points-0")


def test_hidden_layers_hidden_normals_and_chips_are_left_out(table: Callable[..., Any]) -> None:
    index = city(table, ["sensors"])
    assert hit(index, ALL, *PLACE, 12)
    assert hit(index, {**ALL, "sensors": False}, *PLACE, 12) is None
    assert hit(index, {**ALL, "sensors.normal": False}, *PLACE, 12) is None
    assert hit(index, ALL, *PLACE, 12, only_standing=True) is None
    assert hit(city(table, ["sensors!"]), {**ALL, "sensors.normal": False}, *PLACE, 12, only_standing=True)
