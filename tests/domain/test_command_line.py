from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weihai_command.boards.initials import initials
from weihai_command.domain import lifecycle
from weihai_command.domain.command_line import Command, Incomplete, Refusal, World, complete, parse
from weihai_command.domain.commands import COMMANDS, rows_of
from weihai_command.domain.names import Name, Names

INCIDENTS = (
    Name("i1", "应0417", "燃气泄漏 · 皇冠街道", "y0417", "emergency", also=("0417", "417")), Name("i2", "应0421A", "落水", "y0421a", "emergency", also=("0421", "421")),
    Name("i3", "案2086", "供水爆管", "a2086", "municipal", also=("2086",)), Name("i4", "案0417", "井盖", "a0417", "municipal", also=("0417", "417")),
    Name("i5", "案2087", "<b>井 盖</b>", "a2087", "municipal", also=("2087",)),
)
UNITS = (
    Name("u1", "消防101", "空闲", "xf101", "available"), Name("u2", "消防102", "派遣中", "xf102", "dispatching", "i1"),
    Name("u3", "巡警12", "到场", "xj12", "on_scene", "i1"), Name("u4", "海 事“01”", "空闲", "hs01", "available"), Name("u5", "同名", "", "tm"), Name("u6", "同名", "", "tm"),
    Name("u7", "渔政7", "已指派", "yz7", "assigned"),
)
PLACES = (
    Name("皇冠街道", "皇冠街道", "经区", "hgjd", also=("皇冠",)), Name("文登区张家产镇东北村", "东北村", "文登区张家产镇"),
    Name("荣成市崖头街道东北村", "东北村", "荣成市崖头街道"),
)
LISTS = {
    "incident": Names(INCIDENTS), "unit": Names(UNITS), "place": Names(PLACES), "where": Names((*PLACES, *INCIDENTS, *UNITS)),
    "type": Names((Name("gas_leak", "燃气泄漏", sounds="rqxl"),)), "priority": Names(Name(each, each) for each in "1234"),
    "municipal": Names((Name("resume", "恢复办理", sounds="hfbl"), Name("close", "一并结案", sounds="ybja"))),
    "department": Names((Name("water", "水务集团", sounds="swjt"), Name("city", "城管", sounds="cg"))),
}
WORLD = World(LISTS, {"incident": INCIDENTS[0]})
BARE = World(LISTS)


def run(line, world=WORLD):
    found = parse(line, world)
    assert isinstance(found, Command), found
    return found


@pytest.mark.parametrize(("line", "act", "values"), [
    ("/d 应0417 消防101", "dispatch", {"incident": "i1", "units": ["u1"]}),
    ("/d . xf101 巡警12", "dispatch", {"incident": "i1", "units": ["u1", "u3"]}),
    ("/派遣 421 101", "dispatch", {"incident": "i2", "units": ["u1"]}),
    ("/pq 2086 sw", "dispatch", {"incident": "i3", "department": "water"}),
    ("/s 消防102 已派", "status", {"unit": "u2", "state": "dispatched"}),
    ("/s xf102 dc", "status", {"unit": "u2", "state": "on_scene"}),
    ("/状态 消防101 不可用 检修 到明天", "status", {"unit": "u1", "state": "unavailable", "reason": "检修 到明天"}),
    ("／s 巡警12 离场", "status", {"unit": "u3", "state": "returning"}),
    ("/log 阀门已关, 无人受伤", "note", {"text": "阀门已关, 无人受伤", "incident": "i1"}),
    ("/dt 指挥车到达", "radio", {"text": "指挥车到达", "incident": "i1"}), ("/exempt 2086 天气原因", "exempt", {"incident": "i3", "reason": "天气原因"}),
    ("/close 阀门已关", "close", {"incident": "i1", "outcome": "阀门已关"}),
    ("/close 2086 已修复 3 处", "close", {"incident": "i3", "outcome": "已修复 3 处"}),
    ('/close "119 队员已处理"', "close", {"incident": "i1", "outcome": "119 队员已处理"}),
    ("/close 3 人获救", "close", {"incident": "i1", "outcome": "3 人获救"}),
    ("/suspend 2086 7天 等材料", "suspend", {"incident": "i3", "days": 7, "reason": "等材料"}),
    ("/merge 421", "merge", {"incident": "i1", "parent": "i2"}),
    ("/join 2087 2086", "join", {"incident": "i5", "parent": "i3"}), ("/br 421", "join", {"incident": "i1", "parent": "i2"}),
    ("/take", "take", {"incident": "i1"}), ("/采纳 2086", "take", {"incident": "i3"}),
    ("/call xj12", "roll_call", {"unit": "u3", "answer": "ok"}), ("/点名 xj12 未", "roll_call", {"unit": "u3", "answer": "missed"}),
    ("/dm xj12 called", "roll_call", {"unit": "u3", "answer": "called"}),
    ("/merge 421 应0417", "merge", {"incident": "i2", "parent": "i1"}),
    ("/cla", "claim", {"incident": "i1"}), ("/rl 2086", "claim", {"incident": "i3"}),
    ("/new 店里有 煤气味 @皇冠 #rqxl !1", "report", {"title": "店里有 煤气味", "place": "皇冠街道", "type": "gas_leak", "priority": "1"}),
    ("/new", "report", {}), ("/new 树倒 @皇冠街道北侧200米", "report", {"title": "树倒", "place": "皇冠街道北侧200米"}),
    ("/queue 421 !2", "queue", {"incident": "i2", "priority": "2"}), ("/edit !2 @“皇冠街道”", "edit", {"incident": "i1", "priority": "2", "place": "皇冠街道"}),
    ("/assign xf101", "assign", {"unit": "u1", "incident": "i1"}), ("/zp xf101 421", "assign", {"unit": "u1", "incident": "i2"}),
    ("/unassign", "unassign", {"unit": "u7"}), ("/una 渔政", "unassign", {"unit": "u7"}), ("/qxzp yz", "unassign", {"unit": "u7"}),
    ("/move xj12 421", "move", {"unit": "u3", "incident": "i2"}), ("/ack", "ack", {"unit": "u2"}), ("/ack xf102", "ack", {"unit": "u2"}),
])
def test_what_lines_mean(line, act, values):
    found = run(line)
    assert (found.row.act, dict(found.values)) == (act, values)


def test_the_sentence_says_what_it_will_do_and_to_which():
    assert run("/d 421 xf101 xj").sentence == "将派 消防101、巡警12 → 应0421A 落水"
    assert run("/close 已修").sentence == "将结束 应0417 燃气泄漏 · 皇冠街道：已修"
    assert run("/call xj12").sentence == "将记点名 巡警12：应答" and run("/join 421").sentence.startswith("将 应0417 燃气泄漏 · 皇冠街道 作为重复件并入 应0421A")
    assert run("/new 树倒 @皇冠 !1").sentence == "将接报：树倒 · 皇冠街道 · 优先 1"
    assert parse("/log 到了", BARE).sentence == "将记入 全市日志：到了"


@pytest.mark.parametrize(("line", "words"), [
    ("/d 0417", ["应0417", "案0417"]), ("/d . 消防", ["消防101", "消防102"]), ("/s 巡警12 ", ["返回", "空闲"]), ("/s 消防101 ", ["已指派", "不可用"]),
    ("/d 2086 ", ["水务集团", "城管"]), ("/new 树倒 @东北村", ["东北村", "东北村"]), ("/d . 同", ["同名", "同名"]),
])
def test_what_may_follow_is_listed(line, words):
    found = parse(line, WORLD)
    assert isinstance(found, Incomplete)
    assert [each.word for each in found.completions] == words


def test_what_one_word_means_twice_is_chosen_by_something_that_means_one():
    twins = parse("/d . 同名", WORLD).completions
    assert [each.applied("/d . 同名") for each in twins] == ["/d . u5 ", "/d . u6 "]
    assert run(twins[1].applied("/d . 同名")).values["units"] == ["u6"]
    odd = parse("/d . 海", WORLD)
    assert run(complete("/d . 海", WORLD)[0].applied("/d . 海")).values["units"] == ["u4"] and isinstance(odd, Command)
    villages = parse("/go 东北村", WORLD)
    assert run(villages.completions[1].applied("/go 东北村")).values["where"] == PLACES[2]


@pytest.mark.parametrize(("line", "part"), [
    ("/xyz", "没有命令"), ("/close 0999 漏点", "引号"), ("/s 不明99 到场", "没有力量"), ("/suspend 2086 永远 等", "天数"), ("/claim 应0417 多余", "多了"),
    ("/d 2086 水务 城管", "一个部门"),
])
def test_what_is_wrong_is_said(line, part):
    found = parse(line, WORLD)
    assert isinstance(found, Refusal) and part in found.sentence


def test_a_promoted_emergency_ends_with_a_word_about_its_case():
    world = World(LISTS, {"incident": Name("i1", "应0417", tag="promoted")})
    assert [each.text for each in parse("/close 已修", world).completions] == [" +恢复办理 ", " +一并结案 "]
    assert run("/close 已修 +恢复办理", world).values == {"incident": "i1", "outcome": "已修", "municipal": "resume"}
    assert run("/close 救出 +3 人").values["outcome"] == "救出 +3 人"


def test_without_an_open_incident_nothing_is_guessed():
    assert isinstance(parse("/claim", BARE), Incomplete) and isinstance(parse("/close", BARE), Incomplete)
    assert isinstance(parse("/close 已修", BARE), Refusal)
    quiet = World({"unit": Names((UNITS[0],))})
    assert "没有等待" in parse("/ack", quiet).sentence
    two = World({"unit": Names((UNITS[1], Name("u9", "急救07", tag="dispatching", of="i2")))})
    assert [each.word for each in parse("/ack", two).completions] == ["消防102", "急救07"]


def test_every_act_of_the_tables_has_its_row():
    acts = {row.act for row in COMMANDS}
    assert {row.act for row in lifecycle.TABLE} <= acts
    for row in COMMANDS:
        assert not row.sounds or row.sounds == initials(row.word), row
        assert bool(row.act) != bool(row.wish)


def test_every_unique_beginning_means_the_same_row():
    """A beginning of several rows never picks one of them, unless it is one's whole name."""
    for row in COMMANDS:
        for full in (row.name, row.word, *row.also):
            for length in range(1, len(full) + 1):
                typed = full[:length]
                found = rows_of(typed)
                whole = [each for each in COMMANDS if typed in (each.name, each.word, *each.also)]
                assert found == whole or (not whole and row in found)
        assert rows_of(row.name) == [row] == rows_of(row.word)
        assert not row.sounds or row in rows_of(row.sounds)


SAMPLES = {
    "incident": ("2086", "i3"), "unit": ("xj12", "u3"), "waiting": ("xf102", "u2"), "assigned": ("渔政7", "u7"),
    "crew": ("水务", "water"), "state": ("返回", "returning"), "answer": ("未应答", "missed"),
    "where": ("皇冠街道", None), "days": ("7天", 7), "text": ("说明", "说明"),
}


def test_the_help_of_every_row_is_a_line_that_the_parser_takes():
    for row in COMMANDS:
        marks = " ".join({"@": "@皇冠", "#": "#燃气泄漏", "!": "!1", "+": "+hf"}[mark] for mark in row.marks)
        line = f"/{row.name} {' '.join(SAMPLES[each.kind][0] for each in row.arguments)} {marks}"
        if row.name in ("merge", "join"):
            line = f"/{row.name} 2086 421"
        found = run(line)
        assert found.row is row and found.sentence
        for word in (argument.word for argument in row.arguments):
            assert word in row.usage


def lines():
    pieces = [f"/{row.name}" for row in COMMANDS] + [each.word for each in (*INCIDENTS, *UNITS, *PLACES)] + [
        " ", " ", " ", "0417", "2086", "xf", "@", "!", "#", '"', "“", ".", "7天", "东北村", "dc", "说明"]
    mixed = st.lists(st.sampled_from(pieces), max_size=9).map("".join)
    return mixed | st.lists(st.sampled_from(pieces), max_size=8).map(" ".join) | st.text(max_size=40).map("/{}".format) | st.text(max_size=40)


@settings(max_examples=600, deadline=None)
@given(lines(), st.sampled_from([WORLD, BARE, World()]))
def test_no_text_brings_it_down_and_a_completion_always_leads_on(line, world):
    found = parse(line, world)
    offers = [*complete(line, world), *(found.completions if isinstance(found, Incomplete) else ())]
    for offer in offers[:6]:
        after = parse(offer.applied(line), world)
        assert isinstance(after, Command) or after.row is not None, (line, offer)
    if isinstance(found, Incomplete):
        for offer in found.completions[:6]:
            after = parse(offer.applied(line), world)
            assert isinstance(after, Command) or after.understood > found.understood, (line, offer, after)
