from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fake_desk import NOW
from weihai_command.boards.command_names import fixed_names
from weihai_command.domain.command_line import Command, Incomplete
from weihai_command.domain.faults import Refused
from weihai_command.operations import catalogue


@pytest.fixture
def line(boards, pump):
    boards.commands.open()
    pump()
    return boards.commands


def test_lines_do_what_the_buttons_do(line, boards, city, pump):
    boards.detail.open("i-应0417")
    pump()
    for text in ("/s 消防101 离场", "/d . xf203", "/d 2086 水务", "/log 阀门已关", "/close 已修", "/claim", "/move xf101 421", "/merge 421", "/ack jj07",
                 "/take", "/join 421", "/call xf101", "/call xf101 wyd", "/assign xf203 421",
                 "/assign xf203"):
        assert isinstance(line.submit(text), Command), text
    pump()
    assert city.calls == [
        ("status", "u-消防101", "returning", {}), ("dispatch", "i-应0417", ["u-消防203"], {}),
        ("dispatch", "i-案2086", (), {"department": "water"}), ("note", "i-应0417", "阀门已关", {}),
        ("transition", "i-应0417", "close", {"outcome": "已修"}), ("claim", "i-应0417", {}), ("move", "u-消防101", "i-应0421", {}),
        ("transition", "i-应0417", "merge", {"parent": "i-应0421"}), ("status", "u-急救07", "dispatched", {}),
        ("take", "i-应0417", {}), ("join", "i-应0417", "i-应0421", {}), ("roll_call", "u-消防101", "ok", {}), ("roll_call", "u-消防101", "missed", {}),
        ("assign", "u-消防203", "i-应0421", {}), ("assign", "u-消防203", "i-应0417", {}),
    ]


def test_days_become_a_date_and_a_note_without_an_incident_is_the_citys(line, city, pump):
    line.submit("/suspend 2086 7天 等材料")
    line.submit("/log 全市降雨")
    pump()
    assert city.calls[0][:3] == ("transition", "i-案2086", "suspend") and city.calls[0][3]["reason"] == "等材料"
    assert city.calls[0][3]["until"] == (NOW + timedelta(days=7)).isoformat(timespec="seconds")
    assert city.calls[1][:3] == ("note", None, "全市降雨")


def test_what_follows_a_report_waits_for_it_and_means_the_new_incident(line, boards, city, pump):
    """The acts are answered by the message loop, so the second line is typed before the first is kept."""
    boards.detail.open("i-应0421")
    pump()
    assert isinstance(line.submit("/new 店里有煤气味 !1"), Command)
    found = line.submit("/log 已通知物业")
    assert "正在接报的事件" in found.sentence and [call[0] for call in city.calls] == ["report"]
    pump()
    assert city.calls[1][:3] == ("note", "i-应0417", "已通知物业")


def test_what_follows_a_refused_report_is_not_done(line, boards, city, pump):
    said = []
    line.refused.connect(lambda fault: said.append(fault.sentence()))
    city.refusal = Refused("没有这个地点")
    line.submit("/new 树倒 @火星")
    line.submit("/claim")
    city.refusal = None
    pump()
    assert city.calls == [] and "没有执行：/claim" in said[0]


def test_names_follow_the_city_while_the_line_is_open(line, boards, city, pump):
    assert isinstance(line.reading("/d 0421 急救07"), Command) and line.world().of("unit").items[0].tag == "available"
    city.unit_rows = [each for each in city.unit_rows if each["name"] != "急救07"]
    city.runner.announce({"units"})
    pump()
    assert not isinstance(line.reading("/d 0421 急救07"), Command)
    line.close()
    asked = city.runner.asked.count("commands")
    city.unit_rows = []
    city.runner.announce({"units"})
    pump()
    assert city.runner.asked.count("commands") == asked


def test_the_list_offers_the_last_word_first_then_what_has_to_follow(line):
    assert [each.word for each in line.offers("/s 消防")][:2] == ["消防203", "消防101"]
    assert [each.word for each in line.offers("/s 消防101")] == ["返回", "空闲"]
    assert line.offers("/d 0417 ")[0].note.startswith("空闲")
    assert [each.text for each in line.offers("/cl")] == ["/close ", "/handle ", "/claim "]


def test_phone_numbers_are_not_kept_in_the_history(line, pump):
    kept = []
    line.remembered.connect(kept.append)
    line.submit("/log 来电 13812345678 说明")
    line.submit("/log 来电 13812345678 说明")
    pump()
    assert kept[-1] == ["/log 来电 138****5678 说明"]
    line.load_history(["/claim", 3, None])
    assert line.history == ["/claim"]
    line.load_history("nonsense")
    assert line.history == []


def test_wishes_of_the_window_are_told(line, boards):
    wishes = []
    line.wished.connect(lambda wish, values: wishes.append((wish, values)))
    for text in ("/new", "/find 皇冠", "/go 皇冠", "/go 应0417", "/go xf101", "/go 122.1,37.5", "/theme", "/help"):
        line.submit(text)
    assert wishes == [
        ("start_report", {}), ("find", {"text": "皇冠"}), ("go", {"place": "经区皇冠街道"}), ("go", {"kind": "incidents", "id": "i-应0417"}),
        ("go", {"kind": "units", "id": "u-消防101"}), ("go", {"place": "122.1,37.5"}), ("toggle_theme", {}), ("show_commands", {}),
    ]


def test_hostile_names_are_one_line_and_can_be_typed(line, boards, city, pump):
    city.unit_rows.append({"id": "u-x", "name": "坏\n名 \"“「<b>", "kind": "fire", "state": "available", "sync": "synced"})
    city.incident_rows.append({"id": "i-x", "number": "\u202e应 9\n", "title": "<img>\n" * 50, "track": "emergency", "state": "new"})
    city.runner.announce({"units", "incidents"})
    pump()
    offers = line.offers("/d 应0417 ")
    hostile = next(each for each in offers if each.word.startswith("坏"))
    assert "\n" not in hostile.word and isinstance(line.reading(hostile.applied("/d 应0417 ")), Command)
    assert all("\n" not in each.word + each.note for each in line.offers("/open "))


def test_every_place_that_is_offered_is_one_that_the_gazetteer_knows():
    gazetteer = catalogue.gazetteer()
    names = fixed_names()["place"]
    for name in names.items[::7]:
        assert name.word in gazetteer.resolve(name.code).name
    assert len(names.items) > 2700
    assert len(names.exact("东北村")) > 1 and names.exact("hgjd")[0].word == "皇冠街道"


def test_an_unclear_line_is_not_run(line, city, pump):
    assert isinstance(line.submit("/d 0417"), Incomplete)
    pump()
    assert city.calls == [] and line.history == []
