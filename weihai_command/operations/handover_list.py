"""Handovers as they stand in the log: who left, who took over, and which still wait for their second signature."""

from __future__ import annotations

from typing import Any

from ..domain.foreign import moment
from ..store import view
from . import logbook
from .desk import Desk

HANDOVER, SIGNATURE = "handover", "signature"


def handovers(desk: Desk) -> list[dict[str, Any]]:
    """All handovers, newest first: {id, at, by, text, originals, data, signed: [{by, at}], waits, sync}; `waits` for its second signature."""
    taken = signatures(desk)
    written = {row["id"]: row for row in view.rows(desk.store, "log", where={"kind": HANDOVER})}
    found = []
    for line in logbook.with_corrections(list(written.values())):
        raw = written[line["first"]]
        signed = taken.get(str(raw["id"]), [])
        found.append({
            "id": raw["id"], "at": raw.get("at"), "by": raw.get("by"), "text": line["text"], "originals": line["originals"],
            "data": raw.get("data") if isinstance(raw.get("data"), dict) else {}, "signed": signed, "waits": not signed, "sync": raw["sync"],
            "state": "待接班" if not signed else "已接班",
        })
    return found


def waiting_handovers(desk: Desk) -> int:
    """How many handovers wait for their second signature."""
    signed = signatures(desk)
    return sum(1 for row in view.rows(desk.store, "log", where={"kind": HANDOVER}) if not row.get("amends") and str(row["id"]) not in signed)


def signatures(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """handover id -> who took it over, the earliest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(view.rows(desk.store, "log", where={"kind": SIGNATURE}), key=lambda row: _seconds(row.get("at"))):
        data = row.get("data")
        if isinstance(data, dict):
            found.setdefault(str(data.get("handover")), []).append({"by": str(row.get("by") or ""), "at": str(row.get("at") or ""), "sync": row["sync"]})
    return found


def _seconds(text: Any) -> float:
    at = moment(text)
    return at.timestamp() if at else 0.0
