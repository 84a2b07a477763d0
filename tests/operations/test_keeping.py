"""There is a copy of desk.db soon after an act, not after each, and never at the price of an act."""

from __future__ import annotations

import os
import time

import pytest

from weihai_command.domain.faults import PlatformFault
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, keeping, syncing, upkeep
from weihai_command.operations.desk import Desk
from weihai_command.store import ballast, copies

GAS = "22222222-0000-4000-8000-000000000001"


def kept(desk: Desk) -> int:
    return len(copies.all_copies(desk.store.profile))


def age(desk: Desk, seconds: float) -> None:
    for file in copies.all_copies(desk.store.profile):
        os.utime(file, (time.time() - seconds,) * 2)


def test_nothing_to_keep_no_copy(desk: Desk) -> None:
    keeping.mind(desk.store)
    assert kept(desk) == 0


def test_the_first_act_is_copied_at_once_and_then_once_a_minute(desk: Desk) -> None:
    acts.note(desk, GAS, "一")
    assert kept(desk) == 1
    newest = copies.newest_good(desk.store.profile)
    assert newest and newest.acts == 1
    acts.note(desk, GAS, "二")
    assert kept(desk) == 1
    age(desk, keeping.PERIOD_S + 1)
    acts.note(desk, GAS, "三")
    assert kept(desk) == 2
    age(desk, keeping.PERIOD_S + 1)
    keeping.mind(desk.store)
    assert kept(desk) == 2


def test_many_acts_in_a_minute_are_copied_in_between(desk: Desk) -> None:
    for n in range(keeping.ACTS + 1):
        acts.note(desk, GAS, str(n))
    assert kept(desk) == 2


def test_a_large_file_is_copied_once_an_hour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "LARGE_BYTES", 1)
    for n in range(keeping.ACTS + 2):
        acts.note(desk, GAS, str(n))
    assert kept(desk) == 1
    age(desk, keeping.LARGE_PERIOD_S + 1)
    keeping.mind(desk.store)
    assert kept(desk) == 2


def test_without_room_the_act_is_kept_and_the_desk_says_so_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ballast, "free", lambda folder: ballast.LOW + 1)
    acts.note(desk, GAS, "一")
    acts.note(desk, GAS, "二")
    assert kept(desk) == 0 and [note for note in desk.store.notes if "没有备份" in note] == desk.store.notes and len(desk.store.notes) == 1
    monkeypatch.undo()
    keeping.mind(desk.store)
    assert kept(desk) == 1


def test_where_there_are_quiet_moments_no_act_waits_for_a_copy(desk: Desk, twin: TwinPlatform) -> None:
    desk.has_quiet = True
    acts.note(desk, GAS, "一")
    assert kept(desk) == 0
    upkeep.copy(desk)
    assert kept(desk) == 1
    acts.note(desk, GAS, "二")
    age(desk, keeping.PERIOD_S + 1)
    twin.offline = True
    with pytest.raises(PlatformFault):
        syncing.sync(desk)
    assert kept(desk) == 2


def test_a_copy_under_way_is_not_made_twice(desk: Desk) -> None:
    desk.has_quiet = True
    acts.note(desk, GAS, "一")
    with keeping._copying:
        keeping.mind(desk.store)
    assert kept(desk) == 0


def test_who_brings_a_mass_keeps_its_columns_and_a_window_does_it_when_it_is_quiet(desk: Desk, twin: TwinPlatform) -> None:
    kept = desk.profile.cache / "points-video_points.bin"
    camera = {"name": "摄像机", "state": "online", "lon": 122.1, "lat": 37.5}
    before = kept.read_bytes()
    twin.load([("video_points", {"id": "cam-1", **camera})])
    syncing.sync(desk)
    after_verb = kept.read_bytes()
    assert after_verb != before
    desk.has_quiet = True
    twin.load([("video_points", {"id": "cam-2", **camera})])
    syncing.sync(desk)
    assert kept.read_bytes() == after_verb
    upkeep.copy(desk)
    assert kept.read_bytes() != after_verb
