"""The run cards of resources/words/run_cards.toml, or the user's own run_cards.toml in the data folder, checked as a whole.

A user's file that cannot be used is told with its line; the built-in one stands in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..domain.dispatch import Weights
from ..domain.faults import StoreFault
from ..domain.incident import PRIORITIES
from ..domain.run_card import LEVELS, OTHER, Card, Role
from ..domain.unit import KINDS
from ..feeds import trouble
from . import catalogue
from .desk import Desk

NAME = "run_cards.toml"
#: More of one role than this is a slip of the pen.
MOST = 30
_RANKING = frozenset(each.name for each in fields(Weights))
_CARD = frozenset({"note", "skills", *map(str, LEVELS)})


@dataclass(frozen=True, slots=True)
class Book:
    """All cards and what counts besides the distance; `fault` is why the user's own file is not used ("" where nothing is wrong)."""

    cards: tuple[Card, ...]
    weights: Weights
    fault: str = ""


def book(desk: Desk) -> Book:
    """The cards of this desk; reads the user's file again when it has changed."""
    return _book(desk.root or desk.profile.root)


def fault(root: Path) -> str:
    """Why the user's own file in a data folder is not used, "" where nothing is wrong."""
    return _book(root).fault


def _book(root: Path) -> Book:
    file = root / NAME
    try:
        stamp = file.stat().st_mtime_ns
    except OSError:
        return built_in()
    return _own(file, stamp)


@cache
def built_in() -> Book:
    """The cards that come with the program."""
    return parsed((files("resources") / "words" / NAME).read_text(encoding="utf-8"), NAME)


@lru_cache(maxsize=4)
def _own(file: Path, stamp: int) -> Book:
    try:
        return parsed(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        fault = trouble.bad_config(str(file), f"读不出来（{error}）")
    except StoreFault as wrong:
        fault = wrong
    standing = built_in()
    return Book(standing.cards, standing.weights, f"{fault.happened}；现用随程序的出动单")


def parsed(text: str, source: str) -> Book:
    """The cards of a file's text. Raises StoreFault that names the entry, its line and what is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        spot = re.search(r"at line (\d+), column (\d+)", str(error))
        raise trouble.bad_config(source, f"第 {spot[1]} 行第 {spot[2]} 列写法有误" if spot else f"文件没有写完整（{error}）") from None
    try:
        weights = _weights(document.pop("ranking", {}))
        cards = tuple(card for code, table in document.items() for card in _cards(code, table))
        if not cards:
            raise _Wrong("", "", "没有一张出动单")
    except _Wrong as wrong:
        raise trouble.bad_config(source, wrong.told(text)) from None
    return Book(cards, weights)


class _Wrong(Exception):
    """`table` is the header of the entry, `field` what in it is wrong."""

    def __init__(self, table: str, field: str, reason: str) -> None:
        super().__init__(reason)
        self.table, self.field, self.reason = table, field, reason

    def told(self, text: str) -> str:
        head = re.search(rf"^\s*\[\s*{re.escape(self.table)}\s*\]", text, re.M)
        found = re.compile(rf'^\s*["\']?{re.escape(self.field)}["\']?\s*=', re.M).search(text, head.end() if head else 0) if self.field else None
        spot = found or head
        line = f"第 {text.count(chr(10), 0, spot.end()) + 1} 行，" if spot else ""
        entry = " ".join(part for part in (f"[{self.table}]" if self.table else "", "的" if self.table and self.field else "", self.field) if part)
        return f"{line}{entry} {self.reason}" if entry else f"{line}{self.reason}"


def _weights(table: Any) -> Weights:
    if not isinstance(table, dict):
        raise _Wrong("", "ranking", "应为一张表")
    for name, value in table.items():
        if name not in _RANKING:
            raise _Wrong("ranking", name, "不是已知的设置项")
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1000:
            raise _Wrong("ranking", name, f"“{value}”应为 0 到 1000 的数")
    return Weights(**{name: float(value) for name, value in table.items()})


def _cards(code: str, table: Any) -> list[Card]:
    """The card of a type or category, and those of its priorities."""
    types = catalogue.incident_types()
    if code not in types and code not in {OTHER, *(each.category for each in types.values())}:
        raise _Wrong(code, "", "不是事件类型，也不是类别")
    if not isinstance(table, dict):
        raise _Wrong("", code, "应为一张表")
    ranked = {name: value for name, value in table.items() if name in PRIORITIES}
    general = {name: value for name, value in table.items() if name not in PRIORITIES}
    found = [_card(code, "", general)] if general or not ranked else []
    return [*found, *(_card(code, priority, value) for priority, value in ranked.items())]


def _card(code: str, priority: str, table: Any) -> Card:
    name = f"{code}.{priority}" if priority else code
    if not isinstance(table, dict):
        raise _Wrong(code, priority, "应为一张表")
    if unknown := sorted(set(table) - _CARD):
        raise _Wrong(name, unknown[0], "不是已知的设置项（note、skills、级别 1 到 5、优先级）")
    if not isinstance(table.get("note", ""), str):
        raise _Wrong(name, "note", "应为文字")
    skills = table.get("skills", [])
    if not isinstance(skills, list) or not all(isinstance(each, str) and each for each in skills):
        raise _Wrong(name, "skills", "应为一列文字")
    if "1" not in table:
        raise _Wrong(name, "", "没有写第 1 级要派什么")
    roles = [role for level in LEVELS for role in _roles(name, level, table.get(str(level), {}))]
    return Card(code, priority, tuple(roles), tuple(skills), table.get("note", ""))


def _roles(name: str, level: int, table: Any) -> list[Role]:
    if not isinstance(table, dict):
        raise _Wrong(name, str(level), "应写成 { 力量 = 数量 }")
    return [_role(name, level, word, value) for word, value in table.items()]


def _role(name: str, level: int, word: str, value: Any) -> Role:
    kinds, _, skill = word.partition("/")
    wanted = () if kinds == "*" else tuple(kinds.split("|"))
    if unknown := [kind for kind in wanted if kind not in KINDS]:
        raise _Wrong(name, str(level), f"里的“{unknown[0]}”不是力量的类别（{' '.join(KINDS)}）")
    if not wanted and not skill:
        raise _Wrong(name, str(level), f"里的“{word}”要写明类别或技能")
    table: Mapping[str, Any] = value if isinstance(value, dict) else {"count": value}
    if unknown := sorted(set(table) - {"count", "crew", "shore"}):
        raise _Wrong(name, str(level), f"里“{word}”的 {unknown[0]} 不是已知的设置项（count、crew、shore）")
    if not isinstance(shore := table.get("shore", False), bool):
        raise _Wrong(name, str(level), f"里“{word}”的 shore 应为 true 或 false")
    count, crew = _number(name, level, word, table.get("count", 1), 1), _number(name, level, word, table.get("crew", 0), 0)
    return Role(wanted, skill, count, crew, level, shore)


def _number(name: str, level: int, word: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST:
        raise _Wrong(name, str(level), f"里“{word}”的“{value}”应为 {least} 到 {MOST} 的整数")
    return value
