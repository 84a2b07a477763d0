"""The rates and intervals of one week and district, counted from the store; cases taken out by an appeal do not count.

A case is due in the week in which its closing limit falls: the end of its handling by the limits of today, and the checking after it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from ..domain import clocks, intervals
from ..domain.clocks import Rules
from ..domain.faults import Usage
from ..domain.foreign import moment
from ..domain.incident import EMERGENCY, MUNICIPAL, Incident
from ..domain.kpi import RATES, Counts, rates
from ..domain.record import filled, read
from ..store import view
from . import deadlines
from .desk import Desk


def figures(desk: Desk, *, week: str | None = None, district: str | None = None) -> dict[str, Any]:
    """{week, from, to, district, counts, rates, exempt, intervals}; rates in per cent to two decimals, seconds in intervals, None for blank.

    `week` is an ISO week such as 2026-W47, without one the present week (Usage).
    """
    rules = deadlines.rules(desk.profile.root)
    start = _monday(week, desk.clock(), rules)
    span = (start, start + timedelta(days=7))
    rows = view.rows(desk.store, "incidents", where={"district": district} if district else None)
    incidents = [read(Incident, filled(Incident, row)) for row in rows]
    cases = [each for each in incidents if each.track == MUNICIPAL]
    counts = _counts([each for each in cases if not each.exempt], span, rules, desk.clock())
    year, number, _ = start.isocalendar()
    return {
        "week": f"{year}-W{number:02d}", "from": span[0].isoformat(), "to": span[1].isoformat(), "district": district, "counts": asdict(counts),
        "rates": {name: {"word": RATES[name][0], "percent": None if found is None else str(found)} for name, found in rates(counts).items()},
        "exempt": sum(bool(each.exempt) and _in(moment(each.reported_at), span) for each in cases),
        "intervals": _intervals(desk, [each for each in incidents if each.track == EMERGENCY and _in(moment(each.reported_at), span)], rules),
    }


def _monday(week: str | None, now: datetime, rules: Rules) -> datetime:
    zone = rules.calendar.zone
    try:
        year, number = (int(part) for part in week.upper().split("-W")) if week else now.astimezone(zone).isocalendar()[:2]
        day = date.fromisocalendar(year, number, 1)
        return datetime.combine(day, time(), zone)
    except ValueError:
        raise Usage(f"周要写成 年-W周，例如 2026-W47：{week}") from None


Span = tuple[datetime, datetime]


def _in(at: datetime | None, span: Span) -> bool:
    return at is not None and span[0] <= at < span[1]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a municipal case adds to the counts of the weeks; moments are None where there is none."""

    reported: datetime | None
    is_filed: bool
    is_dispatched: bool
    handle_due: datetime | None
    is_handled_in_time: bool
    limit: datetime | None
    is_closed: bool
    is_in_time: bool
    is_reworked: bool
    is_extended: bool

    def parts(self, span: Span) -> Iterator[str]:
        """The counts of `span` that the case belongs to, by their names in Counts."""
        if _in(self.reported, span):
            yield "received"
            yield from (name for name, holds in (("filed", self.is_filed), ("dispatched", self.is_filed and self.is_dispatched)) if holds)
        if _in(self.handle_due, span):
            yield "to_handle"
            yield from ("handled_in_time",) if self.is_handled_in_time else ()
        if _in(self.limit, span):
            marks = (("due", True), ("closed", self.is_closed), ("in_time", self.is_in_time), ("rework", self.is_reworked), ("extended", self.is_extended))
            yield from (name for name, holds in marks if holds)


def facts(case: Incident, rules: Rules, legs: Sequence[clocks.Leg]) -> Facts:
    """Of one municipal case and its legs (clocks.legs) by the limits of today."""
    acts = {str(line.get("act")) for line in case.history if isinstance(line, dict)}
    # The last run of the handling clock.
    handling = next((leg for leg in reversed(legs) if leg.clock == "handle"), None)
    limit = _closing(handling, rules) if handling else None
    closed_at = moment(case.state_at) if case.state == "closed" else None
    return Facts(
        moment(case.reported_at), "register" in acts, "dispatch" in acts, handling.due if handling else None,
        handling is not None and handling.ended is not None and (handling.left_s or 0) >= 0, limit, case.state == "closed",
        closed_at is not None and limit is not None and closed_at <= limit, case.rework_count > 0, "suspend" in acts,
    )


def _counts(cases: list[Incident], span: Span, rules: Rules, now: datetime) -> Counts:
    return Counts(**Counter(part for each in cases for part in facts(each, rules, clocks.legs(each, now, rules)).parts(span)))


def _closing(handling: clocks.Leg, rules: Rules) -> datetime | None:
    limit = rules.limit("check", None)
    return rules.calendar.shift(handling.due, limit.seconds, limit.unit) if handling.due and limit else None


def _intervals(desk: Desk, incidents: list[Incident], rules: Rules) -> dict[str, dict[str, Any]]:
    found: dict[str, list[float | None]] = {name: [] for name, _, _ in intervals.LEGS}
    for legs in _legs(desk, incidents):
        for name, seconds in legs.items():
            found[name].append(seconds)
    return {name: _judged(values, rules.benchmark.get(name)) for name, values in found.items()}


def _legs(desk: Desk, incidents: list[Incident]) -> Iterator[dict[str, float | None]]:
    """Of every unit sent; from the report only the first one of an incident counts."""
    sent: dict[str, list[dict[str, Any]]] = {each.id: [] for each in incidents}
    for row in view.rows(desk.store, "assignments"):
        sent.get(str(row.get("incident_id")), []).append(row)
    for incident in incidents:
        for place, row in enumerate(sorted(sent[incident.id], key=lambda row: str(row.get("created_at") or "~"))):
            legs = intervals.legs(incident.reported_at, row.get("steps") or ())
            yield {name: seconds for name, seconds in legs.items() if place == 0 or not name.startswith("report_")}


def _judged(values: list[float | None], goal: intervals.Benchmark | None) -> dict[str, Any]:
    known = sum(value is not None for value in values)
    told = {"count": known, "blank": len(values) - known, "median": intervals.percentile(values, 0.5), "p90": intervals.percentile(values, 0.9)}
    if goal is None:
        return told
    return told | {"target_s": goal.seconds, "target_share": goal.share, "within": intervals.within(values, goal.seconds), "met": intervals.is_met(values, goal)}
