"""The word index of the mirror: filled later than the rows are written, and exact all the same.

A question always also looks at the rows that are not indexed yet, so an index that lags costs time, never a row.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from ..domain.kinds import KINDS
from .store import Store

_BATCH = 500
#: How long one transaction of the index may take: the writer is an officer's.
_SLICE_S = 0.02
#: ASCII letters and digits, and everything beyond ASCII, as the index's tokenizer sees them.
_RUN = re.compile(r"[0-9A-Za-z\u0080-\U0010ffff]+")
#: Above this many rows that wait, reading the table is quicker than asking the index and them.
_LAGGING = 20_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """SQL that finds at least all rows with certain words: a FROM clause, a condition, its values. Rows come in order of `row`."""

    source: str
    condition: str = "1"
    values: list[Any] = field(default_factory=list)
    order: str = "row"


def grams(text: str) -> str:
    """Every character with the one after it, the last of a run alone: each character starts exactly one token."""
    return " ".join(run[i : i + 2] for run in _RUN.findall(text) for i in range(len(run)))


def query(words: Sequence[str]) -> str:
    """The FTS5 query that every text with all these folded words fits; empty when no index can help."""
    parts = []
    for run in (run for word in words for run in _RUN.findall(word)):
        parts.extend([f'"{run[i : i + 2]}"' for i in range(len(run) - 1)] or [f'"{run}"*'])
    return " AND ".join(dict.fromkeys(parts))


def candidates(db: sqlite3.Connection, kind: str, words: Sequence[str]) -> Candidates:
    """Where to look for these folded words."""
    asked = query(words)
    behind = _waiting(db, kind) if asked else 0
    if not asked or behind > _LAGGING:
        return Candidates(f"mirror_{kind}")
    name = f"words_{kind}"
    if not behind:
        # The index in front, so that the first fifty of a frequent word do not wait for the rest.
        return Candidates(f"{name} CROSS JOIN mirror_{kind} ON row={name}.rowid", f"{name} MATCH ?", [asked], f"{name}.rowid")
    fresh = f"SELECT row FROM mirror_{kind} WHERE row > (SELECT upto FROM indexed WHERE name='{name}')"
    indexed = f"SELECT rowid FROM {name} WHERE {name} MATCH ?"
    return Candidates(f"mirror_{kind}", f"row IN ({indexed} UNION ALL {fresh} UNION ALL SELECT row FROM dirty_{name})", [asked])


def waiting(store: Store, kind: str) -> int:
    """Rows of a kind that are not in its index yet."""
    with store.mirror_read() as db:
        return _waiting(db, kind) if KINDS[kind].text else 0


def index_dirty(store: Store, budget_ms: float = 50.0, kinds: Sequence[str] | None = None) -> bool:
    """Index what changed, in transactions of some 20 ms until the budget is used; True when nothing is left to do."""
    until = perf_counter() + budget_ms / 1000
    for kind in kinds or KINDS:
        while waiting(store, kind):
            if perf_counter() >= until:
                return False
            with store.mirror_write() as db:
                stop = min(until, perf_counter() + _SLICE_S)
                while _index_some(db, kind) and perf_counter() < stop:
                    pass
    return True


def _upto(db: sqlite3.Connection, kind: str) -> int:
    return int(db.execute("SELECT upto FROM indexed WHERE name=?", (f"words_{kind}",)).fetchone()[0])


def _waiting(db: sqlite3.Connection, kind: str) -> int:
    marked = int(db.execute(f"SELECT COUNT(*) FROM dirty_words_{kind}").fetchone()[0])
    last = int(db.execute(f"SELECT COALESCE(MAX(row), 0) FROM mirror_{kind}").fetchone()[0])
    return marked + max(0, last - _upto(db, kind))


def _index_some(db: sqlite3.Connection, kind: str) -> bool:
    """Index one batch, changed rows before new ones; False when there was none."""
    marked = [row[0] for row in db.execute(f"SELECT row FROM dirty_words_{kind} LIMIT ?", (_BATCH,))]
    if marked:
        _again(db, kind, marked)
        return True
    sql = f"SELECT row, words FROM mirror_{kind} WHERE row>? ORDER BY row LIMIT ?"
    fresh = db.execute(sql, (_upto(db, kind), _BATCH)).fetchall()
    if fresh:
        _add(db, kind, fresh)
        db.execute("UPDATE indexed SET upto=? WHERE name=?", (fresh[-1][0], f"words_{kind}"))
    return bool(fresh)


def _again(db: sqlite3.Connection, kind: str, rows: list[int]) -> None:
    db.executemany(f"DELETE FROM words_{kind} WHERE rowid=?", [(row,) for row in rows])
    found = [db.execute(f"SELECT row, words FROM mirror_{kind} WHERE row=?", (row,)).fetchone() for row in rows]
    upto = _upto(db, kind)
    _add(db, kind, [each for each in found if each and each[0] <= upto])
    db.executemany(f"DELETE FROM dirty_words_{kind} WHERE row=?", [(row,) for row in rows])
    # SQLite gives the number of a removed last row to the next one, which then must count as new.
    db.execute(f"UPDATE indexed SET upto=MIN(upto, (SELECT COALESCE(MAX(row), 0) FROM mirror_{kind})) WHERE name=?", (f"words_{kind}",))


def _add(db: sqlite3.Connection, kind: str, found: Sequence[tuple[int, str]]) -> None:
    db.executemany(f"INSERT INTO words_{kind}(rowid, grams) VALUES(?,?)", [(row, grams(text)) for row, text in found if text])
