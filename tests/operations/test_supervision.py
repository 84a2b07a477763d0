from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, supervision, syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.operations.incident_list import Kept
from weihai_command.operations.watch import Watch, watched
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


@pytest.fixture
def later(desk: Desk) -> Callable[[float], None]:
    """Move the desk's clock to so many minutes after now."""

    def move(minutes: float) -> None:
        now = desk.clock() + timedelta(minutes=minutes)
        desk.clock = lambda: now

    return move


@pytest.fixture
def case(desk: Desk) -> str:
    made = acts.report(desk, title="路灯不亮", type="street_lamp", track="municipal").id
    acts.transition(desk, made, "verify", owner="officer")
    return made


def percents(desk: Desk, incident: str) -> list[int]:
    return [each.percent for each in supervision.notices(desk) if each.incident_id == incident]


def lines(desk: Desk, incident: str) -> list[str]:
    return [row["text"] for row in queries.timeline(desk, incident) if row["by"] == supervision.SYSTEM]


def test_each_threshold_is_told_once(desk: Desk, case: str, later: Callable[[float], None]) -> None:
    assert percents(desk, case) == []
    for minutes, percent in ((15, 50), (10, 80), (6, 100)):
        later(minutes)
        assert percents(desk, case) == [percent]
        supervision.look_at(desk, case)
        assert percents(desk, case) == []


def test_a_new_stage_is_told_anew(desk: Desk, case: str, later: Callable[[float], None]) -> None:
    later(31)
    supervision.look_at(desk, case)
    acts.transition(desk, case, "register", lon=122.1, lat=37.5)
    assert percents(desk, case) == []
    later(14)
    assert percents(desk, case) == [80]


def test_the_responsible_desk_writes_the_line_once(desk: Desk, case: str, later: Callable[[float], None]) -> None:
    later(16)
    assert supervision.write(desk) == 1 and supervision.write(desk) == 0
    assert lines(desk, case) == ["督办：核实时限已用 50 %"]
    syncing.sync(desk)
    assert supervision.write(desk) == 0
    desk.officer = Officer("other", "刘晓东", "officer")
    later(30)
    assert supervision.write(desk) == 0 and percents(desk, case) == [100]


def test_two_desks_of_one_officer_write_one_line(desk: Desk, case: str, later: Callable[[float], None], twin: TwinPlatform, tmp_path: Path) -> None:
    syncing.sync(desk)
    profile = Profile(tmp_path / "second", "platform-test")
    second = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), desk.officer, {"officer": twin})
    try:
        syncing.sync(second)
        later(16)
        second.clock = desk.clock
        assert supervision.write(desk) == supervision.write(second) == 1
        syncing.sync(desk)
        assert syncing.sync(second).conflicts == 0
        assert len(lines(second, case)) == 1
    finally:
        second.store.close()


def test_a_suspended_case_is_left_in_peace(desk: Desk, case: str, later: Callable[[float], None]) -> None:
    desk.officer = Officer("officer", "王海宁", "exercise")
    for act, given in (("register", {"lon": 122.1, "lat": 37.5}), ("dispatch", {"department": "city"}), ("suspend", {"reason": "等", "until": "2026-08-01"})):
        acts.transition(desk, case, act, **given)
    later(10_000)
    assert percents(desk, case) == []


def test_what_was_looked_at_survives_a_broken_setting(desk: Desk, case: str, later: Callable[[float], None]) -> None:
    from weihai_command.store import settings

    later(16)
    for broken in ("{", "3", "[1, null]"):
        settings.put(desk.store, supervision.SEEN, broken)
        assert percents(desk, case) == [50]


def test_a_year_without_a_plan_is_said_once(desk: Desk, later: Callable[[float], None]) -> None:
    assert supervision.unknown_years(desk) == []
    later(200 * 1440)
    (said,) = supervision.unknown_years(desk)
    assert "2027" in said and supervision.unknown_years(desk) == []


def test_what_is_remembered_is_what_a_new_look_finds(desk: Desk, case: str, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    acts.report(desk, title="路面坑槽", type="street_lamp", track="municipal")
    acts.report(desk, title="起火", type="fire_house", track="emergency")
    seen = set()
    for _ in range(40):
        later(7.4)
        known = supervision.crossed(desk)
        with monkeypatch.context() as anew:
            anew.setattr(supervision, "_kept", Kept(watched, Watch))
            assert supervision.crossed(desk) == known
        seen |= {each.percent for each in known}
    assert seen == {50, 80, 100}


def test_many_lines_are_written_a_few_at_a_time(desk: Desk, later: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervision, "MOST_WRITTEN", 2)
    for _ in range(3):
        acts.transition(desk, acts.report(desk, title="路灯不亮", type="street_lamp", track="municipal").id, "verify", owner="officer")
    later(16)
    assert [supervision.write(desk) for _ in range(3)] == [2, 1, 0]
