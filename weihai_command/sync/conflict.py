"""The decision table of a write that met another version: pure, so that every row of it is tested without a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..domain.act import Step
from ..domain.kinds import KINDS, TECHNICAL

#: op ids that a record remembers of its last writers.
OPS_KEPT = 32


@dataclass(frozen=True, slots=True)
class Verdict:
    """`go` write onto the given version · `done` our op is in the record · `conflict` an officer decides (`fields` differ)
    · `merge` write, with the list of units as `merged` makes it.
    """

    what: str
    fields: tuple[str, ...] = ()


def judge(step: Step, theirs: Mapping[str, Any]) -> Verdict:
    """What to do with `step` now that the platform's record reads `theirs`.

    `step.base` is the whole record as the officer saw it, with his own earlier acts in it.
    """
    if carries(theirs, step.op_id):
        return Verdict("done")
    changed = differing(step.kind, step.base, theirs)
    if not changed:
        return Verdict("go")
    if step.mergeable and changed.isdisjoint(step.patch):
        return Verdict("go")
    # That a unit has left is decided by its own record. Who was sent meanwhile stands in the history: then the list may mean another stay of it.
    if _only_leave(step) and changed.isdisjoint({"history", "state"}):
        return Verdict("merge")
    return Verdict("conflict", tuple(sorted(changed)))


def _only_leave(step: Step) -> bool:
    """Whether all that a step does is to take units off a list."""
    return set(step.patch) == {"unit_ids"} and set(step.patch["unit_ids"] or ()) < set(step.base.get("unit_ids") or ())


def merged(step: Step, theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The patch of a step that takes units off a list, on the list of `theirs`."""
    left = set(step.base.get("unit_ids") or ()) - set(step.patch["unit_ids"] or ())
    return {"unit_ids": [each for each in theirs.get("unit_ids") or () if each not in left]}


def carries(record: Mapping[str, Any], op_id: str) -> bool:
    """True when `record` says that our op was applied to it."""
    return record.get("last_op") == op_id or op_id in _ops(record)


def _ops(record: Mapping[str, Any]) -> list[Any]:
    ops = record.get("ops")
    return ops if isinstance(ops, list) else []


def differing(kind: str, base: Mapping[str, Any], theirs: Mapping[str, Any]) -> set[str]:
    """Fields in which two versions differ for a person: no bookkeeping, no telemetry, absent = empty."""
    unseen = TECHNICAL | set(KINDS[kind].telemetry)
    names = (set(base) | set(theirs)) - unseen
    return {name for name in names if _value(base.get(name)) != _value(theirs.get(name))}


def seen(record: Mapping[str, Any]) -> dict[str, Any]:
    """A platform's record as a base: without bookkeeping."""
    return {key: value for key, value in record.items() if key not in TECHNICAL}


def _value(value: Any) -> Any:
    if value in ((), [], "", None):
        return None
    return list(value) if isinstance(value, tuple) else value


def stamped(patch: Mapping[str, Any], op_id: str, onto: Mapping[str, Any] | None) -> dict[str, Any]:
    """`patch` with the op id in `last_op` and at the end of `ops`."""
    earlier = [each for each in _ops(onto or {}) if each != op_id]
    return {**patch, "last_op": op_id, "ops": [*earlier, op_id][-OPS_KEPT:]}


def compared(step: Step) -> list[dict[str, Any]]:
    """base, mine and theirs for each field that matters to a person, for the conflict panel and `query conflicts`."""
    theirs = step.theirs or {}
    names = differing(step.kind, step.base, theirs) | set(step.patch)
    return [
        {"field": name, "base": step.base.get(name), "mine": step.patch.get(name, step.base.get(name)), "theirs": theirs.get(name)}
        for name in sorted(names - TECHNICAL)
    ]
