"""An accepted appeal (申诉): the case leaves the statistics, its times and its history stay as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..domain.faults import Refused
from ..domain.incident import MUNICIPAL, Incident
from ..domain.rights import holds
from ..domain.words import ACTS, NEEDS
from .desk import Desk
from .draft import Draft, Outcome


def exempt(desk: Desk, incident_id: str, reason: str, *, op_id: str | None = None) -> Outcome:
    """Take a municipal case, open or over, out of the statistics with the reason; the history says who did it."""
    draft = Draft(desk, "exempt", op_id)
    if (known := draft.known()) is not None:
        return known
    if not holds(desk.role, ("shift_leader",)):
        raise Refused("申诉免计要由值班长来做", "没有改动", code="wrong_role")
    old = draft.load("incidents", incident_id, Incident)
    if old.track != MUNICIPAL:
        raise Refused(f"{old.number}不是市政案卷，不参加考核统计", "没有改动", code="wrong_track")
    if not reason.strip():
        raise Refused(f"申诉免计{old.number}缺少：原因", "没有改动", "补齐后再试", code="missing_fields")
    if old.exempt:
        raise Refused(f"{old.number}已经免计：{old.exempt}", "没有改动", code="already_exempt")
    said = reason.strip()
    line = {"at": draft.now, "act": "exempt", "from": old.state, "to": old.state, "by": draft.officer.user, "op": draft.op_id, "reason": said}
    draft.change("incidents", old, replace(old, exempt=said, history=(*old.history, line)))
    return draft.keep("incidents", old.id, old.number, reason=said)


def offered(desk: Desk, incident: Incident) -> list[dict[str, Any]]:
    """The act as queries.allowed tells it, to whom it is open."""
    if incident.track != MUNICIPAL or incident.exempt or not holds(desk.role, ("shift_leader",)):
        return []
    return [{"act": "exempt", "word": ACTS["exempt"], "allowed": True, "reason": "", "needs": ["reason"], "need_words": [NEEDS["reason"]]}]
