"""The sensors of a city by row: ids at hand, records read when somebody wants one, states as the map shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from ..domain.alarm_rules import PERIOD_S
from ..domain.movers import LATE_AFTER, LOST_AFTER
from ..store import mirror
from ..store.store import Store
from .live import STATES

if TYPE_CHECKING:
    from ..domain.alarm_rules import RuleColumns

Floats = NDArray[np.float64]
Codes = NDArray[np.uint8]
NORMAL, HIGH, LOW, FAULT, STALE, GONE = (STATES["sensors"].index(word) for word in ("normal", "high", "low", "fault", "stale", "lost"))
#: A sensor of which nothing was said yet.
UNTOLD = 255


class SensorTable(Sequence[Mapping[str, Any]]):
    """The sensors of the mirror in the order of their ids. A record that vanished is its id alone."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.mirror_read() as db:
            rows = db.execute("SELECT id, feed FROM mirror_sensors ORDER BY id").fetchall()
        self.ids = [str(row[0]) for row in rows]
        self.feeds = [str(row[1]) for row in rows]
        self.row_of = {ident: row for row, ident in enumerate(self.ids)}
        #: Seconds between two readings, known after the first pass over all.
        self.period: Floats = np.full(len(self.ids), PERIOD_S)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, row: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, row: int | slice) -> Mapping[str, Any] | Sequence[Mapping[str, Any]]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        return mirror.get(self._store, "sensors", self.ids[row]) or {"id": self.ids[row]}

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """All records, one pass over the file."""
        known = 0
        with self._store.mirror_read() as db:
            for ident, raw in db.execute("SELECT id, raw FROM mirror_sensors ORDER BY id"):
                while known < len(self.ids) and self.ids[known] < ident:
                    yield {"id": self.ids[known]}
                    known += 1
                if known < len(self.ids) and self.ids[known] == ident:
                    found = _object(raw)
                    self.period[known] = _period(found.get("period_s"))
                    yield found
                    known += 1
        yield from ({"id": each} for each in self.ids[known:])


def _period(value: object) -> float:
    is_good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1e9
    return float(value) if is_good and isinstance(value, (int, float)) else PERIOD_S


def _object(raw: str) -> Mapping[str, Any]:
    try:
        found = orjson.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def codes_of(rules: RuleColumns, rows: NDArray[np.int64], values: Floats) -> Codes:
    """States (m,) of readings: beyond the mildest limit or not, or no number that a working sensor gives."""
    with np.errstate(invalid="ignore"):
        found = np.where(values > rules.limit[0, rows, 0], HIGH, np.where(-values > rules.limit[1, rows, 0], LOW, NORMAL))
        good = np.isfinite(values) & (values >= rules.valid[0, rows]) & (values <= rules.valid[1, rows])
    return np.where(good, found, FAULT).astype(np.uint8)


def ages_of(age: Floats, period: Floats) -> Codes:
    """STALE and GONE by the sensor's own period, else NORMAL; seconds (n,)."""
    return np.where(age > LOST_AFTER * period, GONE, np.where(age > LATE_AFTER * period, STALE, NORMAL)).astype(np.uint8)
