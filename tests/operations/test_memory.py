"""What the program remembers of a folder, and what becomes of a broken file."""

from __future__ import annotations

from pathlib import Path

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.operations import memory


def test_what_was_remembered_is_recalled(tmp_path: Path) -> None:
    assert memory.recall(tmp_path) == {}
    memory.remember(tmp_path, {"last": {"scale": "small"}})
    assert memory.recall(tmp_path) == {"last": {"scale": "small"}}


@pytest.mark.parametrize("broken", [b"", b"{ half", b"\x00\xff", b"[]", b'"text"', b'{"last": 5}', b'{"platforms": []}'])
def test_a_broken_file_gives_way_to_the_one_before(tmp_path: Path, broken: bytes) -> None:
    memory.remember(tmp_path, {"platforms": {"a": {"id": "1"}}})
    memory.remember(tmp_path, {"platforms": {"a": {"id": "1"}}, "last": {"scale": "city"}})
    (tmp_path / "settings.json").write_bytes(broken)
    told: list[str] = []
    assert memory.recall(tmp_path, told.append) == {"platforms": {"a": {"id": "1"}}}
    assert len(told) == 1 and "已换回上一份" in told[0] and "settings.json.aside-1" in told[0]
    assert (tmp_path / "settings.json.aside-1").read_bytes() == broken
    assert memory.recall(tmp_path, told.append) and len(told) == 1


def test_without_one_before_it_starts_anew_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    told: list[str] = []
    assert memory.recall(tmp_path, told.append) == {} and "重新指定" in told[0]


def test_what_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(StoreFault, match="读不出来"):
        memory.recall(tmp_path)
