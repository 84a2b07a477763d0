"""The word and place indexes of the mirror: filled later than the rows are written, and exact all the same.

A question always also looks at the rows that are not indexed yet, so an index that lags costs time, never a row.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from math import cos, radians
from time import perf_counter
from typing import Any

from ..domain.geometry import EARTH_M
from ..domain.kinds import KINDS
from .store import Store

_BATCH = 500
#: ASCII letters and digits, and everything beyond ASCII, as the index's tokenizer sees them.
_RUN = re.compile(r"[0-9A-Za-z\u0080-\U0010ffff]+")
#: Above this many rows that wait, reading the table is quicker than asking the index and them.
_LAGGING = 20_000


def grams(text: str) -> str:
    """Every character with the one after it, the last of a run alone: each character starts exactly one token."""
    return " ".join(run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run)))


def query(words: Sequence[str]) -> str:
    """The FTS5 query that every text with all these folded words fits; empty when no index can help."""
    parts = []
    for run in (run for word in words for run in _RUN.findall(word)):
        pairs = dict.fromkeys(run[i : i + 2] for i in range(len(run) - 1))
        parts.extend([f'"{pair}"' for pair in pairs] or [f'"{run}"*'])
    return " AND ".join(dict.fromkeys(parts))


def word_candidates(db: sqlite3.Connection, kind: str, words: Sequence[str]) -> tuple[str, list[Any]]:
    """An SQL condition (and its values) on `row` that holds for at least all rows with these words."""
    asked = query(words)
    if not asked or _waiting(db, "words", kind) > _LAGGING:
        return "1", []
    name = f"words_{kind}"
    return f"(row IN (SELECT rowid FROM {name} WHERE {name} MATCH ?) OR {_unindexed(name)})", [asked]


def place_candidates(db: sqlite3.Connection, kind: str, near: tuple[float, float, float]) -> tuple[str, list[Any]]:
    """An SQL condition (and its values) that holds for at least all rows within the circle (lon, lat, metres)."""
    west, east, south, north = box(near)
    if _waiting(db, "place", kind) > _LAGGING:
        return "lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?", [west, east, south, north]
    name = f"place_{kind}"
    # R*Tree keeps 32-bit floats, rounded outwards: overlap is the question that loses none.
    found = f"SELECT row FROM {name} WHERE east>=? AND west<=? AND north>=? AND south<=?"
    return f"(row IN ({found}) OR {_unindexed(name)})", [west, east, south, north]


def box(near: tuple[float, float, float]) -> tuple[float, float, float, float]:
    """(west, east, south, north) in degrees around the circle, a little wider than it."""
    lon, lat, metres = near
    high = metres / EARTH_M * 57.3 + 1e-6
    edge = min(abs(lat) + high, 90.0)
    # Near a pole every longitude is close.
    wide = 360.0 if edge > 89.0 else min(360.0, high / cos(radians(edge)) + 1e-6)
    return lon - wide, lon + wide, lat - high, lat + high


def waiting(store: Store, kind: str) -> int:
    """Rows of a kind that are not in its indexes yet."""
    with store.mirror_read() as db:
        return sum(_waiting(db, index, kind) for index in ("words", "place") if _has(index, kind))


def index_dirty(store: Store, budget_ms: float = 50.0, kinds: Sequence[str] | None = None) -> bool:
    """Index what changed, small kinds first, in transactions of some 20 ms until the budget is used; True when nothing is left."""
    until = perf_counter() + budget_ms / 1000
    names = [(index, kind) for kind in (kinds or KINDS) for index in ("words", "place") if _has(index, kind)]
    for index, kind in names:
        while True:
            with store.mirror_read() as db:
                if not _is_behind(db, f"{index}_{kind}", kind):
                    break
            if perf_counter() >= until:
                return False
            with store.mirror_write() as db:
                stop = min(until, perf_counter() + 0.02)
                while _index_some(db, index, kind) and perf_counter() < stop:
                    pass
    return True


def _has(index: str, kind: str) -> bool:
    return bool(KINDS[kind].text) if index == "words" else KINDS[kind].placed


def _upto(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute("SELECT upto FROM indexed WHERE name=?", (name,)).fetchone()[0])


def _last(db: sqlite3.Connection, kind: str) -> int:
    return int(db.execute(f"SELECT COALESCE(MAX(row), 0) FROM mirror_{kind}").fetchone()[0])


def _waiting(db: sqlite3.Connection, index: str, kind: str) -> int:
    name = f"{index}_{kind}"
    marked = int(db.execute(f"SELECT COUNT(*) FROM dirty_{name}").fetchone()[0])
    return marked + max(0, _last(db, kind) - _upto(db, name))


def _is_behind(db: sqlite3.Connection, name: str, kind: str) -> bool:
    return db.execute(f"SELECT 1 FROM dirty_{name}").fetchone() is not None or _last(db, kind) > _upto(db, name)


def _unindexed(name: str) -> str:
    return f"row > (SELECT upto FROM indexed WHERE name='{name}') OR row IN (SELECT row FROM dirty_{name})"


def _index_some(db: sqlite3.Connection, index: str, kind: str) -> bool:
    """Index one batch; False when there was none."""
    name = f"{index}_{kind}"
    marked = [row[0] for row in db.execute(f"SELECT row FROM dirty_{name} LIMIT ?", (_BATCH,))]
    if marked:
        _again(db, index, kind, marked)
        return True
    upto = _upto(db, name)
    fresh = [row[0] for row in db.execute(f"SELECT row FROM mirror_{kind} WHERE row>? ORDER BY row LIMIT ?", (upto, _BATCH))]
    if fresh:
        _add(db, index, kind, "row BETWEEN ? AND ?", (fresh[0], fresh[-1]))
        db.execute("UPDATE indexed SET upto=? WHERE name=?", (fresh[-1], name))
    return bool(fresh)


def _again(db: sqlite3.Connection, index: str, kind: str, rows: list[int]) -> None:
    name = f"{index}_{kind}"
    key = "rowid" if index == "words" else "row"
    db.executemany(f"DELETE FROM {name} WHERE {key}=?", [(row,) for row in rows])
    for row in rows:
        _add(db, index, kind, "row=?", (row,))
    db.executemany(f"DELETE FROM dirty_{name} WHERE row=?", [(row,) for row in rows])
    # SQLite gives the number of a removed last row to the next one, which then must count as new.
    db.execute(f"UPDATE indexed SET upto=MIN(upto, (SELECT COALESCE(MAX(row), 0) FROM mirror_{kind})) WHERE name=?", (name,))


def _add(db: sqlite3.Connection, index: str, kind: str, condition: str, values: tuple[int, ...]) -> None:
    if index == "words":
        found = db.execute(f"SELECT row, words FROM mirror_{kind} WHERE words<>'' AND {condition}", values).fetchall()
        db.executemany(f"INSERT INTO words_{kind}(rowid, grams) VALUES(?,?)", [(row, grams(text)) for row, text in found])
        return
    placed = f"SELECT row, lon, lon, lat, lat FROM mirror_{kind} WHERE lon IS NOT NULL AND lat IS NOT NULL AND {condition}"
    db.execute(f"INSERT INTO place_{kind} {placed}", values)
