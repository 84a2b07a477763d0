"""A unit (力量) that can be sent, and its assignment (派遣) to one incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

COMMITTED = frozenset({"dispatching", "dispatched", "en_route", "on_scene"})
KINDS = ("fire", "police", "medical", "city", "drain", "power", "gas", "rescue", "sea", "fish")


@dataclass(frozen=True, slots=True)
class Unit:
    """`lon`/`lat` is the last position reported at `position_at`; `home_*` the station. `assignment_id` is the dispatch lock.

    `steps` holds the times of the present assignment: dicts {state, at, by, inferred}.
    """

    id: str
    name: str
    kind: str
    state: str = "available"
    state_at: str | None = None
    assignment_id: str | None = None
    incident_id: str | None = None
    skills: tuple[str, ...] = ()
    crew: int | None = None
    agency: str | None = None
    district: str | None = None
    contact: str | None = None
    lon: float | None = None
    lat: float | None = None
    position_at: str | None = None
    home: str | None = None
    home_lon: float | None = None
    home_lat: float | None = None
    reason: str | None = None
    steps: tuple[dict[str, Any], ...] = ()

    @property
    def is_committed(self) -> bool:
        return self.state in COMMITTED


@dataclass(frozen=True, slots=True)
class Assignment:
    """One unit on one incident from dispatch to release; `steps` as in Unit."""

    id: str
    incident_id: str
    unit_id: str
    state: str = "dispatching"
    by: str | None = None
    created_at: str | None = None
    ended_at: str | None = None
    steps: tuple[dict[str, Any], ...] = ()
