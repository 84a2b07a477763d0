"""From a warning to work: level of response, plan, checklist on an incident, reports that come due. Rules only, time is handed in.

Everything that happened is read from entries of the command log: `plan` starts a plan or raises its level, `plan_tick` ticks an item or
takes the tick back. Entries are only ever added, so two desks never conflict; of two about one item the later counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .foreign import moment, one_line

LEVELS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
#: Reports upward as items of a checklist: their keys never meet the text of an item.
FIRST, NEXT, FINAL = "report:first", "report:next", "report:final"
REPORTS = {FIRST: "初报", NEXT: "续报", FINAL: "终报"}
#: A foreign plan may hold anything.
MOST_ITEMS, LONGEST = 60, 120


@dataclass(frozen=True, slots=True)
class Item:
    """`due` minutes after the start; done on `level` and worse ones."""

    text: str
    owner: str = ""
    due: float | None = None
    skills: tuple[str, ...] = ()
    level: int = 4


@dataclass(frozen=True, slots=True)
class PlanCard:
    """`units`: kinds of unit to have ready, with counts; `level` where the plan itself has one."""

    code: str
    title: str
    items: tuple[Item, ...]
    units: Mapping[str, int] = field(default_factory=dict)
    type: str = ""
    level: int | None = None

    def at(self, level: int) -> tuple[Item, ...]:
        """What is to be done on a level of response."""
        return tuple(each for each in self.items if each.level >= level)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of warning calls for: levels by colour, the plan's code or title, the incident's type."""

    plan: str
    type: str
    levels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Reports:
    """Minutes: the first after the start, the next after the one before, the final after the incident's end."""

    first: float
    next: float
    final: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a checklist: `key` names it in a tick, `due` may be None, `done_at`/`done_by` of the tick that counts."""

    key: str
    text: str
    owner: str
    due: datetime | None
    done_at: str = ""
    done_by: str = ""
    skills: tuple[str, ...] = ()
    is_report: bool = False
    sync: str = "synced"

    @property
    def is_done(self) -> bool:
        return bool(self.done_at)

    def is_late(self, now: datetime) -> bool:
        return not self.is_done and self.due is not None and now > self.due


@dataclass(frozen=True, slots=True)
class Checklist:
    """The plan that an incident has: the latest that was started, with the ticks; `warning_id` is what called for it, "" for none."""

    entry_id: str
    code: str
    title: str
    level: int | None
    started: datetime | None
    rows: tuple[Row, ...]
    warning_id: str = ""

    @property
    def items(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_report)

    @property
    def done(self) -> int:
        return sum(row.is_done for row in self.items)

    def row(self, key: str) -> Row | None:
        return next((row for row in self.rows if row.key == key), None)


def plan_data(plan: PlanCard, level: int | None, reports: Reports | None, warning: Mapping[str, Any] | None) -> dict[str, Any]:
    """What an entry of kind `plan` holds: whole, so that every desk shows the same whatever its own files say."""
    items = plan.at(level) if level else plan.items
    return {
        "plan": plan.code, "title": plan.title, **({"level": level} if level else {}), **({"warning": dict(warning)} if warning else {}),
        "items": [
            {"text": each.text, "owner": each.owner, **({"due_min": each.due} if each.due is not None else {}), **({"skills": list(each.skills)} if each.skills else {})}
            for each in items
        ],
        **({"reports": {"first": reports.first, "next": reports.next, "final": reports.final}} if reports else {}),
    }


def checklist(entries: Iterable[Mapping[str, Any]], ended_at: datetime | None = None) -> Checklist | None:
    """The checklist of an incident from its entries of kind plan and plan_tick, in any order; None where no plan was started."""
    told = sorted((each for each in entries if isinstance(each.get("data"), Mapping)), key=_when)
    starts = [each for each in told if each.get("kind") == "plan" and isinstance(each["data"].get("items"), list)]
    if not starts:
        return None
    last = starts[-1]
    data = last["data"]
    # A plan whose level was raised goes on from where it began.
    first = next(each for each in starts if each["data"].get("plan") == data.get("plan"))
    begun, raised = moment(first.get("at")), moment(last.get("at"))
    had = {_text(each.get("text")) for each in _dicts(first["data"]["items"])}
    ticks = _ticks(told)
    rows = [_row(each, begun if _text(each.get("text")) in had else raised, ticks) for each in _dicts(data["items"])[:MOST_ITEMS]]
    rows += _report_rows(data.get("reports"), begun, ticks, ended_at)
    warning = data.get("warning")
    level = data.get("level")
    return Checklist(
        str(last.get("id")), str(data.get("plan") or ""), _text(data.get("title")) or "预案", level if level in LEVELS else None, begun, tuple(rows),
        str(warning.get("id") or "") if isinstance(warning, Mapping) else "",
    )


def _when(entry: Mapping[str, Any]) -> tuple[float, str]:
    at = moment(entry.get("at"))
    return (at.timestamp() if at else 0.0), str(entry.get("id"))


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping) and _text(each.get("text"))] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return one_line(value, LONGEST)


def _ticks(told: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """By item the ticks in their order, the ones that were taken back among them."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in told:
        if each.get("kind") == "plan_tick":
            found.setdefault(str(each["data"].get("item")), []).append(each)
    return found


def _row(item: Mapping[str, Any], begun: datetime | None, ticks: Mapping[str, list[Mapping[str, Any]]]) -> Row:
    key = _text(item["text"])
    due, skills = item.get("due_min"), item.get("skills")
    named = tuple(_text(each) for each in skills) if isinstance(skills, list) else ()
    return _ticked(Row(key, key, _text(item.get("owner")), _later(begun, due), skills=named), ticks.get(key, []))


def _ticked(row: Row, ticks: list[Mapping[str, Any]]) -> Row:
    last = ticks[-1] if ticks else None
    if last is None:
        return row
    done = last["data"].get("done") is not False
    said = (str(last.get("at") or "-"), str(last.get("by") or "")) if done else ("", "")
    return Row(row.key, row.text, row.owner, row.due, *said, row.skills, row.is_report, str(last.get("sync") or "synced"))


def _later(start: datetime | None, minutes: Any) -> datetime | None:
    is_number = isinstance(minutes, (int, float)) and not isinstance(minutes, bool) and 0 <= minutes <= 1_000_000
    return start + timedelta(minutes=float(minutes)) if start and is_number else None


def _report_rows(
    told: Any, begun: datetime | None, ticks: Mapping[str, list[Mapping[str, Any]]], ended_at: datetime | None
) -> list[Row]:
    """初报, then the 续报 that is due next, or once the incident has ended the 终报."""
    if not isinstance(told, Mapping):
        return []
    owner = "值班员"
    first = _ticked(Row(FIRST, REPORTS[FIRST], owner, _later(begun, told.get("first")), is_report=True), ticks.get(FIRST, []))
    if ended_at is not None:
        final = Row(FINAL, REPORTS[FINAL], owner, _later(ended_at, told.get("final")), is_report=True)
        return [first, _ticked(final, ticks.get(FINAL, []))]
    if not first.is_done:
        return [first]
    # Each 续报 is a tick of its own; the next one counts from the last report of any kind.
    sent: list[datetime] = []
    for each in ticks.get(NEXT, []):
        if each["data"].get("done") is False:
            sent = sent[:-1]
        elif at := moment(each.get("at")):
            sent.append(at)
    basis = max((at for at in (moment(first.done_at), *sent) if at), default=begun)
    count = f" {len(sent) + 1}" if sent else ""
    return [first, Row(NEXT, REPORTS[NEXT] + count, owner, _later(basis, told.get("next")), is_report=True)]
