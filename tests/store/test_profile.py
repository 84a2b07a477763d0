"""Where things lie, what a root remembers, and who may push."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.store.locks import push_right
from weihai_command.store.profile import Profile, default_root, read_settings, write_settings

ROOT = Path(__file__).parents[2]


def test_cities_never_mix(tmp_path: Path) -> None:
    one, other = Profile(tmp_path, "sample-small"), Profile(tmp_path, "platform-x")
    for name in ("desk_db", "mirror_db", "ballast", "backups", "cache", "push_lock", "open_lock"):
        assert getattr(one, name).parent == one.folder and getattr(one, name) != getattr(other, name)
    assert default_root().name == "weihai-command"


def test_settings_of_a_root_survive_and_harm_reads_as_none(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none") == {}
    write_settings(tmp_path / "new", {"city": "sample-city"})
    assert read_settings(tmp_path / "new") == {"city": "sample-city"}
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["settings.json"]
    for harm in (b"", b"[1]", b"\xff"):
        (tmp_path / "new" / "settings.json").write_bytes(harm)
        assert read_settings(tmp_path / "new") == {}


def test_one_process_at_a_time_may_push(profile: Profile) -> None:
    profile.folder.mkdir(parents=True)
    code = (
        "from pathlib import Path\nfrom weihai_command.store.locks import push_right\nfrom weihai_command.store.profile import Profile\n"
        f"with push_right(Profile(Path({str(profile.root)!r}), {profile.city!r})) as mine:\n    print(mine, flush=True)\n    input()"
    )
    other = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        with push_right(profile) as mine:
            assert not mine
        # The right goes with the process that dies.
        other.kill()
        other.wait(10)
        with push_right(profile) as mine:
            assert mine
            with push_right(profile) as again:
                assert not again
        with push_right(profile) as mine:
            assert mine


def test_a_lock_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreFault), push_right(Profile(tmp_path / "file", "sample-small")):
        pass
