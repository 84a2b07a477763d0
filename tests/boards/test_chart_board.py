from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.fake_desk import NOW
from weihai_command.boards.chart_board import LEAST_S, LONGEST_S, MOST, ChartBoard

T = NOW.timestamp()


def curve(sensor: str, count: int = 5, newest: float | None = T - 30, late: bool = False) -> SimpleNamespace:
    return SimpleNamespace(sensor_id=sensor, name=f"传感器 {sensor}", count=count, newest=newest, late=lambda now: late)


class Ask:
    HEADS = ("时间", "传感器", "数值", "单位")

    def __init__(self) -> None:
        self.asked: list[tuple] = []
        self.made = curve

    def curves(self, desk, kept, sensors, since, until, pixels):
        self.asked.append((tuple(sensors), since, until, pixels))
        return [self.made(each) for each in sensors]

    def table(self, desk, kept, sensors, since, until, most=2000):
        rows = [f"{each}-{place}" for each in sensors for place in range(3)]
        return rows[:most], len(rows)

    def cells(self, row):
        return ("t", row, "1", "m")


@pytest.fixture
def board(boards, city):
    made = ChartBoard(boards.bridge, city.clock, lambda: made.kept, Ask())
    made.kept, made.ask, made.faults = object(), made._ask, []
    made.refused.connect(made.faults.append)
    made.watch(True)
    return made


def test_it_reads_the_last_day_and_follows_the_clock(board, city, pump):
    board.show_sensors(["a", "b", "a"])
    pump()
    assert board.ask.asked[-1] == (("a", "b"), T - 86_400, T, 800) and [each.sensor_id for each in board.curves] == ["a", "b"]
    assert board.sentence() == ""
    city.clock.aged.emit()
    pump()
    assert len(board.ask.asked) == 2


def test_nothing_is_read_while_nobody_looks(board, city, pump):
    board.watch(False)
    board.show_sensors(["a"])
    city.clock.aged.emit()
    pump()
    assert board.ask.asked == []


def test_spans_zoom_and_pan(board):
    board.show_sensors(["a"])
    board.show_length(3600)
    assert (board.since, board.until, board.follows) == (T - 3600, T, True)
    board.zoom(0.5)
    assert (board.since, board.until) == (T - 1800, T)
    board.pan(-1)
    assert (board.since, board.until, board.follows) == (T - 1800 - 450, T - 450, False)
    board.zoom(2.0)
    assert (board.until - board.since, board.until) == (3600, T + 450)
    board.pan(1)
    assert board.follows and board.until == T
    for _ in range(40):
        board.zoom(0.5)
    assert board.length == LEAST_S
    for _ in range(40):
        board.zoom(2.0)
    assert board.length == LONGEST_S


def test_a_dragged_axis_is_asked_for_when_the_hand_rests(board, pump):
    board.show_sensors(["a"])
    pump()
    before = len(board.ask.asked)
    for step in range(5):
        board.show_span(T - 5000 - step, T - 1000 - step)
    assert len(board.ask.asked) == before and not board.follows
    board._rest.timeout.emit()
    assert board.ask.asked[before][1:3] == (T - 5004, T - 1004)


def test_sensors_come_and_go(board, pump):
    board.show_sensors(["a"])
    for number in range(MOST + 1):
        board.add(f"s{number}")
    pump()
    assert len(board.sensors) == MOST and len(board.faults) == 2
    board.remove("a")
    assert board.sensors[0] == "s0"
    board.show_sensors(["a"])
    board.remove("a")
    assert board.sensors == ["a"]


def test_it_says_why_there_is_nothing_and_who_is_late(board, pump):
    board.show_sensors(["a"])
    assert board.sentence() == "正在读取…"
    for made, said in (
        (lambda each: curve(each, 0, None), "还没有读数"), (lambda each: curve(each, 0, T - 7200), "这段时间没有读数，最后一条 "),
        (lambda each: curve(each, late=True), "传感器 a 停在 "),
    ):
        board.ask.made = made
        board.refresh()
        pump()
        assert board.sentence().startswith(said)
    board.kept = None
    board.refresh()
    pump()
    assert board.sentence() == "这一席没有读数库"


def test_a_table_and_a_file(board, city, pump):
    board.show_sensors(["a", "b"])
    board.show_table(True)
    pump()
    assert (len(board.rows), board.total) == (6, 6)
    board.export()
    pump()
    assert city.calls[-1] == ("export_csv", "传感器读数", Ask.HEADS, [("t", f"{each}-{place}", "1", "m") for each in "ab" for place in range(3)], {})
