"""The command log in one list: every act stands there with who, when and what; corrections keep the original visible."""

from __future__ import annotations

import pytest

from tests.operations.conftest import FIRE, GAS
from weihai_command.domain.faults import Refused, Usage
from weihai_command.operations import acts, logbook, noting, queries, resolving, session, syncing
from weihai_command.operations.desk import Officer


def told(desk, **asked):
    return [(line["kind"], line["text"]) for line in queries.log_page(desk, logbook.Asked(**asked)).rows]


def sit(desk, user, role="officer"):
    desk.officer = Officer(user, user, role)
    desk.platforms.setdefault(user, next(iter(desk.platforms.values())))


def test_every_act_stands_in_the_log(desk):
    session._note(desk, "officer", "sign_in", role="officer")
    acts.edit(desk, GAS, {"title": "燃气大量泄漏", "priority": "high"})
    acts.claim(desk, GAS)
    acts.dispatch(desk, GAS, [FIRE])
    acts.status(desk, FIRE, "returning")
    acts.status(desk, FIRE, "available")
    acts.status(desk, FIRE, "unavailable", reason="检修")
    noted = acts.note(desk, None, "全城注意大风", kind="radio", party="各队")
    resolving.withdraw(desk, noted.op_id)
    acts.transition(desk, GAS, "close", outcome="已关阀")
    assert told(desk) == [
        ("act", "结束：结束（已关阀）"), ("desk", "撤回 记录"), ("unit", "消防101 不可用（检修）"), ("unit", "消防101 空闲"), ("unit", "消防101 返回"),
        ("act", "派遣 消防101：处置中"), ("act", "认领"), ("edit", "修改 标题 燃气泄漏 → 燃气大量泄漏；优先级 1 → 2"), ("desk", "登录"),
    ]


def test_what_the_platform_brings_is_told_at_the_other_desk(desk):
    acts.edit(desk, GAS, {"reporter": "张三"})
    acts.status(desk, FIRE, "unavailable", reason="检修")
    assert syncing.sync(desk).pushed == 2
    assert [(line["text"], line["sync"], line["number"]) for line in queries.logbook(desk)] == [
        ("消防101 不可用（检修）", "synced", ""), ("修改 报告人 设为 张三", "synced", "应0001A"),
    ]


def test_an_edit_says_set_where_nothing_stood_and_cleared_where_nothing_stands(desk):
    acts.edit(desk, GAS, {"alarm_level": 2, "place": "皇冠街道"})
    acts.edit(desk, GAS, {"alarm_level": 3, "reporter": "张三"})
    acts.edit(desk, GAS, {"reporter": ""})
    assert [text for _, text in told(desk)] == ["修改 报告人 清空（原为 张三）", "修改 报告人 设为 张三；警级 2级 → 3级", "修改 地点 设为 皇冠街道；警级 设为 2级"]


def test_a_line_of_an_edit_that_was_decided_again_says_what_it_replaced(desk, twin):
    act = acts.edit(desk, GAS, {"title": "燃气大量泄漏"})
    there = twin.get("incidents", GAS)
    twin.patch("incidents", GAS, {"title": "燃气轻微泄漏"}, there["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, act.op_id, "mine")
    assert told(desk, kinds=frozenset({"edit"})) == [("edit", "修改 标题 燃气轻微泄漏 → 燃气大量泄漏")]
    assert syncing.sync(desk).conflicts == 0
    (line,) = [row for row in queries.rows(desk, "log") if row["kind"] == "edit"]
    assert line["sync"] == "synced" and line["data"]["title"] == ["燃气轻微泄漏", "燃气大量泄漏"] and "轻微泄漏 → " in line["text"]


def test_an_edit_that_others_have_made_alike_keeps_its_line(desk, twin):
    act = acts.edit(desk, GAS, {"title": "燃气大量泄漏"})
    twin.patch("incidents", GAS, {"title": "燃气大量泄漏"}, twin.get("incidents", GAS)["last_modified"], "stranger")
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, act.op_id, "mine")
    assert told(desk, kinds=frozenset({"edit"})) == [("edit", "修改 标题 燃气泄漏 → 燃气大量泄漏")]


def test_notes_by_radio_and_phone_say_with_whom(desk):
    acts.note(desk, GAS, "已到路口", kind="radio", party="消防101")
    acts.note(desk, None, "请求增援", kind="phone")
    assert told(desk) == [("phone", "电话：请求增援"), ("radio", "电台 消防101：已到路口")]
    with pytest.raises(Usage, match="没有这种记录"):
        acts.note(desk, None, "x", kind="handover")


def test_a_correction_leaves_the_original_visible(desk):
    first = acts.note(desk, GAS, "3 人受伤")
    noting.amend(desk, first.id, "2 人受伤")
    again = noting.amend(desk, first.id, "1 人受伤")
    (line,) = queries.timeline(desk, GAS)
    assert (line["text"], [each["text"] for each in line["originals"]], line["id"]) == ("1 人受伤", ["2 人受伤", "3 人受伤"], again.id)
    assert len(queries.rows(desk, "log")) == 3
    noting.amend(desk, again.id, "无人受伤")
    (line,) = queries.timeline(desk, GAS)
    assert [line["text"], *(each["text"] for each in line["originals"])] == ["无人受伤", "1 人受伤", "2 人受伤", "3 人受伤"]


def test_only_the_author_or_a_shift_leader_corrects(desk):
    first = acts.note(desk, GAS, "3 人受伤")
    edit = acts.edit(desk, GAS, {"title": "泄漏"})
    line = next(row for row in queries.rows(desk, "log") if row["kind"] == "edit")
    assert edit.id == GAS
    for entry, user, role in ((first.id, "other", "officer"), (line["id"], "officer", "shift_leader"), (first.id, "officer", "leader")):
        sit(desk, user, role)
        with pytest.raises(Refused):
            noting.amend(desk, entry, "2 人受伤")
    sit(desk, "other", "shift_leader")
    noting.amend(desk, first.id, "2 人受伤")
    assert "2 人受伤" in {line["text"] for line in queries.timeline(desk, GAS)}


def test_two_desks_that_correct_the_same_entry_are_both_kept(desk, twin):
    first = acts.note(desk, GAS, "3 人受伤")
    syncing.sync(desk)
    twin.load([("log", {"id": "theirs", "text": "4 人受伤", "at": "2026-07-16T17:00:00+08:00", "by": "officer2", "kind": "note", "incident_id": GAS, "amends": first.id})])
    noting.amend(desk, first.id, "2 人受伤")
    syncing.sync(desk)
    (line,) = queries.timeline(desk, GAS)
    assert [line["text"], *(each["text"] for each in line["originals"])] == ["4 人受伤", "2 人受伤", "3 人受伤"]
    assert line["amended_by"] == "officer2"


def test_entries_that_correct_one_another_are_not_lost(desk, twin):
    twin.load([("log", {"id": each, "text": each, "at": "2026-07-16T15:00:00+08:00", "by": "x", "amends": other}) for each, other in (("a", "b"), ("b", "a"))])
    syncing.sync(desk)
    assert sorted(line["text"] for line in queries.logbook(desk)) == ["a", "b"]


def test_filters_by_kind_officer_words_and_period(desk):
    acts.note(desk, GAS, "大风", kind="radio")
    middle = desk.now()
    acts.claim(desk, GAS)
    sit(desk, "other")
    acts.note(desk, None, "大浪 abc")
    assert told(desk, kinds=frozenset({"radio"})) == [("radio", "电台：大风")]
    assert told(desk, by="other") == [("note", "大浪 abc")]
    assert told(desk, text="大浪 ABC") == [("note", "大浪 abc")] and told(desk, text="应0001A 认领") == [("act", "认领")]
    assert [kind for kind, _ in told(desk, since=middle)] == ["note", "act"] and told(desk, until=middle) == [("radio", "电台：大风")]
    assert [kind for kind, _ in told(desk, incident_id=GAS)] == ["act", "radio"]
    page = queries.log_page(desk, logbook.Asked(), 1)
    assert (len(page.rows), page.total, page.people) == (1, 3, ("officer", "other"))
    with pytest.raises(Usage, match="没有这一类"):
        told(desk, kinds=frozenset({"gossip"}))


def test_a_correction_of_an_older_period_brings_its_original(desk):
    first = acts.note(desk, GAS, "3 人受伤")
    since = desk.now()
    noting.amend(desk, first.id, "2 人受伤")
    (line,) = queries.log_page(desk, logbook.Asked(since=since)).rows
    assert (line["text"], line["originals"][0]["text"]) == ("2 人受伤", "3 人受伤")


def test_an_ended_incident_of_the_period_is_told_and_an_older_one_is_not(desk):
    acts.transition(desk, GAS, "close", outcome="好")
    assert told(desk, since="2026-07-16T12:00:00+08:00") == [("act", "结束：结束（好）")]
    assert told(desk, since="2026-07-20T12:00:00+08:00") == []
