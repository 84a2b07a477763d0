"""What screens and scripts ask: plain dicts of the store as the desk shows it (mirror + pending). Nothing here changes anything."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ..domain import lifecycle
from ..domain.faults import Ambiguous, Refused, Usage
from ..domain.incident import Incident
from ..domain.kinds import KINDS
from ..domain.record import filled, read
from ..domain.rights import holds as role_holds
from ..domain.unit import Assignment, Unit
from ..domain.words import ACTS, NEEDS, ROLES
from ..store import audit as trail
from ..store import holds, mirror, view
from ..store import outbox as kept
from ..store import quarantine as refused
from . import alarm_desk as alarm_desk
from . import exempting, ingest_rows, posts, supervision, warnings
from .alarm_flood import load
from .alarms import rows as alarm_rows
from .desk import Desk
from .handover_list import handovers as handovers
from .handover_list import waiting_handovers as waiting_handovers
from .incident_list import incident_changes as incident_changes
from .incident_list import incidents as incidents
from .intake import intake, suggestions
from .intake import similar as similar
from .intake import similar_draft as similar_draft
from .intake import suggested as suggested
from .intake import suggested_text as suggested_text
from .logbook import log_page as log_page
from .logbook import rows as logbook
from .logbook import timeline as timeline
from .recommending import advised as advised
from .recommending import plan as plan
from .recommending import recommended as recommended
from .responding import plan_state as plan_state
from .roll_calls import watched
from .shifts import handover_summary as handover_summary
from .waiting import conflicts as conflicts
from .waiting import outbox as outbox

#: Characters of a refused record that a person gets to see.
RAW_SHOWN = 2_000


def rows(
    desk: Desk, kind: str, *, where: dict[str, str] | None = None, text: str | None = None,
    near: tuple[float, float, float] | None = None, limit: int | None = None,
) -> list[dict[str, Any]]:
    """Rows of one kind with `sync`; `near` is (lon, lat, radius in metres). Usage for an unknown kind or field."""
    if kind not in KINDS:
        raise Usage(f"没有这一类：{kind}", "", "可用：" + "、".join([*KINDS, *SPECIAL]))
    return view.rows(desk.store, kind, where=where, text=text, near=near, limit=limit)


def units(desk: Desk) -> list[dict[str, Any]]:
    """Every unit; those that are timed with `watch` (roll_calls.watched)."""
    return watched(desk, [filled(Unit, row) for row in view.rows(desk.store, "units")])


def assignments(desk: Desk, incident_id: str) -> list[dict[str, Any]]:
    """Assignments of an incident, the open ones first, each with its unit's row under `unit`."""
    found = [filled(Assignment, row) for row in view.rows(desk.store, "assignments", where={"incident_id": incident_id})]
    for row in found:
        row["unit"] = record(desk, "units", row["unit_id"])
    return sorted(found, key=lambda row: (row["state"] == "released", row.get("created_at") or ""))


def record(desk: Desk, kind: str, record_id: str) -> dict[str, Any] | None:
    found = view.record(desk.store, kind, record_id)
    return filled(KINDS[kind].record, found) if found else None


def count(desk: Desk, kind: str) -> int:
    """Rows of a kind in the mirror."""
    return mirror.count(desk.store, kind)


def allowed(desk: Desk, incident: dict[str, Any]) -> list[dict[str, Any]]:
    """What the tables say of each act from this state for this officer: {act, word, allowed, reason, needs}."""
    ticket = read(Incident, incident)
    post, area = posts.post_of(desk), posts.area_of(desk, ticket)
    found = []
    for row in lifecycle.transitions(ticket.track, ticket.state):
        needs = lifecycle.missing(row, ticket, {})
        blocked = "还有力量在处置" if "no_unit" in needs else ""
        if not role_holds(desk.role, row.roles):
            blocked = "要由" + "、".join(ROLES[role] for role in row.roles) + "来做"
        elif post is not None and not post.covers(ticket.department, area):
            blocked = "不是本部门、本区域的案卷"
        found.append({
            "act": row.act, "word": ACTS[row.act], "allowed": not blocked, "reason": blocked,
            "needs": [need for need in needs if need != "no_unit"], "need_words": [NEEDS[need] for need in needs if need != "no_unit"],
        })
    return [*found, *exempting.offered(desk, ticket)]


def quarantine(desk: Desk, limit: int | None = None) -> list[dict[str, Any]]:
    """What was refused at the border, newest first; of each record as it came the beginning."""
    return [asdict(row) for row in refused.rows(desk.store, limit, longest=RAW_SHOWN)]


def audit(desk: Desk, limit: int = 200) -> list[dict[str, Any]]:
    return [asdict(row) for row in trail.rows(desk.store, limit)]


#: Kinds of `query` that are not records.
SPECIAL = {"outbox": outbox, "conflicts": conflicts, "quarantine": quarantine, "audit": audit, "supervision": supervision.rows, "logbook": logbook, "handovers": handovers,
           "intake": intake, "suggestions": suggestions, "in_force": warnings.in_force, "alarms": alarm_rows, "readings": ingest_rows.rows}


def status(desk: Desk) -> dict[str, Any]:
    """What the chips show: connection, what waits, what was refused, and sentences that an officer must read."""
    counts = kept.counts(desk.store)
    return {
        "connection": desk.link.state, "error": desk.link.error, "last_ok": desk.link.last_ok,
        "pending": counts["pending"], "sending": counts["sending"], "conflicts": counts["conflict"], "rejected": counts["rejected"],
        "quarantined": refused.count(desk.store), "alarms_10min": load(desk), "holds": [asdict(hold) for hold in holds.rows(desk.store)], "notes": list(desk.store.notes),
    }


def find_incident(desk: Desk, word: str) -> str:
    """The id of an incident by id, number, or the digits of its number (Ambiguous with candidates, Refused when unknown)."""
    if view.record(desk.store, "incidents", word):
        return word
    wanted = word.strip().upper()
    found = [
        row for row in view.rows(desk.store, "incidents", where={"number": wanted}) or view.rows(desk.store, "incidents")
        if (number := str(row.get("number", "")).upper()) and (number == wanted or wanted in (number[:-1], number[1:], number[1:-1]))
    ]
    exact = [row for row in found if str(row.get("number", "")).upper() == wanted]
    return _one(exact or found, word, "事件", "number")


def find_unit(desk: Desk, word: str) -> str:
    """The id of a unit by id or call sign; a unique part of the call sign is enough."""
    if view.record(desk.store, "units", word):
        return word
    known = view.rows(desk.store, "units")
    exact = [row for row in known if row.get("name") == word]
    return _one(exact or [row for row in known if word in str(row.get("name", ""))], word, "力量", "name")


def _one(found: list[dict[str, Any]], word: str, kind: str, label: str) -> str:
    if not found:
        raise Refused(f"没有找到{kind}“{word}”", "没有改动", "请核对编号或名称", code="unknown_record")
    if len(found) > 1:
        raise Ambiguous(f"“{word}”对应 {len(found)} 个{kind}", [(row["id"], str(row.get(label, ""))) for row in found])
    return str(found[0]["id"])
