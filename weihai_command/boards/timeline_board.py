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


class TimelineBoard(QAbstractListModel):
    """Each row's user role is (time, text, sync word or ""), all plain text."""

    def __init__(self, detail: DetailBoard, clock: Clock) -> None:
        super().__init__()
        self._detail, self._clock = detail, clock
        self._entries: list[dict[str, Any]] = []
        self._names: dict[str, str] = {}
        detail.changed.connect(self._take)

    def _take(self) -> None:
        entries = self._detail.detail.timeline if self._detail.detail else []
        self._names = self._detail.names()
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
        at, text, sync = self._line(self._entries[index.row()])
        if role == ROW:
            return at, text, sync
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (at, text, sync) if part)
        return None

    def _line(self, entry: dict[str, Any]) -> tuple[str, str, str]:
        state = str(entry.get("sync") or "synced")
        text = words.masked(one_line(entry.get("text"), LONGEST))
        by = f" — {one_line(self._names.get(str(entry['by']), entry['by']), 60)}" if entry.get("kind") == "note" and entry.get("by") else ""
        return words.day_and_clock(entry.get("at"), self._clock.now()), text + by, words.sync(state) if state in UNSENT else ""
