"""Open incidents that may be like one: SQLite tells place, time and type of all in one text, without the interpreter's lock; few are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ..domain.incident import FINAL
from .overlay import layers
from .store import Store
from .view import Near, box

#: Stands for a time that is not known.
_NEVER = -(2**62)
#: Degrees and whole seconds are joined as integers: parts of a degree of some millimetres.
_DEGREE = 1e8
_ENDED = ",".join(f"'{state}'" for state in sorted(frozenset().union(*FINAL.values())))


@dataclass(frozen=True, slots=True)
class Open:
    """Columns of open incidents: degrees (0 where there is no place), `at` epoch seconds (NaN unknown), `kin` 1 same type, 0.5 kin or unknown, 0 another."""

    row: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    at: NDArray[np.float64]
    kin: NDArray[np.float64]


def alike(
    store: Store, kind: str | None, kin: Iterable[str], near: Near | None, days: tuple[str, str] | None, choose: Callable[[Open], NDArray[np.intp]]
) -> list[dict[str, Any]]:
    """The merged records of those open incidents that `choose` picks of their columns, and every one with open steps.

    kind: the type, kin: the types of its category. near: (lon, lat, metres); without it those of this type, reported at no time or between
    `days` (YYYY-MM-DD).
    """
    over = layers(store, "incidents")
    condition, values = _condition(kind, near, days)
    with store.mirror_read() as db:
        told = db.execute(f"SELECT {_COLUMNS} FROM mirror_incidents WHERE {condition}", [kind, orjson.dumps(list(kin)).decode(), *values]).fetchone()
        found = _open(*told)
        rows = orjson.dumps(found.row[choose(found)].tolist()).decode() if len(found.row) else "[]"
        acted = orjson.dumps(list(over)).decode()
        wanted = "row IN (SELECT value FROM json_each(?)) OR id IN (SELECT value FROM json_each(?))"
        stored = {each: orjson.loads(raw) for each, raw in db.execute(f"SELECT id, raw FROM mirror_incidents WHERE {wanted}", (rows, acted))}
    plain = [{**raw, "sync": "synced"} for each, raw in stored.items() if each not in over]
    return plain + [merged for each, layer in over.items() if (merged := layer.over(each, stored.get(each)))]


_KIN = "CASE WHEN type=? THEN 2 WHEN type IS NULL OR type IN (SELECT value FROM json_each(?)) THEN 1 ELSE 0 END"
_CELLS = (
    _KIN, "row", f"COALESCE(CAST(lon*{_DEGREE:.0f} AS INTEGER), 0)", f"COALESCE(CAST(lat*{_DEGREE:.0f} AS INTEGER), 0)",
    # What is no date would be taken for a number of days, or for now.
    f"COALESCE(CASE WHEN reported_at GLOB '[12][0-9][0-9][0-9]-*' THEN CAST(strftime('%s', reported_at) AS INTEGER) END, {_NEVER})",
)
_COLUMNS = ", ".join(f"GROUP_CONCAT({each})" for each in _CELLS)


def _condition(kind: str | None, near: Near | None, days: tuple[str, str] | None) -> tuple[str, list[Any]]:
    parts = [f"COALESCE(state, '') NOT IN ({_ENDED})"]
    values: list[Any] = []
    if near is not None:
        parts.append("lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?")
        values += box(near)
    else:
        parts.append("type=?")
        values.append(kind)
    if near is None and days is not None:
        parts.append("(reported_at IS NULL OR reported_at BETWEEN ? AND ?)")
        values += days
    return " AND ".join(parts), values


def _open(kin: str | None, *rest: str | None) -> Open:
    row, lon, lat, at = (np.fromstring(each or "", np.int64, sep=",") for each in rest)
    known = np.where(at == _NEVER, np.nan, at)
    return Open(row, lon / _DEGREE, lat / _DEGREE, known, np.fromstring(kin or "", np.int64, sep=",") / 2)
