"""Keeps the rows of a table where they are on the screen while others arrive above them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

from PySide6.QtWidgets import QTableView


class RowAnchor:
    """`take` before a reset, `hold` after it. `ids` gives the id of a row ("" without), `rows` the row of an id (-1 without)."""

    def __init__(self, table: QTableView, ids: Callable[[int], str], rows: Callable[[str], int]) -> None:
        self._table, self._ids, self._rows = table, ids, rows
        #: (id, row, y) of the rows on the screen; the first of `_held` that stays among the others is held.
        self._seen: list[tuple[str, int, int]] = []
        self._held: list[tuple[str, int, int]] = []

    def take(self, chosen: str) -> None:
        """Note where the rows stand. At the very top one wants to see what comes in there, unless a row is being read."""
        self._seen = list(self._on_screen())
        mine = [each for each in self._seen if each[0] == chosen]
        self._held = [*mine, *self._seen] if mine or self._table.verticalScrollBar().value() else []

    def hold(self) -> None:
        """Scroll so that the row stands where it stood; one that has moved among the others by itself is not followed."""
        places = {ident: place for ident, _, _ in self._seen if (place := self._rows(ident)) >= 0}
        moves = [places[ident] - row for ident, row, _ in self._seen if ident in places]
        for ident, row, top in self._held:
            if ident in places and abs(places[ident] - row - median(moves)) <= max(2, len(moves) // 4):
                self._table.verticalScrollBar().setValue(places[ident] * self._table.verticalHeader().defaultSectionSize() - top)
                return

    def _on_screen(self) -> Iterator[tuple[str, int, int]]:
        table, height = self._table, self._table.verticalHeader().defaultSectionSize()
        first, room = table.rowAt(0), table.viewport().height()
        for row in range(first, table.model().rowCount()) if first >= 0 else ():
            top = table.rowViewportPosition(row)
            if top + height > room:
                break
            yield self._ids(row), row, top
