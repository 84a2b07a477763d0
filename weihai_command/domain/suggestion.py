"""What a narrative suggests: type, grade and priority, each with the words that say so. Pure; the rules are handed in as data.

Nothing here decides: a suggestion is shown with its reason and stands until a person takes it or something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .incident import EMERGENCY, PRIORITIES
from .place_text import figure

#: What stands beyond this of a narrative is not read; nobody reports so much, and a hostile record may be a megabyte.
LONGEST = 4_000
#: Reasons shown beside a suggestion.
MOST_REASONS = 4
#: Types that are shown beside the first one.
MOST_TYPES = 3
_SURE = 4.0
_POINTS = {"sure": _SURE, "words": 2.0, "hints": 1.0}
_A_CHARACTER = 0.02
_TITLE = 2.5
_NUMBER = r"(?P<n>\d+(?:\.\d+)?|[零一二两三四五六七八九十百千]+)"


@dataclass(frozen=True, slots=True)
class Hint:
    """A suggested value (a type's code, a priority's code, a grade 1 … 4) and the words of the narrative that speak for it."""

    value: str | int
    reasons: tuple[str, ...] = ()
    points: float = 0.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`types` from the likeliest on, the others close behind it (empty: nothing fits); `grade` only for emergencies."""

    types: tuple[Hint, ...] = ()
    grade: Hint | None = None
    priority: Hint | None = None

    @property
    def type(self) -> Hint | None:
        return self.types[0] if self.types else None


@dataclass(frozen=True, slots=True)
class _TypeRule:
    code: str
    priority: str
    is_emergency: bool
    levels: tuple[tuple[float, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True)
class _GradeRule:
    what: str
    types: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    steps: tuple[float, ...]
    factors: Mapping[str, float]


class Rules:
    """The table of resources/words/suggest.toml, compiled once; `tracks` says of each type's code on which track it is."""

    def __init__(self, table: Mapping[str, Any], tracks: Mapping[str, str]) -> None:
        self._types = [_type_rule(code, row, tracks[code]) for code, row in table.items() if not code.startswith("_")]
        self._by_code = {rule.code: rule for rule in self._types}
        self._grades = [_grade_rule(row) for row in table.get("_grade", ())]
        limits = table["_limits"]
        self._least, self._least_emergency = float(limits["least"]), float(limits["least_emergency"])
        self._near, self._alarm = float(limits["near"]), float(limits["alarm"])
        self._not = re.compile(table["_not"]["before"])
        self._calm, self._urgent, self._high = (_either(table[name]["words"]) for name in ("_calm", "_urgent", "_high"))

    def suggest(self, title: str, text: str = "") -> Suggestion:
        """What `title` and `text` suggest; about 1 ms for a hundred characters."""
        whole = f"{title[:LONGEST]}。{text[:LONGEST]}"
        kinds = self.types(whole, min(len(title), LONGEST))
        if not kinds:
            return Suggestion()
        rule = self._by_code[str(kinds[0].value)]
        grade = self._grade(whole, rule) if rule.is_emergency else None
        return Suggestion(kinds, grade, self._priority(whole, rule))

    def types(self, whole: str, title_ends: int) -> tuple[Hint, ...]:
        """The types that `whole` speaks of, the likeliest first, none that is far behind it."""
        told = [self._told(rule, whole, title_ends) for rule in self._types]
        found = [hint for rule, hint in zip(self._types, told, strict=True) if hint.points >= self._least_of(rule)]
        found.sort(key=lambda hint: -hint.points)
        return tuple(hint for hint in found if hint.points >= self._near * found[0].points)[:MOST_TYPES]

    def _least_of(self, rule: _TypeRule) -> float:
        return self._least_emergency if rule.is_emergency else self._least

    def _told(self, rule: _TypeRule, whole: str, title_ends: int) -> Hint:
        """Points of one type: each different match once, what a stronger level has said is not counted again by a weaker one."""
        said: dict[str, float] = {}
        taken: list[tuple[int, int]] = []
        for points, pattern in rule.levels:
            fresh: list[tuple[int, int]] = []
            for match in pattern.finditer(whole):
                start, end = match.span()
                if any(start < stop and begin < end for begin, stop in taken) or (rule.is_emergency and self._is_denied(whole, start)):
                    continue
                fresh.append((start, end))
                in_title = start < title_ends
                alarm = self._alarm if in_title and rule.is_emergency and points == _SURE else 1.0
                # Of two that say as much the longer one says it more exactly.
                worth = points * alarm * (_TITLE if in_title else 1.0) + _A_CHARACTER * len(match[0])
                said[match[0]] = max(said.get(match[0], 0.0), worth)
            taken += fresh
        best = sorted(said, key=lambda word: -said[word])
        return Hint(rule.code, tuple(best[:MOST_REASONS]), sum(said.values()))

    def _is_denied(self, whole: str, start: int) -> bool:
        return bool(self._not.search(whole[max(0, start - 10) : start]))

    def _grade(self, whole: str, rule: _TypeRule) -> Hint:
        """The most serious grade that a figure reaches; without figures the last one."""
        found = [hint for each in self._grades if not each.types or rule.code in each.types for hint in _graded(each, whole)]
        return min(found, key=lambda hint: int(hint.value), default=Hint(4, ("未见伤亡数字",)))

    def _priority(self, whole: str, rule: _TypeRule) -> Hint:
        """The type's own, raised by alarming words (of an emergency only to urgent), one step down where it is said to be over."""
        rank, reasons = PRIORITIES.index(rule.priority), [rule.code]
        raising = [(0, self._urgent)] if rule.is_emergency else []
        for wanted, pattern in [*raising, (1, self._high)] if rule.is_emergency or rank < 3 else []:
            words = self._affirmed(pattern, whole)
            if words and wanted < rank:
                rank, reasons = wanted, words
        calm = list(dict.fromkeys(match[0] for match in self._calm.finditer(whole)))
        if calm and rank < 3 and not self._affirmed(self._urgent, whole):
            rank, reasons = rank + 1, calm
        return Hint(PRIORITIES[rank], tuple(reasons[:MOST_REASONS]))

    def _affirmed(self, pattern: re.Pattern[str], whole: str) -> list[str]:
        return list(dict.fromkeys(match[0] for match in pattern.finditer(whole) if not self._is_denied(whole, match.start())))


def _type_rule(code: str, row: Mapping[str, Any], track: str) -> _TypeRule:
    levels = tuple((points, _either(row[level])) for level, points in _POINTS.items() if row.get(level))
    return _TypeRule(code, row["priority"], track == EMERGENCY, levels)


def _grade_rule(row: Mapping[str, Any]) -> _GradeRule:
    patterns = tuple(re.compile(each.replace("{n}", _NUMBER)) for each in row["patterns"])
    return _GradeRule(row["what"], frozenset(row.get("types", ())), patterns, tuple(row["steps"]), row.get("factors", {}))


def _either(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in patterns))


def _graded(rule: _GradeRule, whole: str) -> Iterable[Hint]:
    for pattern in rule.patterns:
        for match in pattern.finditer(whole):
            groups = match.groupdict()
            amount = figure(groups["n"]) * rule.factors.get(groups.get("u") or "", 1.0)
            yield Hint(next((place for place, step in enumerate(rule.steps, start=1) if amount >= step), 4), (match[0],))


def words_of(hint: Hint | None, name: Callable[[str], str] = str) -> str:
    """The reasons of a hint in one line: 燃气、泄漏; a type's own code is told by `name`."""
    return "、".join(name(reason) for reason in hint.reasons) if hint else ""
