"""The incident list as a table model: what stands in which row and column, not how it looks."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from weihai_command.operations.incident_list import KEEP_ENDED
from weihai_command.operations.intake import ACCEPT

from . import words
from .bridge import Bridge
from .clock import Clock
from .incident_order import Order
from .incident_rows import IncidentRow, row_of
from .incident_table import IncidentTable

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("状态", "级", "优", "编号", "类型", "地点", "历时", "时限", "责任", "↑")
STATE, GRADE, PRIORITY, NUMBER, TYPE, PLACE, ELAPSED, LEFT, OWNER, SYNC = range(len(COLUMNS))
ROW = Qt.ItemDataRole.UserRole

#: What a row calls the words of a column.
_WORDS = {STATE: "word", PRIORITY: "priority", NUMBER: "number", TYPE: "type", PLACE: "place", OWNER: "responsible"}
#: What each column is sorted by (incident_order.KEYS), and what the foot of the list calls that.
SORTS = (
    ("word", "状态"), ("grade", "等级"), ("priority", "优先级"), ("number", "编号"), ("type", "类型"), ("place", "地点"), ("elapsed", "历时"),
    ("left", "时限"), ("responsible", "责任"), ("sync", "发送状态"),
)
#: Not a column but the order that the list begins with.
URGENCY = -1
#: More waiting messages than these are not looked through for one that is late.
MOST_WAITING = 2_000
#: Up to so many rows are narrowed and sorted at once; longer lists off the window's thread.
AT_ONCE = 2_000


class IncidentBoard(QAbstractTableModel):
    """Incidents by urgency or by a column, narrowed by one chip and the words of a search. `counted` when any count changed."""

    counted = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        #: The newest table, and what of which table stands on the screen.
        self._table = self._seen = IncidentTable(self._user(), clock.now())
        self._shown = self._table.shown("all", "")
        self._chip, self._query = "all", ""
        self._column, self._is_falling = URGENCY, False
        self._mark: Any = None
        self._turn = 0
        self.counts = self._table.counts()
        self.is_loaded = False
        bridge.changed.connect(self._on_changed)
        clock.aged.connect(self._on_aged)

    def refresh(self) -> None:
        """Ask for what changed since the last answer."""
        table, mark, user = self._table, self._mark, self._user()
        self._bridge.ask("incidents", lambda: self._read(table, mark, user), lambda found: self._take(table, *found))

    def show_chip(self, key: str) -> None:
        self._chip = key
        self._narrow()

    def search(self, query: str) -> None:
        self._query = query
        self._narrow()

    def order_by(self, column: int, *, is_falling: bool = False) -> None:
        """Sort by a column, or by URGENCY."""
        self._column, self._is_falling = column, is_falling
        self._narrow()

    @property
    def sorting(self) -> tuple[int, bool]:
        """(column or URGENCY, whether it falls)."""
        return self._column, self._is_falling

    @property
    def chip(self) -> str:
        return self._chip

    @property
    def is_narrowed(self) -> bool:
        return self._chip != "all" or bool(self._query.strip())

    @property
    def is_intake_late(self) -> bool:
        """Whether a message has waited longer for its owner than it may."""
        since = self.clock.now() - ACCEPT
        waiting = np.flatnonzero(self._table.masks["intake"])[:MOST_WAITING].tolist()
        return any(row.started < since for place in waiting if (row := self._table.rows[place]) is not None and row.started)

    @property
    def total(self) -> int:
        return len(self._seen)

    @property
    def newest(self) -> IncidentTable:
        """Every incident as of the last answer; it never changes, so any thread may read it."""
        return self._table

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left that the next search or sort would have to make first."""
        return self.is_loaded and (len(self._table) <= AT_ONCE or self._table.is_prepared)

    def row_at(self, row: int) -> IncidentRow | None:
        return self._seen.rows[self._shown[row]] if 0 <= row < len(self._shown) else None

    def row_of_id(self, incident_id: str) -> int:
        """The row that shows `incident_id`, -1 where the filter hides it."""
        found = np.flatnonzero(self._shown == self._seen.place.get(incident_id, -1))
        return int(found[0]) if len(found) else -1

    def find(self, incident_id: str) -> IncidentRow | None:
        """The row of `incident_id`, whether or not the filter shows it."""
        place = self._table.place.get(incident_id)
        return None if place is None else self._table.rows[place]

    def by_number(self, number: str) -> IncidentRow | None:
        return next((row for row in self._table.rows if row is not None and row.number == number), None)

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
        if column == OWNER and self._chip == "intake":
            return row.source
        return str(getattr(row, _WORDS[column])) if column in _WORDS else ""

    def _spoken(self, row: IncidentRow, column: int) -> str:
        if column == GRADE:
            return words.grade(row.grade) if row.track == "emergency" else "市政案卷"
        return words.sync(row.sync) if column == SYNC else f"{COLUMNS[column]} {self.cell(row, column)}"

    def _read(self, table: IncidentTable, mark: Any, user: str) -> tuple[IncidentTable, Any]:
        """What the store changed since `mark`, laid over `table`; runs on a reader."""
        # Who is called by which name may have changed with the officer: then every row is read again.
        names, now = self._bridge.names(), self.clock.now()
        mark = mark if user == table.user else None
        found = self._bridge.queries.incident_changes(self._bridge.desk, lambda raw: row_of(raw, names), mark)
        gone = table.place.keys() - {row.id for row in found.rows} if found.is_whole else found.gone
        made = table.at(now, KEEP_ENDED).with_changes(found.rows, gone, user, now)
        return made, found.mark

    def _take(self, base: IncidentTable, table: IncidentTable, mark: Any) -> None:
        if base is not self._table:
            # Time has made another one of it meanwhile.
            self.refresh()
            return
        self._table, self._mark, self.is_loaded = table, mark, True
        self._narrow()
        if len(table) > AT_ONCE:
            self._bridge.ask("incidents:ahead", table.prepare, lambda _: None)

    def _narrow(self) -> None:
        """Show what chip, words and sorting ask for; of a long list when a reader has found it out."""
        table, chip, query, column, is_falling = self._table, self._chip, self._query, self._column, self._is_falling
        field = SORTS[column][0] if column != URGENCY else ""
        self._turn += 1
        turn = self._turn

        def arrange() -> Order:
            return table.shown(chip, query, field, is_falling=is_falling)

        if len(table) > AT_ONCE:
            self._bridge.ask("incidents:shown", arrange, lambda shown: self._show(table, shown) if turn == self._turn else None)
        else:
            self._show(table, arrange())

    def _show(self, table: IncidentTable, shown: Order) -> None:
        """Same incidents in the same order are only repainted, so that nothing jumps under a hand."""
        if np.array_equal(shown, self._shown):
            changed = np.flatnonzero(table.since[shown] > self._seen.age).tolist()
            self._seen, self._shown = table, shown
            self._repaint_rows(changed)
        else:
            self.beginResetModel()
            self._seen, self._shown = table, shown
            self.endResetModel()
        self.counts = table.counts()
        self.counted.emit()

    def _repaint_rows(self, places: list[int]) -> None:
        if len(places) > 100:
            self._repaint(0, len(COLUMNS) - 1)
            return
        for place in places:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def _repaint(self, first: int, last: int) -> None:
        if len(self._shown):
            self.dataChanged.emit(self.index(0, first), self.index(len(self._shown) - 1, last))

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"incidents", "officer"}:
            self.refresh()

    def _on_aged(self) -> None:
        self._repaint(GRADE, LEFT)
        later = self._table.at(self.clock.now(), KEEP_ENDED)
        if later is not self._table:
            self._table = later
            self._narrow()

    def _user(self) -> str:
        officer = self._bridge.desk.officer
        return officer.user if officer else ""


def _tip(row: IncidentRow) -> str:
    parts = (row.title, f"{row.number} {row.word}", words.sync(row.sync) if row.is_unsent else "")
    return words.tip("\n".join(part for part in parts if part.strip()))
