"""What stands in the store of those that report by themselves: their rows in a table, and since when their states hold.

Rows are found by id, thousands at a time, without a dictionary of a third of a million strings.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..store.state_times import state_times
from .desk import Desk

Rows = NDArray[np.int64]


class PointRows:
    """Sorted once (350,000: some 0.2 s, off the window's thread); afterwards a thousand ids take about a millisecond."""

    def __init__(self, ids: Sequence[str]) -> None:
        kept = getattr(ids, "data", None)
        known = kept if isinstance(kept, np.ndarray) else np.array([each.encode() for each in ids] or [b""], dtype=np.bytes_)
        is_sorted = bool(np.all(known[:-1] <= known[1:]))
        self._order: Rows | None = None if is_sorted else np.argsort(known, kind="stable")
        self._sorted = known if self._order is None else known[self._order]
        self._count = len(ids)

    def find(self, ids: Sequence[str]) -> Rows:
        """Rows (n,), -1 where an id is not in the table."""
        if not self._count or not len(ids):
            return np.full(len(ids), -1, np.int64)
        wanted = np.array([each.encode() for each in ids], dtype=np.bytes_)
        # Of another width, the whole table would be copied to compare; what is cut off here differs below.
        at = np.minimum(np.searchsorted(self._sorted, wanted.astype(self._sorted.dtype)), self._count - 1)
        rows = at if self._order is None else self._order[at]
        return np.where(self._sorted[at] == wanted, rows, -1).astype(np.int64)


def stored_since(desk: Desk, kind: str, ids: Sequence[str], now: float) -> NDArray[np.float64]:
    """Epoch seconds (n,) since when the stored states hold, never later than `now`: a fast clock must not hold back all that follows."""
    return np.minimum(state_times(desk.store, kind, ids), now)
