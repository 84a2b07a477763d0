"""All incidents of the list with what makes narrowing, sorting and counting them cheap. A table is never changed: threads hand it on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from weihai_command.domain.foreign import fold

from .incident_order import KEYS, Order, by_field, by_urgency, moved
from .incident_rows import CHIPS, IncidentRow
from .text_scan import TextScan

Mask = NDArray[np.bool_]
#: From so many changes on it is quicker to sort everything again.
MANY = 200
_TESTS = {key: test for key, _, test in CHIPS}
_FAR = float("inf")


class IncidentTable:
    """Rows by their place, None where one was removed; `with_changes` and `at` give the next table, which shares what is the same.

    `since` (n,) counts in which of the tables a place was changed last, `age` is the count of this one.
    """

    def __init__(self, user: str = "", now: datetime | None = None) -> None:
        self.user, self.now, self.age = user, now, 0
        self.rows: list[IncidentRow | None] = []
        self.place: dict[str, int] = {}
        self.since = np.empty(0, np.int32)
        self.masks: dict[str, Mask] = {key: np.empty(0, bool) for key in _TESTS}
        self._due = self._stopped = np.empty(0)
        self._orders: dict[str, Order] = {"": np.empty(0, np.int32)}
        self._scan: TextScan | None = None

    def __len__(self) -> int:
        return len(self.place)

    def counts(self) -> dict[str, int]:
        """How many rows each chip would show."""
        return {key: int(np.count_nonzero(mask)) for key, mask in self.masks.items()}

    def shown(self, chip: str, query: str, field: str = "", *, is_falling: bool = False) -> Order:
        """Places of the rows that a chip and all words of a query let through, sorted by a field of incident_order.KEYS ("" urgency)."""
        mask = self.masks[chip].copy()
        for word in fold(query).split():
            mask &= self._searched().having(word)
        order = self._ordered(field)
        found = order[mask[order]]
        return found[::-1] if is_falling else found

    def with_changes(self, rows: Iterable[IncidentRow], gone: Iterable[str], user: str, now: datetime) -> IncidentTable:
        """The table in which `rows` stand instead of older ones of their ids, and none with the ids `gone`."""
        rows, gone = list(rows), list(gone)
        if not rows and not gone and user == self.user and self.rows:
            return self
        made = self._copied(user, now)
        if any(each in self.place for each in gone) or any(row.id not in self.place for row in rows):
            made.place = self.place.copy()
        touched = {made.place.pop(each) for each in gone if each in made.place}
        for place in touched:
            made.rows[place] = None
        for row in rows:
            place = made.place.setdefault(row.id, len(made.rows))
            if place == len(made.rows):
                made.rows.append(row)
            elif made.rows[place] == row:
                continue
            made.rows[place] = row
            touched.add(place)
        everything = user != self.user or not self.rows
        made._grow()
        made._note(sorted(touched) if not everything else range(len(made.rows)))
        made._sort(self, touched)
        made._scan = self._scan.with_texts({place: _text(made.rows[place]) for place in touched}, len(made.rows)) if self._scan else None
        return made

    def at(self, now: datetime, keep: timedelta) -> IncidentTable:
        """The table some time later: what fell due is counted so, what ended longer than `keep` ago is gone. Itself when nothing did."""
        before = self.now.timestamp() if self.now else -_FAR
        old = np.flatnonzero(self._stopped < (now - keep).timestamp()).tolist()
        gone = [row.id for place in old if (row := self.rows[place]) is not None]
        # A second more at both ends: a row that falls due at this very moment is not late before the next.
        due = np.flatnonzero((self._due > before - 1) & (self._due <= now.timestamp() + 1)).tolist()
        if not gone and not due:
            return self
        made = self.with_changes((), gone, self.user, now) if gone else self._copied(self.user, now)
        if not gone:
            made._orders, made._scan = self._orders, self._scan
        made._test([place for place in due if made.rows[place] is not None])
        return made

    def _copied(self, user: str, now: datetime) -> IncidentTable:
        made = IncidentTable(user, now)
        made.age = self.age + 1
        # Who stands where is only copied when somebody comes or goes.
        made.rows, made.place, made.since = self.rows.copy(), self.place, self.since.copy()
        made.masks = {key: mask.copy() for key, mask in self.masks.items()}
        made._due, made._stopped = self._due.copy(), self._stopped.copy()
        return made

    def _grow(self) -> None:
        new = len(self.rows) - len(self.since)
        if not new:
            return
        self.since = np.append(self.since, np.full(new, self.age, np.int32))
        self._due, self._stopped = np.append(self._due, np.full(new, _FAR)), np.append(self._stopped, np.full(new, _FAR))
        self.masks = {key: np.append(mask, np.zeros(new, bool)) for key, mask in self.masks.items()}

    def _note(self, places: Any) -> None:
        """Read from the rows at these places what is kept in columns."""
        if not len(places):
            return
        at, rows = np.array(places, np.intp), [self.rows[place] for place in places]
        self.since[at] = self.age
        self._due[at] = [row.due.timestamp() if row and row.due else _FAR for row in rows]
        self._stopped[at] = [row.stopped.timestamp() if row and row.stopped else _FAR for row in rows]
        self._test(places)

    def _test(self, places: Any) -> None:
        if not len(places) or self.now is None:
            return
        at, rows, user, now = np.array(places, np.intp), [self.rows[place] for place in places], self.user, self.now
        for key, test in _TESTS.items():
            self.masks[key][at] = [row is not None and bool(test(row, user, now)) for row in rows]

    def _sort(self, before: IncidentTable, touched: set[int]) -> None:
        if len(touched) > MANY or not before.rows:
            self._orders = {"": by_urgency(self.rows)}
        else:
            # A copy: a thread that narrows the older table may be adding to its orders.
            known = dict(before._orders)
            self._orders = {field: moved(order, before.rows, self.rows, field, touched) for field, order in known.items()}

    def _ordered(self, field: str) -> Order:
        if field not in self._orders:
            self._orders[field] = by_field(self.rows, field, self._orders[""])
        return self._orders[field]

    def _searched(self) -> TextScan:
        if self._scan is None:
            self._scan = TextScan([_text(row) for row in self.rows])
        return self._scan

    @property
    def is_prepared(self) -> bool:
        return self._scan is not None and len(self._orders) > len(KEYS)

    def prepare(self) -> None:
        """Make ahead what searching and sorting need; a second for 100,000 rows, and next to nothing where the table before had it."""
        self._searched()
        for field in KEYS:
            self._ordered(field)


def _text(row: IncidentRow | None) -> str:
    return row.text if row else ""
