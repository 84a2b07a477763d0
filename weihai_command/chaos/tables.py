"""Whether one version of a record may follow another, by the tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..domain import lifecycle, unit_lifecycle
from ..domain.incident import FINAL
from ..domain.unit import COMMITTED

Record = dict[str, Any]


def broken(kind: str, before: Record | None, after: Record, *, is_undo: bool) -> list[str]:
    """What is wrong with `after` where `before` stood, [] for nothing. `is_undo`: an officer put back what stood earlier."""
    if kind == "incidents":
        return list(_incident(before, after, is_undo=is_undo))
    if kind == "units" and after["state"] in COMMITTED and not after.get("assignment_id"):
        return ["it is committed to nothing"]
    if is_undo or before is None:
        return []
    if kind == "units":
        return list(_unit(before, after))
    if kind == "assignments":
        return ["a released assignment came back"] if before.get("state") == "released" != after.get("state") else []
    return ["a log entry was changed"] if kind == "log" else []


def _incident(before: Record | None, after: Record, *, is_undo: bool) -> Iterator[str]:
    old, new = (before or {}).get("history") or [], after.get("history") or []
    if new[: len(old)] != old:
        yield "its history was rewritten"
        return
    if before is None and not new:
        return
    track, state = (before or {}).get("track", after["track"]), (before or {}).get("state", "-")
    for line in new[len(old) :]:
        # What an officer puts back stands in no table; that he did is a line like any other.
        if not (is_undo and line["act"] == "undo" and line["from"] == state):
            yield from _line(str(track), str(state), line)
        state = line["to"]
    if state != after["state"] and before is not None:
        yield f"its state went from {state} to {after['state']} without a line"
    if before is not None and before.get("state") in FINAL[str(track)] and set(after.get("unit_ids") or ()) - set(before.get("unit_ids") or ()):
        yield "units were given to an ended incident"
    if after["state"] == "ended" and after.get("unit_ids"):
        yield "it ended with units on it"


def _line(track: str, state: str, line: Record) -> Iterator[str]:
    if (line["from"] or "-") != state:
        yield f"a line says {line['from']} where {state} stood"
        return
    row = lifecycle.find(track, state, line["act"])
    if row is None:
        yield f"{line['act']} is not in the table for {state}"
    elif not row.target.startswith("*") and row.target != line["to"]:
        yield f"{line['act']} leads to {row.target}, not to {line['to']}"
    elif row.target == "*same" and line["to"] != state:
        yield f"{line['act']} may not change the state"


def _unit(before: Record, after: Record) -> Iterator[str]:
    was, became = before["state"], after["state"]
    has_new_lock = bool(after.get("assignment_id")) and after.get("assignment_id") != before.get("assignment_id")
    if has_new_lock and became != "dispatching":
        yield "it took another assignment without being sent"
    if has_new_lock and was not in {"available", "assigned"} and was not in COMMITTED:
        yield f"it was sent while {was}"
    if was != became and not _leads(was, became):
        yield f"no row leads from {was} to {became}"


def _leads(was: str, became: str) -> bool:
    if any(was in sources and became == target for _, sources, target in unit_lifecycle.TABLE):
        return True
    way = unit_lifecycle.WAY
    return was in COMMITTED and became in way and way.index(became) > way.index(was)
