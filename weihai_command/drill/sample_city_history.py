"""What the sample city has behind it: closed cases and ended emergencies of the last eight weeks, so that rates and trends speak of something.

Everything goes through the domain's own rules. A record differs from one day to the next by its times alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import Command, decide, evolve, opened
from weihai_command.domain.unit import Assignment

from .sample_city_cases import OF_DEPARTMENT, Cases
from .sample_city_ground import Floats, ground, ids, rng, scatter, words
from .sample_city_points import iso

#: Longer than the eight weeks: what was due in the first of them was reported before it.
DAYS = 64
#: Reports by the hour of the day.
HOURS = np.array([2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 8, 7, 8, 10, 10, 9, 8, 8, 7, 6, 5, 4, 3], np.float64)
#: Reports a day: cases of city management, emergencies.
CASES, EMERGENCIES = 15, 6
#: Emergency type → (how common, kinds of unit that go).
EVERYDAY: dict[str, tuple[int, tuple[str, ...]]] = {
    "traffic_accident": (8, ("police",)), "medical": (7, ("medical",)), "fire_house": (3, ("fire", "medical")), "lift_trapped": (3, ("fire",)),
    "fire_vehicle": (2, ("fire", "police")), "public_order": (4, ("police",)), "person_missing": (2, ("police",)), "gas_leak": (1, ("gas", "fire")),
}  # fmt: skip
#: Categories whose limit is a day of work or more.
SLOW = frozenset({"municipal_works", "greening", "environment", "livelihood"})
LEADERS = frozenset({"suspend", "force_close"})
SOURCES = ("hotline_12345", "hotline_12345", "grid", "grid", "city_management", "video_ai")


def past(cases: Cases) -> None:
    """Add the past to `cases`; takes some tenths of a second."""
    names = iter(ids("past", 6 * DAYS * (CASES + EMERGENCIES)))
    _municipal(cases, names)
    _emergencies(cases, names)


def _days(random: np.random.Generator, count: int, busier: float = 1.0) -> Floats:
    """(n,) minutes from the midnight before today back to each report, the oldest first; the last two weeks are so many times `busier`."""
    share = np.where(np.arange(DAYS) < 14, busier, 1.0)
    days = random.choice(DAYS, count, p=share / share.sum())
    hours = random.choice(24, count, p=HOURS / HOURS.sum()) + random.random(count)
    return np.sort(days * 1440.0 + (24.0 - hours) * 60.0)[::-1]


def _spots(part: str, count: int) -> tuple[Any, Floats, Floats]:
    made = ground()
    village = rng(part).choice(len(made.share), count, p=made.share)
    return village, *scatter(village, part)


def _reported(cases: Cases, ident: str, number: str, code: str, village: int, at: datetime, lon: float, lat: float, **more: Any) -> Incident:
    made, rule = ground(), words("types.toml")[code]
    town = made.towns[int(made.town[village])]
    said = Incident(
        id=ident, title=f"{town.name}{made.villages[village]}{rule['name']}", track=rule["track"], number=number, type=code, lon=lon, lat=lat,
        place=f"{town.name} {made.villages[village]}", radius_m=150.0, district=town.district, town=town.name, **more,
    )
    return opened(said, "feed", "feed", next(cases.ops), iso(at))


def _municipal(cases: Cases, names: Iterator[str]) -> None:
    random, count = rng("past cases"), DAYS * CASES
    types = [code for code, rule in words("types.toml").items() if rule["track"] == "municipal" and rule["category"] in SLOW]
    village, lon, lat = _spots("past cases", count)
    midnight = cases.now.replace(hour=0, minute=0, second=0)
    for row, (back, kind, chance) in enumerate(zip(_days(random, count), random.integers(0, len(types), count), random.random(count), strict=True)):
        began = midnight - timedelta(minutes=float(back))
        told = _reported(
            cases, next(names), f"案{row + 1:04d}", types[int(kind)], int(village[row]), began, float(lon[row]), float(lat[row]),
            priority=("normal", "low", "normal", "high")[row % 4], source=SOURCES[row % len(SOURCES)],
        )
        steps = _way(random, float(chance), float(back))
        cases.incidents.append(_played(cases, told, _timed(began, steps, cases.now)))


def _way(random: np.random.Generator, chance: float, back: float) -> list[tuple[str, float]]:
    """(act, minutes after the one before) of one case; checking has grown slower of late."""
    late = max(0.0, 1.0 - back / (14 * 1440.0))
    verify = float(random.lognormal(2.7 + 0.3 * late, 0.42))
    start = [("verify", float(random.uniform(1, 9))), ("register", verify)]
    if chance < 0.007:
        return [start[0], ("reject", verify)]
    if 0.7 < chance < 0.72:
        return [*start, ("cancel", 30.0)]
    hours = float(random.lognormal(2.35, 0.7))
    way = [*start, ("dispatch", float(random.uniform(2, 14))), ("accept", float(random.uniform(2, 14))), ("handle", float(random.uniform(3, 60)))]
    if 0.02 < chance < 0.0215:
        way += [("suspend", 60.0), ("resume", 1200.0)]
    if chance > 0.945 + 0.025 * (1.0 - late):
        hours += 24.0 * 16
    way += [("finish", hours * 60), ("check", float(random.uniform(5, 60)))]
    if 0.5 < chance < 0.503:
        way += [("rework", 15.0), ("finish", 180.0), ("check", 20.0)]
    return [*way, ("force_close" if 0.25 < chance < 0.29 else "close", float(random.uniform(5, 60)))]


def _timed(began: datetime, steps: list[tuple[str, float]], now: datetime) -> list[tuple[str, datetime]]:
    """When each act was done; a case that would last into the future went faster."""
    ends = np.cumsum([minutes for _, minutes in steps])
    room = (now - began).total_seconds() / 60 - 3
    ends *= min(1.0, room / float(ends[-1]))
    return [(act, began + timedelta(minutes=float(end))) for (act, _), end in zip(steps, ends, strict=True)]


FIELDS: dict[str, dict[str, Any]] = {
    "verify": {"owner": "officer"}, "finish": {"result": "已按要求处理"}, "suspend": {"reason": "等待材料"}, "rework": {"reason": "核查未达标"},
    "close": {"outcome": "核查属实，结案"}, "reject": {"reason": "经现场核实不属实"},
    "force_close": {"reason": "产权单位无法联系，按规定强制结案"}, "cancel": {"reason": "市民已撤回诉求"},
}  # fmt: skip


def _played(cases: Cases, incident: Incident, steps: list[tuple[str, datetime]]) -> Incident:
    department = words("types.toml")[incident.type or ""]["department"]
    for act, at in steps:
        by = "department" if act in OF_DEPARTMENT or act == "handle" else "shift_leader" if act in LEADERS else "officer"
        fields = FIELDS.get(act, {}) | ({"department": department} if act == "dispatch" else {}) | ({"until": iso(at + timedelta(days=2))} if act == "suspend" else {})
        for event in decide(incident, Command(act, by, by, next(cases.ops), fields), iso(at)):
            incident = evolve(incident, event)
    return incident


def _emergencies(cases: Cases, names: Iterator[str]) -> None:
    random, count = rng("past emergencies"), DAYS * EMERGENCIES
    share = np.array([each for each, _ in EVERYDAY.values()], np.float64)
    village, lon, lat = _spots("past emergencies", count)
    kinds = random.choice(len(EVERYDAY), count, p=share / share.sum())
    midnight = cases.now.replace(hour=0, minute=0, second=0)
    for row, back in enumerate(_days(random, count, 2.2)):
        code = list(EVERYDAY)[int(kinds[row])]
        began = midnight - timedelta(minutes=float(back))
        told = _reported(
            cases, next(names), f"应{row + 1:04d}", code, int(village[row]), began, float(lon[row]), float(lat[row]),
            grade=4 if row % 40 else 3, priority="high", source="linked_110_119_120",
        )
        _answer(cases, told, began, random, names)


def _answer(cases: Cases, incident: Incident, began: datetime, random: np.random.Generator, names: Iterator[str]) -> None:
    """Send the units that go to such a thing, and end it."""
    kinds = EVERYDAY[incident.type or ""][1]
    crews = [unit for kind in kinds for unit in [each for each in cases.units.values() if each.kind == kind][int(random.integers(0, 4)) :][:1]]
    legs = [float(random.lognormal(-0.75, 0.42)), *(float(each) for each in random.uniform(0.2, 1.2, 2)), float(random.lognormal(1.7, 0.3)), float(random.uniform(12, 75))]
    times = [at for _, at in _timed(began, list(zip(STEPS, legs, strict=True)), cases.now - timedelta(minutes=1))]
    for act, at, fields in (("dispatch", times[0], {"unit_ids": tuple(each.id for each in crews)}), ("close", times[-1], {"outcome": "处置完毕"})):
        ready = replace(incident, unit_ids=()) if act == "close" else incident
        for event in decide(ready, Command(act, "officer", "officer", next(cases.ops), fields), iso(at)):
            incident = evolve(ready, event)
    cases.incidents.append(incident)
    for unit in crews:
        steps = tuple({"state": state, "at": iso(at), "by": "officer", "inferred": False} for state, at in zip(STEPS, times, strict=True))
        cases.assignments.append(Assignment(next(names), incident.id, unit.id, "released", "officer", iso(times[0]), iso(times[-1]), steps))


STEPS = ("dispatching", "dispatched", "en_route", "on_scene", "returning")
