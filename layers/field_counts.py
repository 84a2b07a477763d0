"""How many points of each field a table on the map holds, for the panel: from the columns alone, quick enough for the window's thread."""

from __future__ import annotations

import numpy as np

from weihai_command.domain.points import ABNORMAL, CLOSED, PointTable

from .kinds import state_of

Counts = dict[str, tuple[int, int, int]]


def field_counts(table: PointTable) -> Counts:
    """Field -> (all, abnormal, down) of the fields that hold something, in the order of `fields`; abnormal and down never overlap.

    What has no position is not counted; movers are down when they are lost.
    """
    flags = np.asarray(table.flags)
    # Field, symbol and two flags as one number: a single pass counts them all.
    code = np.left_shift(table.field, 10, dtype=np.uint16)
    code |= np.left_shift(table.symbol, 2, dtype=np.uint16)
    code |= flags & np.uint8(ABNORMAL | CLOSED)
    placed = np.isfinite(table.lon)
    counted = np.bincount(code if placed.all() else code[placed], minlength=len(table.fields) << 10).reshape(-1, 256, 4)
    is_down = np.zeros(256, np.bool_)
    is_down[: len(table.symbols)] = [state_of(name, False) in {"down", "lost"} for name in table.symbols]
    total = counted.sum(axis=(1, 2))
    abnormal = counted[:, :, [ABNORMAL, ABNORMAL | CLOSED]].sum(axis=(1, 2))
    down = counted[:, :, CLOSED].sum(axis=1) + counted[:, is_down, 0].sum(axis=1)
    rows = zip(table.fields, total.tolist(), abnormal.tolist(), down.tolist(), strict=False)
    return {field: (count, odd, out) for field, count, odd, out in rows if count}
