"""Which units to recommend for an incident, each with its reason. Straight lines only: there is no road network (估算)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from .foreign import moment
from .geometry import distance_m
from .incident import Incident
from .unit import Unit
from .unit_lifecycle import can_dispatch
from .words import UNIT_STATES

POSITION_LIFE_S = 1800.0
BOATS = frozenset({"sea", "fish"})
#: Kinds of unit wanted first, by type of incident, else by its category.
WANTED: dict[str, tuple[str, ...]] = {
    "gas_leak": ("fire", "gas", "police", "medical"), "traffic_accident": ("police", "medical", "fire"), "road_flooding": ("drain", "police"),
    "power_failure": ("power",), "pipe_burst": ("drain",), "vessel_flooding": ("sea", "fish", "rescue"), "drowning": ("rescue", "sea", "medical", "police"),
    "rainstorm": ("drain", "rescue", "police"), "oil_spill": ("sea", "fish"),
    "fire": ("fire", "medical", "police"), "safety": ("fire", "medical", "police"), "rescue": ("fire", "rescue", "medical"),
    "health": ("medical",), "traffic": ("police", "medical"), "marine": ("sea", "fish", "rescue"), "nature": ("rescue", "fire", "drain"),
    "utility": ("power", "drain", "gas"), "order": ("police",), "ecology": ("city",),
}


class Sea(Protocol):
    """What is asked of the coast; domain.coast.Coast answers."""

    def is_land(self, lon: float, lat: float) -> bool: ...
    def parts(self, lon1: float, lat1: float, lon2: float, lat2: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """`distance_m` is None when neither a fresh position nor a station is known; `cut_off` when only sea lies on the straight way."""

    unit: Unit
    distance_m: float | None
    free: bool
    reason: str
    cut_off: bool = False


def recommend(
    incident: Incident, units: Sequence[Unit], kinds: Sequence[str], now: datetime, limit: int = 8, sea: Sea | None = None
) -> list[Candidate]:
    """Free units of the wanted `kinds` first, nearest first; busy ones and those across the sea follow with a warning, never hidden.

    Boats are offered only where a boat is wanted, or where the incident lies at sea.
    """
    afloat = not BOATS.isdisjoint(kinds) or _is_at_sea(incident, sea)
    fit = [unit for unit in units if unit.state != "unavailable" and unit.incident_id != incident.id and (afloat or unit.kind not in BOATS)]
    found = [_candidate(incident, unit, kinds, now, sea) for unit in fit]
    found.sort(key=lambda each: (
        each.cut_off, not each.free, each.unit.kind not in kinds, each.distance_m is None, each.distance_m or 0.0, each.unit.name,
    ))
    return found[:limit]


def _is_at_sea(incident: Incident, sea: Sea | None) -> bool:
    return sea is not None and incident.lon is not None and incident.lat is not None and not sea.is_land(incident.lon, incident.lat)


def position(unit: Unit, now: datetime) -> tuple[float, float, bool] | None:
    """(lon, lat, fresh): the reported position while it is younger than 1,800 s, else the station."""
    seen = moment(unit.position_at)
    fresh = seen is not None and (now - seen).total_seconds() <= POSITION_LIFE_S
    if fresh and unit.lon is not None and unit.lat is not None:
        return unit.lon, unit.lat, True
    if unit.home_lon is not None and unit.home_lat is not None:
        return unit.home_lon, unit.home_lat, False
    return None


def _candidate(incident: Incident, unit: Unit, kinds: Sequence[str], now: datetime, sea: Sea | None) -> Candidate:
    free = can_dispatch(unit)
    where = position(unit, now)
    metres, cut_off = None, False
    words: list[str] = []
    if where and incident.lon is not None and incident.lat is not None:
        metres = distance_m(incident.lon, incident.lat, where[0], where[1])
        words.append(f"直线 {metres / 1000:.1f} km（估算）" if where[2] else f"按驻地直线 {metres / 1000:.1f} km（估算，位置已过期）")
        cut_off = sea is not None and unit.kind not in BOATS and sea.parts(where[0], where[1], incident.lon, incident.lat)
    else:
        words.append("距离不明")
    if cut_off:
        words.append("隔海，直线不可达")
    words.append("空闲" if free else f"{UNIT_STATES.get(unit.state, unit.state)}，已有任务")
    if unit.kind not in kinds:
        words.append("非首选类别")
    return Candidate(unit, metres, free, "，".join(words), cut_off)
