"""The plan of an incident as lines with ticks: what is due next, what was done last, reports among them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weihai_command.domain.foreign import moment
from weihai_command.domain.response import LEVELS, Row

from . import words

#: A row that is due within this is told as nearly late.
NEAR = timedelta(minutes=5)
#: Folded, the pane shows what is due next; a list that is done shows what was done last.
SHORT = 2


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """`note` is who, and when it was done or is due; `whole` what a tooltip tells."""

    key: str
    text: str
    note: str
    mood: str
    is_done: bool
    sync: str
    whole: str


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """`rows` in the order of the plan; `short` those of them that a short pane shows. `start` is the word of the button, "" for none."""

    title: str = ""
    remark: str = ""
    rows: tuple[ChecklistRow, ...] = ()
    short: tuple[ChecklistRow, ...] = ()
    start: str = ""

    @property
    def is_there(self) -> bool:
        return bool(self.title)


def checklist_view(state: Any, now: datetime) -> ChecklistView:
    """Of operations.responding.PlanState."""
    if state is None or (state.list is None and state.offer is None):
        return ChecklistView()
    if state.list is None:
        level = f"{LEVELS[state.offer.level]}级 · " if state.offer.level else ""
        return ChecklistView(f"预案 {state.offer.title}", f"{level}{len(state.offer.items)} 项，未启动", start="启动")
    known = state.list
    level = f"{LEVELS[known.level]}级响应 · " if known.level else ""
    rows = tuple(_row(each, now) for each in known.rows)
    short = _short(known.rows)
    return ChecklistView(
        f"预案 {known.title}", f"{level}{known.done} / {len(known.items)}", rows, tuple(row for row in rows if row.key in short),
    )


def _short(rows: tuple[Row, ...]) -> set[str]:
    done = sorted((row for row in rows if row.is_done), key=lambda row: row.done_at)
    left = [row for row in rows if not row.is_done]
    due = sorted(left, key=lambda row: (row.due is None, row.due.timestamp() if row.due else 0.0))
    return {row.key for row in due[:SHORT] or done[-SHORT:]}


def _row(row: Row, now: datetime) -> ChecklistRow:
    when, mood = _when(row, now)
    note = " ".join(part for part in (row.owner, when) if part)
    skills = f"需要：{'、'.join(row.skills)}" if row.skills else ""
    due = f"{row.due.astimezone():%H:%M} 前" if row.due else ""
    whole = "，".join(part for part in (row.text, row.owner, due, skills) if part)
    return ChecklistRow(row.key, row.text, note, mood, row.is_done, row.sync, whole)


def _when(row: Row, now: datetime) -> tuple[str, str]:
    if row.is_done:
        at = moment(row.done_at)
        return (f"{at.astimezone():%H:%M}" if at else ""), "still"
    if row.due is None:
        return "", "plain"
    if now > row.due:
        return f"超 {words.hours((now - row.due).total_seconds())}", "over"
    return f"{row.due.astimezone():%H:%M} 前", "near" if row.due - now < NEAR else "plain"
