"""Which points the switches of the scene leave, by their states and fields: the page judges the same way. Numpy only, no Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.points import ABNORMAL, CLOSED, PointTable

from .kinds import field_key, state_key, state_of


def shown(table: PointTable, visible: Mapping[str, bool], rows: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of some rows are shown while their kind is, (m,)."""
    def is_on(state: str) -> bool:
        return visible.get(state_key(table.kind, state), True)

    flags = np.asarray(table.flags)[rows]
    # One entry more than names and codes, so that an empty table can be looked up too.
    by_symbol = np.array([*(is_on(state_of(name, False)) for name in table.symbols), True])[np.asarray(table.symbol)[rows]]
    by_state = np.select([(flags & ABNORMAL) != 0, (flags & CLOSED) != 0], [is_on("abnormal"), is_on("down")], by_symbol)
    by_field = np.array([*(visible.get(field_key(table.kind, code), True) for code in table.fields), True])[np.asarray(table.field)[rows]]
    found: NDArray[np.bool_] = by_state & by_field
    return found
