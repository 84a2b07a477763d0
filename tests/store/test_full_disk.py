"""A disk that is really full: a small tmpfs. Skipped, visibly, where we may not mount one."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.store import audit, ballast, mirror, settings
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 80 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip("a small tmpfs cannot be mounted here (needs root)")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Take all room but `leave` bytes."""
    filler = place / "filler"
    with filler.open("ab") as file:
        while (room := ballast.free(place) - leave) > 0:
            try:
                file.write(b"\xa5" * min(room, 1_048_576))
                file.flush()
            except OSError:
                break
    return filler


def test_an_act_on_a_full_disk_is_kept_by_the_ballast(small_disk: Path) -> None:
    profile = Profile(small_disk, "sample-small")
    store = Store.open(profile)
    try:
        assert profile.ballast.exists()
        fill(small_disk)
        with store.desk_write() as db:
            audit.append(db, "t", "wang", "report", "1", {"text": "x" * 100_000})
        assert not profile.ballast.exists()
        assert audit.verify(store) == [] and len(audit.rows(store)) == 1
        assert any("预留空间" in note for note in store.notes)
    finally:
        store.close()


def test_a_change_larger_than_what_is_left_runs_again_on_the_ballast(small_disk: Path) -> None:
    profile = Profile(small_disk, "sample-small")
    store = Store.open(profile)
    try:
        fill(small_disk, leave=ballast.LOW + 200_000)
        runs = []

        def change(db: sqlite3.Connection) -> None:
            runs.append(1)
            for n in range(60):
                db.execute("INSERT INTO settings VALUES(?, ?)", (f"k{n}", "x" * 100_000))

        store.desk_change(change)
        assert len(runs) == 2 and not profile.ballast.exists()
        assert settings.get(store, "k59") == "x" * 100_000
    finally:
        store.close()


def test_without_ballast_the_act_is_refused_and_what_was_kept_stays(small_disk: Path) -> None:
    profile = Profile(small_disk, "sample-small")
    store = Store.open(profile)
    try:
        settings.put(store, "kept", "1")
        ballast.give_up(profile.ballast)
        fill(small_disk)
        with pytest.raises(StoreFault) as found:
            for n in range(2000):
                settings.put(store, f"k{n}", "x" * 1000)
        assert found.value.code == "DiskFull" and found.value.kept and found.value.todo
        assert settings.get(store, "kept") == "1"
        (small_disk / "filler").unlink()
        settings.put(store, "after", "1")
    finally:
        store.close()
    again = Store.open(profile)
    try:
        assert settings.get(again, "kept") == "1" and settings.get(again, "after") == "1"
        assert profile.ballast.exists(), "laid again as soon as there is room"
    finally:
        again.close()


def test_a_store_opens_on_a_full_disk_with_a_note(small_disk: Path) -> None:
    profile = Profile(small_disk, "sample-small")
    Store.open(profile).close()
    fill(small_disk)
    store = Store.open(profile)
    try:
        settings.put(store, "a", "1")
        assert any("预留空间" in note for note in store.notes)
    finally:
        store.close()


def test_a_new_store_on_a_full_disk_is_a_sentence(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(StoreFault) as found:
        Store.open(Profile(small_disk, "sample-small"))
    assert found.value.code == "DiskFull"


def test_a_page_that_does_not_fit_is_refused_and_the_rest_reads_on(small_disk: Path) -> None:
    profile = Profile(small_disk, "sample-small")
    store = Store.open(profile)
    try:
        fill(small_disk, leave=ballast.LOW + 200_000)
        rows = [{"id": f"i{n}", "last_modified": 1, "title": os.urandom(3000).hex()} for n in range(8000)]
        with pytest.raises(StoreFault) as found:
            mirror.apply(store, "incidents", rows)
        assert found.value.code == "DiskFull"
        kept = mirror.count(store, "incidents")
        assert 0 < kept < 8000 and len(mirror.versions(store, "incidents")) == kept
    finally:
        store.close()
