"""The incident list: which incidents stand in it, in which order, and how that follows the store, the clock and the officer's wishes."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal

from weihai_command.domain.rights import Post
from weihai_command.operations.incident_list import KEEP_ENDED

from .asking import Asking
from .bridge import Bridge
from .clock import Clock
from .incident_cells import (
    COLUMNS,
    ELAPSED,
    GRADE,
    LEFT,
    NUMBER,
    OWNER,
    PLACE,
    PRIORITY,
    ROW,
    SORTS,
    STATE,
    SYNC,
    TYPE,
    URGENCY,
    IncidentCells,
    Index,
)
from .incident_order import Order
from .incident_rows import IncidentRow, row_of
from .incident_table import IncidentTable

__all__ = [
    "COLUMNS", "ELAPSED", "GRADE", "LEFT", "NUMBER", "OWNER", "PLACE", "PRIORITY", "ROW", "SORTS", "STATE", "SYNC", "TYPE", "URGENCY", "Index",
    "IncidentBoard",
]
#: Up to so many rows are narrowed and sorted at once; longer lists off the window's thread.
AT_ONCE = 5_000

Wish = tuple[str, str, int, bool]


class IncidentBoard(IncidentCells):
    """Incidents by urgency or by a column, narrowed by one chip and the words of a search.

    `counted` when any count changed; `loaded` once, when all of them were read.
    """

    counted = Signal()
    loaded = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__(clock)
        self._bridge = bridge
        self._asking = Asking(bridge, "incidents", self._read, lambda found: self._take(*found))
        self._ahead = Asking(bridge, "incidents:ahead", lambda: self._table.prepare(), lambda _: None)
        #: The newest table, and what of which table stands on the screen.
        self._table = self._seen = IncidentTable(self._user(), clock.now())
        self._shown = self._table.shown("all", "")
        self._query = ""
        self._column, self._is_falling = URGENCY, False
        self._mark: Any = None
        #: Whether what is shown differs from before by news alone, not by another wish for chip, words or order.
        self.keeps_place = True
        self._wish: Wish = ("all", "", URGENCY, False)
        self._turn = 0
        self.counts = self._table.counts()
        self.is_loaded = False
        #: The chip that stands for no filter at all: a department's own cases, everybody else's everything.
        self.home = "all"
        bridge.changed.connect(self._on_changed)
        clock.aged.connect(self._on_aged)

    def refresh(self) -> None:
        """Ask for what changed since the last answer."""
        home = "own" if self._post() else "all"
        if home != self.home:
            self.home = self.chip = home
        self._asking.ask()

    def show_chip(self, key: str) -> None:
        self.chip = key
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

    def set_sorting(self, kept: Any) -> None:
        """Take up a `sorting` that was kept as JSON; anything else means urgency."""
        fits = isinstance(kept, list) and len(kept) == 2 and kept[0] in range(URGENCY, len(SORTS)) and isinstance(kept[1], bool)
        self.order_by(kept[0] if fits else URGENCY, is_falling=kept[1] if fits else False)

    @property
    def is_narrowed(self) -> bool:
        return self.chip != self.home or bool(self._query.strip())

    @property
    def is_intake_late(self) -> bool:
        """Whether a message has waited longer for its owner than it may."""
        return bool((self._table.masks["intake"] & self._table.masks["overdue"]).any())

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

    def _read(self) -> tuple[IncidentTable, IncidentTable, Any]:
        """What the store changed since `_mark`, laid over `_table`; runs on a reader, and what it read from is another table when time has passed."""
        table, mark, user = self._table, self._mark, self._user()
        # Who is called by which name may have changed with the officer: then every row is read again.
        names, post, now = self._bridge.names(), self._post(), self.clock.now()
        mark = mark if user == table.user else None
        found = self._bridge.queries.incident_changes(self._bridge.desk, lambda raw: row_of(raw, names, post), mark)
        gone = table.place.keys() - {row.id for row in found.rows} if found.is_whole else found.gone
        made = table.at(now, KEEP_ENDED).with_changes(found.rows, gone, user, now)
        return table, made, found.mark

    def _take(self, base: IncidentTable, table: IncidentTable, mark: Any) -> None:
        if base is not self._table:
            # Time has made another one of it meanwhile.
            self.refresh()
            return
        is_first, self._table, self._mark, self.is_loaded = not self.is_loaded, table, mark, True
        self._narrow()
        if is_first:
            self.loaded.emit()
        if not self.is_ready:
            self._ahead.ask()

    def _narrow(self) -> None:
        """Show what chip, words and sorting ask for; of a long list when a reader has found it out."""
        table, wish = self._table, (self.chip, self._query, self._column, self._is_falling)
        # Messages come as they arrive: the newest first, until a column says otherwise.
        field = SORTS[self._column][0] if self._column != URGENCY else "elapsed" if self.chip == "intake" else ""
        self._turn += 1
        turn = self._turn

        def arrange() -> Order:
            return table.shown(wish[0], wish[1], field, is_falling=wish[3])

        if len(table) > AT_ONCE:
            self._bridge.ask("incidents:shown", arrange, lambda shown: self._show(table, shown, wish) if turn == self._turn else None)
        else:
            self._show(table, arrange(), wish)

    def _show(self, table: IncidentTable, shown: Order, wish: Wish) -> None:
        """Same incidents in the same order are only repainted, so that nothing jumps under a hand."""
        self.keeps_place, self._wish = wish == self._wish, wish
        if np.array_equal(shown, self._shown):
            changed = np.flatnonzero(table.since[shown] > self._seen.age).tolist()
            self._seen, self._shown = table, shown
            if self.keeps_place:
                self._repaint_rows(changed)
            else:
                # Another chip may call its columns otherwise.
                self._repaint(0, len(COLUMNS) - 1)
                self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
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
            # A table that was still being made ready was overtaken by this one.
            if not self.is_ready:
                self._ahead.ask()

    def _post(self) -> Post | None:
        """Where a department's account belongs; None for everybody else, and for an account that nobody has posted."""
        officer = self._bridge.desk.officer
        post: Post | None = getattr(officer, "post", None) if officer and officer.role == "department" else None
        return post if post and post.department else None

    def _user(self) -> str:
        officer = self._bridge.desk.officer
        return officer.user if officer else ""
