"""The open incident's timeline as a list model, newest first; it is only added to."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt

from weihai_command.domain.foreign import one_line

from . import words
from .clock import Clock
from .detail_board import DetailBoard
from .incident_board import ROW, Index
from .incident_rows import UNSENT

#: Characters of one entry; the record keeps what is longer.
LONGEST = 2000
#: Kinds of entry that somebody wrote himself.
SAID = frozenset({"note", "radio", "phone", "roll_call"})
Line = tuple[str, str, str, tuple[tuple[str, str, str], ...]]


class TimelineBoard(QAbstractListModel):
    """Each row's user role is (time, text, sync word or "", what was corrected as (time, who, text)), all plain text."""

    def __init__(self, detail: DetailBoard, clock: Clock) -> None:
        super().__init__()
        self._detail, self._clock = detail, clock
        self._entries: list[dict[str, Any]] = []
        self._names: dict[str, str] = {}
        #: Lines as they were told last, by row, and in which minute: each is asked for several times a paint.
        self._lines: dict[int, Line] = {}
        self._minute = ""
        detail.changed.connect(self._take)

    def _take(self) -> None:
        entries = self._detail.detail.timeline if self._detail.detail else []
        self._names = self._detail.names()
        self._lines = {}
        if entries == self._entries:
            return
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._entries):
            return None
        at, text, sync, earlier = self._told(index.row())
        if role == ROW:
            return at, text, sync, earlier
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (at, text, sync, *(f"原：{each[2]}" for each in earlier)) if part)
        return None

    def _told(self, row: int) -> Line:
        minute = f"{self._clock.now():%d%H%M}"
        if minute != self._minute:
            self._minute, self._lines = minute, {}
        if row not in self._lines:
            self._lines[row] = self._line(self._entries[row])
        return self._lines[row]

    def _line(self, entry: dict[str, Any]) -> Line:
        state, now = str(entry.get("sync") or "synced"), self._clock.now()
        text = words.masked(one_line(entry.get("text"), LONGEST))
        # A corrected entry names who corrected it; who wrote the first stands beside that.
        user = entry.get("amended_by") or entry.get("by")
        by = f" — {self._who(user)}" if entry.get("kind") in SAID and user else ""
        earlier = tuple(
            (words.day_and_clock(each.get("at"), now), self._who(each.get("by")), words.masked(one_line(each.get("text"), LONGEST)))
            for each in entry.get("originals") or ()
        )
        mark = ("〔更正〕" if earlier else "") + words.ahead(entry.get("at"), now)
        return words.day_and_clock(entry.get("at"), now), mark + text + by, words.sync(state) if state in UNSENT else "", earlier

    def _who(self, user: Any) -> str:
        return one_line(self._names.get(str(user), user), 60)
