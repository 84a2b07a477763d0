"""What is known of one unit, as the card that stands over its cell; and the text that a filter looks into. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from weihai_command.domain.foreign import fold, moment, one_line

from . import words
from .unit_rows import UnitRow

#: Steps that a card shows, the newest last.
MOST_STEPS = 8


def card(row: UnitRow, raw: Mapping[str, Any], incident: str, now: datetime) -> list[str]:
    """Lines of plain text: who it is, where it is, how to reach it (masked), what it does and did."""
    mark = row.mark(now)
    lines = [
        " ".join(part for part in (row.name, words.unit_kind(row.kind), one_line(raw.get("agency"), 40)) if part),
        "  ".join(part for part in (row.word, incident, words.elapsed(row.since, now), mark[0] if mark else "", row.note) if part),
        "  ".join(part for part in (_crew(raw), "、".join(_skills(raw))) if part),
        _labelled("联系", words.masked(one_line(raw.get("contact"), 60))),
        "  ".join(part for part in (_labelled("驻地", one_line(raw.get("home"), 40)), _position(raw, now)) if part),
    ]
    return [line for line in (*lines, *_steps(raw, now)) if line]


def searched(row: UnitRow, raw: Mapping[str, Any]) -> str:
    """The text that words of a filter are looked for in: name, kind, agency, skills, state."""
    return fold("\n".join((row.name, words.unit_kind(row.kind), one_line(raw.get("agency")), row.word, *_skills(raw))))


def _crew(raw: Mapping[str, Any]) -> str:
    crew = raw.get("crew")
    return f"{crew} 人" if isinstance(crew, int) and not isinstance(crew, bool) and crew > 0 else ""


def _skills(raw: Mapping[str, Any]) -> list[str]:
    found = raw.get("skills")
    return [one_line(each, 20) for each in found[:12]] if isinstance(found, (list, tuple)) else []


def _labelled(word: str, text: str) -> str:
    return f"{word} {text}" if text else ""


def _position(raw: Mapping[str, Any], now: datetime) -> str:
    at = moment(raw.get("position_at"))
    return f"位置 {words.elapsed(at, now)} 前" if at and words.elapsed(at, now) else "位置不明"


def _steps(raw: Mapping[str, Any], now: datetime) -> list[str]:
    found = raw.get("steps")
    steps = [step for step in found if isinstance(step, Mapping)][-MOST_STEPS:] if isinstance(found, (list, tuple)) else []
    told = (f"{words.day_and_clock(step.get('at'), now)} {words.unit_state(one_line(step.get('state'), 20))}{'（推断）' if step.get('inferred') else ''}" for step in steps)
    return list(told)
