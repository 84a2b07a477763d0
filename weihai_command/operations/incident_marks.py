"""The incidents that the map draws, as columns: one that changed is put into its row, the rest stays as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ..domain.fields import FIELDS, incident_field
from ..domain.foreign import moment, one_line
from ..domain.incident import EMERGENCY, FINAL
from ..domain.points import ABNORMAL, PointTable
from ..store import points
from . import catalogue

#: Characters of a label on the map.
LABEL = 40
#: All symbols of incidents; emergencies by grade, cases by whether they are late.
SYMBOLS = ("g0", "g1", "g2", "g3", "g4", "mu", "mo")
_CASE, _LATE = SYMBOLS.index("mu"), SYMBOLS.index("mo")
#: `late` is the symbol from `due` (epoch seconds) on, `symbol` that before.
_CELLS = np.dtype([("lon", "f8"), ("lat", "f8"), ("due", "f8"), ("symbol", "u1"), ("late", "u1"), ("flags", "u1"), ("field", "u1"), ("drawn", "?")])
_PLACE = ("lon", "lat", "drawn")
_BLANK = np.zeros((), _CELLS).item()


@dataclass(frozen=True, slots=True)
class Mark:
    """An incident on the map: its row of _CELLS, its label, and (id, feed, why) where its position cannot be true and it is not drawn."""

    cells: tuple[float, float, float, int, int, int, int, bool]
    label: str
    suspect: tuple[str, str, str] | None


def mark_of(row: dict[str, Any]) -> Mark | None:
    """None for an incident that is over or has no place."""
    lon, lat = row.get("lon"), row.get("lat")
    if row["state"] in FINAL.get(row["track"], ()) or (lon is None and lat is None):
        return None
    doubt, due, symbol = points.doubt(lon, lat), moment(row.get("due_at")), _symbol(row)
    is_emergency = row["track"] == EMERGENCY
    is_timed = due is not None and not is_emergency and row["state"] != "suspended"
    return Mark(
        (
            0.0 if doubt or lon is None else lon, 0.0 if doubt or lat is None else lat, due.timestamp() if due else 0.0, symbol,
            _LATE if is_timed else symbol, ABNORMAL if is_emergency else 0, FIELDS.index(_field(row)), not doubt,
        ),
        _label(row), (str(row["id"]), str(row.get("feed", "")), doubt) if doubt else None,
    )  # fmt: skip


def _symbol(row: dict[str, Any]) -> int:
    if row.get("track") == EMERGENCY:
        grade = row.get("grade")
        return SYMBOLS.index(f"g{grade}") if grade in (1, 2, 3, 4) else 0
    return _CASE


def _field(row: dict[str, Any]) -> str:
    kind = catalogue.incident_types().get(str(row.get("type")))
    return incident_field(kind.department, kind.category, row["track"]) if kind else incident_field(row.get("department"), None, row["track"])


def _label(row: dict[str, Any]) -> str:
    kind = catalogue.incident_types().get(str(row.get("type")))
    return one_line(f"{row.get('number') or ''} {kind.name if kind else row['title']}", LABEL)


class Marks:
    """A follower of incident_list.Kept. Every incident has a row, also one that is not drawn; that of one that is gone stays empty."""

    def __init__(self) -> None:
        self._row: dict[str, int] = {}
        self._ids: list[str] = []
        self._labels: list[str] = []
        #: One array a column of _CELLS: several times quicker to read than rows.
        self._columns: dict[str, Any] = {name: np.zeros(0, _CELLS[name]) for name in _CELLS.names or ()}
        self._suspects: dict[int, tuple[str, str, str]] = {}
        #: Which rows are drawn, and of these what stays the same from table to table until one of them moves, comes or goes.
        self._drawn: Any = np.empty(0, np.intp)
        self._table = _empty()
        self._is_moved = False
        self._renamed: set[int] = set()

    def take(self, rows: Iterable[tuple[str, Mark | None]], gone: Iterable[str]) -> None:
        """What incidents are now."""
        fresh: dict[int, Mark | None] = {self._row.pop(each): None for each in gone if each in self._row}
        for each, mark in rows:
            at = self._row.setdefault(each, len(self._ids))
            if at == len(self._ids):
                self._ids.append(each)
                self._labels.append("")
            fresh[at] = mark
        if fresh:
            self._write(fresh)

    def _write(self, fresh: dict[int, Mark | None]) -> None:
        if new := len(self._ids) - len(self._columns["drawn"]):
            self._columns = {name: np.append(column, np.zeros(new, column.dtype)) for name, column in self._columns.items()}
        at, cells = list(fresh), np.array([mark.cells if mark else _BLANK for mark in fresh.values()], _CELLS)
        self._is_moved |= any(bool((self._columns[name][at] != cells[name]).any()) for name in _PLACE)
        for name, column in self._columns.items():
            column[at] = cells[name]
        for row, mark in fresh.items():
            label, suspect = (mark.label, mark.suspect) if mark else ("", None)
            if label != self._labels[row]:
                self._labels[row] = label
                self._renamed.add(row)
            self._suspects.pop(row, None)
            if suspect:
                self._suspects[row] = suspect

    def table(self, now: datetime) -> PointTable:
        """The points at a moment. While none moved, comes or goes, two tables have the same `lon`, `lat` and `ids`, not only equal ones."""
        columns, before = self._columns, self._table
        lon, lat, ids = (before.lon, before.lat, before.ids)
        if self._is_moved:
            self._drawn = np.flatnonzero(columns["drawn"])
            lon, lat = columns["lon"][self._drawn], columns["lat"][self._drawn]
            ids = [self._ids[row] for row in self._drawn.tolist()]
        symbol = np.where(columns["due"] < now.timestamp(), columns["late"], columns["symbol"])[self._drawn]
        self._table = PointTable(
            "incidents", ids, lon, lat, symbol, columns["flags"][self._drawn], SYMBOLS, self._named(before.labels),
            [self._suspects[row] for row in sorted(self._suspects)], columns["field"][self._drawn], FIELDS,
        )
        self._is_moved = False
        self._renamed.clear()
        return self._table

    def _named(self, before: dict[int, str]) -> dict[int, str]:
        if self._is_moved:
            return dict(enumerate([self._labels[row] for row in self._drawn.tolist()]))
        rows = np.array(sorted(self._renamed), np.intp)
        at = np.searchsorted(self._drawn, rows)
        # What is not drawn has no label either.
        is_drawn = self._columns["drawn"][rows]
        return before | {place: self._labels[row] for place, row in zip(at[is_drawn].tolist(), rows[is_drawn].tolist(), strict=True)}


def _empty() -> PointTable:
    return PointTable("incidents", [], np.empty(0), np.empty(0), np.empty(0, np.uint8), np.empty(0, np.uint8), SYMBOLS, fields=FIELDS)
