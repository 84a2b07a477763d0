"""Hot spots of incidents in space and time. Numpy only: no clock, no files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Kilometres of a degree of latitude.
KM_LAT = 111.195


def by_hour(times: Sequence[datetime]) -> NDArray[np.int64]:
    """(7, 24): how many of the times fall on each weekday (Monday first) and hour, by their own zone."""
    found = np.zeros((7, 24), np.int64)
    for at in times:
        found[at.weekday(), at.hour] += 1
    return found


def density(lon: Floats, lat: Floats, box: tuple[float, float, float, float], columns: int, reach_km: float) -> Floats:
    """(rows, columns), north first: incidents per cell, each spread as a bell of `reach_km` over the box (west, south, east, north).

    Cells are about as high as wide on the ground. The bells keep what leaves the box outside it, so the sum is at most n.
    """
    west, south, east, north = box
    wide = (east - west) * KM_LAT * np.cos(np.radians((south + north) / 2)) / columns
    rows = max(1, round((north - south) * KM_LAT / wide))
    x = (np.asarray(lon) - west) / (east - west) * columns - 0.5
    y = (north - np.asarray(lat)) / (north - south) * rows - 0.5
    reach = reach_km / wide
    across, down = _bell(x, columns, reach), _bell(y, rows, reach)
    found: Floats = down.T @ across
    return found


def _bell(at: Floats, count: int, reach: float) -> Floats:
    """(n, count): how much of each point falls on each cell of one axis."""
    away = np.arange(count)[None, :] - at[:, None]
    bell: Floats = np.exp(-0.5 * (away / reach) ** 2) / (reach * np.sqrt(2 * np.pi))
    return bell
