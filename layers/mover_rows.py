"""Movers on the map: columns that follow the frames, their bytes for the page, and an index made only when a click asks.

Little endian. Head: int32 (8,) = [1, mode, version, m rows, bytes of meta, t tails, n movers, 0]; mode WHOLE forgets what the page has.
Then int32 row (m,), float32 x, y and heading (m,) each, int32 row (t,), float32 (t, TAIL, 2) tails, uint8 look (m,), JSON meta
{"names": {row: name}}, "" where a row has no name any more. Places are offsets from ORIGIN as in rows.py; what was forgotten has
UNPLACED in its look. No Qt here.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.movers import AGE, LATE, LOST, RESTS, TAIL, VEHICLE, MoverFrame
from weihai_command.domain.point_index import PointIndex, offsets
from weihai_command.domain.points import PointTable

from .kinds import MOVER_STATES
from .rows import PATCH, UNPLACED, WHOLE

KIND = "movers"
#: Fields that movers belong to: vessels to the first, vehicles to the second.
MOVER_FIELDS = ("marine", "traffic")
_FIRST = 256
_LOOKS = np.arange(256, dtype=np.uint8)
#: Look -> its number in MOVER_STATES, the gravest first; look -> its number in MOVER_FIELDS.
_STATE = np.select([(_LOOKS & AGE) >= LOST, (_LOOKS & AGE) == LATE, (_LOOKS & RESTS) != 0], [3, 2, 1], 0).astype(np.uint8)
_FIELD = ((_LOOKS & VEHICLE) != 0).astype(np.uint8)


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
        self._change_owners(frame.owners)
        self._make_room(frame.count)
        rows, tailed = frame.rows, frame.tailed
        self.lon[rows], self.lat[rows] = frame.lon, frame.lat
        self.heading[rows], self.look[rows] = frame.heading, frame.look
        self.tail[tailed] = frame.tails
        self._moved[rows], self._tailed[tailed] = self.version, self.version
        self._names |= {row: (self.version, name) for row, name in frame.names.items()}

    def _change_owners(self, owners: dict[int, str]) -> None:
        for row in owners:
            self._row_of.pop(self.ids[row], None)
        for row, ident in owners.items():
            self.ids[row] = ident
            if ident:
                self._row_of[ident] = row

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

    def tally(self) -> tuple[int, int, int]:
        """(movers with a position, those late, those lost among them)."""
        age = self.look[: len(self)][np.isfinite(self.lon[: len(self)])] & AGE
        return len(age), int(np.count_nonzero(age == LATE)), int(np.count_nonzero(age == LOST))

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
            self._index = (self.version, PointIndex(self.table()))
        return self._index[1]

    def table(self) -> PointTable:
        """The movers as they are now; their symbols are the codes of their states, for the page draws a mover from its look."""
        look = self.look[: len(self)]
        flags = np.zeros(len(self), np.uint8)
        lon, lat = self.lon[: len(self)].copy(), self.lat[: len(self)].copy()
        return PointTable(KIND, self.ids, lon, lat, _STATE[look], flags, MOVER_STATES, field=_FIELD[look], fields=MOVER_FIELDS)


def _places(lon: NDArray[np.float64], lat: NDArray[np.float64], empty: float = 0.0) -> tuple[NDArray[Any], NDArray[Any]]:
    with np.errstate(invalid="ignore"):
        x, y = offsets(lon, lat)
    return np.nan_to_num(x, nan=empty).astype("<f4"), np.nan_to_num(y, nan=empty).astype("<f4")
