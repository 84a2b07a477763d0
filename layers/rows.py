"""Binary rows: a PointTable as the bytes that the page draws from, whole or as a patch. No Qt here.

Little endian. Head: int32 (8,) = [1, mode, version, n, bytes of meta, m, crowded, 0]; then
mode WHOLE: float32 x (n,), float32 y (n,), int32 order (m,), uint8 symbol (n,), uint8 flags (n,), uint8 field (n,), JSON meta
{"symbols": [...], "fields": [...], "labels": {...}}, where `order` and `crowded` are the PointIndex's own: the page sorts and judges nothing;
mode PATCH: int32 row (n,), uint8 symbol (n,), uint8 flags (n,).
"""

from __future__ import annotations

import json

import numpy as np
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


class KindRows:
    """The rows of one kind with their version: answers a page that has an older one with as little as will do."""

    def __init__(self, index: PointIndex, version: int) -> None:
        self.index, self.table = index, index.table
        self.version = version
        self._since = version
        self._patches: list[tuple[int, NDArray[np.int32]]] = []

    def patch(self, rows: NDArray[np.integer], symbol: Bytes, flags: Bytes) -> None:
        """Set symbol and flags of some rows; the geometry stays."""
        self.table.symbol[rows] = symbol
        self.table.flags[rows] = flags
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
        head = _head(PATCH, self.version, len(rows))
        return head + rows.astype("<i4").tobytes() + self._states(rows)

    def _states(self, rows: NDArray[np.integer] | slice) -> bytes:
        symbol = np.asarray(self.table.symbol, dtype=np.uint8)[rows]
        flags = np.asarray(self.table.flags, dtype=np.uint8)[rows] | np.where(self.index.placed[rows], 0, UNPLACED).astype(np.uint8)
        return symbol.tobytes() + flags.tobytes()

    def _whole(self) -> bytes:
        index, labels = self.index, {str(row): text for row, text in self.table.labels.items()}
        words = {"symbols": list(self.table.symbols), "fields": list(self.table.fields), "labels": labels}
        meta = json.dumps(words, ensure_ascii=False).encode()
        head = _head(WHOLE, self.version, len(self.table), len(meta), len(index.order), index.crowded)
        columns = (index.x.astype("<f4", copy=False), index.y.astype("<f4", copy=False), index.order.astype("<i4", copy=False))
        field = np.asarray(self.table.field, dtype=np.uint8).tobytes()
        return b"".join([head, *(column.tobytes() for column in columns), self._states(slice(None)), field, meta])
