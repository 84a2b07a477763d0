"""What the server remembers of a record that stands accused, told so that a person can follow it: who changed what, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..domain.act import Act, Step

Record = dict[str, Any]
#: What only follows from something else that is told.
DULL = frozenset({"last_modified", "last_op", "ops", "schema", "state_at", "steps", "history", "due_at", "clock"})
#: Characters of one value.
LONGEST = 60


def story(key: tuple[str, str], versions: Sequence[Record], acts: Mapping[str, tuple[str, Act, list[Step]]]) -> list[str]:
    """One line a version of the record `key`; acts: op id -> desk, act, its steps."""
    lines = []
    before: Record = {}
    for after in versions:
        changed = {name: after.get(name) for name in sorted(before.keys() | after.keys()) if name not in DULL and before.get(name) != after.get(name)}
        told = ", ".join(f"{name}={str(value)[:LONGEST]}" for name, value in changed.items())
        lines.append(f"{key[0]} {key[1][:8]} {after['last_modified']} {_by(after['last_op'], acts)}: {told}")
        before = after
    return lines


def _by(op: str, acts: Mapping[str, tuple[str, Act, list[Step]]]) -> str:
    if op not in acts:
        return "a stranger"
    user, act, steps = acts[op]
    states = " ".join(f"{step.kind[:4]}.{step.record_id[:4]}={step.state}" for step in steps)
    return f"{user} {act.seq} {act.verb} {op[:8]} ({states})"
