"""The end of a campaign: nobody is judged before he has read what the others wrote last."""

from __future__ import annotations

import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from weihai_command.chaos import officer
from weihai_command.chaos.campaign import SETTLING_ROUNDS, Campaign
from weihai_command.chaos.desk_process import UNSETTLED
from weihai_command.chaos.journal import Journal, lines
from weihai_command.chaos.officer import Officer
from weihai_command.domain.faults import PlatformFault

CUT = PlatformFault("断了", "数据都在", code="cut_page")


@pytest.mark.parametrize(
    ("course", "patience", "reached", "asked"),
    [([CUT, []], 3, True, 2), ([["warnings"], []], 3, True, 2), ([CUT, CUT, []], 2, False, 2), ([[]], 3, True, 1)],
)
def test_a_sync_that_broke_off_or_held_something_back_settles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, course: list[Any], patience: int, reached: bool, asked: int
) -> None:
    left = list(course)

    def sync(*_: Any, **__: Any) -> SimpleNamespace:
        met = left.pop(0)
        if isinstance(met, PlatformFault):
            raise met
        return SimpleNamespace(held=met)

    monkeypatch.setattr(officer.syncing, "sync", sync)
    monkeypatch.setattr(officer.queries, "outbox", lambda _: [])
    monkeypatch.setattr(officer.queries, "conflicts", lambda _: [])
    journal = Journal(tmp_path / "journal")
    desk: Any = SimpleNamespace()
    assert Officer(desk, random.Random(1), journal).settle(patience) is reached
    journal.close()
    assert len(course) - len(left) == asked
    assert [line["code"] for line in lines(tmp_path / "journal")] == ["cut_page"] * course[:asked].count(CUT)


class Ending(Campaign):
    """A campaign whose desks come to rest as `course` says: of each round whether somebody wrote, and the codes."""

    def __init__(self, course: list[tuple[bool, list[int]]]) -> None:
        super().__init__(1, 0, 1)
        self.seats, self.course, self.written = [], course, 0

    def _each(self, acts: int) -> list[int]:
        wrote, codes = self.course[self.rounds - 1]
        self.written += wrote
        return codes

    def _stamps(self) -> list[str]:
        return [str(self.written)]


@pytest.mark.parametrize(
    ("course", "rounds", "unsettled"),
    [
        ([(True, [0, 0, 0]), (False, [0, 0, 0])], 2, 0),
        # The third desk tidies a list in the round in which the others have read already.
        ([(False, [0, UNSETTLED, 0]), (True, [0, 0, 0]), (True, [0, 0, 0]), (False, [0, 0, 0])], 4, 0),
        ([(True, [0, 0, 0])] * SETTLING_ROUNDS, SETTLING_ROUNDS, 1),
        ([(False, [UNSETTLED, UNSETTLED, 0])] * SETTLING_ROUNDS, SETTLING_ROUNDS, 2),
    ],
)
def test_rounds_go_on_until_one_in_which_nobody_wrote(course: list[tuple[bool, list[int]]], rounds: int, unsettled: int) -> None:
    campaign = Ending(course)
    campaign._settle()
    assert (campaign.rounds, campaign.unsettled) == (rounds, unsettled)
