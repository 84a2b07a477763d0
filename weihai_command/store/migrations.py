"""Numbered schema steps, each recorded in the transaction that makes it. A step that has shipped is never edited."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import trouble

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Migration:
    """A new `major` means that older programs must not open the file; a new `minor` only adds."""

    number: int
    major: int
    minor: int
    name: str
    run: Callable[[Database], None]


def schema_version(db: sqlite3.Connection) -> tuple[int, int] | None:
    """(major, minor) of the file, None for one without our schema (sqlite3.DatabaseError when it is no database)."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name='schema_version'").fetchone():
        return None
    row = db.execute("SELECT major, minor FROM schema_version ORDER BY number DESC LIMIT 1").fetchone()
    return (int(row[0]), int(row[1])) if row else None


def pending(db: sqlite3.Connection, file: Path, migrations: Sequence[Migration]) -> list[Migration]:
    """What `file` still lacks; StoreFault when a newer program's major version made it."""
    version = schema_version(db)
    if version is None:
        return list(migrations)
    if version[0] > migrations[-1].major:
        raise trouble.newer(file, version[0], migrations[-1].major)
    done = {row[0] for row in db.execute("SELECT number FROM schema_version")}
    return [migration for migration in migrations if migration.number not in done]


def migrate(db: sqlite3.Connection, file: Path, migrations: Sequence[Migration], backups: Path) -> int:
    """Run what is missing, one transaction each, after keeping a copy of a file that holds something; the number of steps run."""
    missing = pending(db, file, migrations)
    if not missing:
        return 0
    if schema_version(db) is not None:
        keep_copy(db, backups / f"{file.stem}-before-{missing[0].number:03d}.db")
    # Half a second of import: only a store that lacks something pays it.
    from sqlite_utils import Database

    database = Database(db)
    for migration in missing:
        db.execute("BEGIN IMMEDIATE")
        try:
            _run(db, database, migration)
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
    return len(missing)


def _run(db: sqlite3.Connection, database: Database, migration: Migration) -> None:
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_version(number INTEGER PRIMARY KEY, major INTEGER NOT NULL, minor INTEGER NOT NULL,"
        " name TEXT NOT NULL, at TEXT NOT NULL) STRICT"
    )
    # Another process may have been first while we waited for the lock.
    if db.execute("SELECT 1 FROM schema_version WHERE number=?", (migration.number,)).fetchone():
        return
    migration.run(database)
    if not db.in_transaction:
        raise RuntimeError(f"migration {migration.number} ended its transaction")
    db.execute(
        "INSERT INTO schema_version VALUES(?,?,?,?,strftime('%Y-%m-%dT%H:%M:%SZ','now'))",
        (migration.number, migration.major, migration.minor, migration.name),
    )


def keep_copy(db: sqlite3.Connection, target: Path) -> None:
    """A whole and consistent copy of a live database at `target`, put there at once (OSError, sqlite3.Error)."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    copy = sqlite3.connect(part)
    try:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    except BaseException:
        copy.close()
        part.unlink(missing_ok=True)
        raise
    copy.close()
    part.replace(target)
