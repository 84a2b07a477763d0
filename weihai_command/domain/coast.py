"""Where land ends: whether a straight way leads over the sea. Pure; the land's outlines are handed in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .geometry import flat_m

#: A creek or a harbour basin is driven around; outlines are known to some 160 m.
NARROW_M = 500.0


@dataclass(frozen=True, slots=True)
class Coast:
    """All edges of the land's outlines: float64 (n, 4) as lon, lat, lon, lat in WGS-84 degrees. Rings must not overlap."""

    edges: NDArray[np.float64]

    @classmethod
    def of(cls, rings: Iterable[Iterable[tuple[float, float]]]) -> Coast:
        """From closed rings of (lon, lat)."""
        closed = [np.asarray(list(ring), dtype=np.float64)[:, :2] for ring in rings]
        # Column after column in memory: every question runs through whole columns.
        return cls(np.asfortranarray(np.concatenate([np.hstack([ring[:-1], ring[1:]]) for ring in closed])))

    def is_land(self, lon: float, lat: float) -> bool:
        """Even-odd rule: a ray to the east meets an odd number of outlines."""
        return bool(self._are_land(np.array([lon]), np.array([lat]))[0])

    def _are_land(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """is_land of several places (n,)."""
        first, last = self.edges[:, 1], self.edges[:, 3]
        lowest, highest = lat.min(), lat.max()
        beside = ((first > lowest) | (last > lowest)) & ((first <= highest) | (last <= highest))
        west, south, east, north = self.edges[beside].T
        here_lon, here_lat = lon[:, None], lat[:, None]
        crosses = (south > here_lat) != (north > here_lat)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = west + (here_lat - south) / (north - south) * (east - west)
        odd: NDArray[np.bool_] = np.count_nonzero(crosses & (at > here_lon), axis=1) % 2 == 1
        return odd

    def sea_m(self, lon1: float, lat1: float, lon2: float, lat2: float) -> float:
        """Metres of the straight way that lie over the sea."""
        at = np.array([0.0, *sorted(self._meetings(lon1, lat1, lon2, lat2)), 1.0])
        # Between two meetings with an outline the way is wholly on land or wholly on the sea. Each piece is asked for itself: through a
        # corner a meeting may be counted twice or not at all, and taking turns would then be wrong for the rest of the way.
        middles = (at[:-1] + at[1:]) / 2
        wet = ~self._are_land(lon1 + middles * (lon2 - lon1), lat1 + middles * (lat2 - lat1))
        share = float(np.diff(at)[wet].sum())
        return share * flat_m(lon1, lat1, lon2, lat2)

    def _meetings(self, lon1: float, lat1: float, lon2: float, lat2: float) -> list[float]:
        """Where the way meets outlines, as shares of its length."""
        dx, dy = lon2 - lon1, lat2 - lat1
        beside = (self.edges[:, 0] - lon1) * dy - (self.edges[:, 1] - lat1) * dx
        beyond = (self.edges[:, 2] - lon1) * dy - (self.edges[:, 3] - lat1) * dx
        # Only edges with one end on either side can be met; nearly all lie on one.
        west, south, east, north = self.edges[beside * beyond <= 0].T
        ex, ey = east - west, north - south
        cross = dx * ey - dy * ex
        with np.errstate(divide="ignore", invalid="ignore"):
            along = ((west - lon1) * ey - (south - lat1) * ex) / cross
            on_edge = ((west - lon1) * dy - (south - lat1) * dx) / cross
        return [float(each) for each in along[(cross != 0) & (along > 0) & (along < 1) & (on_edge >= 0) & (on_edge <= 1)]]

    def parts(self, lon1: float, lat1: float, lon2: float, lat2: float) -> bool:
        """True when no land crew would go this way."""
        return self.sea_m(lon1, lat1, lon2, lat2) > NARROW_M
