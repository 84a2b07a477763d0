"""The opening of a city beside the window: what it has read when the map asks."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from weihai_command.app import Opening
from weihai_command.operations import opening
from weihai_command.store import points


def an_opening(root: Path, **named: str) -> Opening:
    wanted = {"platform": None, "user": None, "scale": "small", "role": "officer", **named}
    return Opening(argparse.Namespace(profile=root, **wanted))


def test_masses_are_read_while_the_window_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening.open_sample(tmp_path, "small").close()
    for file in tmp_path.glob("*/cache/points-*"):
        file.unlink()
    opened = an_opening(tmp_path)
    opened.ahead.result(timeout=30)
    assert opened.is_done and opened.fault is None
    monkeypatch.setattr(points, "read", lambda *_: pytest.fail("it was read ahead"))
    assert len(points.table(opened.desk.store, "video_points")) == 300
    opened.desk.close()


def test_what_does_not_open_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "sample-small").write_text("no folder", encoding="utf-8")
    opened = an_opening(tmp_path)
    opened.ahead.result(timeout=30)
    assert opened.desk is None and opened.fault is not None


def test_a_desk_that_closes_at_once_is_not_held_up(tmp_path: Path) -> None:
    opened = an_opening(tmp_path)
    opened.desk.close()
    error = opened.ahead.exception(timeout=30)
    assert error is None or getattr(error, "code", "") == "Closed"
