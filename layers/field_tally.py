"""Counts by field for the panel's tree, a moment after something changed: what changes ten times a second is counted twice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer

from weihai_command.domain.points import PointTable

from .field_counts import Counts, field_counts
from .mover_rows import KIND as MOVERS
from .page_feeds import PageFeeds

WAIT_MS = 400


class FieldTally(QObject):
    """`tell(kind, counts)` is called with the numbers of what the map holds."""

    def __init__(self, feeds: PageFeeds, tell: Callable[[str, Counts], None], parent: QObject) -> None:
        super().__init__(parent)
        self._feeds, self._tell = feeds, tell
        self._due: set[str] = set()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._count)

    def note(self, kind: str) -> None:
        """A kind changed."""
        self._due.add(kind)
        if not self._timer.isActive():
            self._timer.start()

    def _count(self) -> None:
        due, self._due = self._due, set()
        for kind in sorted(due):
            table = _placed(self._feeds.movers.table()) if kind == MOVERS else self._feeds.index[kind].table
            self._tell(kind, field_counts(table))


def _placed(table: PointTable) -> PointTable:
    """Without the movers that have no position: they are not on the map."""
    rows = np.flatnonzero(np.isfinite(table.lon))
    lon, lat, symbol, flags, field = (column[rows] for column in (table.lon, table.lat, table.symbol, table.flags, table.field))
    return PointTable(table.kind, range(len(rows)), lon, lat, symbol, flags, table.symbols, field=field, fields=table.fields)  # type: ignore[arg-type]
