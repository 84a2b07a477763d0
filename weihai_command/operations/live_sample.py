"""Lets the sample city's vessels and vehicles report to the live seam; only an embedded exercise city has them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..domain.movers import TAIL, TAIL_STEP_S
from ..drill.sample_movers import Fleet, fleet
from .live import Live

SOURCE = "演练船舶与车辆"


class SampleFleet:
    """`begin` takes some 0.2 s (the coast is read) and belongs off the window's thread; `tick` some 0.1 ms."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._fleet: Fleet | None = None
        self._rows = np.empty(0, np.int64)
        self._told = 0.0

    def begin(self) -> None:
        """The movers with the way that they came in the last minutes."""
        ships, now = fleet(), self._live.now()
        self._live.introduce(dict(zip(ships.ids, ships.names, strict=True)))
        self._rows = self._live.rows(ships.ids)
        everyone, last = np.arange(len(ships)), now - ships.silent_s
        # The way at once and before the place: reports of minutes ago one by one would be drawn as lost.
        steps = [ships.at(everyone, last - back * TAIL_STEP_S) for back in range(TAIL, 0, -1)]
        self._live.trace(self._rows, np.stack([np.column_stack(step[:2]) for step in steps], axis=1), last - TAIL_STEP_S)
        self._bring(ships, everyone, last)
        self._told = now
        self._fleet = ships

    def tick(self) -> None:
        """Bring the reports that came due since the last call."""
        ships = self._fleet
        if ships is None:
            return
        now = self._live.now()
        due = ships.due(self._told, now)
        self._told = now
        if len(due):
            self._bring(ships, due, np.full(len(due), now))

    def _bring(self, ships: Fleet, which: NDArray[np.int64], at: NDArray[np.float64]) -> None:
        lon, lat, heading, speed = ships.at(which, at)
        for seconds, is_vehicle in sorted(set(zip(ships.period_s[which].tolist(), ships.is_vehicle[which].tolist(), strict=True))):
            some = (ships.period_s[which] == seconds) & (ships.is_vehicle[which] == is_vehicle)
            self._live.positions(
                self._rows[which[some]], lon[some], lat[some], heading[some], speed[some], at[some], period=seconds, source=SOURCE,
                kind="vehicle" if is_vehicle else "vessel",
            )
