"""The unit's state table and the rules of jumping ahead: steps between are stamped as inferred."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from .faults import Refused
from .unit import COMMITTED, Assignment, Unit
from .words import UNIT_STATES

#: The way of a dispatched unit; a jump ahead passes through what lies between.
WAY = ("dispatching", "dispatched", "en_route", "on_scene", "returning", "available")
#: (act, sources, target) of vocabulary.md.
TABLE: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("on_duty", ("unavailable",), "available"),
    ("off_duty", ("available",), "unavailable"),
    ("assign", ("available",), "assigned"),
    ("unassign", ("assigned",), "available"),
    ("dispatch", ("available", "assigned"), "dispatching"),
    ("acknowledge", ("dispatching",), "dispatched"),
    ("start", ("dispatched",), "en_route"),
    ("arrive", ("dispatched", "en_route"), "on_scene"),
    ("release", ("dispatching", "dispatched", "en_route", "on_scene"), "returning"),
    ("back", ("returning",), "available"),
    ("move", ("dispatching", "dispatched", "en_route", "on_scene"), "dispatching"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """What a status change means: the unit after it, whether it leaves its incident, and the states stamped as inferred."""

    unit: Unit
    released: bool
    inferred: tuple[str, ...]


def can_dispatch(unit: Unit) -> bool:
    return unit.state in {"available", "assigned"}


def send(unit: Unit, assignment_id: str, incident_id: str, by: str, now: str) -> Unit:
    """The unit after a dispatch (Refused when it is not free)."""
    if not can_dispatch(unit):
        raise Refused(f"{unit.name}现在是“{UNIT_STATES.get(unit.state, unit.state)}”，不能派遣", "没有改动", "请选空闲的力量，或先让它离场", code="unit_not_free")
    step = _step("dispatching", by, now)
    return replace(unit, state="dispatching", state_at=now, assignment_id=assignment_id, incident_id=incident_id, steps=(step,), reason=None)


def move_to(unit: Unit, assignment_id: str, incident_id: str, by: str, now: str) -> Unit:
    """A committed unit, sent on to another incident: dispatching there (Refused when it is on none, or on this one)."""
    if not unit.is_committed:
        word = UNIT_STATES.get(unit.state, unit.state)
        raise Refused(f"{unit.name}现在是“{word}”，不在处置中，不能改派", "没有改动", "空闲的力量请直接派遣", code="not_committed")
    if unit.incident_id == incident_id:
        raise Refused(f"{unit.name}已经在处置这起事件", "没有改动", code="already_sent")
    step = _step("dispatching", by, now)
    return replace(unit, state="dispatching", state_at=now, assignment_id=assignment_id, incident_id=incident_id, steps=(step,), reason=None)


def advance(unit: Unit, target: str, by: str, now: str, reason: str | None = None) -> Move:
    """Bring `unit` to `target`, or refuse; an absent step between is stamped as inferred, a released unit loses its incident."""
    if target not in UNIT_STATES or target in {"released", "dispatching"}:
        raise Refused(f"没有这个状态：{target}", "没有改动", "可用：" + "、".join(UNIT_STATES[name] for name in WAY[1:]), code="unknown_state")
    passed = _passed(unit.state, target)
    if passed is None:
        raise Refused(
            f"{unit.name}现在是“{UNIT_STATES.get(unit.state, unit.state)}”，不能改为“{UNIT_STATES[target]}”", "没有改动", code="wrong_state"
        )
    if target == "unavailable" and not reason:
        raise Refused(f"{unit.name}离岗要写原因", "没有改动", "补上原因后再试", code="missing_fields")
    released = unit.state in COMMITTED and target in {"returning", "available"}
    steps = (*unit.steps, *(_step(name, by, now, inferred=True) for name in passed), _step(target, by, now))
    after = replace(unit, state=target, state_at=now, steps=steps, reason=reason)
    if released:
        after = replace(after, assignment_id=None, incident_id=None)
    return Move(after, released, passed)


def _passed(source: str, target: str) -> tuple[str, ...] | None:
    """States jumped over on the way, () for a plain step, None where no way leads."""
    if any(source in sources and target == end for _, sources, end in TABLE):
        return ()
    if source in COMMITTED and target in WAY and WAY.index(target) > WAY.index(source):
        between = WAY[WAY.index(source) + 1 : WAY.index(target)]
        # A crew called back before it arrived was never on scene: only what the way back implies is inferred.
        return tuple(name for name in between if target in COMMITTED or name == "returning")
    return None


def _step(state: str, by: str, now: str, *, inferred: bool = False) -> dict[str, Any]:
    return {"state": state, "at": now, "by": by, "inferred": inferred}


def follow(assignment: Assignment, move: Move, now: str) -> Assignment:
    """The assignment's own copy of the steps; it ends when the unit is released."""
    ended = move.released or move.unit.state in {"returning", "available"}
    state = "released" if ended else move.unit.state
    return replace(assignment, state=state, steps=move.unit.steps, ended_at=now if ended and not assignment.ended_at else assignment.ended_at)


def ended(assignment: Assignment, unit: Unit, by: str, now: str) -> Assignment:
    """The assignment that a moved unit leaves, with the steps that it made there."""
    return replace(assignment, state="released", steps=(*unit.steps, _step("released", by, now)), ended_at=assignment.ended_at or now)
