"""The units board as a table model: one column a state, its units below each other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from .bridge import Bridge
from .clock import Clock
from .incident_board import ROW, Index
from .unit_rows import COLUMNS, UnitRow, by_column, unit_row
from .words import sync, tip


class UnitBoard(QAbstractTableModel):
    """Column n shows the units in state COLUMNS[n]; the header's user role is the count."""

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self._columns: list[list[UnitRow]] = [[] for _ in COLUMNS]
        self._by_id: dict[str, UnitRow] = {}
        self.is_loaded = False
        bridge.changed.connect(self._on_changed)
        clock.aged.connect(self._on_aged)

    def refresh(self) -> None:
        bridge = self._bridge
        self._bridge.ask("units", lambda: bridge.queries.units(bridge.desk), self._take)

    @property
    def total(self) -> int:
        return len(self._by_id)

    def counts(self) -> list[tuple[str, int]]:
        """(word, count) of each column from left to right."""
        return [(word, len(column)) for (_, word), column in zip(COLUMNS, self._columns, strict=True)]

    def unit(self, unit_id: str) -> UnitRow | None:
        return self._by_id.get(unit_id)

    def all_units(self) -> list[UnitRow]:
        return [row for column in self._columns for row in column]

    def unit_at(self, index: Index) -> UnitRow | None:
        column = self._columns[index.column()] if 0 <= index.column() < len(self._columns) else []
        return column[index.row()] if 0 <= index.row() < len(column) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else max(len(column) for column in self._columns)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Empty cells can neither be chosen nor reached by the arrows."""
        if self.unit_at(index) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == ROW:
            return len(self._columns[section])
        return COLUMNS[section][1] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.unit_at(index)
        if row is None:
            return None
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            spoken = " ".join(part for part in (row.name, row.word, row.age(self.clock.now())[0], self._place_note(row)) if part)
            return spoken if role == Qt.ItemDataRole.AccessibleTextRole else tip(spoken)
        return None

    def _place_note(self, row: UnitRow) -> str:
        notes = ["位置超过 30 分钟未更新"] if row.is_stale else []
        return "，".join(notes + ([sync(row.sync)] if row.sync != "synced" else []))

    def _take(self, raws: list[dict[str, Any]]) -> None:
        now = self.clock.now()
        rows = [unit_row(raw, now) for raw in raws]
        found = by_column(rows)
        columns = [found[key] for key, _ in COLUMNS]
        if self.is_loaded and columns == self._columns:
            return
        self.beginResetModel()
        self._columns = columns
        self._by_id = {row.id: row for row in rows}
        self.is_loaded = True
        self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"units", "assignments"}:
            self.refresh()

    def _on_aged(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))
