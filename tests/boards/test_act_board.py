from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from weihai_command.boards.act_board import located, sentence
from weihai_command.boards.desk_boards import make_boards
from weihai_command.domain.faults import Refused
from weihai_command.operations.runner import Runner


def test_an_act_and_the_facts_that_it_needs_are_one_act(boards, city, pump):
    boards.acts.perform("queue", "i", {"type": "gas_leak", "priority": "high"})
    boards.acts.perform("register", "i", {"type": "gas_leak", "place": "皇冠街道"})
    boards.acts.perform("verify", "i", {"owner": "li"})
    pump()
    assert city.calls == [
        ("transition", "i", "queue", {"type": "gas_leak", "priority": "high"}),
        ("transition", "i", "register", {"type": "gas_leak", "place": "皇冠街道"}), ("transition", "i", "verify", {"owner": "li"}),
    ]


def test_acts_without_an_operation_of_their_own_go_through_the_tables(boards, city, pump):
    boards.acts.perform("close", "i", {"outcome": "处置完毕"})
    boards.acts.perform("verify", "i", {})
    boards.acts.perform("dispatch", "i", {"department": "gas"})
    pump()
    assert city.calls == [
        ("transition", "i", "close", {"outcome": "处置完毕"}), ("transition", "i", "verify", {"owner": "wang"}),
        ("dispatch", "i", (), {"department": "gas"}),
    ]


def test_what_this_edition_can_not_do_is_refused_in_words(boards):
    faults = []
    boards.acts.refused.connect(lambda act, fault: faults.append(fault.sentence()))
    assert not boards.acts.can("fly")
    boards.acts.perform("fly", "i", {})
    assert "fly" in faults[0]


def test_done_and_refused_arrive(boards, city, pump):
    done, faults = [], []
    boards.acts.done.connect(lambda act, outcome: done.append((act, outcome.number)))
    boards.acts.refused.connect(lambda act, fault: faults.append((act, fault.happened)))
    boards.acts.note("i", "x")
    city.refusal = Refused("不行")
    boards.acts.note("i", "y")
    pump()
    assert done == [("note", "应0417")] and faults == [("note", "不行")]


def test_a_change_is_announced_by_kind(boards, city, pump):
    heard = []
    boards.bridge.changed.connect(heard.append)
    boards.acts.note("i", "x")
    pump()
    assert heard == [frozenset({"log"})]


@pytest.mark.parametrize(("act", "embedded", "words"), [("dispatch", False, "派遣 应0417：处置中 · 已保存，待发送"), ("note", True, "记录 应0417：处置中 · 已记入本机")])
def test_the_sentence_after_an_act(act, embedded, words):
    assert sentence(act, SimpleNamespace(number="应0417", state="active"), embedded=embedded) == words


def test_a_place_by_name_gets_position_and_radius():
    found = located({"place": "皇冠街道"})
    assert found["town"] == "皇冠街道" and found["radius_m"] > 0 and 122 < found["lon"] < 123
    assert located({"type": "x"}) == {"type": "x"}


def test_a_units_new_state_is_said():
    assert sentence("status", SimpleNamespace(number="消防101", state="en_route")) == "消防101 → 途中 · 已保存，待发送"


def test_no_act_stands_behind_a_sign_in_that_waits_for_the_network(qapp, city, pump):
    asked, answered, runner = threading.Event(), threading.Event(), Runner()
    slow = city.verbs.sign_in
    city.verbs.sign_in = lambda *args: asked.set() or (answered.wait(10) and slow(*args))
    boards = make_boards(city.desk, runner, city.queries, city.verbs, city.clock)
    done = []
    boards.acts.done.connect(lambda act, outcome: done.append(act))
    try:
        boards.acts.sign_in("li", "right")
        assert asked.wait(5)
        boards.acts.note("i", "x")
        for _ in range(40):
            pump()
            if done:
                break
        assert done == ["note"]
    finally:
        answered.set()
        boards.close()
        runner.close()
