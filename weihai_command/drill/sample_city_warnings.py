"""What warns of trouble in the sample city, and the plan that is under way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from weihai_command.domain.entries import Warning
from weihai_command.domain.record import read
from weihai_command.domain.response import Item, PlanCard, Reports, plan_data
from weihai_command.domain.warning import name_of

from .sample_city_ground import ids
from .sample_city_points import iso

#: What the telling needs and the record does not hold.
_TOLD = frozenset({"code", "from_min", "hours", "updates", "ends", "polygon"})
REPORTS = Reports(30, 120, 240)


def warnings(told: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Messages in the order in which they were sent, each naming the one that it replaces or ends."""
    known: dict[str, dict[str, Any]] = {}
    for ident, row in zip(ids("warnings", len(told)), told, strict=True):
        sent = now - timedelta(minutes=row["from_min"])
        before = known.get(row.get("updates") or row.get("ends") or "")
        record = {"id": ident, "identifier": f"WH{row['code']}", **{key: value for key, value in row.items() if key not in _TOLD}}
        record |= {"sent": iso(sent), "effective": iso(sent), "expires": iso(sent + timedelta(hours=row["hours"]))}
        record["msg_type"] = "Update" if "updates" in row else "Cancel" if "ends" in row else "Alert"
        record |= {"references": [name_of(read(Warning, before))]} if before else {}
        record |= {"area": {"type": "Polygon", "coordinates": [row["polygon"]]}} if "polygon" in row else {}
        known[row["code"]] = record
        yield record


def started(row: dict[str, Any], incident_id: str, told: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """The entries of a plan that was started, and of what was ticked since."""
    plan = next(each for each in told if each["title"] == row["plan"])
    items = [[part.strip() for part in line.split("|")] for line in plan["items"]]
    card = PlanCard("gas", plan["title"], tuple(Item(text, owner, float(due)) for text, owner, due in items))
    begin: dict[str, Any] = {"text": f"启动Ⅲ级响应：{card.title}，{len(items)} 项", "kind": "plan", "data": plan_data(card, row["level"], REPORTS, None)}
    ticks = [line.split(" ", 1) for line in row["ticks"]]
    entries = [(float(row["ago"]), begin)] + [
        (float(ago), {"text": f"完成：{text}", "kind": "plan_tick", "data": {"item": text, "done": True}}) for ago, text in ticks
    ]
    made = ids(f"started {row['incident']}", len(entries))
    return [
        {"id": ident, "at": iso(now - timedelta(minutes=ago)), "by": "officer", "incident_id": incident_id, **entry}
        for ident, (ago, entry) in zip(made, entries, strict=True)
    ]
