"""Counts and newest times of the standing masses, asked of SQLite itself."""

from __future__ import annotations

from collections.abc import Iterable

from .cells import kind_of
from .store import Store


def newest(store: Store, kind: str, by: str, column: str) -> dict[str, str]:
    """Value of `by` -> the largest text in `column` among its rows as the mirror has them; KeyError for a column that it has not."""
    known = kind_of(kind).columns
    for name in (by, column):
        if name not in known:
            raise KeyError(name)
    with store.mirror_read() as db:
        found = db.execute(f"SELECT {by}, MAX({column}) FROM mirror_{kind} WHERE {column} IS NOT NULL GROUP BY {by}")
        return {str(value): str(last) for value, last in found}


def listed(store: Store, kind: str, column: str, values: Iterable[str], *columns: str) -> list[tuple[str, ...]]:
    """(id, value of each of `columns`) of the rows whose `column` is one of `values`; KeyError for a column that the kind has not."""
    known = kind_of(kind).columns
    for name in (column, *columns):
        if name not in known:
            raise KeyError(name)
    wanted = list(values)
    marks = ",".join("?" * len(wanted))
    with store.mirror_read() as db:
        found = db.execute(f"SELECT {', '.join(('id', *columns))} FROM mirror_{kind} WHERE {column} IN ({marks})", wanted)
        return [tuple(str(each) for each in row) for row in found]


def pairs(store: Store, kind: str, column: str) -> list[tuple[str, str]]:
    """(id, value of `column`) of every row; KeyError for a column that the kind has not."""
    if column not in kind_of(kind).columns:
        raise KeyError(column)
    with store.mirror_read() as db:
        return [(str(ident), str(value)) for ident, value in db.execute(f"SELECT id, {column} FROM mirror_{kind}")]
