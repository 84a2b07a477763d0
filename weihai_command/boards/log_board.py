"""The command log as a list model, newest first, with its filter; more is read as somebody scrolls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal

from weihai_command.domain.foreign import moment, one_line
from weihai_command.domain.log_words import KINDS
from weihai_command.operations.logbook import Asked

from . import words
from .bridge import Bridge, as_fault
from .clock import Clock
from .incident_board import ROW, Index
from .incident_rows import UNSENT

#: Rows that are read at a time, and characters of one of them; the record keeps what is longer.
PAGE, LONGEST = 200, 2000
TOUCHED = frozenset({"incidents", "units", "assignments", "log", "outbox", "conflicts", "officer"})
#: Hours back, by code: 0 the whole log.
PERIODS = {"shift": ("12 小时", 12), "day": ("24 小时", 24), "week": ("7 天", 168), "all": ("全部", 0)}
HEADS = ("时间", "事件", "类别", "人员", "内容", "更正", "原文", "状态")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line in words: `earlier` are (time, who, text) of what was corrected, newest first."""

    id: str
    at: str
    number: str
    kind: str
    who: str
    text: str
    sync: str
    earlier: tuple[tuple[str, str, str], ...]
    incident_id: str
    amendable: bool

    def plain(self) -> str:
        """One line of text for a clipboard, what was corrected beneath."""
        mark = "【更正】" if self.earlier else ""
        first = "  ".join(part for part in (self.at, self.number, self.kind, self.who, mark + self.text, self.sync) if part)
        return "\n".join([first, *(f"    原：{text}（{' '.join(part for part in (at, who) if part)}）" for at, who, text in self.earlier)])

    def cells(self) -> tuple[str, ...]:
        """As HEADS."""
        earlier = "；".join(f"{text}（{who} {at}）" for at, who, text in self.earlier)
        return self.at, self.number, self.kind, self.who, self.text, "更正" if self.earlier else "", earlier, self.sync


def log_row(line: dict[str, Any], names: dict[str, str], at: str) -> LogRow:
    """A line of operations.logbook in words, masked and in one line each; `at` is its time as it reads."""
    state = str(line.get("sync") or "synced")
    earlier = tuple((words.clock(each["at"]), _who(each["by"], names), _text(each["text"])) for each in line.get("originals") or ())
    kind = str(line.get("kind"))
    return LogRow(
        str(line.get("id")), at, one_line(line.get("number"), 40), KINDS.get(kind, one_line(kind, 20)), _who(line.get("by"), names), _text(line.get("text")),
        words.sync(state) if state in UNSENT else "", earlier, str(line.get("incident_id") or ""), bool(line.get("amendable")),
    )


def _who(user: Any, names: dict[str, str]) -> str:
    return one_line(names.get(str(user), user), 40)


def _text(text: Any) -> str:
    return words.masked(one_line(text, LONGEST))


def whole_time(text: Any) -> str:
    """Date and clock, as a file that outlives the day needs them."""
    value = moment(text)
    return value.astimezone().strftime("%Y-%m-%d %H:%M:%S") if value else one_line(text, 40)


class LogBoard(QAbstractListModel):
    """Reads while `is_watched`. `told` after every answer; `exported(file name)`; `refused(Fault)` when an export was not written."""

    told = Signal()
    exported = Signal(str)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self._clock = bridge, clock
        self._asked, self._period, self._limit = Asked(), "shift", PAGE
        self._rows: list[LogRow] = []
        self.total = 0
        self.people: tuple[str, ...] = ()
        self.is_watched = False
        bridge.changed.connect(self._on_changed)

    def watch(self, watched: bool) -> None:
        self.is_watched = watched
        if watched:
            self.refresh()

    def ask(self, *, period: str | None = None, **wanted: Any) -> None:
        """Another filter: `period` a code of PERIODS, the rest fields of Asked."""
        self._asked, self._period, self._limit = replace(self._asked, **wanted), period or self._period, PAGE
        self.refresh()

    def refresh(self) -> None:
        asked, limit = self._wanted(), self._limit
        if self.is_watched:
            self._bridge.ask("log", lambda: self._bridge.queries.log_page(self._bridge.desk, asked, limit), self._take)

    def export(self) -> None:
        """All that fits the filter, into a CSV; the audit is told."""
        asked, names, bridge = self._wanted(), self._bridge.names(), self._bridge

        def write() -> Any:
            found = bridge.queries.log_page(bridge.desk, asked, 1_000_000).rows
            return bridge.acts.export_csv(bridge.desk, "指挥日志", HEADS, [log_row(line, names, whole_time(line["at"])).cells() for line in found])

        bridge.act(write, lambda path: self.exported.emit(str(path)), lambda fault: self.refused.emit(as_fault(fault)), frozenset({"outbox"}))

    def name_of(self, user: str) -> str:
        return self._bridge.names().get(user, user)

    def text(self) -> str:
        """What is listed, as text."""
        return "\n".join(row.plain() for row in self._rows)

    def row_at(self, row: int) -> LogRow | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def place_of(self, id_: str) -> int:
        return next((place for place, row in enumerate(self._rows) if row.id == id_), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == ROW:
            return row
        return row.plain() if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and len(self._rows) < self.total and self._limit <= len(self._rows)

    def fetchMore(self, parent: Index) -> None:
        self._limit = len(self._rows) + PAGE
        self.refresh()

    def _wanted(self) -> Asked:
        hours = PERIODS[self._period][1]
        return replace(self._asked, since=_before(self._clock.now(), hours)) if hours else self._asked

    def _take(self, page: Any) -> None:
        names, now = self._bridge.names(), self._clock.now()
        rows = [log_row(line, names, words.day_and_clock(line["at"], now)) for line in page.rows]
        self.total, self.people = page.total, page.people
        if rows != self._rows:
            self._replace(rows)
        self.told.emit()

    def _replace(self, rows: Sequence[LogRow]) -> None:
        kept = len(self._rows)
        if list(rows[:kept]) == self._rows and kept:
            self.beginInsertRows(QModelIndex(), kept, len(rows) - 1)
            self._rows = list(rows)
            self.endInsertRows()
            return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & TOUCHED:
            self.refresh()


def _before(now: datetime, hours: int) -> str:
    return (now - timedelta(hours=hours)).isoformat(timespec="seconds")
