"""One writer, many readers, other processes beside us; what the disk does to us is said in sentences."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.store import ballast, settings
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

ROOT = Path(__file__).parents[2]


def child(profile: Profile, body: str) -> subprocess.Popen[str]:
    """Another process with `store` open, running `body`."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom weihai_command.store import audit, settings\n"
        "from weihai_command.store.profile import Profile\nfrom weihai_command.store.store import Store\n"
        f"store = Store.open(Profile(Path({str(profile.root)!r}), {profile.city!r}), ballast=False)\n{body}\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def run(profile: Profile, body: str) -> None:
    """As `child`, to its end."""
    with child(profile, body + "\nstore.close()") as other:
        assert other.wait(30) == 0


def test_both_files_are_strict_wal_and_guarded_as_designed(store: Store) -> None:
    with store.desk_write() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert db.execute("PRAGMA foreign_keys").fetchone()[0] == 1
    with store.mirror_write() as db:
        assert db.execute("PRAGMA synchronous").fetchone()[0] == 1
    with store.desk_read() as db:
        loose = "SELECT name FROM pragma_table_list WHERE type='table' AND strict=0 AND schema='main' AND name NOT LIKE 'sqlite_%'"
        assert db.execute(loose).fetchall() == []


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.desk_write() as db:
        db.execute("INSERT INTO settings VALUES('a', '1')")
        _ = 1 / 0
    assert settings.get(store, "a") == ""
    settings.put(store, "a", "2")
    assert settings.get(store, "a") == "2"


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(StoreFault), store.desk_read() as db:
        db.execute("INSERT INTO settings VALUES('a', '1')")


def test_a_reader_sees_one_snapshot_and_may_be_nested(store: Store) -> None:
    with store.desk_read() as db:
        before = db.execute("SELECT COUNT(*) FROM settings").fetchone()[0]
        writer = threading.Thread(target=settings.put, args=(store, "a", "1"))
        writer.start()
        writer.join()
        with store.desk_read() as again:
            assert again.execute("SELECT COUNT(*) FROM settings").fetchone()[0] == before
    assert settings.get(store, "a") == "1"


def test_many_threads_write_and_none_is_lost(store: Store) -> None:
    def work(name: str) -> None:
        for n in range(20):
            settings.put(store, f"{name}-{n}", "x")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.desk_read() as db:
        assert db.execute("SELECT COUNT(*) FROM settings").fetchone()[0] == 80


def test_two_processes_write_side_by_side(store: Store, profile: Profile) -> None:
    append = "    with store.desk_write() as db:\n        audit.append(db, 't', {!r}, 'v', str(n), {{}})"
    other = child(profile, "for n in range(60):\n" + append.format("other"))
    from weihai_command.store import audit

    for n in range(60):
        with store.desk_write() as db:
            audit.append(db, "t", "we", "v", str(n), {})
    assert other.wait(30) == 0
    assert other.stdout is not None
    other.stdout.close()
    assert audit.verify(store) == []
    assert len(audit.rows(store, 1000)) == 120


def test_only_another_process_moves_the_generation(store: Store, profile: Profile) -> None:
    before = store.generation()
    settings.put(store, "a", "1")
    assert store.generation() == before
    run(profile, "settings.put(store, 'b', '2')")
    after = store.generation()
    assert after[0] != before[0]
    # Also when our own write came between theirs and the question.
    run(profile, "settings.put(store, 'b', '3')")
    settings.put(store, "a", "2")
    assert store.generation()[0] != after[0]


def test_generation_does_not_wait_for_a_writer(store: Store) -> None:
    with store.mirror_write():
        asked = threading.Thread(target=store.generation)
        asked.start()
        asked.join(2)
        assert not asked.is_alive()


def test_killed_between_statement_and_commit_keeps_exactly_what_was_committed(profile: Profile) -> None:
    Store.open(profile, ballast=False).close()
    body = (
        "settings.put(store, 'kept', '1')\n"
        "with store.desk_write() as db:\n"
        "    db.execute(\"INSERT INTO settings VALUES('lost', '1')\")\n"
        "    print('now', flush=True)\n    time.sleep(60)"
    )
    other = child(profile, body)
    assert other.stdout is not None
    assert other.stdout.readline() == "now\n"
    os.kill(other.pid, signal.SIGKILL)
    other.wait(10)
    other.stdout.close()
    store = Store.open(profile, ballast=False)
    try:
        assert store.notes == []
        assert settings.get(store, "kept") == "1" and settings.get(store, "lost") == ""
        settings.put(store, "next", "1")
    finally:
        store.close()


def test_another_writer_that_holds_on_is_a_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    rival = sqlite3.connect(store.profile.desk_db, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    with store.desk_read() as db:
        db.execute("SELECT 1")
    store._desk._writer.execute("PRAGMA busy_timeout=50")
    try:
        with pytest.raises(StoreFault) as found, store.desk_write():
            pass
        assert found.value.code == "Busy" and found.value.kept and found.value.todo
    finally:
        rival.close()


def test_close_ends_connections_of_other_threads(profile: Profile) -> None:
    store = Store.open(profile, ballast=False)
    read, go_on = threading.Event(), threading.Event()

    def look() -> None:
        settings.get(store, "a")
        read.set()
        go_on.wait(10)

    thread = threading.Thread(target=look)
    thread.start()
    read.wait(10)
    store.close()
    with pytest.raises(StoreFault) as found:
        settings.get(store, "a")
    assert found.value.code == "Closed"
    # Windows could not remove them, and a log that is left says that a connection is still open.
    assert not (profile.folder / "desk.db-wal").exists() and not (profile.folder / "mirror.db-wal").exists()
    go_on.set()
    thread.join()


def test_close_waits_for_a_read_that_is_under_way(profile: Profile) -> None:
    store = Store.open(profile, ballast=False)
    reading, result = threading.Event(), []

    def look() -> None:
        with store.desk_read() as db:
            reading.set()
            slow = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 300000) SELECT COUNT(*) FROM n"
            result.append(db.execute(slow).fetchone()[0])

    thread = threading.Thread(target=look)
    thread.start()
    reading.wait(10)
    store.close()
    thread.join(10)
    assert result == [300_000]


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreFault) as found:
        Store.open(Profile(tmp_path / "file", "sample-small"))
    assert found.value.code == "NotWritable" and found.value.exit_code == 4
    assert "--profile" in found.value.sentence()


def test_the_ballast_is_laid_once_and_can_be_left_out(profile: Profile) -> None:
    Store.open(profile, ballast=False).close()
    assert not profile.ballast.exists()
    Store.open(profile).close()
    assert profile.ballast.stat().st_size == ballast.SIZE
