"""Incidents that the view does not show: how many, and one after the other."""

from __future__ import annotations

import numpy as np

from .controls import OutsideChip
from .page_feeds import PageFeeds
from .view_rules import Extent


class Outside:
    """Keeps the chip true; showing the next one is the person's wish, so the map may move."""

    def __init__(self, feeds: PageFeeds, chip: OutsideChip) -> None:
        self._feeds = feeds
        self._chip = chip
        self._extent: Extent | None = None
        self._shown = -1
        chip.clicked.connect(self.show_next)

    def refresh(self, extent: Extent | None) -> None:
        """Count anew for a view (west, south, east, north)."""
        self._extent = extent
        rows = self._rows()
        self._chip.show_count(len(rows), self._label(rows))

    def show_next(self) -> None:
        """Go to the first incident outside the view after the one shown last."""
        rows = self._rows()
        if not rows:
            return
        self._shown = self._next(rows)
        table = self._feeds.index["incidents"].table
        self._feeds.go(float(table.lon[self._shown]), float(table.lat[self._shown]), self._feeds.view["zoom"])

    def _rows(self) -> list[int]:
        index = self._feeds.index.get("incidents")
        if index is None or self._extent is None:
            return []
        inside = index.box(*self._extent)
        # np.setdiff1d would load numpy.ma, a fifth of a second of the start.
        outside = index.placed.copy()
        outside[inside] = False
        return list(np.flatnonzero(outside).tolist())

    def _next(self, rows: list[int]) -> int:
        return next((row for row in rows if row > self._shown), rows[0])

    def _label(self, rows: list[int]) -> str:
        if not rows:
            return ""
        table = self._feeds.index["incidents"].table
        return (table.labels.get(self._next(rows)) or "").split(" ")[0]
