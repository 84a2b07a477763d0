from __future__ import annotations

from tests.fake_desk import NOW, ago, unit
from weihai_command.boards.unit_card import card, searched
from weihai_command.boards.unit_rows import unit_row


def test_a_card_says_who_where_and_how_to_reach_it_masked() -> None:
    raw = unit(
        "消防101", "on_scene", crew=6, skills=["登高", "破拆"], agency="消防支队", contact="13812345678", home="经区站", state_at=ago(3),
        steps=[{"state": "dispatching", "at": ago(9)}, {"state": "en_route", "at": ago(8), "inferred": True}, "x"],
    )
    lines = card(unit_row(raw, NOW), raw, "应0417", NOW)
    assert lines[0] == "消防101 消防 消防支队" and lines[1] == "到场  应0417  0:03"
    assert lines[2:5] == ["6 人  登高、破拆", "联系 138****5678", "驻地 经区站  位置 0:01 前"]
    assert len(lines) == 7 and lines[6].endswith("途中（推断）")


def test_a_card_of_anything() -> None:
    raw = unit("x", "teleporting", crew="many", skills=5, contact=["a"], steps={"a": 1}, position_at="soon", home=7)
    assert card(unit_row(raw, NOW), raw, "", NOW)[-1].endswith("位置不明")


def test_a_filter_finds_name_kind_and_skill() -> None:
    raw = unit("消防101", skills=["登高"])
    text = searched(unit_row(raw, NOW), raw)
    assert all(word in text for word in ("消防101", "登高", "空闲"))
