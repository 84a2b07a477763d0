"""`bench start` on a real process: the child paints, reports once, and ends by itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from weihai_command import bench_start

ROOT = Path(__file__).parents[1]


@pytest.mark.window
@pytest.mark.timeout(200)
def test_one_start_is_timed_to_polled_pixels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    found = bench_start.start_once("small", tmp_path)
    assert found["seconds"] > 0 and found["points"]["video_points"] == 300 and found["rows"] > 0


@pytest.mark.window
@pytest.mark.timeout(200)
def test_shot_saves_the_real_screen(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "weihai_command", "--profile", str(tmp_path), "--json", "shot", "desk", str(tmp_path / "d.png"), "--size", "1366x768"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=150,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"screen": "desk", "size": "1366x768", "file": str(tmp_path / "d.png")}
    from PySide6.QtGui import QColor, QImage

    image = QImage(str(tmp_path / "d.png"))
    assert (image.width(), image.height()) == (1366, 768)
    colours = {QColor(image.pixel(x, y)).name() for x in range(0, 1366, 7) for y in range(0, 768, 7)}
    assert {"#0f1419", "#222a31", "#c05cff"} <= colours, "sea, land and the exercise band are on the picture"


@pytest.mark.window
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_map_is_measured_on_the_desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from weihai_command.cli.main import main

    monkeypatch.delenv("DISPLAY", raising=False)
    words = ["bench", "map", "--cameras", "3000", "--sensors", "500", "--movers", "300", "--moves", "4", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    for each in (found["floor"], found["loaded"]):
        assert each["ready_s"] > 0 and each["memory_mb"] > 100 and 0 < each["move"]["p50"] <= each["move"]["max"]
        assert each["cpu_ms_per_move"] > 0 and each["honesty"]["sampled"] == 6 and each["map"][0] > 600
    loaded = found["loaded"]
    assert loaded["ready_cold_s"] > 0 and loaded["ready_stall_ms"] > 0 and loaded["ready_cold_stall_ms"] > 0
    assert all(loaded[name]["p95"] > 0 for name in ("state_10k_ms", "position_10k_ms", "click_ms")) and loaded["stall_ms"] >= 0


@pytest.mark.window
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_panes_are_measured_with_many_incidents(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from weihai_command.cli.main import main

    monkeypatch.delenv("DISPLAY", raising=False)
    assert main(["bench", "desk", "--incidents", "4000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["all_open"]["rows"] > 4000 > found["running"]["rows"] > 90
    for case in (found["running"], found["all_open"]):
        assert all(case[f"{name}_ms"]["p95"] > 0 for name in ("chip", "typing", "sort", "change", "open")) and case["load_s"] > 0
        assert [*case["search"]] == [*case["store_search"]] == list("123456"), "each of them compared with the scan on its way"
        assert set(case["stalls"]) == {"load", "chip", "typing", "sort", "change", "open", "search"}
