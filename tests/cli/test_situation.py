"""`shot situation` as a process, and what `situation` refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from weihai_command import walls
from weihai_command.domain.faults import Usage
from weihai_command.store.profile import read_settings


def _line(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    made = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"}
    return subprocess.run([sys.executable, "-m", "weihai_command", "--profile", str(root), *words], capture_output=True, text=True, timeout=170, env=made, check=False)


def test_a_picture_of_the_wall_from_the_sample_city(tmp_path: Path) -> None:
    out = tmp_path / "wall.png"
    done = _line(tmp_path / "p", "--json", "shot", "situation", str(out), "--size", "3840x1080")
    assert done.returncode == 0, done.stderr
    image = QImage(str(out))
    assert (image.width(), image.height()) == (3840, 1080)
    # Panels left and right, land in the middle, no word of the sides on the seam.
    assert image.pixelColor(30, 400).name() == image.pixelColor(3800, 300).name() == "#1d232a"
    assert any(image.pixelColor(1920, y).name() == "#222a31" for y in range(200, 1000, 5))
    far = _line(tmp_path / "p", "shot", "situation", str(out), "--size", "1920x1080", "--distance", "3")
    assert far.returncode == 2 and "--pitch" in far.stderr


def _args(**more: Any) -> Namespace:
    return Namespace(**{"distance": None, "pitch": None, "seam": None, "seam_y": None, "no_seams": False, "monitor": None, "profile": None, **more})


def test_words_of_the_line_become_the_wall() -> None:
    assert walls.settings_of(_args()) == walls.kept_settings(None)[0]
    found = walls.settings_of(_args(distance=2.0, pitch=0.6, seam=[1280.0, 2560.0]))
    assert found.seams_x == (1280.0, 2560.0) and found.seams_y == () and found.body == pytest.approx(24.24, abs=0.01)
    assert walls.settings_of(_args(no_seams=True)).seams_x == ()
    for wrong in ({"distance": 3.0}, {"pitch": 0.6}, {"distance": -1.0, "pitch": 0.6}):
        with pytest.raises(Usage):
            walls.settings_of(_args(**wrong))


def test_what_the_line_says_holds_for_the_desks_key_too(tmp_path: Path) -> None:
    walls.remember(_args(profile=tmp_path))
    assert "situation" not in read_settings(tmp_path)
    walls.remember(_args(profile=tmp_path, monitor="HDMI-1", seam=[1920.0], distance=2.0, pitch=0.6))
    settings, monitor = walls.kept_settings(read_settings(tmp_path)["situation"])
    assert monitor == "HDMI-1" and settings.seams_x == (1920.0,) and settings.body == pytest.approx(24.24, abs=0.01)
    for broken in ("x", {"seams_x": ["a"], "body": "b", "monitor": 3}, {"body": -1}):
        assert walls.kept_settings(broken) == walls.kept_settings(None)


def test_an_unknown_monitor_is_told_with_those_that_there_are(qapp: Any) -> None:
    from PySide6.QtWidgets import QWidget

    window = QWidget()
    with pytest.raises(Usage, match="可用"):
        walls.place(window, "no such monitor")
    walls.place(window, "1")
    assert window.isFullScreen() and window.geometry() == window.screen().geometry()
    window.close()
    window.deleteLater()
