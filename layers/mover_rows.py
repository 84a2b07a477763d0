"""Movers on the map: columns that follow the frames, their bytes for the page, and an index made only when a click asks.

Little endian. Head: int32 (8,) = [1, mode, version, m rows, bytes of meta, t tails, n movers, 0]; mode WHOLE forgets what the page has.
Then int32 row (m,), float32 x, y and heading (m,) each, int32 row (t,), float32 (t, TAIL, 2) tails, uint8 look (m,), JSON meta
{"names": {row: name}}. Places are offsets from ORIGIN as in rows.py. No Qt here.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.movers import AGE, LOST, TAIL, MoverFrame
from weihai_command.domain.point_index import PointIndex, offsets
from weihai_command.domain.points import PointTable

from .rows import PATCH, UNPLACED, WHOLE

KIND = "movers"
_FIRST = 256


class MoverRows:
    """All movers with the version at which each last changed: a page that lags behind is given just that."""

    def __init__(self) -> None:
        self.version = 0
        self.ids: list[str] = []
        self.lon, self.lat = np.full(_FIRST, np.nan), np.full(_FIRST, np.nan)
        self.heading = np.full(_FIRST, np.nan, np.float32)
        self.look = np.zeros(_FIRST, np.uint8)
        self.tail = np.full((_FIRST, TAIL, 2), np.nan)
        self._moved, self._tailed = np.zeros(_FIRST, np.int64), np.zeros(_FIRST, np.int64)
        self._names: dict[int, tuple[int, str]] = {}
        self._row_of: dict[str, int] = {}
        self._index: tuple[int, PointIndex] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, frame: MoverFrame) -> None:
        """Follow a frame; frames come in their order."""
        self.version += 1
        self._row_of |= {ident: len(self.ids) + place for place, ident in enumerate(frame.new)}
        self.ids += frame.new
        self._make_room(frame.count)
        rows, tailed = frame.rows, frame.tailed
        self.lon[rows], self.lat[rows] = frame.lon, frame.lat
        self.heading[rows], self.look[rows] = frame.heading, frame.look
        self.tail[tailed] = frame.tails
        self._moved[rows], self._tailed[tailed] = self.version, self.version
        self._names |= {row: (self.version, name) for row, name in frame.names.items()}

    def _make_room(self, count: int) -> None:
        if count <= len(self.look):
            return
        room = max(count, 2 * len(self.look))
        for name, empty in (("lon", np.nan), ("lat", np.nan), ("heading", np.nan), ("look", 0), ("tail", np.nan), ("_moved", 0), ("_tailed", 0)):
            old = getattr(self, name)
            longer = np.full((room, *old.shape[1:]), empty, old.dtype)
            longer[: len(old)] = old
            setattr(self, name, longer)

    def row(self, ident: str) -> int | None:
        """The row of a mover that has a position."""
        row = self._row_of.get(ident)
        return row if row is not None and np.isfinite(self.lon[row]) else None

    def tally(self) -> tuple[int, int]:
        """(movers with a position, those lost among them)."""
        placed = np.isfinite(self.lon[: len(self)])
        lost = placed & ((self.look[: len(self)] & AGE) == LOST)
        return int(np.count_nonzero(placed)), int(np.count_nonzero(lost))

    def answer(self, have: int) -> bytes:
        """The bytes that bring a page from version `have` (0 = nothing) to the newest."""
        mode = PATCH if 0 < have <= self.version else WHOLE
        since = have if mode == PATCH else -1
        rows = np.flatnonzero(self._moved[: len(self)] > since)
        tailed = np.flatnonzero(self._tailed[: len(self)] > max(since, 0))
        names = {row: name for row, (version, name) in self._names.items() if version > since}
        meta = json.dumps({"names": names}, ensure_ascii=False).encode() if names else b""
        lon, lat = self.lon[rows], self.lat[rows]
        look = self.look[rows] | np.where(np.isfinite(lon), 0, UNPLACED).astype(np.uint8)
        head = np.array([1, mode, self.version, len(rows), len(meta), len(tailed), len(self), 0], "<i4")
        x, y = _places(lon, lat)
        tails = np.stack(_places(self.tail[tailed, :, 0], self.tail[tailed, :, 1], np.nan), axis=-1)
        parts = (head, rows.astype("<i4"), x, y, self.heading[rows].astype("<f4"), tailed.astype("<i4"), tails, look)
        return b"".join(part.tobytes() for part in parts) + meta

    def index(self) -> PointIndex:
        """An index of the places as they are now; made when asked for (20,000: some 5 ms) and kept until something moves."""
        if self._index is None or self._index[0] != self.version:
            count = len(self)
            zeros = np.zeros(count, np.uint8)
            table = PointTable(KIND, self.ids, self.lon[:count].copy(), self.lat[:count].copy(), zeros, zeros, ("ves",))
            self._index = (self.version, PointIndex(table))
        return self._index[1]


def _places(lon: NDArray[np.float64], lat: NDArray[np.float64], empty: float = 0.0) -> tuple[NDArray[Any], NDArray[Any]]:
    with np.errstate(invalid="ignore"):
        x, y = offsets(lon, lat)
    return np.nan_to_num(x, nan=empty).astype("<f4"), np.nan_to_num(y, nan=empty).astype("<f4")
