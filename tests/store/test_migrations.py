"""The runner: in order, each with its record in one transaction, a copy before, a newer program's file refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from weihai_command.domain.faults import StoreFault
from weihai_command.store.desk_migrations import DESK_MIGRATIONS
from weihai_command.store.migrations import Migration, migrate, pending, schema_version
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


def make(name: str) -> Migration:
    number = int(name[1:])
    return Migration(number, 1, number, name, lambda db: db.table(name).create({"a": int}, strict=True) and None)


def open_file(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, isolation_level=None)


def test_steps_run_once_and_in_order(tmp_path: Path) -> None:
    db = open_file(tmp_path / "x.db")
    assert schema_version(db) is None
    assert migrate(db, tmp_path / "x.db", [make("t1"), make("t2")], tmp_path / "backups") == 2
    assert migrate(db, tmp_path / "x.db", [make("t1"), make("t2")], tmp_path / "backups") == 0
    assert schema_version(db) == (1, 2)
    assert not (tmp_path / "backups").exists(), "a new file needs no copy"
    db.close()


def test_a_copy_is_kept_before_an_old_file_changes(tmp_path: Path) -> None:
    db = open_file(tmp_path / "x.db")
    migrate(db, tmp_path / "x.db", [make("t1")], tmp_path / "backups")
    db.execute("INSERT INTO t1 VALUES(7)")
    migrate(db, tmp_path / "x.db", [make("t1"), make("t2")], tmp_path / "backups")
    copy = open_file(tmp_path / "backups" / "x-before-002.db")
    assert schema_version(copy) == (1, 1) and copy.execute("SELECT a FROM t1").fetchall() == [(7,)]
    copy.close()
    db.close()


def test_a_step_that_fails_leaves_the_file_as_the_step_before_left_it(tmp_path: Path) -> None:
    def broken(db: Database) -> None:
        db.table("half").create({"a": int}, strict=True)
        raise RuntimeError("broken")

    db = open_file(tmp_path / "x.db")
    with pytest.raises(RuntimeError):
        migrate(db, tmp_path / "x.db", [make("t1"), Migration(2, 1, 2, "broken", broken)], tmp_path)
    assert schema_version(db) == (1, 1)
    assert not db.execute("SELECT 1 FROM sqlite_master WHERE name='half'").fetchone()
    db.close()


def test_a_step_may_not_end_its_transaction(tmp_path: Path) -> None:
    db = open_file(tmp_path / "x.db")
    with pytest.raises(RuntimeError, match="transaction"):
        migrate(db, tmp_path / "x.db", [Migration(1, 1, 0, "leak", lambda each: each.execute("COMMIT") and None)], tmp_path)
    db.close()


def test_a_newer_minor_is_tolerated_and_a_newer_major_refused(tmp_path: Path) -> None:
    db = open_file(tmp_path / "x.db")
    migrate(db, tmp_path / "x.db", [make("t1"), make("t9")], tmp_path)
    assert pending(db, tmp_path / "x.db", [make("t1")]) == []
    db.execute("UPDATE schema_version SET major=2")
    with pytest.raises(StoreFault) as found:
        pending(db, tmp_path / "x.db", [make("t1")])
    assert found.value.code == "NewerSchema" and "升级" in found.value.todo
    db.close()


@pytest.mark.parametrize("file", ["desk_db", "mirror_db"])
def test_a_store_of_a_newer_program_is_refused_and_left_alone(profile: Profile, file: str) -> None:
    Store.open(profile, ballast=False).close()
    path: Path = getattr(profile, file)
    db = open_file(path)
    db.execute("UPDATE schema_version SET major=99")
    db.close()
    with pytest.raises(StoreFault) as found:
        Store.open(profile, ballast=False)
    assert found.value.code == "NewerSchema"
    db = open_file(path)
    assert db.execute("SELECT DISTINCT major FROM schema_version").fetchall() == [(99,)]
    db.close()
    assert not list(profile.folder.glob("*.aside-*"))


def test_an_unfinished_desk_file_is_brought_up_to_date_at_open(profile: Profile) -> None:
    profile.folder.mkdir(parents=True)
    db = open_file(profile.desk_db)
    migrate(db, profile.desk_db, DESK_MIGRATIONS[:2], profile.backups)
    db.close()
    Store.open(profile, ballast=False).close()
    db = open_file(profile.desk_db)
    assert pending(db, profile.desk_db, DESK_MIGRATIONS) == []
    db.close()
    assert (profile.backups / "desk-before-003.db").exists()


def test_a_current_store_opens_without_loading_the_schema_library(profile: Profile) -> None:
    import subprocess
    import sys

    Store.open(profile, ballast=False).close()
    code = (
        "import sys\nfrom pathlib import Path\nfrom weihai_command.store.profile import Profile\n"
        "from weihai_command.store.store import Store\n"
        f"Store.open(Profile(Path({str(profile.root)!r}), {profile.city!r}), ballast=False).close()\n"
        "print([name for name in ('sqlite_utils', 'numpy', 'filelock', 'platformdirs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
