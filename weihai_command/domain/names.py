"""Names that are typed: which of many things a word, its beginning, a part of it or its pinyin initials may mean. Pure; sounds are handed in."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice

#: Parts are looked for from this many characters on; one sign stands in too many names.
PART = 2
#: So many pairs are sorted in one go: a longer sort would hold up every other thread.
AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Name:
    """`code` is what a program calls it, `word` what people say, `note` the line beside it; `sounds` the pinyin initials, `also` other spellings.

    `tag` is the state of a unit or the track of an incident, `of` the incident that a unit is on.
    """

    code: str
    word: str
    note: str = ""
    sounds: str = ""
    tag: str = ""
    of: str = ""
    also: tuple[str, ...] = ()


def folded(text: str) -> str:
    """`text` without differences of width and case, and without blanks at its ends."""
    return text.lower().strip() if text.isascii() else unicodedata.normalize("NFKC", text).casefold().strip()


class Names:
    """Things of one kind in the order in which they are offered. Beginnings are found by bisection, parts by a scan."""

    def __init__(self, items: Iterable[Name] = ()) -> None:
        self._by_code = {item.code: item for item in reversed(list(items))}
        self.items = tuple(reversed(self._by_code.values()))
        pairs = _sorted([(key, place) for place, item in enumerate(self.items) for key in _keys(item)])
        self._keys, self._places = [key for key, _ in pairs], [place for _, place in pairs]
        self._words = [folded(item.word) for item in self.items]
        self._notes = [folded(item.note) for item in self.items]

    def code(self, code: str) -> Name | None:
        return self._by_code.get(code)

    def exact(self, typed: str) -> list[Name]:
        """What is called just so, by code, word, initials or another spelling."""
        if typed in self._by_code:
            return [self._by_code[typed]]
        return self._between(folded(typed), whole=True)

    def find(self, typed: str) -> list[Name]:
        """What `typed` means: what is called so, else what begins so, else what holds it. One name: that is it."""
        wanted = folded(typed)
        if not wanted:
            return []
        return self.exact(typed) or self._between(wanted) or self._parts(wanted)

    def offer(self, typed: str, most: int) -> list[Name]:
        """At most `most` names that `typed` may be the beginning of, the likeliest first; all where nothing is typed yet."""
        wanted = folded(typed)
        if not wanted:
            return list(self.items[:most])
        found: dict[str, Name] = {}
        for look in (self.exact, self._between, self._parts, self._noted):
            for item in islice(look(wanted if look != self.exact else typed), most):
                found.setdefault(item.code, item)
            if len(found) >= most:
                break
        return list(found.values())[:most]

    def _between(self, wanted: str, *, whole: bool = False) -> list[Name]:
        places, at = set(), bisect_left(self._keys, wanted)
        while wanted and at < len(self._keys) and (self._keys[at] == wanted if whole else self._keys[at].startswith(wanted)):
            places.add(self._places[at])
            at += 1
        return [self.items[place] for place in sorted(places)]

    def _parts(self, wanted: str) -> list[Name]:
        if len(wanted) < PART:
            return []
        return [self.items[place] for place, word in enumerate(self._words) if wanted in word]

    def _noted(self, wanted: str) -> Iterator[Name]:
        """Offered only: a title is not a name."""
        pairs = zip(self.items, self._notes, strict=True) if len(wanted) >= PART else ()
        return (item for item, note in pairs if wanted in note)


class Joined(Names):
    """Names of several kinds asked one after the other."""

    def __init__(self, *parts: Names) -> None:
        super().__init__()
        self._parts_of = parts

    def code(self, code: str) -> Name | None:
        return next((found for part in self._parts_of if (found := part.code(code))), None)

    def exact(self, typed: str) -> list[Name]:
        return [name for part in self._parts_of for name in part.exact(typed)]

    def find(self, typed: str) -> list[Name]:
        return self.exact(typed) or [name for part in self._parts_of for name in part.find(typed)]

    def offer(self, typed: str, most: int) -> list[Name]:
        return [name for part in self._parts_of for name in part.offer(typed, most)][:most]


def _sorted(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return list(merge(*(sorted(pairs[at : at + AT_ONCE]) for at in range(0, len(pairs), AT_ONCE))))


def _keys(item: Name) -> set[str]:
    return {key for key in (folded(each) for each in (item.word, item.sounds, *item.also)) if key}
