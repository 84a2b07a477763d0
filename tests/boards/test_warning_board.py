"""The view 预警 as its boards tell it: lines, detail, areas; warnings end by themselves, wishes become acts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fake_desk import NOW, FakeCity
from weihai_command.boards.warning_board import WarningBoard
from weihai_command.boards.warning_rows import listed, until_word
from weihai_command.domain.entries import Warning
from weihai_command.domain.response import Item, PlanCard
from weihai_command.domain.warning import Chain
from weihai_command.operations.warnings import Overview, Proposal, Response, Standing

CARD = PlanCard("rain", "暴雨应急预案", (Item("巡查", "排水公司", 20), Item("转移", "镇街", 60, level=2)))


def standing(id: str, colour: str | None = "orange", *, hours: float = 4, state: str = "in_force", ended: Any = None, response: Any = None, **more: Any) -> Standing:
    fields = {"sender_name": "气象台", "sent": (NOW - timedelta(hours=1)).isoformat(), "expires": (NOW + timedelta(hours=hours)).isoformat(), "districts": ("荣成市",)}
    head = Warning(id, "<b>暴雨</b>预警", colour, text="第一行\n第二行", **{**fields, **more})
    return Standing(Chain(head), state, "暴雨", 2 if colour else None, "暴雨应急预案", ended, True, response)


@pytest.fixture
def board(city: FakeCity, boards: Any, pump: Any) -> WarningBoard:
    city.overview = Overview((standing("a"), standing("b", "blue", hours=0.2)), (standing("c", state="expired", hours=-1, ended=NOW - timedelta(hours=1)),), 2)
    city.offer = Proposal(2, CARD, "rainstorm", (("drain", "排水", 2, 0, 1),))
    city.queries.warnings = SimpleNamespace(
        overview=lambda desk: city.overview, areas=lambda desk: [{"id": each.id} for each in city.overview.now],
        proposal=lambda desk, id: city.offer, inside_of=lambda desk, id: (SimpleNamespace(kind="units", word="力量", total=3, tallies=(), rows=()),),
    )
    city.verbs.respond = city._act("respond")
    made = WarningBoard(boards.bridge, boards.clock, boards.acts)
    made.refresh()
    pump()
    return made


def test_lines_with_colour_place_time_left_and_what_is_proposed(board: WarningBoard) -> None:
    rows = [(row.id, row.title, row.colour, row.left, row.note, row.mood) for row in board.rows.rows]
    assert rows == [
        ("a", "暴雨橙色预警", "orange", "剩 4:00", "建议Ⅱ级响应", "plain"), ("b", "暴雨蓝色预警", "blue", "剩 0:12", "建议Ⅱ级响应", "near"),
        ("", "今天结束 1", "", "", "", "plain"), ("c", "暴雨橙色预警", "orange", "", "", "still"),
        ("", "演练和测试消息 2 条，未列入", "", "", "", "plain"),
    ]
    assert board.count == 2 and board.rows.rows[3].until.endswith("到期") and board.rows.place_of("c") == 3
    assert [row.title for row in listed(Overview((), ()), NOW)] == ["现在没有生效的预警"]


def test_the_first_is_open_with_its_plan(board: WarningBoard) -> None:
    view = board.view
    assert view and board.warning_id == "a" and (view.act, view.button) == ("start", "启动Ⅱ级响应")
    assert view.items == (("巡查", "排水公司", "20 分"), ("转移", "镇街", "60 分")) and view.units == "排水 2（区内空闲 0，全市 1）"
    assert view.headline == "<b>暴雨</b>预警" and view.texts == (("内容", "第一行\n第二行"),) and ("发布", "气象台") in view.facts


def test_what_lies_inside_is_counted_only_while_somebody_looks(board: WarningBoard, city: FakeCity, pump: Any) -> None:
    assert "warning:inside" not in city.runner.asked and board.groups == ()
    board.show(True)
    pump()
    assert [group.total for group in board.groups] == [3]


def test_the_button_starts_raises_or_opens(board: WarningBoard, city: FakeCity, pump: Any) -> None:
    opened: list[str] = []
    board.incident_wanted.connect(opened.append)
    board.show(True)
    board.act()
    pump()
    assert city.calls == [("respond", "a", {})] and opened == ["i-应0417"]
    running = Response("i-9", "应0009A", 3, False)
    city.offer = Proposal(2, CARD, "rainstorm", (), running)
    board.refresh()
    pump()
    assert board.view and (board.view.act, board.view.button) == ("raise", "应0009A 调为Ⅱ级响应")
    city.offer = Proposal(2, CARD, "rainstorm", (), Response("i-9", "应0009A", 2, False))
    board.refresh()
    pump()
    board.act()
    assert board.view and board.view.act == "open" and opened[-1] == "i-9" and len(city.calls) == 1


def test_without_colour_or_plan_there_is_no_button_and_it_says_why(board: WarningBoard, city: FakeCity, pump: Any) -> None:
    for offer, why in ((Proposal(None, CARD, ""), "预警没有颜色"), (Proposal(2, None, ""), "没有对应的预案")):
        city.offer = offer
        board.refresh()
        pump()
        assert board.view and board.view.act == "" and board.view.remark == why
        board.act()
    assert city.calls == []


def test_it_ends_by_itself(board: WarningBoard, boards: Any, city: FakeCity, pump: Any) -> None:
    drawn: list[Any] = []
    board.drawn.connect(drawn.append)
    asked = city.runner.asked.count("warnings")
    boards.clock.aged.emit()
    assert city.runner.asked.count("warnings") == asked
    boards.clock.now = lambda: NOW + timedelta(minutes=13)
    city.overview = Overview((standing("a"),), (standing("b", state="expired", ended=NOW),))
    boards.clock.aged.emit()
    pump()
    assert board.count == 1 and drawn == [[{"id": "a"}]]


def test_a_warning_that_went_leaves_the_next_one_open(board: WarningBoard, city: FakeCity, pump: Any) -> None:
    board.open("b")
    pump()
    city.overview = Overview((), ())
    board.refresh()
    pump()
    assert board.view is None and board.warning_id == "" and board.count == 0


def test_what_comes_and_ends_while_somebody_sits_here_is_said_once(board: WarningBoard, city: FakeCity, pump: Any) -> None:
    told: list[str] = []
    board.arrived.connect(told.append)
    board.refresh()
    pump()
    assert told == []
    first = standing("a")
    update = Standing(Chain(Warning("d", "暴雨", "red", districts=("荣成市",)), (first.chain.head,)), "in_force", "暴雨", 1, "", None, True)
    far = replace(standing("far"), is_here=False)
    city.overview = Overview((update, standing("e", "yellow"), far), (standing("b", "blue", state="cancelled", ended=NOW), *city.overview.over))
    for _ in range(2):
        board.refresh()
        pump()
    assert told == ["预警更新：暴雨红色预警 荣成市；新预警：暴雨黄色预警 荣成市；预警解除：暴雨蓝色预警 荣成市"]


def test_times() -> None:
    assert until_word(NOW, NOW) == NOW.astimezone().strftime("%H:%M") and until_word(NOW + timedelta(days=1), NOW).startswith("次日 ")
    assert until_word(NOW + timedelta(days=9), NOW).count("月") == 1 and until_word(None, NOW) == ""
