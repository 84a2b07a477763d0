"""A search through all texts at once finds exactly what `in` finds in each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.boards import text_scan
from weihai_command.boards.text_scan import TextScan
from weihai_command.domain.foreign import fold, one_line

PIECES = st.sampled_from(["海", "海滨", "路", "积水", "12", "１", "ab", "Ａ", "é", "ß", "𠮷", "😀", "（", "-", " ", "\n", "\u3000", "?", "\ud83d", "\x00", "ﬁ"])
TEXTS = st.lists(st.lists(PIECES, max_size=6).map("".join), max_size=12)
QUERIES = st.one_of(st.lists(PIECES, max_size=4).map("".join), st.text(max_size=6))


def scan(texts: list[str], query: str) -> list[bool]:
    return [all(word in text for word in fold(query).split()) for text in texts]


def asked(made: TextScan, query: str) -> list[bool]:
    found = [True] * made.count
    for word in fold(query).split():
        found = [one and other for one, other in zip(found, made.having(word).tolist(), strict=True)]
    return found


@given(texts=TEXTS, query=QUERIES, changed=st.dictionaries(st.integers(0, 14), st.lists(PIECES, max_size=4).map("".join), max_size=5))
def test_a_search_is_a_scan_also_after_changes(texts: list[str], query: str, changed: dict[int, str]) -> None:
    # As a row holds them: one line of each field, folded.
    folded = [fold(one_line(text)) for text in texts]
    made = TextScan(folded)
    assert asked(made, query) == scan(folded, query)
    count = max([len(folded), *(place + 1 for place in changed)])
    now = [*folded, *[""] * (count - len(folded))]
    for place, text in changed.items():
        now[place] = fold(one_line(text))
    other = made.with_texts({place: now[place] for place in range(count) if place in changed or place >= len(folded)}, count)
    assert other is not None and asked(other, query) == scan(now, query)
    assert asked(made, query) == scan(folded, query), "the older one stays as it was"


@pytest.mark.parametrize("word", ["水", "积水", "号积", "不在", "a", "aa", "水水水", "😀", "海滨路0号积水水水", "\x00", "\ud83d", "\ude00"])
def test_rare_and_frequent_words_take_different_ways_to_the_same_rows(word: str) -> None:
    texts = [f"海滨路{n}号积水水水" if n % 3 else "aaa😀" for n in range(200)]
    assert TextScan(texts).having(word).tolist() == [word in text for text in texts]
    assert TextScan([]).having(word).tolist() == []


def test_after_too_many_changes_it_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_scan, "MOST_FRESH", 2)
    made = TextScan(["a", "b", "c"]).with_texts({0: "x", 1: "y"}, 3)
    assert made is not None and made.having("x").tolist() == [True, False, False]
    assert made.with_texts({2: "z"}, 3) is None
