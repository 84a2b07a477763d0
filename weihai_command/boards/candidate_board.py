"""Units that may be sent to one incident: the plan's picks first, then all others by rank, each with its reason; busy ones with what they do."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from weihai_command.domain.foreign import one_line
from weihai_command.domain.unit import COMMITTED

from . import words
from .incident_board import ROW, Index
from .plan_rows import telling
from .unit_rows import UnitRow

HEADS = ("", "力量", "状态", "估算距离", "理由")
CHECK, NAME, STATE, DISTANCE, REASON = range(len(HEADS))


@dataclass(frozen=True, slots=True)
class Candidate:
    """`is_busy` units stay visible with a warning; one that `is_committed` can be moved here. `told` is the reason without the distance."""

    id: str
    name: str
    kind: str
    state: str
    distance: str
    reason: str
    is_busy: bool
    told: str = ""
    is_committed: bool = False


def candidates(
    recommended: list[dict[str, Any]], units: list[UnitRow], incident_id: str, plan: dict[str, Any] | None = None
) -> list[Candidate]:
    """The plan's picks, then the recommended in their order, then free units, then busy ones; those already on this incident are left out."""
    by_id = {unit.id: unit for unit in units}
    picks = plan["picks"] if plan else []
    picked = {str(raw["unit_id"]) for raw in picks}
    ranked = [*picks, *(raw for raw in recommended if str(raw["unit_id"]) not in picked)]
    passed = {str(raw["unit_id"]): one_line(raw["why"]) for raw in plan["passed"]} if plan else {}
    first = [_recommended(raw, by_id.get(str(raw["unit_id"])), passed.get(str(raw["unit_id"]), "")) for raw in ranked]
    seen = {each.id for each in first}
    rest = [
        Candidate(
            unit.id, unit.name, unit.kind, unit.word, "", "已有任务" if unit.state in COMMITTED else "", unit.state in COMMITTED,
            "已有任务" if unit.state in COMMITTED else "", unit.state in COMMITTED,
        )
        for unit in units
        if unit.id not in seen and unit.state != "unavailable" and unit.incident_id != incident_id
    ]
    return first + sorted(rest, key=lambda each: (each.is_busy, each.name))


def _recommended(raw: dict[str, Any], unit: UnitRow | None, passed: str) -> Candidate:
    state = str(raw.get("state") or (unit.state if unit else "available"))
    return Candidate(
        str(raw["unit_id"]), str(raw.get("name") or ""), str(raw.get("kind") or ""), words.unit_state(state),
        words.distance(raw.get("distance_m")), "；".join(part for part in (str(raw.get("reason") or ""), passed) if part), state in COMMITTED or not raw.get("free", True),
        " · ".join(part for part in (str(raw.get("role_word") or ""), _told(raw, state)) if part), state in COMMITTED,
    )


def _told(raw: dict[str, Any], state: str) -> str:
    """What stands in the list: the state has a column of its own."""
    told, word = telling(raw) + "，", words.unit_state(state)
    return told.removeprefix(f"空闲（{word}），").removeprefix(f"{word}，").removesuffix("，")


class CandidateBoard(QAbstractTableModel):
    """A checked list: `picked()` are the checked ids in the order of the list."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Candidate] = []
        self._shown: list[Candidate] = []
        self._default: frozenset[str] = frozenset()
        #: None until the officer checks by hand.
        self._own: set[str] | None = None
        self._query = ""

    def take(self, rows: list[Candidate], *, fresh: bool, picked: Iterable[str] = ()) -> None:
        """Show `rows`; a fresh opening checks `picked` instead of what was checked, a refresh keeps it.

        Who filters looks for somebody: until something is checked by hand, `picked` are unchecked meanwhile.
        """
        if not fresh and rows == self._all:
            return
        known = {row.id for row in rows}
        self._own = None if fresh or self._own is None else self._own & known
        self._default = frozenset(picked if fresh else self._default) & known
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
        return [row.id for row in self._all if row.id in self._checked()]

    def _checked(self) -> AbstractSet[str]:
        return self._own if self._own is not None else self._default if not self._query else frozenset()

    def rows(self, ids: list[str]) -> list[Candidate]:
        return [row for row in self._all if row.id in ids]

    def clear(self) -> None:
        """Check none."""
        self._own = set()
        self.dataChanged.emit(self.index(0, 0), self.index(max(len(self._shown) - 1, 0), len(HEADS) - 1))

    def toggle(self, row: int) -> None:
        candidate = self.row_at(row)
        if candidate:
            self._own = set(self._checked()) ^ {candidate.id}
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
            return Qt.CheckState.Checked if row.id in self._checked() else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", row.name, row.state, row.distance, row.told)[index.column()]
        return words.tip(row.reason) if role == Qt.ItemDataRole.ToolTipRole and row.reason else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.toggle(index.row())
        return True
