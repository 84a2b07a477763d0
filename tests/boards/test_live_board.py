from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from weihai_command.boards import live_board
from weihai_command.boards.live_board import LiveBoard
from weihai_command.domain.points import ABNORMAL, PointTable
from weihai_command.operations.live import STATES
from weihai_command.operations.live_load import Load

HIGH, NORMAL = STATES["sensors"].index("high"), STATES["sensors"].index("normal")


class Told:
    """What the board gave to the map; a page that paints at once, unless it `is_busy`."""

    def __init__(self, board: LiveBoard) -> None:
        self.board, self.is_busy = board, False
        self.frames: list[Any] = []
        self.states: list[tuple[str, list[int], list[int], list[int]]] = []
        board.moved.connect(self._move)
        board.restated.connect(self._restate)

    def _move(self, frame: Any) -> None:
        self.frames.append(frame)
        if not self.is_busy:
            self.board.painted("movers")

    def _restate(self, kind: str, rows: Any, symbol: Any, flags: Any) -> None:
        self.states.append((kind, rows.tolist(), symbol.tolist(), flags.tolist()))
        if not self.is_busy:
            self.board.painted(kind)


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Since when the store's states hold, by id; what is not named here never said."""
    times: dict[str, float] = {}
    monkeypatch.setattr(live_board, "stored_since", lambda desk, kind, ids, now: np.array([times.get(each, -np.inf) for each in ids]))
    return times


@pytest.fixture
def board(boards: Any, stored: dict[str, float]) -> Iterator[LiveBoard]:
    made = LiveBoard(boards.bridge)
    yield made
    made.stop()


@pytest.fixture
def told(board: LiveBoard) -> Told:
    return Told(board)


@pytest.fixture
def wait(qapp: Any) -> Callable[[float], None]:
    """An event loop as the program runs one; QTest's own keeps other threads from working."""
    from PySide6.QtCore import QEventLoop, QTimer

    def pause(seconds: float) -> None:
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    return pause


def sensors(ids: list[str]) -> PointTable:
    count = len(ids)
    names = ("sen-s", "sen", "sen-y", "sen-r")
    return PointTable("sensors", ids, np.full(count, 122.1), np.full(count, 37.4), np.ones(count, np.uint8), np.zeros(count, np.uint8), names)


def move(board: LiveBoard, ident: str, lon: float) -> None:
    board.live.positions([ident], lon, 37.0, 90.0, 5.0, time.time())


def test_nothing_is_given_before_the_start_and_nothing_is_lost_by_it(board: LiveBoard, told: Told, wait: Any) -> None:
    move(board, "a", 122.5)
    wait(0.2)
    assert told.frames == []
    board.start()
    wait(0.3)
    assert [frame.new for frame in told.frames] == [["a"]]


def test_many_reports_are_few_frames_and_the_last_one_counts(board: LiveBoard, told: Told, wait: Any) -> None:
    board.start()
    for step in range(50):
        move(board, "a", 122 + step / 100)
        wait(0.01)
    wait(0.3)
    assert 2 <= len(told.frames) <= 12
    assert told.frames[-1].lon.tolist() == [122.49]
    assert board.live.counts()["coalesced"] == 50 - len(told.frames)


def test_a_busy_page_is_given_no_second_frame_until_it_painted(board: LiveBoard, told: Told, wait: Any) -> None:
    board.start()
    told.is_busy = True
    move(board, "a", 122.1)
    wait(0.15)
    move(board, "a", 122.2)
    wait(0.2)
    assert (len(told.frames), board.live.backlog) == (1, 1)
    board.painted("movers")
    wait(0.2)
    assert (len(told.frames), board.live.backlog) == (2, 0)
    move(board, "a", 122.3)
    wait(0.9)
    assert len(told.frames) == 3, "a page that never answers is given the next one after some patience"


def test_reported_states_reach_the_rows_of_whatever_table_is_shown(board: LiveBoard, told: Told, wait: Any) -> None:
    board.start()
    board.live.states("sensors", ["s-2", "gone"], [HIGH, HIGH], time.time())
    wait(0.2)
    assert told.states == [], "no table yet"
    board.know(sensors(["s-1", "s-2", "s-3"]))
    wait(0.3)
    assert told.states == [("sensors", [1], [2], [ABNORMAL])]
    board.live.states("sensors", ["s-3", "s-2"], [HIGH, NORMAL], time.time())
    wait(0.3)
    assert sorted(change for _, *columns in told.states[1:] for change in zip(*columns, strict=True)) == [(1, 1, 0), (2, 2, ABNORMAL)]
    board.know(sensors(["s-3", "s-0"]))
    wait(0.3)
    assert told.states[-1] == ("sensors", [0], [2], [ABNORMAL]), "a table read anew from the store shows what was reported since"


def test_a_state_of_the_store_that_is_newer_stays_and_an_older_one_gives_way(board: LiveBoard, told: Told, wait: Any, stored: Any) -> None:
    now = time.time()
    stored |= {"s-1": now - 10, "s-2": now - 30}
    board.start()
    board.live.states("sensors", ["s-1", "s-2"], [HIGH, HIGH], now - 20)
    board.know(sensors(["s-1", "s-2"]))
    wait(0.3)
    assert told.states == [("sensors", [1], [2], [ABNORMAL])], "the store has seen s-1 later than its report"
    board.live.states("sensors", ["s-1", "s-2"], [HIGH, NORMAL], [now - 15, now - 5])
    wait(0.3)
    assert told.states[-1] == ("sensors", [1], [1], [0]), "also what comes afterwards is compared"
    stored["s-2"] = now - 1
    board.know(sensors(["s-2", "s-1"]))
    wait(0.3)
    assert len(told.states) == 2, "a pull brought newer states of both"
    board.live.states("sensors", ["s-1", "s-2"], [HIGH, HIGH], now)
    wait(0.3)
    assert sorted(zip(*told.states[-1][1:], strict=True)) == [(0, 2, ABNORMAL), (1, 2, ABNORMAL)]


def test_what_is_shown_is_told_with_the_table_and_the_last_report(board: LiveBoard, wait: Any) -> None:
    board.start()
    table, now = sensors(["s-1"]), time.time()
    assert board.shown().tables == {}
    board.know(table)
    board.live.states("sensors", ["s-1"], [HIGH], now)
    shown = board.shown()
    assert (shown.tables["sensors"] is table, shown.state_of("sensors", "s-1"), shown.state_of("sensors", "s-2")) == (True, ("high", now), None)


def test_positions_that_cannot_be_true_are_told_with_their_source(board: LiveBoard, told: Told, wait: Any) -> None:
    doubted: list[Any] = []
    board.doubted.connect(doubted.append)
    board.start()
    board.live.positions(["a", "b"], [37.0, 122.5], [122.5, 37.0], 0.0, 0.0, time.time(), source="AIS")
    wait(2.3)
    assert doubted == [[("a", "AIS", "位置可疑：经纬度似乎颠倒")]]
    assert told.frames[0].new == ["b"]


def test_a_stopped_board_is_silent_and_a_stream_leaves_no_thread(board: LiveBoard, told: Told, wait: Any) -> None:
    board.start()
    load = Load(board.live, 10_000, 5, 1, {"sensors": [f"s-{row}" for row in range(1_000)]})
    load.start()
    wait(1.0)
    assert 3 <= len(told.frames) <= 14
    assert board.live.backlog < 22_000
    board.stop()
    count = len(told.frames)
    wait(0.2)
    load.stop()
    assert len(told.frames) == count
