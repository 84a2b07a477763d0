"""By what the incident list can be sorted. Nothing here depends on the hour: what falls due sooner stays before what falls due later."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .incident_rows import IncidentRow, urgency

Order = NDArray[np.int32]
#: Ended incidents come after all others, then those that have no such figure.
_ENDED, _NONE = 1e12, 1e15
_SYNC = {"conflict": 0.0, "rejected": 1.0, "sending": 2.0, "pending": 3.0}


def _spoken(text: str) -> bytes:
    # In this code the common characters stand by their sounds: what people expect of a list of names.
    return text.encode("gb18030", "replace")


def _age(row: IncidentRow) -> float:
    """The youngest first; what ended stands by how long it took."""
    if row.started is None:
        return _NONE
    started = row.started.timestamp()
    return -started if not row.ended else _ENDED + (row.stopped.timestamp() - started if row.stopped else 0.0)


def _due(row: IncidentRow) -> float:
    if row.ended or row.due is None or row.paused:
        return _ENDED if not row.ended else _NONE
    return row.due.timestamp()


#: Field -> what a row is sorted by, ties by urgency. All keys of one field are numbers, or all are of one other type.
KEYS: dict[str, Callable[[IncidentRow], Any]] = {
    "word": lambda row: _spoken(row.word), "grade": lambda row: float(row.grade or 5), "priority": lambda row: row.rank,
    "number": lambda row: row.number, "type": lambda row: _spoken(row.type), "place": lambda row: _spoken(row.place), "elapsed": _age,
    "left": _due, "responsible": lambda row: _spoken(row.responsible), "sync": lambda row: _SYNC.get(row.sync, 4.0),
}


def by_urgency(rows: Sequence[IncidentRow | None]) -> Order:
    """Places of the rows that are there, the most urgent first: as sorted by incident_rows.urgency, in a tenth of the time."""
    places = np.array([place for place, row in enumerate(rows) if row is not None], np.int32)
    keys = list(zip(*(urgency(row) for row in rows if row is not None), strict=True))
    return places[np.lexsort([_numbers(part) for part in reversed(keys)])] if keys else places


def by_field(rows: Sequence[IncidentRow | None], field: str, urgent: Order) -> Order:
    """The same sorted by one of KEYS."""
    key = KEYS[field]
    values = [key(rows[place]) for place in urgent.tolist()]  # type: ignore[arg-type]
    return urgent[np.argsort(_numbers(values), kind="stable")] if values else urgent


def _numbers(values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers that sort as the values do."""
    if isinstance(values[0], (bool, int, float)):
        return np.array(values, np.float64)
    rank = {value: float(at) for at, value in enumerate(sorted(set(values)))}
    return np.fromiter(map(rank.__getitem__, values), np.float64, len(values))


def moved(order: Order, before: Sequence[IncidentRow | None], rows: Sequence[IncidentRow | None], field: str, changed: Iterable[int]) -> Order:
    """`order` of the rows `before` with the changed places where they belong now; `field` "" is urgency. For few of them.

    Itself where none belongs elsewhere.
    """

    def key(place: Any) -> tuple[Any, ...] | None:
        row = rows[int(place)]
        return _key(row, field)

    fresh = {place: key(place) for place in changed}
    stay = {place for place, now in fresh.items() if now == (_key(before[place], field) if place < len(before) else None)}
    touched = [place for place in fresh if place not in stay]
    if not touched:
        return order
    is_kept = np.ones(len(rows), bool)
    is_kept[touched] = False
    kept = order[is_kept[order]]
    coming = sorted((place for place in touched if fresh[place] is not None), key=lambda place: (fresh[place], place))
    return np.insert(kept, [bisect_right(kept, fresh[place], key=key) for place in coming], coming).astype(np.int32, copy=False)


def _key(row: IncidentRow | None, field: str) -> tuple[Any, ...] | None:
    return None if row is None else (KEYS[field](row) if field else 0.0, urgency(row))
