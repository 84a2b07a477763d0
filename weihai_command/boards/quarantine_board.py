"""Records that were refused at the border, as a table for officers: whose, which, what field, why, when. Values are never read as markup."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from weihai_command.domain.kinds import KINDS
from weihai_command.domain.words import FIELDS

from . import words
from .bridge import Bridge
from .clock import Clock
from .incident_board import ROW, Index

HEADS = ("来源", "类别", "记录", "字段", "原因", "时间")
#: The newest ones; the command line has them all.
MOST = 500


class QuarantineBoard(QAbstractTableModel):
    """Read when somebody looks, not with every change."""

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self._clock = bridge, clock
        self._rows: list[dict[str, Any]] = []

    def refresh(self) -> None:
        self._bridge.ask("quarantine", lambda: self._bridge.queries.quarantine(self._bridge.desk, MOST), self.take)

    def take(self, rows: list[dict[str, Any]]) -> None:
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def row_at(self, row: int) -> dict[str, Any] | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def whole(self, row: int) -> str:
        """The reason in full and the record as it came, masked, for the line under the table."""
        found = self.row_at(row)
        return words.masked(" ".join(f"{found.get('reason')}。原样：{found.get('raw') or ''}".split()))[:400] if found else ""

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return HEADS[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        text = self._cells(row)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return words.tip(text)
        return text if role == Qt.ItemDataRole.DisplayRole else None

    def _cells(self, row: dict[str, Any]) -> tuple[str, ...]:
        kind, field = str(row.get("kind") or ""), str(row.get("field") or "")
        return (
            str(row.get("feed") or words.BLANK), KINDS[kind].word if kind in KINDS else kind or words.BLANK,
            _line(row.get("record_id")), FIELDS.get(field, field) or words.BLANK, _line(row.get("reason")),
            words.day_and_clock(row.get("at"), self._clock.now()),
        )


def _line(text: Any) -> str:
    return words.masked(" ".join(str(text or "").split()))[:200] or words.BLANK
