"""A mass of points as columns: what the map draws and the index answers from. No ids are looked up point by point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as column

import numpy as np
from numpy.typing import NDArray

from .fields import OTHER

#: Bits of `flags`: what must be seen; what is out of use though its symbol does not say so (a closed facility).
ABNORMAL, CLOSED = 1, 2


@dataclass(slots=True)
class PointTable:
    """`n` points of one kind, WGS-84 degrees.

    ids: n strings; lon, lat: float64 (n,); symbol: uint8 (n,), an index into `symbols` (names of resources/theme/symbols.svg);
    flags: uint8 (n,), bit 0 = abnormal (always drawn, on top), bit 1 = closed; labels: index -> text, for few points only.
    field: uint8 (n,), an index into `fields` (domain/fields.py, once operations/picture.py has gone over them); without it all are OTHER.
    suspect: (id, source, reason) of records whose position cannot be true; they are listed, never drawn.
    """

    kind: str
    ids: Sequence[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    symbol: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    symbols: tuple[str, ...]
    labels: dict[int, str] = column(default_factory=dict)
    suspect: list[tuple[str, str, str]] = column(default_factory=list)
    field: NDArray[np.uint8] = column(default_factory=lambda: np.zeros(0, np.uint8))
    fields: tuple[str, ...] = (OTHER,)

    def __post_init__(self) -> None:
        """A column of another length belongs to no point: all are OTHER then."""
        if len(self.field) != len(self.ids):
            self.field, self.fields = np.zeros(len(self.ids), np.uint8), (OTHER,)

    def __len__(self) -> int:
        return len(self.ids)
