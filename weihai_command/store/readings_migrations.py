"""The schema of readings.db: readings as they came, their trends when they are old, the sensors' numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database


def _readings(db: Database) -> None:
    db.execute("CREATE TABLE sensors(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT")
    # In the order in which they came; a number is never used twice, for `judged` speaks of it. `at` in milliseconds.
    db.execute(
        "CREATE TABLE readings(seq INTEGER PRIMARY KEY AUTOINCREMENT, sensor INTEGER NOT NULL, at INTEGER NOT NULL, value REAL, source INTEGER) STRICT"
    )
    # One index answers a sensor's window and knows what came twice.
    db.execute("CREATE UNIQUE INDEX reading_of ON readings(sensor, at)")
    db.execute("CREATE UNIQUE INDEX reading_source ON readings(source) WHERE source IS NOT NULL")
    db.execute(
        "CREATE TABLE trends(sensor INTEGER NOT NULL, bucket INTEGER NOT NULL, n INTEGER NOT NULL, low REAL NOT NULL, mean REAL NOT NULL,"
        " high REAL NOT NULL, PRIMARY KEY(sensor, bucket)) STRICT, WITHOUT ROWID"
    )
    db.execute("CREATE TABLE marks(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")


READINGS_MIGRATIONS = (Migration(1, 1, 0, "readings", _readings),)
