from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fake_desk import InlineRunner
from tests.widgets.situation import wall_examples as examples
from weihai_command.boards.bridge import Bridge
from weihai_command.boards.clock import Clock
from weihai_command.boards.situation_board import GATHER_MS, SituationBoard
from weihai_command.domain.movers import LOST
from weihai_command.domain.situation import Stamp
from weihai_command.operations import opening, queries, situation_map


@pytest.fixture
def board(qapp: Any, tmp_path: Path) -> Iterator[SituationBoard]:
    desk = opening.open_sample(tmp_path, "small", role="leader")
    bridge = Bridge(desk, InlineRunner(), queries, None)
    made = SituationBoard(bridge, Clock())
    yield made
    made.close()
    bridge.close()
    desk.close()


def test_a_reading_brings_figures_and_what_the_map_shows(board: SituationBoard, pump: Callable[[], None]) -> None:
    told: list[int] = []
    board.changed.connect(lambda: told.append(1))
    board.refresh()
    pump()
    assert told == [1] and board.picture is not None
    assert board.picture.found.open.total == len(board.picture.incidents) + sum(row.total for row in board.picture.found.open.rows if not row.name)
    assert board.link_words() == "本机数据" and "演练" in board.band and board.city == "威海市"


def test_changes_are_looked_at_together_and_strange_kinds_not_at_all(board: SituationBoard, pump: Callable[[], None]) -> None:
    told: list[int] = []
    board.refresh()
    pump()
    board._gather.stop()
    board.changed.connect(lambda: told.append(1))
    for kinds in ({"log"}, {"incidents"}, {"units"}, {"incidents", "assignments"}):
        board._note(frozenset(kinds))
    assert not told
    for _ in range(40):
        if told:
            break
        pump()
    assert told == [1] and GATHER_MS >= 500


def test_rows_are_given_with_the_name_that_asked(board: SituationBoard, pump: Callable[[], None]) -> None:
    found: list[tuple[str, int]] = []
    board.listed.connect(lambda name, listing: found.append((name, listing.total)))
    board.ask_rows("units")
    pump()
    assert found == [("units", 41)]


def test_who_is_closed_hears_nothing_more(board: SituationBoard, pump: Callable[[], None]) -> None:
    told: list[int] = []
    board.changed.connect(lambda: told.append(1))
    board.close()
    board.refresh()
    board._note(frozenset({"incidents"}))
    pump()
    assert not told and board.picture is None


def test_a_lost_source_is_told_once_each_way(board: SituationBoard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    good = examples.situation()
    bad = replace(good, stamps={**good.stamps, "video": Stamp(examples.NOW, LOST, "摄像机")})
    for found in (good, bad, bad, bad, good, good):
        board._tell_lost(found)
    lines = [record.getMessage() for record in caplog.records if "situation" in record.getMessage()]
    assert lines == ["situation: video is lost (摄像机)", "situation: video is back"]


def test_a_slow_reading_is_never_overtaken(board: SituationBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    monkeypatch.setattr(board._bridge, "ask", lambda key, fn, done: asked.append((fn, done)))
    for _ in range(5):
        board.refresh()
    assert len(asked) == 1 and board.is_behind
    fn, done = asked[0]
    done(fn())
    assert board.picture is not None and board._gather.isActive()


def test_a_reading_that_fails_is_tried_again_and_its_figures_grow_old(board: SituationBoard, pump: Callable[[], None], monkeypatch: pytest.MonkeyPatch,
                                                                     caplog: pytest.LogCaptureFixture) -> None:
    board.refresh()
    pump()
    assert board.picture is not None and board.picture.found.stamps["open"].level == 0
    monkeypatch.setattr(situation_map, "units", lambda desk: 1 / 0)
    began = board._bridge.desk.clock()
    for seconds, level in ((20, 0), (40, 1), (90, 2)):
        board._bridge.desk.clock = lambda seconds=seconds: began + timedelta(seconds=seconds)
        board.refresh()
        pump()
        assert board.picture.found.stamps["open"].level == level and not board._is_reading
    assert caplog.text.count("was not read") == 1
    monkeypatch.undo()
    board.refresh()
    pump()
    assert board.picture.found.stamps["open"].level == 0
