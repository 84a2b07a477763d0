"""Which alarm the keys mean: the worst, or the one that the officer chose; never one that he had no time to read."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.fake_desk import NOW, alarm
from weihai_command.boards import alarm_rows
from weihai_command.boards.alarm_board import READING_S, AlarmBoard
from weihai_command.domain.faults import Refused


class Watch:
    at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def board(boards, city, watch):
    made = AlarmBoard(boards.bridge, city.clock, watch)
    made.faults, made.words = [], []
    made.refused.connect(made.faults.append)
    made.said.connect(made.words.append)
    return made


def show(board, city, pump, *rows):
    city.alarm_rows = list(rows)
    board.refresh()
    pump()


def test_the_worst_is_shown_and_f7_goes_round(board, city, pump):
    show(board, city, pump, alarm("1", 1), alarm("2", 2), alarm("3", 3), alarm("4", 2, state="cleared", cleared_at=NOW.timestamp()))
    seen = [board.current.key]
    for _ in range(4):
        board.next()
        seen.append(board.current.key)
    assert seen == ["a-1", "a-2", "a-3", "a-4", "a-1"]
    assert [item.key for item in board.beside] == ["a-2", "a-3", "a-4"] and board.items[-1].is_over
    assert board.load == 4 and board.count("unacked") == 3


def test_f8_acknowledges_the_shown_one_and_no_other(board, city, watch, pump):
    show(board, city, pump, alarm("1", 1), alarm("2", 2))
    watch.at += 10
    board.next()
    board.acknowledge()
    pump()
    assert city.calls == [("ack_alarm", "a-2", "", {})] and board.words == ["已确认 应0417"]


def test_f8_waits_until_one_that_came_by_itself_could_be_read(board, city, watch, pump):
    show(board, city, pump, alarm("2", 2), alarm("3", 3))
    watch.at += 10
    board.acknowledge()
    board.acknowledge()
    assert [call[1] for call in city.calls] == ["a-2"] and board.current.key == "a-3"
    assert board.faults[-1].code == "just_turned"
    watch.at += READING_S * 2
    board.acknowledge()
    assert [call[1] for call in city.calls] == ["a-2", "a-3"]


def test_one_that_comes_first_of_all_is_not_acknowledged_unread(board, city, watch, pump):
    show(board, city, pump)
    show(board, city, pump, alarm("1", 1))
    board.acknowledge()
    assert city.calls == []


def test_a_new_worse_one_takes_the_place_of_a_chosen_one_a_milder_one_does_not(board, city, pump):
    rows = [alarm("2", 2), alarm("3", 2)]
    show(board, city, pump, *rows)
    board.next()
    show(board, city, pump, *rows, alarm("4", 3))
    assert board.current.key == "a-3"
    show(board, city, pump, *rows, alarm("1", 1))
    assert board.current.key == "a-1"


def test_an_acknowledged_one_is_gone_at_once_and_back_when_it_is_refused(board, city, watch, pump):
    show(board, city, pump, alarm("1", 1), alarm("2", 2))
    watch.at += 10
    city.refusal = Refused("这条告警已由 李晓 确认")
    board.acknowledge()
    assert board.current.key == "a-2"
    pump()
    assert {item.key for item in board.items} == {"a-1", "a-2"} and board.faults[-1].happened == "这条告警已由 李晓 确认"


def test_what_asks_again_is_shown_though_it_was_acknowledged_here(board, city, watch, pump):
    show(board, city, pump, alarm("1", 2))
    watch.at += 10
    board.acknowledge()
    pump()
    assert board.items == []
    show(board, city, pump, alarm("1", 1, announced_at=NOW.timestamp()))
    assert [item.key for item in board.items] == ["a-1"]


def test_a_group_is_one_item_and_only_the_list_acknowledges_in_it(board, city, watch, pump):
    rows = [alarm(str(number), 2) for number in range(12)]
    city.alarm_groups = (SimpleNamespace(key="water|环翠区", severity=2, sentence="供水 · 环翠区 12 条同因告警", alarms=tuple(each.alarm for each in rows)),)
    wanted = []
    board.list_wanted.connect(wanted.append)
    show(board, city, pump, *rows, alarm("x", 3))
    watch.at += 10
    assert board.items[0].text == "供水 · 环翠区 12 条同因告警" and len(board.items) == 2
    board.acknowledge()
    board.raise_incident()
    assert wanted == ["group|water|环翠区"] * 2 and city.calls == []


def test_an_incident_of_it_and_back(board, city, pump):
    show(board, city, pump, alarm("1", 1))
    raised = []
    board.raised.connect(lambda *what: raised.append(what))
    board.raise_incident()
    pump()
    assert city.calls == [("alarm_incident", "a-1", {})] and raised == [("i-应0417", "a-1", "op")]
    board.take_back("a-1", "op")
    pump()
    assert city.calls[1] == ("take_alarm_incident_back", "a-1", "op", {})


def test_nothing_to_do_is_said(board, city, pump):
    show(board, city, pump)
    for act in (board.acknowledge, board.next, board.raise_incident):
        act()
    assert [fault.code for fault in board.faults] == ["no_alarm"] * 3 and city.calls == []


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 秒"), (59, "59 秒"), (116, "1 分 56 秒"), (7500, "2 小时 05 分"), (200_000, "2 天"), (-5, "0 秒")])
def test_how_long(seconds, words):
    assert alarm_rows.lasting(seconds) == words


def test_a_row_says_who_knows_and_why():
    known = alarm_rows.row(alarm("1", acked_at=NOW.timestamp(), acked_by="wang", ack_reason="已通知\n泵站"), {"wang": "王海宁"})
    assert "王海宁" in known.cells(NOW)[6] and "已通知 泵站" in known.cells(NOW)[6] and known.cells(NOW)[0] == "已确认"
    shelved = alarm_rows.row(alarm("1", shelved_until=NOW.timestamp() + 3600, shelved_by="wang", shelf_reason="检修"), {})
    assert "wang 搁置到" in shelved.cells(NOW)[6] and shelved.cells(NOW)[0] == "已搁置"
    assert alarm_rows.row(alarm("1", escalations=2, count=7, is_chattering=True), {}).cells(NOW)[5:7] == ("抖动 7 次", "已催 2 次")
