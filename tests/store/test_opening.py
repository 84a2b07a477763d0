"""Damaged files: the mirror begins anew, the desk comes back from its newest good backup, nothing is thrown away."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.store import audit, backup, copies, mirror, settings
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


def filled(profile: Profile, *keys: str, backups: int = 0) -> None:
    """A closed store with settings, and backups made after each of the first keys."""
    store = Store.open(profile, ballast=False)
    for n, key in enumerate(keys):
        settings.put(store, key, "1")
        if n < backups:
            backup.rotate(store)
    store.close()


def spoil_head(file: Path) -> None:
    file.write_bytes(b"this is no database" * 500)


def spoil_middle(file: Path) -> None:
    content = bytearray(file.read_bytes())
    for page in range(1, len(content) // 8192):
        content[page * 8192 : page * 8192 + 200] = b"\xff" * 200
    file.write_bytes(content)


def spoil_one_page(file: Path) -> None:
    """Damage that only shows when the quarantine is read."""
    db = sqlite3.connect(file)
    root = db.execute("SELECT rootpage FROM sqlite_master WHERE name='quarantine'").fetchone()[0]
    db.close()
    content = bytearray(file.read_bytes())
    content[(root - 1) * 8192 : root * 8192] = b"\xff" * 8192
    file.write_bytes(content)


SPOILS = pytest.mark.parametrize("spoil", [spoil_head, spoil_middle, spoil_one_page])


@SPOILS
def test_a_damaged_desk_comes_back_from_its_newest_backup(profile: Profile, spoil: Callable[[Path], None]) -> None:
    filled(profile, "a", "b", "c", backups=2)
    spoil(profile.desk_db)
    bad = profile.desk_db.read_bytes()
    store = Store.open(profile, ballast=False)
    try:
        assert [settings.get(store, key) for key in "abc"] == ["1", "1", ""]
        assert len(store.notes) == 1 and "desk-000002" in store.notes[0] and "可能缺失" in store.notes[0]
        assert (profile.folder / "desk.db.aside-1").read_bytes() == bad
        (line,) = audit.rows(store)
        assert (line.actor, line.verb) == ("system", "restore") and line.subject.startswith("desk-000002") and line.detail["why"] == "desk.db 已损坏"
        assert audit.verify(store) == []
    finally:
        store.close()
    again = Store.open(profile, ballast=False)
    assert again.notes == []
    again.close()


@SPOILS
def test_a_bad_backup_is_passed_over(profile: Profile, spoil: Callable[[Path], None]) -> None:
    filled(profile, "a", "b", "c", backups=3)
    spoil(copies.all_copies(profile)[0])
    spoil_head(profile.desk_db)
    store = Store.open(profile, ballast=False)
    assert [settings.get(store, key) for key in "abc"] == ["1", "1", ""] and "desk-000002" in store.notes[0]
    store.close()


@SPOILS
def test_a_damaged_desk_without_backup_is_a_sentence_and_is_left_alone(profile: Profile, spoil: Callable[[Path], None]) -> None:
    filled(profile, "a")
    spoil(profile.desk_db)
    bad = profile.desk_db.read_bytes()
    with pytest.raises(StoreFault) as found:
        Store.open(profile, ballast=False)
    assert found.value.code == "DeskLost" and found.value.kept and "restore" in found.value.todo
    assert profile.desk_db.read_bytes() == bad


def test_a_desk_that_vanished_comes_back(profile: Profile) -> None:
    filled(profile, "a", backups=1)
    profile.desk_db.unlink()
    store = Store.open(profile, ballast=False)
    assert settings.get(store, "a") == "1" and "不见了" in store.notes[0]
    assert [(line.verb, line.detail["why"]) for line in audit.rows(store)] == [("restore", "desk.db 不见了")]
    store.close()


@pytest.mark.parametrize("opened_before", [False, True])
def test_a_damaged_mirror_begins_anew(profile: Profile, opened_before: bool) -> None:
    filled(profile, "a")
    store = Store.open(profile, ballast=False)
    mirror.apply(store, "units", [{"id": f"u{n}", "last_modified": 1, "name": "消防", "kind": "fire"} for n in range(500)])
    store.close()
    if opened_before:
        spoil_middle(profile.mirror_db)
    else:
        spoil_head(profile.mirror_db)
    store = Store.open(profile, ballast=False)
    try:
        assert settings.get(store, "a") == "1" and mirror.count(store, "units") == 0 and mirror.cursor(store, "units") is None
        assert any("已重建" in note or "并重建" in note for note in store.notes)
        assert (profile.folder / "mirror.db.aside-1").exists()
    finally:
        store.close()


def test_damage_found_while_at_work_is_a_sentence_and_mended_at_the_next_start(profile: Profile) -> None:
    store = Store.open(profile, ballast=False)
    mirror.apply(store, "units", [{"id": f"u{n}", "last_modified": 1, "name": "消防" * 50, "kind": "fire"} for n in range(500)])
    with store.mirror_read() as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name='mirror_units'").fetchone()[0]
    store.close()
    content = bytearray(profile.mirror_db.read_bytes())
    content[(root - 1) * 8192 : root * 8192] = b"\xff" * 8192
    profile.mirror_db.write_bytes(content)
    store = Store.open(profile, ballast=False)
    with pytest.raises(StoreFault) as found:
        mirror.versions(store, "units")
    assert found.value.code == "Damaged" and "重新打开" in found.value.todo
    store.close()
    store = Store.open(profile, ballast=False)
    assert mirror.count(store, "units") == 0 and len(store.notes) == 1
    assert [(line.actor, line.verb, line.subject) for line in audit.rows(store)] == [("system", "renew_mirror", "mirror.db.aside-1")]
    mirror.put(store, "units", {"id": "u", "last_modified": 1})
    store.close()
    again = Store.open(profile, ballast=False)
    assert again.notes == [] and mirror.count(again, "units") == 1
    again.close()
    assert not list(profile.folder.glob("*.suspicious")), "a mended file is not checked for ever"


def test_another_process_that_mends_is_waited_for_and_then_named(profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    from weihai_command.store import opening

    monkeypatch.setattr(opening, "_LOCK_S", 0.05)
    profile.folder.mkdir(parents=True)
    with FileLock(profile.open_lock), pytest.raises(StoreFault) as found:
        Store.open(profile, ballast=False)
    assert found.value.code == "Busy"


def test_many_opens_at_once_make_one_store(profile: Profile) -> None:
    problems: list[Any] = []

    def work(n: int) -> None:
        try:
            store = Store.open(profile, ballast=False)
            settings.put(store, f"k{n}", "1")
            store.close()
        except (StoreFault, sqlite3.Error, OSError) as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    store = Store.open(profile, ballast=False)
    assert problems == [] and [settings.get(store, f"k{n}") for n in range(4)] == ["1"] * 4
    store.close()
