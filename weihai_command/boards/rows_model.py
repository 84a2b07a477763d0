"""A plain table of rows that are replaced whole: what the outbox, the quarantine and the pages of a handover have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from .incident_board import ROW, Index


class RowsModel(QAbstractTableModel):
    """Who inherits names the columns in `heads`, says in `cells(row)` what stands in them, and in `told(text, role)` what else a cell tells."""

    heads: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def take(self, rows: Sequence[Any]) -> None:
        """Show these; the same ones again change nothing."""
        if list(rows) == self.rows:
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def row_at(self, row: int) -> Any | None:
        return self.rows[row] if 0 <= row < len(self.rows) else None

    def cells(self, row: Any) -> tuple[str, ...]:
        """The texts of a row, one a column."""
        raise NotImplementedError

    def told(self, text: str, role: int) -> Any:
        """What a cell with this text answers to a role of Qt's; by itself its text."""
        return text if role == Qt.ItemDataRole.DisplayRole else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self.heads[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        return row if role == ROW else self.told(self.cells(row)[index.column()], role)
