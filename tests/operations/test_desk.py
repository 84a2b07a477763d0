from __future__ import annotations

from pathlib import Path

import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import feeding, queries, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import quarantine


def test_a_desk_that_is_left_reads_no_more_feeds(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text('[[feed]]\nname = "a"\nadapter = "geojson"\nsource = "gone.json"\nkind = "incidents"\n', "utf-8")
    desk.hang_up()
    assert feeding.pull_due(desk).lost == []
    desk.leaving.clear()
    assert len(feeding.pull_due(desk).lost) == 1


def test_a_desk_that_is_left_does_not_wait_for_the_right_to_push(desk: Desk, twin: TwinPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(syncing.locks, "push_right", lambda profile: nullcontext(False))
    monkeypatch.setattr(syncing.time, "sleep", lambda s: pytest.fail("waited"))
    desk.hang_up()
    syncing.sync(desk, wake=True)


def test_the_platform_is_that_of_the_officer_else_any(desk: Desk, twin: TwinPlatform) -> None:
    assert desk.platform() is twin and desk.role == "officer"
    desk.officer = None
    assert desk.platform() is twin and desk.role == "observer"
    desk.platforms.clear()
    assert desk.platform() is None


def test_a_refused_record_is_shown_by_its_beginning(desk: Desk) -> None:
    quarantine.put(desk.store, "kinto", "units", "u", "lon", "far", "x" * 70_000, desk.now())
    assert [len(row["raw"]) for row in queries.quarantine(desk)] == [queries.RAW_SHOWN]
