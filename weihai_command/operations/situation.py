"""The leaders' screen: every figure as a count over the store, with the age of its data. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..domain import intervals
from ..domain.alarm import STANDINGS
from ..domain.freshness import Freshness
from ..domain.intervals import Benchmark
from ..domain.movers import FRESH
from ..domain.situation import Alarms, Response, Situation, Stamp
from ..store import view
from . import alarms, deadlines, freshness, situation_cases, situation_sensors, situation_things
from .desk import Desk
from .situation_cases import Case, by_day, span_of_days
from .situation_settings import settings

#: panel -> the kind whose source its age is.
KINDS = {
    "open": "incidents", "response": "incidents", "warnings": "warnings", "sensors": "sensors", "units": "units", "video": "video_points", "rates": "incidents",
}
#: 响应时间: leg, its words.
LEGS = (("report_dispatch", "接报到派遣"), ("dispatch_on_scene", "派遣到到场"), ("verify", "市政核实"))
_NO_GOAL = Benchmark(0.0, 0.9)


def situation(desk: Desk, reported: Mapping[str, float] | None = None) -> Situation:
    """All figures as of now; `reported`: kind -> epoch seconds of the live stream's last report. Some milliseconds, the first time a second."""
    now, found = desk.clock(), situation_cases.cases(desk)
    ages = freshness.freshness(desk, reported or {}, tuple(dict.fromkeys(KINDS.values())))
    return Situation(
        now, situation_cases.opened(found, now), response(desk, found), situation_things.warnings(desk), standing_alarms(desk), situation_sensors.sensors(desk),
        situation_things.units(desk), situation_things.video(desk), situation_cases.rated(desk, found), situation_cases.week_of(desk),
        situation_cases.hot(desk, found), {panel: _stamp(ages[kind], now) for panel, kind in KINDS.items()} | {"alarms": Stamp(now, source="本席")},
    )


def _stamp(found: Freshness, now: datetime) -> Stamp:
    # The embedded city is read as it stands; a source that never brought anything has no time.
    at = found.at or (now if found.level == FRESH else None)
    return Stamp(at, found.level, "；".join(found.lines))


def standing_alarms(desk: Desk) -> Alarms | None:
    """Alarms that stand; None in a city that never had one: nobody may be watching."""
    found = alarms.counts(desk)
    if not alarms.alarms(desk, tuple(STANDINGS), 1):
        return None
    return Alarms(int(found["unacked"]), int(found["acked"]), int(found["shelved"]))


def goals(desk: Desk) -> dict[str, Benchmark]:
    """What each leg of LEGS is measured by."""
    return {**deadlines.rules(desk.profile.root).benchmark, "verify": settings(desk.profile.root).verify}


def response(desk: Desk, found: list[Case]) -> tuple[Response, ...]:
    """The legs of the last days, each with its goal's share of them."""
    span, values, limits = span_of_days(desk), legs(desk, found), goals(desk)
    made = []
    for key, word in LEGS:
        goal = limits.get(key, _NO_GOAL)
        whole, line = by_day([(at, seconds) for at, seconds, *_ in values[key]], span, goal.share)
        made.append(Response(key, word, whole, goal.seconds, goal.share, line))
    return tuple(made)


Timed = tuple[datetime, float, str, str]


def legs(desk: Desk, found: list[Case]) -> dict[str, list[Timed]]:
    """Of each leg (when it began or ended, seconds, incident's id, unit's id): those of an emergency by its report, a checking by its end."""
    span = span_of_days(desk)
    emergencies = {case.id: case.reported for case in found if case.is_emergency and case.reported and span[0] <= case.reported < span[1]}
    sent: dict[str, list[dict[str, Any]]] = {}
    for row in view.rows(desk.store, "assignments"):
        if row.get("incident_id") in emergencies:
            sent.setdefault(str(row["incident_id"]), []).append(row)
    values: dict[str, list[Timed]] = {key: [] for key, _ in LEGS}
    for incident, rows in sent.items():
        at = emergencies[incident]
        for place, row in enumerate(sorted(rows, key=lambda row: str(row.get("created_at") or "~"))):
            told = intervals.legs(at.isoformat(), row.get("steps") or ())
            # From the report on only the first unit of an incident counts.
            keys = ("report_dispatch", "dispatch_on_scene") if place == 0 else ("dispatch_on_scene",)
            values_of = ((key, told[key]) for key in keys)
            for key, seconds in values_of:
                if seconds is not None:
                    values[key].append((at, seconds, incident, str(row.get("unit_id"))))
    values["verify"] = [(at, seconds, case.id, "") for case in found for at, seconds in case.verified if span[0] <= at < span[1]]
    return values

