from __future__ import annotations

from typing import Any

import pytest

from tests.fake_desk import FakeCity
from weihai_command.operations.supervision import Notice


def notice(number: str, percent: int = 50, owner: str = "wang") -> Notice:
    return Notice(f"k-{number}-{percent}", f"i-{number}", number, "<b>标题</b>\n二", "handle", percent, owner, None)


@pytest.fixture
def told(city: FakeCity) -> list[tuple[Any, ...]]:
    """What the board asked the desk to do."""
    calls: list[tuple[Any, ...]] = []
    city.supervision.look_at = lambda desk, incident: calls.append(("look_at", incident))
    city.supervision.write = lambda desk: calls.append(("write",))
    city.supervision.unknown_years = lambda desk: ["没有 2027 年的假日安排"]
    return calls


def test_own_and_unowned_cases_are_listed_as_plain_lines(boards, city, pump, told):
    city.notice_rows = [notice("案1", 100), notice("案2", owner=""), notice("案3", owner="other")]
    boards.supervision.refresh()
    pump()
    assert boards.supervision.lines() == [("i-案1", "100 %  案1  <b>标题</b> 二 · 处置时限"), ("i-案2", "\u200750 %  案2  <b>标题</b> 二 · 处置时限")]
    assert boards.supervision.is_over
    city.desk.officer.role = "shift_leader"
    boards.supervision.refresh()
    pump()
    assert len(boards.supervision.notices) == 3


def test_opening_a_case_takes_its_notice_away(boards, city, pump, told):
    city.notice_rows = [notice("应0417")]
    boards.supervision.refresh()
    pump()
    boards.detail.open("i-应0421")
    assert told == []
    boards.detail.open("i-应0417")
    pump()
    assert told == [("look_at", "i-应0417")]


def test_the_log_line_is_asked_for_once_per_notice(boards, city, pump, told):
    said = []
    boards.supervision.said.connect(said.append)
    city.notice_rows = [notice("案1"), notice("案2", owner="")]
    boards.supervision.refresh()
    for _ in range(9):
        boards.clock.aged.emit()
        pump()
    assert told == [("write",)] and said == ["没有 2027 年的假日安排"]
    city.notice_rows = [notice("案1", 80)]
    for _ in range(6):
        boards.clock.aged.emit()
        pump()
    assert told == [("write",)] * 2
