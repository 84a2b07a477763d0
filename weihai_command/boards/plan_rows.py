"""The plan of a run card as lines of the detail and of the dispatch list: who is to be sent as what, who is missing. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from weihai_command.domain.foreign import one_line
from weihai_command.domain.run_card import LEVELS

from . import words

#: Where the card asks for nobody more, the nearest free ones are offered.
OFFERED = 3
#: Of a plan as many have a digit.
MOST = 9
_FREE = "空闲"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """Beside the name stand `head`, distance and role, and `told`, what else is worth knowing; `reason` is the whole sentence."""

    unit_id: str
    name: str
    symbol: str
    head: str
    told: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """`rows` have the digits; `unit_ids` and `names` go out together by one key; `gaps` are what nobody fills; `passed` who was not taken.

    `is_awaited` while nobody knows yet whom to send.
    """

    level: int = 1
    summary: str = ""
    note: str = ""
    fault: str = ""
    rows: tuple[PlanRow, ...] = ()
    unit_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    is_awaited: bool = False

    def raised(self, step: int) -> int | None:
        """The level above or below, None where there is none."""
        return self.level + step if self.level + step in LEVELS else None


def plan_view(plan: dict[str, Any] | None, ranked: Sequence[dict[str, Any]]) -> PlanView:
    """Of queries.plan and queries.recommended."""
    if plan is None or not plan["card"]:
        note = one_line(plan["note"]) if plan else ""
        return PlanView(rows=_offered(ranked), note=note, fault=one_line(plan["fault"]) if plan else "")
    picks = plan["picks"]
    return PlanView(
        level=plan["level"], summary=_summary(plan), note=one_line(plan["note"]), fault=one_line(plan["fault"]),
        rows=tuple(map(_row, picks[:MOST])) or _offered(ranked),
        unit_ids=tuple(str(each["unit_id"]) for each in picks), names=tuple(one_line(each["name"], 40) for each in picks),
        gaps=tuple(f"{each['role_word']} {each['why']}" for each in plan["shortfalls"]),
        passed=tuple(each["why"] for each in plan["passed"]),
    )


def _summary(plan: dict[str, Any]) -> str:
    missing = sum(each["missing"] for each in plan["shortfalls"])
    parts = ((len(plan["held"]), "已派"), (len(plan["picks"]), "推荐"), (missing, "缺"))
    return " · ".join([f"警级 {plan['level']}", *(f"{word} {count}" for count, word in parts if count)])


def _offered(ranked: Sequence[dict[str, Any]]) -> tuple[PlanRow, ...]:
    return tuple(map(_row, ranked[:OFFERED]))


def _row(raw: dict[str, Any]) -> PlanRow:
    mark = "" if raw.get("free", True) else "-b"
    head = " · ".join(part for part in (words.distance(raw.get("distance_m")), str(raw.get("role_word") or "")) if part)
    name = one_line(raw.get("name"), 40) or str(raw["unit_id"])
    return PlanRow(str(raw["unit_id"]), name, f"u-{raw.get('kind')}{mark}", head, telling(raw), one_line(raw.get("reason")))


def telling(raw: dict[str, Any]) -> str:
    """The reason without the distance, and without the word that it is free."""
    notes = raw.get("notes")
    if not isinstance(notes, list):
        return one_line(raw.get("reason"))
    return "，".join(one_line(note) for note in notes if note != _FREE)
