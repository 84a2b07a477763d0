"""Copies of a live store, their rotation and return."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from weihai_command.domain.act import Act, Step
from weihai_command.domain.faults import StoreFault
from weihai_command.store import audit, backup, copies, outbox, settings
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


def test_a_copy_of_a_live_store_holds_what_was_committed(store: Store, tmp_path: Path) -> None:
    settings.put(store, "a", "1")
    with store.desk_write() as db:
        db.execute("INSERT INTO settings VALUES('open', '1')")
        found = backup.backup(store, tmp_path / "copy.db")
    assert found.acts == 0 and found.last_act == ""
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert [row[0] for row in copy.execute("SELECT key FROM settings")] == ["a"]
    copy.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.db", "sample-small"]


def test_rotation_keeps_the_newest_by_number(store: Store, profile: Profile) -> None:
    for n in range(7):
        settings.put(store, "n", str(n))
        backup.rotate(store, keep=3)
    names = [file.name[:11] for file in copies.all_copies(profile)]
    assert names == ["desk-000007", "desk-000006", "desk-000005"]
    assert not list(profile.backups.glob("*.new*")) and not list(profile.backups.glob("*.part"))


def test_restore_beside_an_open_store_is_seen_by_it(store: Store, profile: Profile, tmp_path: Path) -> None:
    settings.put(store, "a", "1")
    backup.backup(store, tmp_path / "copy.db")
    settings.put(store, "b", "1")
    aside = backup.restore(profile, tmp_path / "copy.db")
    assert settings.get(store, "a") == "1" and settings.get(store, "b") == ""
    settings.put(store, "c", "1")
    assert backup.verify(store) == []
    assert aside is not None
    kept = sqlite3.connect(aside)
    assert {row[0] for row in kept.execute("SELECT key FROM settings")} == {"a", "b"}
    kept.close()


def test_restore_into_an_empty_or_damaged_profile(store: Store, profile: Profile, tmp_path: Path) -> None:
    settings.put(store, "a", "1")
    backup.backup(store, tmp_path / "copy.db")
    store.close()
    profile.desk_db.write_bytes(b"damaged" * 5000)
    aside = backup.restore(profile, tmp_path / "copy.db")
    assert aside is not None and aside.read_bytes() == b"damaged" * 5000
    other = Profile(tmp_path, "platform-x")
    assert backup.restore(other, tmp_path / "copy.db") is None
    for each in (profile, other):
        again = Store.open(each, ballast=False)
        assert settings.get(again, "a") == "1" and again.notes == []
        again.close()


@pytest.mark.parametrize("harm", ["text", "foreign", "newer", "missing", "cut"])
def test_a_copy_that_is_not_good_changes_nothing(store: Store, profile: Profile, tmp_path: Path, harm: str) -> None:
    settings.put(store, "a", "1")
    copy = tmp_path / "copy.db"
    backup.backup(store, copy)
    settings.put(store, "b", "1")
    if harm == "text":
        copy.write_text("no database " * 1000)
    elif harm == "cut":
        copy.write_bytes(copy.read_bytes()[:-9000])
    elif harm == "missing":
        copy.unlink()
    else:
        if harm == "foreign":
            copy.unlink()
        db = sqlite3.connect(copy)
        db.execute("CREATE TABLE x(a)" if harm == "foreign" else "UPDATE schema_version SET major=99")
        db.commit()
        db.close()
    with pytest.raises(StoreFault) as found:
        backup.restore(profile, copy)
    assert found.value.code == {"foreign": "NotOurs", "newer": "NewerSchema"}.get(harm, "BadCopy")
    assert settings.get(store, "b") == "1"


def test_a_place_that_cannot_be_written_is_a_sentence(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreFault):
        backup.backup(store, tmp_path / "file" / "copy.db")


def test_verify_names_a_broken_chain(store: Store) -> None:
    with store.desk_write() as db:
        audit.append(db, "t", "wang", "close", "1", {})
    assert backup.verify(store) == []
    with store.desk_write() as db:
        db.execute("DROP TRIGGER audit_no_delete")
        db.execute("DELETE FROM audit")
    assert any("审计" in problem for problem in backup.verify(store))


def test_a_return_is_written_down_and_what_waited_may_have_been_sent(store: Store, profile: Profile, tmp_path: Path) -> None:
    act = Act("op", "note", "log", "l1", "li", "2026-07-16T16:00:00+08:00")
    outbox.add(store, act, [Step("op", 0, "log", "l1", "create", {"text": "x"})], {})
    backup.backup(store, tmp_path / "copy.db")
    for aside in ("before-restore-1.db", "before-restore-2.db"):
        backup.restore(profile, tmp_path / "copy.db", "root")
        line = audit.rows(store)[0]
        assert (line.actor, line.verb, line.subject, line.detail) == ("root", "restore", "copy.db", {"kept": aside})
        assert [(step.state, step.attempts) for step in outbox.steps_of(store, "op")] == [("pending", 1)]
    assert backup.verify(store) == []
