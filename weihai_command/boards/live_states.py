"""Reported states of one kind, carried over to the rows of the table that the map shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.points import PointTable
from weihai_command.operations import picture
from weihai_command.operations.live import STATES
from weihai_command.operations.live_columns import StateFrame
from weihai_command.operations.live_rows import PointRows

Patch = tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]


class StateRows:
    """`find` has the rows of a table found by id off the window's thread and calls `settle` with them; until then nothing is patched."""

    def __init__(self, kind: str, find: Callable[[PointTable], None]) -> None:
        self.kind = kind
        self._find = find
        self._table: PointTable | None = None
        self._rows: PointRows | None = None
        self._asked = False
        self._ids: list[str] = []
        self._row = np.empty(0, np.int64)

    def know(self, table: PointTable) -> None:
        """Another table is shown."""
        self._table, self._rows, self._asked = table, None, False
        if self._ids:
            self._ask()

    def _ask(self) -> None:
        if self._table is not None and not self._asked:
            self._asked = True
            self._find(self._table)

    def settle(self, table: PointTable, rows: PointRows) -> bool:
        """The rows are found; False where they belong to a table that is shown no more."""
        if table is not self._table:
            return False
        self._rows = rows
        self._row = rows.find(self._ids)
        return True

    def take(self, frame: StateFrame) -> Patch | None:
        """What a frame changes in the table: rows, symbols and flags; None while the rows are still being found."""
        self._ids += frame.new
        if self._rows is None:
            self._ask()
            return None
        if frame.new:
            self._row = np.concatenate((self._row, self._rows.find(frame.new)))
        return self._patch(self._row[frame.rows], frame.codes)

    def all(self, codes: NDArray[np.uint8]) -> Patch:
        """Everything that reported, for a table that knows nothing of it; codes by row of the live seam."""
        return self._patch(self._row[: len(codes)], codes[: len(self._row)])

    def _patch(self, rows: NDArray[np.int64], codes: NDArray[np.uint8]) -> Patch:
        assert self._table is not None
        marks = [picture.state_mark(self.kind, word) for word in STATES[self.kind]]
        symbol = np.array([self._table.symbols.index(name) for name, _ in marks], np.uint8)
        flags = np.array([flag for _, flag in marks], np.uint8)
        known = rows >= 0
        return rows[known], symbol[codes[known]], flags[codes[known]]
