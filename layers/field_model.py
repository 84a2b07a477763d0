"""The tree of fields and, under each, the kinds that have something in it. Knows counts, notes and switches, not how they look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from .field_counts import Counts
from .kind_words import word_of
from .kinds import BY_KIND, FIELDS, LAYERS
from .note_line import Note
from .switches import ALL, NONE, is_shown, of_many, turn_field

Index = QModelIndex | QPersistentModelIndex
#: Roles: the count and what is abnormal as text, the note of a kind.
COUNT, ODD, NOTE = (Qt.ItemDataRole.UserRole + number for number in range(1, 4))
_STATES = {NONE: Qt.CheckState.Unchecked, ALL: Qt.CheckState.Checked}


@dataclass(slots=True)
class Kid:
    """One kind within a field."""

    kind: str
    total: int
    odd: int
    down: int


@dataclass(slots=True)
class Branch:
    """One field that has something."""

    code: str
    word: str
    kids: list[Kid] = field(default_factory=list)


class FieldModel(QAbstractItemModel):
    """`switched(key, on)` for each key that a check box changes. A child's index carries its branch's number plus one."""

    switched = Signal(str, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.branches: list[Branch] = []
        self._counts: dict[str, Counts] = {}
        self._notes: dict[str, Note] = {}
        self._lines: dict[str, str] = {}
        self._on: Mapping[str, bool] = {}

    def watch(self, on: Mapping[str, bool]) -> None:
        """The switches as somebody else keeps them; call `refresh` when they changed."""
        self._on = on

    def fields(self, kind: str) -> list[str]:
        """The fields in which a kind has something."""
        return list(self._counts.get(kind, {}))

    def take(self, kind: str, counts: Counts) -> None:
        """New numbers of a kind."""
        if self._counts.get(kind) == counts:
            return
        self._counts[kind] = counts
        branches = self._branches()
        if _shape(branches) == _shape(self.branches):
            self.branches = branches
            self.refresh()
        else:
            self.beginResetModel()
            self.branches = branches
            self.endResetModel()

    def note(self, kind: str, note: Note, lines: str) -> None:
        """What is to be said of a kind's age, and its sources for the tooltip."""
        self._notes[kind], self._lines[kind] = note, lines
        self.refresh()

    def refresh(self) -> None:
        """Everything but the shape may be other than before."""
        for row, branch in enumerate(self.branches):
            top = self.index(row, 0)
            self.dataChanged.emit(top, top)
            self.dataChanged.emit(self.index(0, 0, top), self.index(len(branch.kids) - 1, 0, top))

    def _branches(self) -> list[Branch]:
        found = []
        for code, word in FIELDS:
            kids = [Kid(spec.kind, *self._counts[spec.kind][code]) for spec in LAYERS if code in self._counts.get(spec.kind, ())]
            if kids:
                found.append(Branch(code, word, kids))
        return found

    def branch(self, index: Index) -> Branch:
        """The branch that an index is or hangs under."""
        return self.branches[index.internalId() - 1 if index.internalId() else index.row()]

    def kids(self, index: Index) -> list[Kid]:
        """The kinds that an index stands for."""
        kids = self.branch(index).kids
        return [kids[index.row()]] if index.internalId() else kids

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's own signature
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        return self.createIndex(index.internalId() - 1, 0, 0) if index.isValid() and index.internalId() else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if not parent.isValid():
            return len(self.branches)
        return 0 if parent.internalId() else len(self.branches[parent.row()].kids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        kids = self.kids(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return word_of(kids[0].kind, self.branch(index).code) if index.internalId() else self.branch(index).word
        if role == Qt.ItemDataRole.CheckStateRole:
            shown = [is_shown(self._on, kid.kind, self.branch(index).code) for kid in kids]
            return _STATES.get(of_many(shown), Qt.CheckState.PartiallyChecked)
        if role == COUNT:
            return f"{sum(kid.total for kid in kids):,}"
        if role == ODD:
            odd = _odd(kids)
            return f"异常 {odd:,}" if odd else ""
        if role == NOTE:
            return self._note(index, kids)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._told(index, kids, role == Qt.ItemDataRole.ToolTipRole)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Switch a kind within a field, or all that a field has."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        is_on, code = Qt.CheckState(value) == Qt.CheckState.Checked, self.branch(index).code
        for kid in list(self.kids(index)):
            for key, on in turn_field(self._on, kid.kind, code, is_on):
                self.switched.emit(key, on)
        return True

    def _note(self, index: Index, kids: list[Kid]) -> Note:
        """Of a kind its own; of a field the gravest of its kinds."""
        notes = [self._notes.get(kid.kind, Note()) for kid in kids]
        worst = max(notes, key=lambda note: note.level)
        lost = sum(kid.down for kid in kids if BY_KIND[kid.kind].moves) if index.internalId() else 0
        return Note(worst.level, worst.chip, f"失联 {lost:,}" if lost else "")

    def _told(self, index: Index, kids: list[Kid], is_long: bool) -> str:
        parts = [self.data(index), self.data(index, COUNT), self.data(index, ODD), self._note(index, kids).text]
        head = "，".join(part for part in parts if part)
        if not is_long:
            return head
        lines = [f"{word_of(kid.kind, self.branch(index).code)}：{self._lines[kid.kind]}" for kid in kids if self._lines.get(kid.kind)]
        return "\n".join([head, *lines])


def _odd(kids: list[Kid]) -> int:
    # An emergency or a unit on its way must be seen too, but it is not a reading that is wrong.
    return sum(kid.odd for kid in kids if BY_KIND[kid.kind].quiet)


def _shape(branches: list[Branch]) -> list[tuple[str, tuple[str, ...]]]:
    return [(branch.code, tuple(kid.kind for kid in branch.kids)) for branch in branches]
