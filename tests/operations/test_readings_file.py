"""readings.toml: how long readings are kept; a wrong file is told by its field, and the program's own holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from weihai_command.operations import user_files
from weihai_command.operations.readings_file import NAME, retention
from weihai_command.store.retention import DAY_S, Retention


def test_without_a_file_the_programs_own_holds(tmp_path: Path) -> None:
    assert retention(tmp_path) == retention(None) == Retention() and Retention().raw_s == 30 * DAY_S


def test_a_file_says_how_long(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("raw_days = 7\nsize_mb = 500\n", "utf-8")
    assert retention(tmp_path) == Retention(raw_s=7 * DAY_S, size=500_000_000)
    assert user_files.check(tmp_path) == ([NAME], [])


@pytest.mark.parametrize("text", ["raw_days = 0", "raw_days = true", 'size_mb = "viel"', "days = 3", "raw_days = "])
def test_a_wrong_file_is_told_and_left_out(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text + "\n", "utf-8")
    assert retention(tmp_path) == Retention()
    names, (sentence,) = user_files.check(tmp_path)
    assert names == [NAME] and NAME in sentence and "第 1 行" in sentence
