"""How a unit stands to an incident: distance, availability, rest, what stays behind; each with its reason.

Straight lines only: there is no road network (估算). Which units a run card picks from them is domain.run_card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from .foreign import moment, one_line
from .geometry import distance_m, is_plausible
from .incident import Incident
from .unit import Unit
from .unit_lifecycle import can_dispatch
from .words import UNIT_STATES

POSITION_LIFE_S = 1800.0
BOATS = frozenset({"sea", "fish"})
#: An unknown distance ranks behind every known one of this city.
FAR_M = 900_000
CUT_OFF = "隔海，直线不可达"


class Sea(Protocol):
    """What is asked of the coast; domain.coast.Coast answers."""

    def is_land(self, lon: float, lat: float) -> bool: ...
    def parts(self, lon1: float, lat1: float, lon2: float, lat2: float) -> bool: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts besides the distance, as kilometres more (or less, for a skill that the card prefers)."""

    rest_min: float = 30.0
    rest_km: float = 3.0
    cover_km: float = 5.0
    old_km: float = 1.0
    skill_km: float = 2.0


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known around an incident: `words` kind → Chinese word, `doing` incident id → its number, `skills` preferred by the card."""

    now: datetime
    sea: Sea | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    doing: Mapping[str, str] = field(default_factory=dict)
    weights: Weights = Weights()
    skills: tuple[str, ...] = ()

    def kind(self, code: str) -> str:
        return self.words.get(code, code)


@dataclass(frozen=True, slots=True)
class Candidate:
    """`distance_m` is None when neither a fresh position nor a station is known; `cut_off` when only sea lies on the straight way.

    `cost_m` ranks: the distance with what counts besides it, without what stays behind. The reason is `way`, how far, and `notes`.
    """

    unit: Unit
    distance_m: float | None
    free: bool
    reason: str
    cut_off: bool = False
    notes: tuple[str, ...] = ()
    cost_m: int = FAR_M
    way: str = ""


def recommend(
    incident: Incident, units: Sequence[Unit], kinds: Sequence[str], now: datetime, limit: int = 8, sea: Sea | None = None,
    scene: Scene | None = None,
) -> list[Candidate]:
    """Free units of the wanted `kinds` first, nearest first; busy ones and those across the sea follow with a warning, never hidden.

    Boats are offered only where a boat is wanted, or where the incident lies at sea.
    """
    around = scene or Scene(now, sea)
    afloat = not BOATS.isdisjoint(kinds) or is_at_sea(incident, around.sea)
    fit = [unit for unit in units if unit.state != "unavailable" and unit.incident_id != incident.id and (afloat or unit.kind not in BOATS)]
    spare = free_of(units)
    found = [candidate(incident, unit, around, kinds, is_last=spare.get(area(unit), 2) == 1) for unit in fit]
    last = round(around.weights.cover_km * 1000)
    found.sort(key=lambda each: (
        each.cut_off, not each.free, each.unit.kind not in kinds, each.distance_m is None,
        each.cost_m + (last if each.free and spare.get(area(each.unit), 2) == 1 else 0), each.unit.name, each.unit.id,
    ))
    return found[:limit]


def is_at_sea(incident: Incident, sea: Sea | None) -> bool:
    return sea is not None and incident.lon is not None and incident.lat is not None and not sea.is_land(incident.lon, incident.lat)


def area(unit: Unit) -> tuple[str, str] | None:
    """(kind, district): where a unit is missed when it goes; None where its district is not known."""
    return (unit.kind, unit.district) if unit.district and isinstance(unit.district, str) else None


def free_of(units: Sequence[Unit]) -> Counter[tuple[str, str] | None]:
    """Free units of each area."""
    return Counter(area(unit) for unit in units if can_dispatch(unit) and area(unit))


def position(unit: Unit, now: datetime) -> tuple[float, float, bool] | None:
    """(lon, lat, fresh): the reported position while it is younger than 1,800 s, else the station."""
    seen = moment(unit.position_at)
    # A position of tomorrow is as little known as one of yesterday.
    fresh = seen is not None and abs((now - seen).total_seconds()) <= POSITION_LIFE_S
    if fresh and unit.lon is not None and unit.lat is not None:
        return unit.lon, unit.lat, True
    if unit.home_lon is not None and unit.home_lat is not None:
        return unit.home_lon, unit.home_lat, False
    return None


def back_minutes(unit: Unit, now: datetime) -> float | None:
    """Minutes since a free unit came back from a task; None where it comes from none, or nobody knows when."""
    steps = [step for step in unit.steps if isinstance(step, dict)]
    if unit.state != "available" or len(steps) < 2 or steps[-1].get("state") != "available":
        return None
    since = moment(steps[-1].get("at"))
    return (now - since).total_seconds() / 60 if since and since <= now else None


def bare(unit: Unit, scene: Scene) -> str:
    """What a district lacks once its last free unit of a kind has gone."""
    return f"派出后{one_line(unit.district, 20)}无空闲{scene.kind(unit.kind)}"


def candidate(incident: Incident, unit: Unit, scene: Scene, kinds: Sequence[str] = (), *, is_last: bool = False) -> Candidate:
    """One unit with its reason; `kinds` empty says nothing about preference."""
    free = can_dispatch(unit)
    metres, cut_off, where = _way(incident, unit, scene)
    notes = [] if not cut_off else [CUT_OFF]
    notes.append(_state(unit, scene))
    cost = float(FAR_M) if metres is None else metres
    if metres is not None and where.startswith("按驻地"):
        cost += scene.weights.old_km * 1000
    if (skills := [skill for skill in scene.skills if skill in unit.skills]):
        notes.append(f"有{'、'.join(skills)}技能")
        cost = max(cost - scene.weights.skill_km * 1000, 0.0)
    back = back_minutes(unit, scene.now)
    if free and back is not None and back < scene.weights.rest_min:
        notes.append(f"归队才 {back:.0f} 分钟（按远 {scene.weights.rest_km:g} km 计）")
        cost += scene.weights.rest_km * 1000
    if free and is_last:
        notes.append(bare(unit, scene))
    if kinds and unit.kind not in kinds:
        notes.append("非首选类别")
    return Candidate(unit, metres, free, "，".join([where, *notes]), cut_off, tuple(notes), round(cost), where)


def _way(incident: Incident, unit: Unit, scene: Scene) -> tuple[float | None, bool, str]:
    """(metres, cut off, words)."""
    where = position(unit, scene.now)
    if where is None or not is_plausible(*where[:2]) or incident.lon is None or incident.lat is None or not is_plausible(incident.lon, incident.lat):
        return None, False, "距离不明"
    metres = distance_m(incident.lon, incident.lat, where[0], where[1])
    words = f"直线 {metres / 1000:.1f} km（估算）" if where[2] else f"按驻地直线 {metres / 1000:.1f} km（估算，位置已过期）"
    if unit.kind in BOATS:
        return metres, False, words.replace("估算", "估算，未计绕行")
    return metres, scene.sea is not None and scene.sea.parts(where[0], where[1], incident.lon, incident.lat), words


def _state(unit: Unit, scene: Scene) -> str:
    word = UNIT_STATES.get(unit.state, unit.state)
    if can_dispatch(unit):
        return "空闲" if unit.state == "available" else f"空闲（{word}）"
    number = scene.doing.get(unit.incident_id or "")
    return f"{word}，正在{number}" if number else f"{word}，已有任务" if unit.state != "returning" else f"{word}，尚未归队"
