"""responses.toml and plans.toml: the program's own, or the user's in the data folder; a wrong one is told with its place and left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..domain.faults import StoreFault
from ..domain.response import LEVELS, Item, PlanCard, Reports, Rule
from ..domain.unit import KINDS
from ..domain.warning import COLOURS
from ..feeds import trouble
from ..feeds.warning_words import kinds
from ..store import view
from . import catalogue
from .desk import Desk

FILES = RULES, PLANS = "responses.toml", "plans.toml"
Parse = Callable[[str, str], Any]


@dataclass(frozen=True, slots=True)
class Rules:
    """`kinds` by kind of warning, `default` levels by colour for the others, `reports` by level."""

    kinds: Mapping[str, Rule]
    default: Mapping[str, int]
    reports: Mapping[int, Reports]

    def level(self, kind: str | None, colour: str | None) -> int | None:
        """The level of response that a warning calls for; None where it has no colour."""
        rule = self.kinds.get(kind or "")
        return (rule.levels if rule else self.default).get(colour or "")


def rules(desk: Desk) -> Rules:
    found: Rules = _read(desk, RULES, rules_of)
    return found


def plans(desk: Desk) -> dict[str, PlanCard]:
    """By code: those of the files, over them the platform's plans by their ids; of the same title the platform's alone."""
    known: dict[str, PlanCard] = dict(_read(desk, PLANS, plans_of))
    for raw in view.rows(desk.store, "plans"):
        card = _of_platform(raw)
        if card.items:
            known = {code: each for code, each in known.items() if each.title != card.title}
            known[card.code] = card
    return known


def faults(root: Path) -> list[str]:
    """A sentence about each of the user's files that is wrong."""
    found = []
    for name, parse in ((RULES, rules_of), (PLANS, plans_of)):
        try:
            text = (root / name).read_text("utf-8")
            parse(text, name)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            found.append(trouble.bad_config(name, f"读不出来（{error}）").sentence())
        except StoreFault as fault:
            found.append(fault.sentence())
    return found


def _read(desk: Desk, name: str, parse: Parse) -> Any:
    """The user's file where there is one that can be used, read again when it has changed."""
    file = (desk.root or desk.profile.root) / name
    try:
        return _own(file, file.stat().st_mtime_ns, parse)
    except OSError:
        return _built_in(name, parse)


@lru_cache(maxsize=8)
def _own(file: Path, stamp: int, parse: Parse) -> Any:
    try:
        return parse(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeDecodeError, StoreFault):
        return _built_in(file.name, parse)


@cache
def _built_in(name: str, parse: Parse) -> Any:
    return parse((files("resources") / "words" / name).read_text("utf-8"), name)


def _document(text: str, source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        spot = re.search(r"at line (\d+), column (\d+)", str(error))
        raise trouble.bad_config(source, f"第 {spot[1]} 行第 {spot[2]} 列写法有误" if spot else f"文件没有写完整（{error}）") from None


def rules_of(text: str, source: str) -> Rules:
    """Raises StoreFault that names the table and what is wrong in it."""
    document = _document(text, source)
    known, types = {each.code for each in kinds()}, catalogue.incident_types()
    default = _levels(source, "default", document.get("default", {}))
    found = {}
    for code, table in document.get("kind", {}).items():
        if code not in known:
            raise _wrong(source, f"kind.{code}", "不是预警的种类")
        if not isinstance(table, dict) or not isinstance(table.get("plan"), str) or table.get("type") not in types:
            raise _wrong(source, f"kind.{code}", "要写明 plan 和已知的事件类型 type")
        said = {name: value for name, value in table.items() if name not in ("plan", "type")}
        found[code] = Rule(table["plan"], table["type"], {**default, **_levels(source, f"kind.{code}", said)})
    return Rules(found, default, {level: _reports(source, level, document.get("reports", {})) for level in LEVELS})


def _levels(source: str, name: str, table: Mapping[str, Any]) -> dict[str, int]:
    for colour, level in table.items():
        if colour not in COLOURS or level not in LEVELS or isinstance(level, bool):
            raise _wrong(source, name, f"的 {colour} 应为 red orange yellow blue 之一等于 1 到 4")
    return dict(table)


def _reports(source: str, level: int, table: Mapping[str, Any]) -> Reports:
    row = table.get(str(level), {})
    for name in ("first", "next", "final"):
        value = row.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 100_000:
            raise _wrong(source, f"reports.{level}", f"的 {name} 应为分钟数")
    return Reports(row["first"], row["next"], row["final"])


def plans_of(text: str, source: str) -> Mapping[str, PlanCard]:
    """By code. Raises StoreFault that names the plan and what is wrong in it."""
    return {code: _plan(source, code, table) for code, table in _document(text, source).items()}


def _plan(source: str, code: str, table: Any) -> PlanCard:
    if not isinstance(table, dict) or not isinstance(table.get("title"), str) or not table["title"]:
        raise _wrong(source, code, "没有写 title")
    lines, units = table.get("items"), table.get("units", {})
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        raise _wrong(source, code, "的 items 应为一列文字")
    if not isinstance(units, dict) or any(kind not in KINDS or not isinstance(count, int) or not 0 < count < 100 for kind, count in units.items()):
        raise _wrong(source, code, "的 units 应为 { 力量类别 = 数量 }")
    return PlanCard(code, table["title"], tuple(_item(source, code, line) for line in lines), units)


def _item(source: str, code: str, line: str) -> Item:
    """`what | who | minutes | skills | from level`."""
    text, owner, due, skills, level = (part.strip() for part in (line + "||||").split("|")[:5])
    if not text or not due.isdigit() or (level and level not in ("1", "2", "3", "4")):
        raise _wrong(source, code, f"的“{line}”应写成 事项 | 责任单位 | 分钟 | 技能 | 从几级起")
    return Item(text, owner, float(due), tuple(skills.split("、")) if skills else (), int(level or 4))


def _wrong(source: str, table: str, reason: str) -> StoreFault:
    return trouble.bad_config(source, f"[{table}] {reason}")


def _of_platform(raw: Mapping[str, Any]) -> PlanCard:
    """A plan record, which a stranger may have written."""
    rows = [each for each in raw.get("items") or () if isinstance(each, Mapping) and str(each.get("text") or "").strip()]
    items = tuple(Item(str(each["text"]).strip(), str(each.get("owner") or ""), _minutes(each.get("due_min"))) for each in rows)
    level = raw.get("level")
    return PlanCard(str(raw["id"]), str(raw.get("title") or "预案"), items, {}, str(raw.get("type") or ""), level if level in LEVELS else None)


def _minutes(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1_000_000 else None
