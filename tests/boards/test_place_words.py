"""A typed place is said to be found with its error, to be one of several, or not to be found."""

from __future__ import annotations

from weihai_command.boards.place_words import PlaceWord, place_word


def test_found_several_and_none():
    found = place_word("皇冠街道")
    assert found.sentence.startswith("皇冠街道 · 误差 ") and not found.is_wrong and not found.names
    several = place_word("东北村")
    assert several.is_wrong and len(several.names) == 2 and all(name.endswith("东北村") for name in several.names) and "2 处" in several.sentence
    none = place_word("火星<b>")
    assert none.is_wrong and none.sentence.startswith("没有找到这个地点") and "<b>" not in none.sentence
    assert place_word("  ") == PlaceWord("  ")


def test_the_report_being_written_is_told_and_a_picked_position_is_not_asked_for(boards, pump):
    told = []
    boards.intake.located.connect(told.append)
    boards.intake.advise({"title": "树倒", "place": "火星"})
    boards.intake.advise({"title": "树倒", "place": "火星", "lon": 122.1, "lat": 37.5})
    pump()
    assert [(each.typed, each.is_wrong) for each in told] == [("火星", True), ("", False)]
