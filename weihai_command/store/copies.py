"""Copies of desk.db: which are good, how one comes into place, how a bad file is put aside and never deleted."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ..domain.faults import StoreFault
from . import trouble
from .desk_migrations import DESK_MIGRATIONS
from .migrations import schema_version
from .profile import Profile

PREFIX = "desk-"


@dataclass(frozen=True, slots=True)
class Copy:
    """A sound copy of desk.db; `last_act` is the actor's time of its newest act, empty when it has none."""

    file: Path
    last_act: str
    acts: int


class Unsound(sqlite3.DatabaseError):
    """The whole-file check of SQLite found damage."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def check(db: sqlite3.Connection, *, deep: bool = False) -> None:
    """Read the whole file (sqlite3.DatabaseError of the corrupt kind when it is damaged)."""
    found = [row[0] for row in db.execute("PRAGMA integrity_check(5)" if deep else "PRAGMA quick_check(5)")]
    if found != ["ok"]:
        raise Unsound("; ".join(str(each) for each in found))


def inspect(file: Path) -> Copy:
    """Verify a copy wholly (StoreFault: damaged, not ours, or from a newer program)."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
            check(db, deep=True)
            version = schema_version(db)
            if version is None:
                raise trouble.not_ours(file)
            if version[0] > DESK_MIGRATIONS[-1].major:
                raise trouble.newer(file, version[0], DESK_MIGRATIONS[-1].major)
            last = db.execute("SELECT at FROM acts ORDER BY seq DESC LIMIT 1").fetchone()
            count = db.execute("SELECT COUNT(*) FROM acts").fetchone()[0]
    except sqlite3.Error as error:
        raise trouble.unusable_copy(file, error) from error
    return Copy(file, last[0] if last else "", int(count))


def all_copies(profile: Profile) -> list[Path]:
    """Rotating backups, newest first: by their number, for a clock may have run backwards."""
    return sorted(profile.backups.glob(f"{PREFIX}[0-9]*.db"), reverse=True) if profile.backups.is_dir() else []


def newest_good(profile: Profile) -> Copy | None:
    """The newest backup that passes a whole check."""
    for file in all_copies(profile):
        try:
            return inspect(file)
        except StoreFault:
            continue
    return None


def move_aside(file: Path) -> Path:
    """Rename a database with its log files to the first free `.aside-N` name; the new path of the main file."""
    n = 1
    while (target := file.with_name(f"{file.name}.aside-{n}")).exists():
        n += 1
    for end in ("-wal", "-shm"):
        part = file.with_name(file.name + end)
        if part.exists():
            part.replace(target.with_name(target.name + end))
    file.replace(target)
    return target


def put_in_place(source: Path, target: Path) -> None:
    """Copy a database file to `target`, there at once or not at all (OSError, sqlite3.Error)."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as db, closing(sqlite3.connect(part)) as copy:
        db.backup(copy)
        doubt(copy)
        copy.commit()
    part.replace(target)


def doubt(db: sqlite3.Connection) -> None:
    """What waits in a copy may have been sent since it was made: a create asks the history first, or it would raise what was deleted."""
    db.execute("UPDATE steps SET attempts=MAX(attempts, 1) WHERE state='pending'")
