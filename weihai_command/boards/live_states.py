"""Reported states of one kind, carried over to the rows of the table that the map shows; where the store knows newer, it stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.points import PointTable
from weihai_command.operations import picture
from weihai_command.operations.live import STATES
from weihai_command.operations.live_columns import StateFrame
from weihai_command.operations.live_rows import PointRows

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Patch = tuple[Rows, NDArray[np.uint8], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Found:
    """Of some ids that reported: their rows (n,) in a table, -1 where it has them not, and since when the store's states hold (n,)."""

    table: PointTable
    rows: PointRows
    row: Rows
    stored_at: Floats


#: Asks for the Found of ids off the window's thread; with the PointRows of the table where they are made already.
Find = Callable[[PointTable, PointRows | None, Sequence[str]], None]


class StateRows:
    """`find` answers by `settle`; until then what was reported of these ids is not patched."""

    def __init__(self, kind: str, find: Find) -> None:
        self.kind = kind
        self.table: PointTable | None = None
        self._find = find
        self._rows: PointRows | None = None
        self._asking = False
        self._ids: list[str] = []
        self._row, self._stored_at = np.empty(0, np.int64), np.empty(0)

    def know(self, table: PointTable) -> None:
        """Another table is shown."""
        self.table, self._rows, self._asking = table, None, False
        self._row, self._stored_at = np.empty(0, np.int64), np.empty(0)
        self._ask()

    def _ask(self) -> None:
        if self.table is not None and not self._asking and len(self._row) < len(self._ids):
            self._asking = True
            self._find(self.table, self._rows, self._ids[len(self._row) :])

    def settle(self, found: Found, codes: NDArray[np.uint8], at: Floats) -> Patch | None:
        """Patch what is found by the codes and epoch seconds of all that reported; None for a table that is shown no more."""
        if found.table is not self.table:
            return None
        self._rows, self._asking, first = found.rows, False, len(self._row)
        self._row = np.concatenate((self._row, found.row))
        self._stored_at = np.concatenate((self._stored_at, found.stored_at))
        self._ask()
        some = np.arange(first, len(self._row))
        return self._patch(some, codes[some], at[some])

    def take(self, frame: StateFrame) -> Patch | None:
        """What a frame changes in the table: rows, symbols and flags; None while none of its rows is found."""
        self._ids += frame.new
        self._ask()
        known = frame.rows < len(self._row)
        return self._patch(frame.rows[known], frame.codes[known], frame.at[known]) if known.any() else None

    def _patch(self, some: Rows, codes: NDArray[np.uint8], at: Floats) -> Patch:
        assert self.table is not None
        marks = [picture.state_mark(self.kind, word) for word in STATES[self.kind]]
        symbol = np.array([self.table.symbols.index(name) for name, _ in marks], np.uint8)
        flags = np.array([flag for _, flag in marks], np.uint8)
        wins = (self._row[some] >= 0) & (at >= self._stored_at[some])
        return self._row[some][wins], symbol[codes[wins]], flags[codes[wins]]
