"""Small values that this store remembers by name."""

from __future__ import annotations

from .store import Store


def get(store: Store, key: str, default: str = "") -> str:
    with store.desk_read() as db:
        row = db.execute("SELECT value FROM settings WHERE key=?", (key,)).fetchone()
    return str(row[0]) if row else default


def put(store: Store, key: str, value: str) -> None:
    """Remember a value; writing the same again costs nothing."""
    if get(store, key, "\0") == value:
        return
    with store.desk_write() as db:
        db.execute("INSERT INTO settings VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", (key, value))


def remove(store: Store, key: str) -> None:
    with store.desk_write() as db:
        db.execute("DELETE FROM settings WHERE key=?", (key,))
