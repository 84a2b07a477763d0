"""A mass of points as columns: what the map draws and the index answers from. No ids are looked up point by point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

ABNORMAL = 1


@dataclass(slots=True)
class PointTable:
    """`n` points of one kind, WGS-84 degrees.

    ids: n strings; lon, lat: float64 (n,); symbol: uint8 (n,), an index into `symbols` (names of resources/theme/symbols.svg);
    flags: uint8 (n,), bit 0 = abnormal (always drawn, on top); labels: index -> text, for few points only.
    suspect: (id, source, reason) of records whose position cannot be true; they are listed, never drawn.
    """

    kind: str
    ids: Sequence[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    symbol: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    symbols: tuple[str, ...]
    labels: dict[int, str] = field(default_factory=dict)
    suspect: list[tuple[str, str, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)
