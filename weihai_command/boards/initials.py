"""Pinyin initials of the words in a list of choices: `rqxl` finds 燃气泄漏. The tables of sounds are read at first need."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

#: Words of the desk that sound otherwise than their characters alone.
_PHRASES = {"重复": [["chóng"], ["fù"]], "泊位": [["bó"], ["wèi"]], "朝阳": [["cháo"], ["yáng"]]}


@cache
def initials(word: str) -> str:
    """The first letters of the sounds of `word`, small; letters and digits stand for themselves."""
    pinyin = _pinyin()
    return "".join(pinyin.lazy_pinyin(word, style=pinyin.Style.FIRST_LETTER)).replace(" ", "").lower()


@cache
def _pinyin() -> Any:
    """The library with its characters and our phrases: reading all of its phrases holds the interpreter, and with it the window, for 0.1 s."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    import pypinyin

    pypinyin.load_phrases_dict(_PHRASES)
    return pypinyin


def warm() -> None:
    """Read the tables of sounds, a twentieth of a second, off the window's thread."""
    initials("燃气泄漏")


def best(typed: str, pairs: list[tuple[str, str]]) -> list[int]:
    """Places of the pairs (code, word) that `typed` may mean, the likeliest first: the word, the code, then beginnings, then parts."""
    wanted = typed.strip().casefold()
    if not wanted:
        return list(range(len(pairs)))
    ranked = [(rank, place) for place, (code, word) in enumerate(pairs) if (rank := _rank(wanted, code.casefold(), word.casefold())) is not None]
    return [place for _, place in sorted(ranked)]


def meant(typed: str, pairs: list[tuple[str, str]]) -> int | None:
    """The one place that `typed` means: the word or code itself, or the only one that it can be; None while that is open."""
    wanted = typed.strip().casefold()
    found = best(typed, pairs) if wanted else []
    if not found:
        return None
    code, word = pairs[found[0]]
    beginnings = [place for place in found if (_rank(wanted, pairs[place][0].casefold(), pairs[place][1].casefold()) or 0) < PART]
    return found[0] if wanted in (code.casefold(), word.casefold()) or len(beginnings or found) == 1 else None


#: From this rank on `typed` stands somewhere inside, not at the beginning.
PART = 4


def _rank(wanted: str, code: str, word: str) -> int | None:
    if wanted in (word, code):
        return 0
    if word.startswith(wanted):
        return 1
    if code.startswith(wanted):
        return 2
    sounds = initials(word) if wanted.isascii() and wanted.isalpha() else ""
    if sounds.startswith(wanted):
        return 2 if sounds == wanted else 3
    if wanted in word:
        return PART
    return PART + 1 if len(wanted) > 1 and (wanted in code or wanted in sounds) else None
