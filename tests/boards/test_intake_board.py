from __future__ import annotations

from typing import Any

from PySide6.QtTest import QTest

from tests.fake_desk import busy_city
from weihai_command.boards.advice import Advice, parts_of, similar_row, taken

PRIORITY = {"types": [], "grade": None, "priority": {"value": "high", "word": "2", "reasons": ["受伤"]}, "places": []}
SIMILAR = {"id": "i-应0417", "number": "应0417", "title": "燃气", "state": "active", "type": "gas_leak", "score": 0.9, "distance_m": None, "apart_s": None, "reasons": []}


def settled(found: list[Any], count: int) -> bool:
    for _ in range(200):
        if len(found) >= count:
            return True
        QTest.qWait(25)
    return False


def test_only_a_message_that_is_being_taken_in_is_advised(qapp):
    city = busy_city()
    city.suggestion, city.similar_rows = PRIORITY, [SIMILAR]
    boards, found = city.boards(), []
    boards.intake.advised.connect(found.append)
    boards.detail.open("i-应0421")
    assert settled(found, 2) and found[0] == Advice()
    assert [part.name for part in found[1].parts] == ["priority"] and found[1].similar[0].reason == "位置不明"
    boards.detail.open("i-应0417")
    assert settled(found, 4) and found[2:4] == [Advice(), Advice()]
    boards.close()


def test_a_draft_is_advised_with_what_it_has_already(qapp):
    city = busy_city()
    city.suggestion = PRIORITY
    boards, found = city.boards(), []
    boards.intake.drafted.connect(found.append)
    boards.intake.advise({"title": "有人受伤"})
    boards.intake.advise({"title": "有人受伤", "priority": "low"})
    assert settled(found, 2) and taken(found[0].parts) == {"priority": "high"} and found[1].parts == ()
    boards.close()


def test_nothing_found_is_no_part_and_far_words_are_told():
    assert parts_of({}, {}) == ()
    row = similar_row({**SIMILAR, "distance_m": 110.0, "apart_s": 540.0, "reasons": ["同类型"]})
    assert row.word == "处置中" and row.reason == "相距 110 m · 相隔 0:09 · 同类型"
