"""Units that may be sent to one incident: the recommended first with their reasons, then the rest of the free ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from weihai_command.domain.unit import COMMITTED

from . import words
from .incident_board import ROW, Index
from .unit_rows import UnitRow

HEADS = ("", "力量", "状态", "距离", "理由")
CHECK, NAME, STATE, DISTANCE, REASON = range(len(HEADS))


@dataclass(frozen=True, slots=True)
class Candidate:
    """`is_busy` units stay visible with a warning; the operation decides whether they may go."""

    id: str
    name: str
    kind: str
    state: str
    distance: str
    reason: str
    is_busy: bool


def candidates(recommended: list[dict[str, Any]], units: list[UnitRow], incident_id: str) -> list[Candidate]:
    """The recommended in their order, then free units, then busy ones; those already on this incident are left out."""
    by_id = {unit.id: unit for unit in units}
    first = [_recommended(raw, by_id.get(str(raw["unit_id"]))) for raw in recommended]
    seen = {each.id for each in first}
    rest = [
        Candidate(unit.id, unit.name, unit.kind, unit.word, "", "已有任务" if unit.state in COMMITTED else "", unit.state in COMMITTED)
        for unit in units
        if unit.id not in seen and unit.state != "unavailable" and unit.incident_id != incident_id
    ]
    return first + sorted(rest, key=lambda each: (each.is_busy, each.name))


def _recommended(raw: dict[str, Any], unit: UnitRow | None) -> Candidate:
    state = str(raw.get("state") or (unit.state if unit else "available"))
    return Candidate(
        str(raw["unit_id"]), str(raw.get("name") or ""), str(raw.get("kind") or ""), words.unit_state(state),
        words.distance(raw.get("distance_m")), str(raw.get("reason") or ""), state in COMMITTED,
    )


class CandidateBoard(QAbstractTableModel):
    """A checked list: `picked()` are the checked ids in the order of the list."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Candidate] = []
        self._shown: list[Candidate] = []
        self._picked: set[str] = set()
        self._query = ""

    def take(self, rows: list[Candidate], *, fresh: bool) -> None:
        """Show `rows`; a fresh opening forgets what was checked, a refresh keeps it."""
        if not fresh and rows == self._all:
            return
        self._picked = set() if fresh else self._picked & {row.id for row in rows}
        self._all = rows
        self._narrow()

    def place_of(self, unit_id: str) -> int:
        """The shown row of a unit, -1 where it is not shown."""
        return next((place for place, row in enumerate(self._shown) if row.id == unit_id), -1)

    def search(self, query: str) -> None:
        self._query = query.lower()
        self._narrow()

    def _narrow(self) -> None:
        shown = [row for row in self._all if all(word in f"{row.name} {words.unit_kind(row.kind)}".lower() for word in self._query.split())]
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def picked(self) -> list[str]:
        return [row.id for row in self._all if row.id in self._picked]

    def names(self, ids: list[str]) -> list[str]:
        return [row.name for row in self._all if row.id in ids]

    def toggle(self, row: int) -> None:
        candidate = self.row_at(row)
        if candidate:
            self._picked ^= {candidate.id}
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(HEADS) - 1))

    def row_at(self, row: int) -> Candidate | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(HEADS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == CHECK else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == DISTANCE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return HEADS[section] if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == CHECK:
            return Qt.CheckState.Checked if row.id in self._picked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", row.name, row.state, row.distance, row.reason)[index.column()]
        return words.tip(row.reason) if role == Qt.ItemDataRole.ToolTipRole and row.reason else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.toggle(index.row())
        return True
