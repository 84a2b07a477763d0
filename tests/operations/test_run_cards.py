"""The run cards' file: the built-in one is whole, a user's own replaces it, and what is wrong in it is told with its line."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from weihai_command.domain.faults import StoreFault
from weihai_command.domain.run_card import choose
from weihai_command.operations import catalogue, recommending, run_cards
from weihai_command.operations.desk import Desk

GAS = "22222222-0000-4000-8000-000000000001"


def test_every_type_has_a_card_with_a_first_level() -> None:
    found = run_cards.built_in()
    assert not found.fault
    for code, kind in catalogue.incident_types().items():
        for priority in ("urgent", "low", None):
            card = choose(found.cards, code, kind.category, priority)
            assert card and card.at(1) and (card.code != "other" or kind.track == "municipal"), code
    gas = choose(found.cards, "gas_leak", "safety", "urgent")
    assert gas and [(role.code, role.count) for role in gas.at(1)] == [("fire", 2), ("gas", 1), ("police", 1), ("medical", 1)]
    assert next(role for card in found.cards for role in card.roles if role.shore).kinds == ("medical",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[gas_leak]\n1 = { fire 2 }", "第 2 行第"),
        ("[gas_leek]\n1 = { fire = 2 }", "第 1 行，[gas_leek] 不是事件类型，也不是类别"),
        ("[fire]\n1 = { fire = 2 }\n\n[gas_leak]\n1 = { boat = 2 }", "第 5 行，[gas_leak] 的 1 里的“boat”不是力量的类别"),
        ("[gas_leak]\n1 = { fire = 0 }", "第 2 行，[gas_leak] 的 1 里“fire”的“0”应为 1 到 30 的整数"),
        ("[gas_leak]\n1 = { fire = true }", "应为 1 到 30 的整数"),
        ("[gas_leak]\n1 = { fire = { crew = 5, men = 2 } }", "men 不是已知的设置项"),
        ("[gas_leak]\n1 = { fire = { shore = 1 } }", "shore 应为 true 或 false"),
        ('[gas_leak]\n1 = { "*" = 1 }', "要写明类别或技能"),
        ("[gas_leak]\n1 = 3", "第 2 行，[gas_leak] 的 1 应写成"),
        ("[gas_leak]\n2 = { fire = 1 }", "没有写第 1 级"),
        ("[gas_leak]\n1 = { fire = 1 }\n6 = { fire = 1 }", "第 3 行，[gas_leak] 的 6 不是已知的设置项"),
        ("[gas_leak.low]\nnote = 3\n1 = { fire = 1 }", "第 2 行，[gas_leak.low] 的 note 应为文字"),
        ("[gas_leak]\nskills = [1]\n1 = { fire = 1 }", "skills 应为一列文字"),
        ("[ranking]\nrest_km = -1\n[fire]\n1 = { fire = 1 }", "第 2 行，[ranking] 的 rest_km “-1”应为 0 到 1000 的数"),
        ("[ranking]\nrest = 1", "[ranking] 的 rest 不是已知的设置项"),
        ("gas_leak = 3", "第 1 行，gas_leak 应为一张表"),
        ("", "没有一张出动单"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(StoreFault) as fault:
        run_cards.parsed(text, "run_cards.toml")
    assert told in fault.value.happened


def test_a_users_own_file_replaces_the_built_in_one(desk: Desk) -> None:
    made = recommending.plan(desk, GAS)
    assert made and made["unit_ids"] and made["note"].startswith("从上风向")
    file = desk.profile.root / "run_cards.toml"
    file.write_text('[safety]\nnote = "自己的"\n1 = { police = 1 }\n', encoding="utf-8")
    made = recommending.plan(desk, GAS)
    assert made and (made["card"], made["note"], made["fault"], made["unit_ids"]) == ("safety", "自己的", "", [])
    file.write_text("[safety]\n1 = { police = 0 }\n", encoding="utf-8")
    # Where two writes fall into one tick of the file system's clock.
    os.utime(file, ns=(0, 0))
    made = recommending.plan(desk, GAS)
    assert made and made["card"] == "gas_leak" and "第 2 行" in made["fault"] and made["fault"].endswith("现用随程序的出动单")
    file.unlink()
    assert not (recommending.plan(desk, GAS) or {})["fault"]


def test_priority_sub_tables_stand_alone() -> None:
    book = run_cards.parsed("[fire]\n1 = { fire = 2 }\n[fire.low]\n1 = { fire = 1 }\n[gas_leak.urgent]\n1 = { gas = 1 }\n", "x")
    assert [(card.code, card.priority) for card in book.cards] == [("fire", ""), ("fire", "low"), ("gas_leak", "urgent")]
    assert replace(book.weights, rest_min=30.0) == book.weights
