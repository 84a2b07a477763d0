"""The units board as a table model: one column a state, its units below each other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal

from weihai_command.domain.foreign import fold, one_line

from .bridge import Bridge
from .clock import Clock
from .incident_board import ROW, Index
from .unit_card import card, searched
from .unit_rows import COLUMNS, UnitRow, by_column, unit_row
from .unit_worries import worries_of
from .words import sync, tip

Columns = list[list[UnitRow]]


class UnitBoard(QAbstractTableModel):
    """Column n shows the units in state COLUMNS[n]; the header's user role is the count.

    `attention_changed` when another number of units needs somebody; `lapsed` when a call of this officer may have run out;
    `worried({incident id: (mood over or near, sentence)})` when others are lost or unheard of on their incidents.
    """

    attention_changed = Signal()
    lapsed = Signal()
    worried = Signal(dict)

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self._all: dict[str, UnitRow] = {}
        self._raw: dict[str, dict[str, Any]] = {}
        self._columns: Columns = [[] for _ in COLUMNS]
        self._cells: dict[str, tuple[int, int]] = {}
        self._marks: dict[str, tuple[str, str]] = {}
        self._told: set[str] = set()
        self.query = ""
        self.attention: list[str] = []
        self._worries: dict[str, tuple[str, str]] = {}
        self.lost = 0
        self.is_loaded = False
        bridge.changed.connect(self._on_changed)
        clock.aged.connect(self._on_aged)
        clock.ticked.connect(self._on_ticked)

    def refresh(self) -> None:
        self._bridge.ask("units", self._read, self._take)

    def search(self, query: str) -> None:
        """Show the units that every word of `query` is found in (name, kind, agency, skills, state)."""
        self.query = query
        self._lay_out()

    @property
    def total(self) -> int:
        return len(self._all)

    def counts(self) -> list[tuple[str, int]]:
        """(word, count) of each column from left to right."""
        return [(word, len(column)) for (_, word), column in zip(COLUMNS, self._columns, strict=True)]

    def unit(self, unit_id: str) -> UnitRow | None:
        return self._all.get(unit_id)

    def all_units(self) -> list[UnitRow]:
        """Every unit, whatever the filter shows."""
        return [row for column in by_column(self._all.values()).values() for row in column]

    def unit_at(self, index: Index) -> UnitRow | None:
        column = self._columns[index.column()] if 0 <= index.column() < len(self._columns) else []
        return column[index.row()] if 0 <= index.row() < len(column) else None

    def index_of(self, unit_id: str) -> QModelIndex:
        """The cell of a unit, invalid where the filter hides it."""
        row, column = self._cells.get(unit_id, (-1, -1))
        return self.index(row, column)

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
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(part for part in (row.name, row.word, row.age(self.clock.now())[0], self._place_note(row)) if part)
        return tip("\n".join(self.card(row))) if role == Qt.ItemDataRole.ToolTipRole else None

    def card(self, row: UnitRow) -> list[str]:
        """All that is known of a unit, in lines."""
        raw = self._raw.get(row.id, {})
        watch = raw.get("watch")
        number = one_line(watch.get("number"), 20) if isinstance(watch, dict) else ""
        lines = card(row, raw, number, self.clock.now())
        return [*lines, note] if (note := self._place_note(row)) else lines

    def _place_note(self, row: UnitRow) -> str:
        notes = ["位置超过 30 分钟未更新"] if row.is_stale else []
        return "，".join(notes + ([sync(row.sync)] if row.sync != "synced" else []))

    def _read(self) -> dict[str, tuple[dict[str, Any], UnitRow]]:
        """Runs on a reader: what each unit's record says, and its row."""
        now = self.clock.now()
        return {str(raw["id"]): (raw, unit_row(raw, now)) for raw in self._bridge.queries.units(self._bridge.desk)}

    def _take(self, found: dict[str, tuple[dict[str, Any], UnitRow]]) -> None:
        self._raw = {id_: raw for id_, (raw, _) in found.items()}
        self._all = {id_: row for id_, (_, row) in found.items()}
        was_loaded, self.is_loaded = self.is_loaded, True
        self._lay_out(always=not was_loaded)

    def _lay_out(self, *, always: bool = False) -> None:
        """Units that stand where they stood are only repainted where they differ, so that nothing jumps under a hand."""
        words = fold(self.query).split()
        rows = [row for row in self._all.values() if not words or _fits(searched(row, self._raw[row.id]), words)]
        found = by_column(rows)
        columns = [found[key] for key, _ in COLUMNS]
        if not always and [[row.id for row in column] for column in columns] == [[row.id for row in column] for column in self._columns]:
            changed = [new.id for old, column in zip(self._columns, columns, strict=True) for was, new in zip(old, column, strict=True) if was != new]
            self._columns = columns
            self._count()
            self._repaint(changed)
            return
        self.beginResetModel()
        self._columns = columns
        self._cells = {row.id: (place, n) for n, column in enumerate(columns) for place, row in enumerate(column)}
        self._count()
        self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def _count(self) -> None:
        """What each cell says now, and which units need somebody: the gravest first, then those that wait longest."""
        now = self.clock.now()
        self._marks = {row.id: row.age(now) for row in self._all.values()}
        moods = ((self._all[id_], mood) for id_, (_, mood) in self._marks.items() if mood in ("near", "over"))
        ordered = sorted((mood != "over", row.since.timestamp() if row.since else 0.0, row.id) for row, mood in moods)
        attention, self.lost = [id_ for *_, id_ in ordered], sum(not is_calm for is_calm, *_ in ordered)
        if attention != self.attention:
            self.attention = attention
            self.attention_changed.emit()
        worries = worries_of(self._all.values(), self._raw, now)
        if worries != self._worries:
            self._worries = worries
            self.worried.emit(worries)

    def _repaint(self, ids: list[str]) -> None:
        for id_ in ids:
            if (index := self.index_of(id_)).isValid():
                self.dataChanged.emit(index, index)

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & {"units", "assignments", "log"}:
            self.refresh()

    def _on_aged(self) -> None:
        """Ages and limits: only the cells that say something else."""
        before = self._marks
        self._count()
        self._repaint([id_ for id_, mark in self._marks.items() if before.get(id_) != mark])

    def _on_ticked(self) -> None:
        """Seconds matter only to a call that runs."""
        now = self.clock.now()
        calling = [(row, call) for row in self._all.values() if row.watch.calls and (call := row.call(now))]
        self._repaint([row.id for row, call in calling if call.state == "called" or self._marks.get(row.id) != row.age(now)])
        fresh = {each for _, call in calling for each in call.lapsed} - self._told
        if fresh:
            self._told |= fresh
            self._count()
            self.lapsed.emit()


def _fits(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
