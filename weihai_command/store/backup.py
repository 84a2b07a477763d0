"""Copies of a live desk.db, their rotation and return, and the check of a whole store."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..domain.faults import StoreFault
from . import audit, copies, migrations, trouble
from .copies import Copy
from .pool import connect
from .profile import Profile
from .store import Store

_NUMBER = re.compile(rf"{copies.PREFIX}(\d+)")


def backup(store: Store, file: Path) -> Copy:
    """Copy the live desk.db (not the mirror: it can be fetched again) to `file`, verified before it takes that name (StoreFault)."""
    part = file.with_name(file.name + ".new")
    try:
        with store.desk_read() as db:
            migrations.keep_copy(db, part)
        copies.inspect(part)
        part.replace(file)
    except (OSError, sqlite3.Error) as error:
        raise trouble.fault_of(error, file) or error from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return copies.inspect(file)


def rotate(store: Store, keep: int = 5) -> Path:
    """Add a numbered backup to the profile and remove all but the `keep` newest (StoreFault: nothing was removed)."""
    profile = store.profile
    last = next(iter(copies.all_copies(profile)), None)
    found = _NUMBER.match(last.name) if last else None
    number = int(found[1]) + 1 if found else 1
    target = profile.backups / f"{copies.PREFIX}{number:06d}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    backup(store, target)
    for old in copies.all_copies(profile)[max(1, keep) :]:
        with suppress(OSError):
            old.unlink()
    return target


def restore(profile: Profile, file: Path, actor: str = "") -> Path | None:
    """Put a backup in the place of the profile's desk.db; where the present one was kept, None when there was none.

    Safe beside an open desk: a sound desk.db is overwritten in one transaction that other processes see as a change, a damaged
    one is moved aside. StoreFault: the backup is damaged, not ours or from a newer program (nothing was changed).
    """
    copies.inspect(file)
    try:
        profile.folder.mkdir(parents=True, exist_ok=True)
        aside = None
        if profile.desk_db.exists():
            aside = _replace(profile, file)
        else:
            copies.put_in_place(file, profile.desk_db)
        _write_down(profile, file, aside, actor)
        return aside
    except (OSError, sqlite3.Error) as error:
        raise trouble.fault_of(error, profile.desk_db) or error from error


def _write_down(profile: Profile, file: Path, aside: Path | None, actor: str) -> None:
    with closing(connect(profile.desk_db, "FULL")) as db:
        db.execute("BEGIN IMMEDIATE")
        copies.doubt(db)
        said = {"kept": aside.name if aside else ""}
        audit.append(db, datetime.now().astimezone().isoformat(timespec="seconds"), actor, "restore", file.name, said)
        db.execute("COMMIT")


def verify(store: Store) -> list[str]:
    """Chinese sentences about everything that is wrong with the files or the audit chain; empty when all is well."""
    problems = []
    for name, read in (("desk.db", store.desk_read), ("mirror.db", store.mirror_read)):
        try:
            with read() as db:
                copies.check(db, deep=True)
        except (StoreFault, sqlite3.DatabaseError) as error:
            problems.append(f"{name} 已损坏：{error}")
    try:
        problems.extend(audit.verify(store))
    except (StoreFault, sqlite3.DatabaseError) as error:
        problems.append(f"审计记录读不出来：{error}")
    return problems


def _replace(profile: Profile, file: Path) -> Path:
    try:
        with closing(connect(profile.desk_db, "FULL")) as db:
            copies.check(db)
            aside = _free_name(profile)
            migrations.keep_copy(db, aside)
            with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
                source.backup(db)
            return aside
    except sqlite3.DatabaseError as error:
        if not trouble.is_corrupt(error):
            raise
    aside = copies.move_aside(profile.desk_db)
    copies.put_in_place(file, profile.desk_db)
    return aside


def _free_name(profile: Profile) -> Path:
    n = 1
    while (target := profile.backups / f"before-restore-{n}.db").exists():
        n += 1
    return target
