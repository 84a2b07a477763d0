from __future__ import annotations

import pytest

from layers.status import metres_per_pixel, scale_step
from layers.view_rules import fitting_zoom, is_central

VIEW = (122.0, 37.0, 122.4, 37.4)


def test_following_moves_only_what_is_near_the_edge() -> None:
    assert is_central((122.2, 37.2), VIEW)
    assert not is_central((122.03, 37.2), VIEW)
    assert not is_central((122.2, 37.39), VIEW)
    assert not is_central((122.2, 37.2), None)


@pytest.mark.parametrize("box, zoom", [
    ((122.1, 37.1, 122.2, 37.2), 12), ((122.1, 37.1, 122.101, 37.101), 18), ((122.1, 37.1, 122.1, 37.1), 18), (VIEW, 12),
])
def test_a_cluster_opens_as_deep_as_it_fits_and_always_one_deeper(box: tuple, zoom: int) -> None:
    assert fitting_zoom(box, VIEW, 11) == zoom


@pytest.mark.parametrize("zoom, metres", [(8, 50_000), (11, 5_000), (12, 2_000), (18, 50)])
def test_the_scale_is_round_and_fits(zoom: int, metres: float) -> None:
    ground = metres_per_pixel(37.4, zoom)
    assert scale_step(ground, 128) == metres
    assert metres / ground <= 128
