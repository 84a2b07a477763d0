"""Sending the whole plan of a run card as one act."""

from __future__ import annotations

from ..domain.faults import Refused
from . import acts, recommending
from .desk import Desk
from .draft import Draft, Outcome


def dispatch_recommended(desk: Desk, incident_id: str, *, level: int | None = None, op_id: str | None = None) -> Outcome:
    """Send every pick of the plan; `level` is set along with it (Refused where nobody is to be sent, with the reasons)."""
    if (known := Draft(desk, "dispatch", op_id).known()) is not None:
        return known
    found = recommending.plan(desk, incident_id, level)
    if found is None or not found["unit_ids"]:
        raise Refused("没有可派的力量：" + why_none(found), "没有改动", "可以从全部力量中选，或调整警级", code="nothing_to_send")
    return acts.dispatch(desk, incident_id, found["unit_ids"], alarm_level=level, op_id=op_id)


def why_none(found: dict[str, object] | None) -> str:
    """Why a plan sends nobody, in one sentence."""
    if not found or not found["card"]:
        return str(found["note"]) if found else "没有这起事件"
    short = found["shortfalls"]
    gaps = [f"{each['role_word']} {each['why']}" for each in short] if isinstance(short, list) else []
    return "；".join(gaps) or f"{found['level']} 级要的力量都已派出"
