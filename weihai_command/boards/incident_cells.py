"""The incident list as a table model: what stands in which row and column, not how it looks."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from weihai_command.domain.words import SOURCES

from . import words
from .clock import Clock
from .incident_rows import IncidentRow
from .incident_table import IncidentTable

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("状态", "级", "优", "编号", "类型", "地点", "历时", "时限", "责任", "↑")
STATE, GRADE, PRIORITY, NUMBER, TYPE, PLACE, ELAPSED, LEFT, OWNER, SYNC = range(len(COLUMNS))
ROW = Qt.ItemDataRole.UserRole

#: What a row calls the words of a column.
_WORDS = {STATE: "word", PRIORITY: "priority", NUMBER: "number", TYPE: "type", PLACE: "place", OWNER: "responsible"}
#: Columns that are called otherwise among unclaimed messages.
_OF_INTAKE = {ELAPSED: "等候", OWNER: "来源"}
#: Sources whose words are wider than the column.
_SHORT = {SOURCES["hotline_12345"]: "12345", SOURCES["linked_110_119_120"]: "110 联动"}
#: What each column is sorted by (incident_order.KEYS), and what the foot of the list calls that.
SORTS = (
    ("word", "状态"), ("grade", "等级"), ("priority", "优先级"), ("number", "编号"), ("type", "类型"), ("place", "地点"), ("elapsed", "历时"),
    ("left", "时限"), ("responsible", "责任"), ("sync", "发送状态"),
)
#: Not a column but the order that the list begins with.
URGENCY = -1


class IncidentCells(QAbstractTableModel):
    """The rows `_shown` of the table `_seen`, as cells."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock, self.chip = clock, "all"
        #: (mood, sentence) by incident whose units ask for a look.
        self.worries: dict[str, tuple[str, str]] = {}
        self._seen, self._shown = IncidentTable(), np.empty(0, np.int32)

    def show_worries(self, worries: dict[str, tuple[str, str]]) -> None:
        """Mark the incidents whose units ask for a look: {id: (mood, sentence)}."""
        self.worries = worries
        if len(self._shown):
            self.dataChanged.emit(self.index(0, STATE), self.index(len(self._shown) - 1, STATE))

    def row_at(self, row: int) -> IncidentRow | None:
        return self._seen.rows[self._shown[row]] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and section == SYNC:
            return "发送状态"
        return self.heading(section) if role == Qt.ItemDataRole.DisplayRole else None

    def heading(self, column: int) -> str:
        """What a column is called: of a message that nobody has claimed one wants to know how long it waits and where it comes from."""
        return _OF_INTAKE.get(column, COLUMNS[column]) if self.chip == "intake" else COLUMNS[column]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(row, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, index.column())
        return self._tip(row) if role == Qt.ItemDataRole.ToolTipRole else None

    def cell(self, row: IncidentRow, column: int) -> str:
        """What stands in a cell as words; "" where it is painted."""
        if column == ELAPSED:
            return row.elapsed(self.clock.now())
        if column == LEFT:
            return row.left(self.clock.now())[0]
        if column == OWNER and self.chip == "intake":
            return _SHORT.get(row.source, row.source)
        return str(getattr(row, _WORDS[column])) if column in _WORDS else ""

    def _spoken(self, row: IncidentRow, column: int) -> str:
        if column == GRADE:
            return words.grade(row.grade) if row.track == "emergency" else "市政案卷"
        if column == STATE and row.id in self.worries:
            return f"{self.heading(column)} {self.cell(row, column)}，{self.worries[row.id][1]}"
        return words.sync(row.sync) if column == SYNC else f"{self.heading(column)} {self.cell(row, column)}"

    def _tip(self, row: IncidentRow) -> str:
        parts = (row.title, f"{row.number} {row.word}", words.sync(row.sync) if row.is_unsent else "", self.worries.get(row.id, ("", ""))[1])
        return words.tip("\n".join(part for part in parts if part.strip()))
