"""An incident ticket (事件工单): one record for both tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

EMERGENCY = "emergency"
MUNICIPAL = "municipal"
FINAL = {EMERGENCY: frozenset({"ended"}), MUNICIPAL: frozenset({"rejected", "closed", "force_closed", "cancelled"})}
SOURCES = ("hotline_12345", "grid", "city_management", "linked_110_119_120", "sensor", "video_ai", "leader", "public", "department")
PRIORITIES = ("urgent", "high", "normal", "low")
GRADES = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Incident:
    """Times are ISO 8601 with offset, positions WGS-84 degrees, `radius_m` the stated error of the place in metres.

    `unit_ids` are the committed units; `history` is append-only: dicts {at, act, from, to, by, op, reason? outcome? result?}.
    `alarm_level` 1 … 5 says how much of a run card is sent (none: 1). `exempt` is why an accepted appeal takes the case out of the
    statistics; its times stay. `frozen` keeps the municipal state while a promoted incident runs as an emergency: {state, at}.
    """

    id: str
    title: str
    track: str = EMERGENCY
    state: str = "new"
    number: str = ""
    type: str | None = None
    grade: int | None = None
    priority: str | None = None
    alarm_level: int | None = None
    lon: float | None = None
    lat: float | None = None
    place: str | None = None
    radius_m: float | None = None
    district: str | None = None
    town: str | None = None
    source: str | None = None
    description: str | None = None
    reporter: str | None = None
    phone: str | None = None
    owner: str | None = None
    department: str | None = None
    unit_ids: tuple[str, ...] = ()
    parent: str | None = None
    reason: str | None = None
    outcome: str | None = None
    result: str | None = None
    until: str | None = None
    before: str | None = None
    frozen: dict[str, Any] | None = None
    rework_count: int = 0
    exempt: str | None = None
    occurred_at: str | None = None
    reported_at: str | None = None
    state_at: str | None = None
    due_at: str | None = None
    history: tuple[dict[str, Any], ...] = ()

    @property
    def is_ended(self) -> bool:
        return self.state in FINAL.get(self.track, frozenset())

    @property
    def has_place(self) -> bool:
        return self.lon is not None and self.lat is not None
