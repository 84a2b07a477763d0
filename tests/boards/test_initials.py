from __future__ import annotations

import pytest

from weihai_command.boards import words
from weihai_command.boards.initials import best, initials, meant

TYPES = list(words.incident_types().items())
RANKS = [("urgent", "1 紧急"), ("high", "2 高"), ("normal", "3 一般"), ("low", "4 低")]


@pytest.mark.parametrize("typed", ["gas_leak", "GAS_LEAK", "燃气泄漏", "燃气泄", "rqxl", "gas_l", " 燃气泄漏 "])
def test_a_type_by_code_word_beginning_or_initials(typed):
    place = meant(typed, TYPES)
    assert place is not None and TYPES[place][0] == "gas_leak"


@pytest.mark.parametrize(("typed", "code"), [("1", "urgent"), ("4", "low"), ("高", "high"), ("normal", "normal")])
def test_a_priority_by_its_digit(typed, code):
    place = meant(typed, RANKS)
    assert place is not None and RANKS[place][0] == code


@pytest.mark.parametrize("typed", ["", "  ", "fire", "火", "没有这种"])
def test_what_may_mean_several_or_nothing_means_nothing(typed):
    assert meant(typed, TYPES) is None


def test_the_whole_word_stands_before_its_parts():
    pairs = [("a", "火情上报"), ("b", "火"), ("c", "居民火")]
    assert best("火", pairs) == [1, 0, 2]
    assert meant("火", pairs) == 1


@pytest.mark.parametrize(("word", "sounds"), [("与另一件重复", "ylyjcf"), ("石岛泊位", "sdbw"), ("朝阳社区", "cysq"), ("110 转报", "110zb")])
def test_words_that_sound_otherwise_than_their_characters(word, sounds):
    assert initials(word) == sounds
