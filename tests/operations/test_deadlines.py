from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from weihai_command.domain.calendar import SECONDS
from weihai_command.domain.clocks import BY_KIND, CLOCKS
from weihai_command.domain.intervals import LEGS, Benchmark
from weihai_command.operations import catalogue, deadlines


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    deadlines.forget()
    yield
    deadlines.forget()


def test_every_clock_has_a_limit_and_every_limit_a_clock() -> None:
    found = deadlines.rules()
    assert set(found.stage) == set(CLOCKS.values()) and set(found.stage) >= BY_KIND
    assert {found.limit("accept", None).seconds, found.limit("dispatch", None).seconds} == {900}  # type: ignore[union-attr]
    assert found.limit("verify", None).seconds == 1800  # type: ignore[union-attr]
    assert {each.unit for group in (found.stage, found.category, found.type) for each in group.values()} == set(SECONDS)


def test_the_benchmark_is_a_setting(tmp_path: Path) -> None:
    assert deadlines.rules().benchmark["report_dispatch"] == Benchmark(60.0, 0.9)
    assert set(deadlines.rules().benchmark) <= {name for name, _, _ in LEGS}
    (tmp_path / "deadlines.toml").write_text("[benchmark]\nreport_dispatch = { seconds = 90, share = 0.95 }\n", "utf-8")
    assert deadlines.rules(tmp_path).benchmark["report_dispatch"] == Benchmark(90.0, 0.95)
    assert deadlines.rules(tmp_path).benchmark["report_on_scene"] == Benchmark(900.0, 0.9)


def test_limits_name_only_what_there_is() -> None:
    found, types = deadlines.rules(), catalogue.incident_types()
    assert set(found.type) <= set(types)
    assert set(found.category) <= {each.category for each in types.values()}


def test_files_of_the_data_folder_come_first(tmp_path: Path) -> None:
    (tmp_path / "calendar-2026.toml").write_text("year = 2026\n[[holiday]]\nfrom = 2026-07-16\n", "utf-8")
    (tmp_path / "deadlines.toml").write_text('[stage]\nverify = { amount = 2, unit = "working_hours" }\n', "utf-8")
    own = deadlines.rules(tmp_path)
    assert not own.calendar.is_worked(date(2026, 7, 16)) and own.calendar.is_worked(date(2026, 10, 1))
    assert own.limit("verify", None).seconds == 7200 and own.limit("accept", None).seconds == 900  # type: ignore[union-attr]
    assert deadlines.begin(tmp_path) == [] and deadlines.rules() is deadlines.rules(tmp_path)


@pytest.mark.parametrize("text", [b"year = ", b"\xff\xfe", b"year = 2026"])
def test_a_broken_file_is_said_and_left_out(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "calendar-2026.toml").write_bytes(text)
    (said,) = deadlines.begin(tmp_path)
    assert not deadlines.rules().calendar.is_worked(date(2026, 10, 1))
    assert "calendar-2026.toml" in said and "请改好" in said


def test_without_files_of_its_own_the_folder_changes_nothing(tmp_path: Path) -> None:
    assert deadlines.begin(tmp_path) == []
    assert not deadlines.rules().calendar.is_worked(date(2026, 10, 1))
