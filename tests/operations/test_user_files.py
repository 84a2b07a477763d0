"""A file of the user's own that is wrong is told with file, line and reason, and the program's own stands in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from weihai_command import doctor
from weihai_command.operations import deadlines, opening, roll_calls, user_files, user_toml


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    deadlines.forget()
    yield
    deadlines.forget()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("unit_limits.toml", "[state]\n\non_scene = { seconds = -1, word = \"久\" }\n", "unit_limits.toml 第 3 行有误：state.on_scene.seconds 要写成大于 0 的数"),
        ("unit_limits.toml", "[kind.sea]\non_scene = 3\nen_route = true\n", "第 3 行有误：kind.sea.en_route"),
        ("unit_limits.toml", "[way]\nspeed_kmh = 0\n", "第 2 行有误：way.speed_kmh"),
        ("unit_limits.toml", "[state.on_scene]\nseconds = 5\n", "第 1 行有误：state.on_scene.word"),
        ("unit_limits.toml", "[state]\non_scene = {", "unit_limits.toml 第 2 行有误：文件没有写完整"),
        ("unit_limits.toml", "[state]\non_scene 3\n", "unit_limits.toml 第 2 行有误：第 10 列起写法不对"),
        ("deadlines.toml", "[stage]\nhandle = { amount = 3, unit = \"working_days\" }\nverify = { amount = 0, unit = \"urgent\" }\n",
         "deadlines.toml 第 3 行有误：stage.verify 的 amount"),
        ("deadlines.toml", "\n[stages]\n", "deadlines.toml 第 2 行有误：没有 [stages] 这一段"),
        ("calendar-2026.toml", "year = 2026\n[[holiday]]\nfrom = 2026-01-01\n[[holiday]]\nfrom = 3\n", "calendar-2026.toml 第 4 行有误：第 2 个假日的 from"),
        ("calendar-2026.toml", "year = ", "calendar-2026.toml 第 1 行有误"),
        ("alarm_rules.toml", "[quantity.pump_level]\nhysteresis = 0.1\nhigh = [[4.2, 9]]\n", "alarm_rules.toml 第 3 行有误：quantity.pump_level.high 不能用"),
        ("alarm_rules.toml", "[chatter]\ntimes = -1\n", "第 2 行有误：chatter.times"),
        ("run_cards.toml", "[gas_leak]\n1 = { fire = 0 }\n", "第 2 行，[gas_leak] 的 1 里“fire”的“0”"),
    ],
)
def test_file_line_and_reason_are_told_once(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    (said,) = user_files.begin(tmp_path)
    assert told in said and name in said and ("自带" in said or "随程序" in said)
    assert roll_calls.limits(tmp_path) == roll_calls.limits() and deadlines.rules(tmp_path).stage == deadlines.rules().stage
    names, wrong = user_files.check(tmp_path)
    assert (names, wrong) == ([name], [said])
    found = doctor.tables(tmp_path)
    assert not found.ok and found.detail == said and "移走" in found.mend


def test_what_is_no_text_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "unit_limits.toml").write_bytes(b"\xff\xfe")
    assert "unit_limits.toml 有误：不是 UTF-8" in user_files.begin(tmp_path)[0]


def test_good_files_and_none_are_no_finding(tmp_path: Path) -> None:
    assert user_files.begin(tmp_path) == [] and user_files.check(tmp_path) == ([], []) and doctor.tables(tmp_path).ok
    (tmp_path / "unit_limits.toml").write_text('[state]\non_scene = { seconds = 5, word = "久" }\n', "utf-8")
    (tmp_path / "other.toml").write_text("x = 1\n", "utf-8")
    roll_calls._limits.cache_clear()
    assert user_files.begin(tmp_path) == [] and roll_calls.limits(tmp_path).states["on_scene"].seconds == 5
    assert doctor.tables(tmp_path).detail == "unit_limits.toml"


def test_the_desk_says_it_when_it_opens(tmp_path: Path) -> None:
    (tmp_path / "unit_limits.toml").write_text("[way]\nspeed_kmh = 0\n", "utf-8")
    desk = opening.open_sample(tmp_path, "small")
    try:
        assert [note for note in desk.store.notes if "unit_limits.toml 第 2 行" in note]
    finally:
        desk.close()


def test_a_reason_that_names_nothing_has_no_line() -> None:
    assert user_toml.line_of("[a]\nb = 1\n", "文件 x 有误：year 要写成年份") == 0
