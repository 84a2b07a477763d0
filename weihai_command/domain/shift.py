"""Handing over a shift (交接班): what the next officer has to know, made from the city's state. Pure; lists are cut, counts never."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .foreign import moment, one_line
from .incident import FINAL
from .unit import COMMITTED

#: Rows of one list and characters of one text that a handover carries: it is kept for ever on every desk.
MOST, LONGEST = 60, 120
#: The lists in the order in which they are read; each row names its incident where it has one.
SECTIONS = ("open", "unsent", "conflicts", "suspended", "monitored", "shelved", "units", "notes", "feeds", "quarantine")
_RANK = {"urgent": 0, "high": 1, "normal": 2, "low": 3}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """What a handover is made of. `unsent`: dicts {actor, verb, number, at, waiting}; `feeds`: (name, how late) of what is late or lost.

    `since` is the last handover (ISO 8601) and `notes` the entries written after it; `shelved` the alarms put aside.
    """

    incidents: Iterable[Row] = ()
    units: Iterable[Row] = ()
    unsent: Sequence[Row] = ()
    conflicts: Sequence[Row] = ()
    notes: Sequence[Row] = ()
    shelved: Sequence[Row] = ()
    feeds: Sequence[tuple[str, str]] = ()
    quarantined: int = 0
    since: str = ""


def handover(state: State, now: datetime) -> dict[str, Any]:
    """The handover's lists in JSON shape: {at, since, counts, tally, unsent_by, overdue, and a list for each of SECTIONS}."""
    running = [row for row in state.incidents if str(row.get("state")) not in FINAL.get(str(row.get("track")), ())]
    numbers = {str(row.get("id")): str(row.get("number") or "") for row in running}
    urgent = sorted((_case(row, now) for row in running), key=_urgency)
    by_state = {wanted: [case for case in urgent if case["state"] == wanted] for wanted in ("suspended", "monitored")}
    lists: dict[str, Sequence[Any]] = {
        "open": urgent, **by_state, "unsent": [_act(row) for row in state.unsent], "conflicts": [_act(row) for row in state.conflicts],
        "shelved": [dict(row) for row in state.shelved],
        "units": [_unit(row, numbers) for row in state.units if row.get("state") in COMMITTED],
        "notes": [_note(row) for row in state.notes], "feeds": [{"name": one_line(name, 60), "text": one_line(late, LONGEST)} for name, late in state.feeds],
    }
    counts = {name: len(rows) for name, rows in lists.items()} | {"quarantine": state.quarantined}
    tally = {name: dict(Counter(str(row.get(name) or "") for row in running)) for name in ("track", "priority", "grade")}
    return {
        "at": now.isoformat(timespec="seconds"), "since": state.since, "counts": counts, "tally": tally,
        "overdue": sum(1 for case in urgent if case["left_s"] is not None and case["left_s"] < 0),
        "unsent_by": dict(Counter(str(row.get("actor") or "") for row in state.unsent)),
        **{name: list(rows[:MOST]) for name, rows in lists.items()},
    }


def may_sign(by: str, user: str, *, plays_all: bool) -> bool:
    """Another officer takes over; the one seat of an exercise plays both."""
    return by != user or plays_all


def _case(row: Row, now: datetime) -> dict[str, Any]:
    due = moment(row.get("due_at"))
    return {
        "id": str(row.get("id")), "number": one_line(row.get("number"), 40), "title": one_line(row.get("title"), LONGEST), "state": str(row.get("state") or ""),
        "track": str(row.get("track") or ""), "priority": str(row.get("priority") or ""), "grade": row.get("grade"),
        "owner": one_line(row.get("owner"), 40), "units": len(row.get("unit_ids") or ()), "due_at": str(row.get("due_at") or ""),
        "left_s": int((due - now).total_seconds()) if due else None, "until": str(row.get("until") or ""), "reason": one_line(row.get("reason"), LONGEST),
    }


def _urgency(case: Mapping[str, Any]) -> tuple[bool, float, int, str]:
    """What is late first, then by the time left; without a limit by priority."""
    left = case["left_s"]
    return left is None, left if left is not None else 0, _RANK.get(case["priority"], len(_RANK)), case["number"]


def _act(row: Row) -> dict[str, Any]:
    return {
        "op_id": str(row.get("op_id") or ""), "actor": one_line(row.get("actor"), 40), "verb": str(row.get("verb") or ""),
        "number": one_line(row.get("number"), 40), "at": str(row.get("at") or ""), "text": one_line(row.get("waiting"), LONGEST),
    }


def _unit(row: Row, numbers: Mapping[str, str]) -> dict[str, Any]:
    incident = str(row.get("incident_id") or "")
    return {
        "id": str(row.get("id")), "name": one_line(row.get("name"), 60), "state": str(row.get("state")), "at": str(row.get("state_at") or ""),
        "incident_id": incident, "number": numbers.get(incident, ""),
    }


def _note(row: Row) -> dict[str, Any]:
    return {
        "id": str(row.get("id")), "at": str(row.get("at") or ""), "by": one_line(row.get("by"), 40), "kind": str(row.get("kind") or "note"),
        "text": one_line(row.get("text"), LONGEST), "incident_id": str(row.get("incident_id") or ""), "number": one_line(row.get("number"), 40),
    }
