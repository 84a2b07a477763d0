"""The incident list as a table model: what stands in which row and column, not how it looks."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from . import words
from .bridge import Bridge
from .clock import Clock
from .incident_rows import CHIPS, IncidentRow, count, matches, row_of, urgency

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("状态", "级", "优", "编号", "类型", "地点", "历时", "时限", "责任", "↑")
STATE, GRADE, PRIORITY, NUMBER, TYPE, PLACE, ELAPSED, LEFT, OWNER, SYNC = range(len(COLUMNS))
ROW = Qt.ItemDataRole.UserRole
_TESTS = {key: test for key, _, test in CHIPS}


#: What a row calls the words of a column.
_WORDS = {STATE: "word", PRIORITY: "priority", NUMBER: "number", TYPE: "type", PLACE: "place", OWNER: "responsible"}


class IncidentBoard(QAbstractTableModel):
    """Incidents sorted by urgency, narrowed by one chip and the words of a search. `counted` when any count changed."""

    counted = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self._all: list[IncidentRow] = []
        self._shown: list[IncidentRow] = []
        self._chip, self._query = "all", ""
        self.counts = count([], "", clock.now())
        self.is_loaded = False
        bridge.changed.connect(self._on_changed)
        clock.aged.connect(self._on_aged)

    def refresh(self) -> None:
        self._bridge.ask("incidents", lambda: self._read(), self._take)

    def show_chip(self, key: str) -> None:
        self._chip = key
        self._narrow()

    def search(self, query: str) -> None:
        self._query = query
        self._narrow()

    @property
    def chip(self) -> str:
        return self._chip

    @property
    def is_narrowed(self) -> bool:
        return self._chip != "all" or bool(self._query.strip())

    @property
    def total(self) -> int:
        return len(self._all)

    def row_at(self, row: int) -> IncidentRow | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of_id(self, incident_id: str) -> int:
        """The row that shows `incident_id`, -1 where the filter hides it."""
        return next((place for place, row in enumerate(self._shown) if row.id == incident_id), -1)

    def find(self, incident_id: str) -> IncidentRow | None:
        """The row of `incident_id`, whether or not the filter shows it."""
        return next((row for row in self._all if row.id == incident_id), None)

    def by_number(self, number: str) -> IncidentRow | None:
        return next((row for row in self._all if row.number == number), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole and section == SYNC:
            return "发送状态"
        return COLUMNS[section] if role == Qt.ItemDataRole.DisplayRole else None

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
        return _tip(row) if role == Qt.ItemDataRole.ToolTipRole else None

    def cell(self, row: IncidentRow, column: int) -> str:
        """What stands in a cell as words; "" where it is painted."""
        if column == ELAPSED:
            return row.elapsed(self.clock.now())
        if column == LEFT:
            return row.left(self.clock.now())[0]
        return str(getattr(row, _WORDS[column])) if column in _WORDS else ""

    def _spoken(self, row: IncidentRow, column: int) -> str:
        if column == GRADE:
            return words.grade(row.grade) if row.track == "emergency" else "市政案卷"
        return words.sync(row.sync) if column == SYNC else f"{COLUMNS[column]} {self.cell(row, column)}"

    def _read(self) -> list[IncidentRow]:
        names = self._bridge.names()
        return sorted((row_of(raw, names) for raw in self._bridge.queries.incidents(self._bridge.desk)), key=urgency)

    def _take(self, rows: list[IncidentRow]) -> None:
        self._all, self.is_loaded = rows, True
        self._narrow()

    def _narrow(self) -> None:
        now, user = self.clock.now(), self._user()
        test = _TESTS[self._chip]
        shown = [row for row in self._all if test(row, user, now) and matches(row, self._query)]
        self._show(shown)
        self.counts = count(self._all, user, now)
        self.counted.emit()

    def _show(self, shown: list[IncidentRow]) -> None:
        """Same incidents in the same order are only repainted, so that nothing jumps under a hand."""
        if [row.id for row in shown] == [row.id for row in self._shown]:
            before, self._shown = self._shown, shown
            for place, (old, new) in enumerate(zip(before, shown, strict=True)):
                if old != new:
                    self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def _repaint(self, first: int, last: int) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, first), self.index(len(self._shown) - 1, last))

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"incidents", "officer"}:
            self.refresh()

    def _on_aged(self) -> None:
        self._repaint(GRADE, LEFT)
        counts = count(self._all, self._user(), self.clock.now())
        if counts != self.counts:
            self._narrow()

    def _user(self) -> str:
        officer = self._bridge.desk.officer
        return officer.user if officer else ""


def _tip(row: IncidentRow) -> str:
    parts = (row.title, f"{row.number} {row.word}", words.sync(row.sync) if row.is_unsent else "")
    return words.tip("\n".join(part for part in parts if part.strip()))
