"""Counts and newest times of the standing masses, asked of SQLite itself."""

from __future__ import annotations

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
