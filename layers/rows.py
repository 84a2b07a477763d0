"""Binary rows: a PointTable as the bytes that the page draws from, whole or as a patch. No Qt here.

Little endian. Head: int32 (8,) = [1, mode, version, n, bytes of meta, m, crowded, 0]; then
mode WHOLE: float32 x (n,), float32 y (n,), int32 order (m,), uint8 symbol (n,), uint8 flags (n,), uint8 field (n,), JSON meta
{"symbols": [...], "fields": [...], "labels": {...}}, where `order` and `crowded` are the PointIndex's own: the page sorts and judges nothing;
mode PATCH: int32 row (n,), uint8 symbol (n,), uint8 flags (n,), and where labels changed JSON meta {"labels": {...}} of these rows.
"""

from __future__ import annotations

from operator import is_not
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from weihai_command.domain.point_index import ORIGIN, PointIndex, offsets

WHOLE, PATCH = 0, 1
#: Flag bit of a row that must not be drawn because its position cannot be true.
UNPLACED = 128
#: Beyond so many patched rows a page that lags behind is given the whole table again.
_PATCH_LIMIT = 200_000

__all__ = ["ORIGIN", "PATCH", "UNPLACED", "WHOLE", "KindRows", "offsets"]

Bytes = NDArray[np.uint8]


def _head(mode: int, version: int, count: int, meta: int = 0, placed: int = 0, crowded: int = 0) -> bytes:
    return np.array([1, mode, version, count, meta, placed, crowded, 0], dtype="<i4").tobytes()


def _text(words: dict[str, Any]) -> bytes:
    # A hundred thousand labels take the window's thread 0.1 s when each row's number is made a word first.
    return orjson.dumps(words, option=orjson.OPT_NON_STR_KEYS)


class KindRows:
    """The rows of one kind with their version: answers a page that has an older one with as little as will do."""

    def __init__(self, index: PointIndex, version: int) -> None:
        self.index, self.table = index, index.table
        self.version = version
        self._since = version
        self._patches: list[tuple[int, NDArray[np.int32]]] = []
        #: Rows whose label changed -> the version since which it is this one.
        self._renamed: dict[int, int] = {}

    def patch(self, rows: NDArray[np.integer], symbol: Bytes, flags: Bytes) -> None:
        """Set symbol and flags of some rows; the geometry stays."""
        self.table.symbol[rows] = symbol
        self.table.flags[rows] = flags
        self._note(rows)

    def follow(self, index: PointIndex) -> bool:
        """Take another table of the same places as a patch of this one; False, and nothing taken, where more than states and labels differ."""
        new, old = index.table, self.table
        is_same = new.ids is old.ids and new.lon is old.lon and new.lat is old.lat and len(new.labels) == len(old.labels)
        if not is_same or new.symbols != old.symbols or new.fields != old.fields or not np.array_equal(new.field, old.field):
            return False
        labels = np.fromiter(map(is_not, new.labels.values(), old.labels.values()), bool, len(new.labels))
        renamed = np.fromiter(new.labels, np.intp, len(labels))[labels] if labels.any() else np.empty(0, np.intp)
        states = np.flatnonzero((np.asarray(new.symbol) != old.symbol) | (np.asarray(new.flags) != old.flags))
        self.index, self.table = index, new
        self._note(np.union1d(states, renamed))
        self._renamed |= dict.fromkeys(renamed.tolist(), self.version)
        return True

    def _note(self, rows: NDArray[np.integer]) -> None:
        self.version += 1
        self._patches.append((self.version, np.asarray(rows, dtype=np.int32)))
        while sum(len(rows) for _, rows in self._patches) > _PATCH_LIMIT:
            self._since = self._patches.pop(0)[0]

    def answer(self, have: int) -> bytes:
        """The bytes that bring a page from version `have` (0 = nothing) to the newest."""
        if have < self._since or have > self.version:
            return self._whole()
        late = [rows for version, rows in self._patches if version > have]
        rows = np.unique(np.concatenate(late)) if late else np.empty(0, dtype=np.int32)
        named = {row: self.table.labels[row] for row, version in self._renamed.items() if version > have}
        meta = _text({"labels": named}) if named else b""
        head = _head(PATCH, self.version, len(rows), len(meta))
        return head + rows.astype("<i4").tobytes() + self._states(rows) + meta

    def _states(self, rows: NDArray[np.integer] | slice) -> bytes:
        symbol = np.asarray(self.table.symbol, dtype=np.uint8)[rows]
        flags = np.asarray(self.table.flags, dtype=np.uint8)[rows] | np.where(self.index.placed[rows], 0, UNPLACED).astype(np.uint8)
        return symbol.tobytes() + flags.tobytes()

    def _whole(self) -> bytes:
        index, meta = self.index, _text({"symbols": self.table.symbols, "fields": self.table.fields, "labels": self.table.labels})
        head = _head(WHOLE, self.version, len(self.table), len(meta), len(index.order), index.crowded)
        columns = (index.x.astype("<f4", copy=False), index.y.astype("<f4", copy=False), index.order.astype("<i4", copy=False))
        field = np.asarray(self.table.field, dtype=np.uint8).tobytes()
        return b"".join([head, *(column.tobytes() for column in columns), self._states(slice(None)), field, meta])
