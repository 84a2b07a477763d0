"""Which incidents have a unit that nobody knows enough of: it answers no call, is due to be called, or its position is old. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from weihai_command.domain.dispatch import POSITION_LIFE_S
from weihai_command.domain.unit import COMMITTED

from . import words
from .unit_rows import LOST, UnitRow


def worries_of(rows: Iterable[UnitRow], raws: Mapping[str, Mapping[str, Any]], now: datetime) -> dict[str, tuple[str, str]]:
    """{incident id: (over where one is lost, else near; what it is, one unit after the other)} of committed units."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for row in rows:
        if row.incident_id and row.state in COMMITTED and (told := _worry(row, raws.get(row.id, {}), now)):
            found.setdefault(row.incident_id, []).append(told)
    return {incident: ("over" if any(is_lost for is_lost, _ in told) else "near", "；".join(text for _, text in sorted(told, reverse=True)))
            for incident, told in found.items()}


def _worry(row: UnitRow, raw: Mapping[str, Any], now: datetime) -> tuple[bool, str] | None:
    """(whether it is lost, the sentence) of one unit."""
    call = row.call(now)
    state = call.state if call else ""
    told = {"escalated": "点名没有应答，失联", "seen": "失联，已有人知悉", "due": "该点名了"}.get(state, "")
    at = words.moment(raw.get("position_at"))
    # A unit that never told a position is no lost one.
    stale = at is not None and (now - at).total_seconds() > POSITION_LIFE_S
    parts = [part for part in (told, f"位置 {words.elapsed(at, now)} 未更新" if stale else "") if part]
    mark = row.mark(now)
    return (mark is not None and mark[0] == LOST, f"{row.name} {'，'.join(parts)}") if parts else None
