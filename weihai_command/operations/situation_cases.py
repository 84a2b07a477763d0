"""The incidents of the leaders' screen: open ones by district and grade, and what the closed ones of the last weeks tell. Read once, then what changed."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from ..domain import clocks
from ..domain.clocks import PAUSED, Rules
from ..domain.foreign import moment
from ..domain.hotspots import by_hour
from ..domain.incident import EMERGENCY, GRADES, MUNICIPAL, Incident
from ..domain.intervals import percentile
from ..domain.kpi import RATES, Counts, rates
from ..domain.record import filled, read
from ..domain.situation import COLUMNS, NOWHERE, HotSpots, Line, Open, OpenRow, Rate
from ..store import view
from ..store.store import Store
from ..store.view import Mark
from . import catalogue, deadlines
from .desk import Desk
from .kpi import Facts, facts
from .situation_settings import settings

WEEKS = 8
#: Cases whose limit falls into the first week ended some weeks before it at most.
KEPT = timedelta(weeks=WEEKS + 4)
DAYS = 14
#: The districts of the city, in the order in which they are shown.
DISTRICTS = ("环翠区", "文登区", "荣成市", "乳山市")
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Case:
    """What the screen wants to know of an incident; `word` is that of its type.

    `verified`: (when, seconds) of each checking of the report; `open_as` is set while it is suspended.
    """

    id: str
    number: str
    title: str
    word: str
    column: str
    district: str
    state: str
    place: tuple[float, float] | None
    reported: datetime | None
    ended: datetime | None
    is_ended: bool
    is_emergency: bool
    facts: Facts | None
    verified: tuple[tuple[datetime, float], ...]
    open_as: Incident | None


class _Kept:
    """Of each store the cases as last read; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: WeakKeyDictionary[Store, tuple[Mark, dict[str, Case]]] = WeakKeyDictionary()

    def of(self, desk: Desk) -> list[Case]:
        rules, now = deadlines.rules(desk.profile.root), desk.clock()
        since = (now - KEPT).date().isoformat()
        with self._lock:
            mark, known = self._known.pop(desk.store, (None, {}))
            found = view.incident_changes(desk.store, lambda row: _case(row, rules, now), since, mark)
            known = {} if found.is_whole else known
            known |= {case.id: case for case in found.rows}
            for gone in found.gone:
                known.pop(gone, None)
            self._known[desk.store] = found.mark, known
            return list(known.values())


_kept = _Kept()


def cases(desk: Desk) -> list[Case]:
    """Open incidents, and those that ended in the last weeks."""
    return _kept.of(desk)


def _case(raw: dict[str, Any], rules: Rules, now: datetime) -> Case:
    incident = read(Incident, filled(Incident, raw))
    lon, lat = incident.lon, incident.lat
    is_case = incident.track == MUNICIPAL
    legs = clocks.legs(incident, now, rules) if is_case else []
    place = (float(lon), float(lat)) if isinstance(lon, (int, float)) and isinstance(lat, (int, float)) else None
    return Case(
        incident.id, incident.number, incident.title, _word(incident), column_of(incident), area_of(incident.district), incident.state, place, moment(incident.reported_at),
        moment(incident.state_at) if incident.is_ended else None, incident.is_ended, incident.track == EMERGENCY,
        facts(incident, rules, legs) if is_case and not incident.exempt else None,
        tuple((leg.ended, float(leg.spent_s)) for leg in legs if leg.clock == "verify" and leg.ended),
        incident if incident.state == PAUSED else None,
    )


def _word(incident: Incident) -> str:
    kind = catalogue.incident_types().get(incident.type or "")
    return kind.name if kind else incident.title


def column_of(incident: Incident) -> str:
    """One of COLUMNS."""
    if incident.track != EMERGENCY:
        return "mu"
    return str(incident.grade) if incident.grade in GRADES else "0"


def area_of(district: str | None) -> str:
    """The district whose land it is: a development zone counts as what it lies in; NOWHERE for what the city has not."""
    area = catalogue.gazetteer().area_of(district) if district in catalogue.gazetteer().districts else None
    return area if area in DISTRICTS else NOWHERE


def is_open(case: Case) -> bool:
    return not case.is_ended


def opened(found: Iterable[Case], now: datetime) -> Open:
    """Open incidents with the line of the last day."""
    known = list(found)
    table = Counter((case.district, case.column) for case in known if is_open(case))
    places = [*DISTRICTS, *([NOWHERE] if any(place == NOWHERE for place, _ in table) else [])]
    rows = tuple(OpenRow(place, {column: table[place, column] for column in COLUMNS}) for place in places)
    return Open(rows, (*_line(known, now), float(sum(table.values()))))


def _line(found: list[Case], now: datetime) -> Line:
    """How many were open at each of the 24 hours before now."""
    began = sorted(case.reported.timestamp() for case in found if case.reported and (case.ended or not case.is_ended))
    ended = sorted(max(case.ended, case.reported).timestamp() for case in found if case.reported and case.ended)
    hours = [now.timestamp() - 3600.0 * back for back in range(24, 0, -1)]
    return tuple(None if not began or at < began[0] else float(bisect_right(began, at) - bisect_right(ended, at)) for at in hours)


def _midnight(now: datetime, rules: Rules) -> datetime:
    return datetime.combine(now.astimezone(rules.calendar.zone).date(), time(), rules.calendar.zone)


def span_of_days(desk: Desk) -> Span:
    """The last DAYS days, today with them, to the end of today."""
    end = _midnight(desk.clock(), deadlines.rules(desk.profile.root)) + timedelta(days=1)
    return end - timedelta(days=DAYS), end


def by_day(values: Iterable[tuple[datetime, float]], span: Span, share: float) -> tuple[float | None, Line]:
    """(what `share` of all values of the span stay within, the same of each day)."""
    known = [(at, value) for at, value in values if span[0] <= at < span[1]]
    days: list[list[float]] = [[] for _ in range(DAYS)]
    for at, value in known:
        days[(at - span[0]).days].append(value)
    return percentile([value for _, value in known], share), tuple(percentile(day, share) for day in days)


def week_of(desk: Desk, back: int = 0) -> Span:
    """Monday to Monday, `back` weeks ago."""
    midnight = _midnight(desk.clock(), deadlines.rules(desk.profile.root))
    start = midnight - timedelta(days=midnight.weekday() + 7 * back)
    return start, start + timedelta(days=7)


def known_facts(desk: Desk, case: Case) -> Facts | None:
    """The limit of a case that stands still moves with the clock."""
    if case.open_as is None or case.facts is None:
        return case.facts
    rules = deadlines.rules(desk.profile.root)
    return facts(case.open_as, rules, clocks.legs(case.open_as, desk.clock(), rules))


def counts(found: Iterable[Facts], span: Span) -> Counts:
    return Counts(**Counter(part for each in found for part in each.parts(span)))


def rated(desk: Desk, found: Iterable[Case]) -> tuple[Rate, ...]:
    """The rates of this week with those of the weeks before; None for weeks that nothing is known of."""
    known = [each for case in found if (each := known_facts(desk, case))]
    weeks = [rates(counts(known, week_of(desk, back))) for back in range(WEEKS - 1, -1, -1)]
    made = []
    for name, goal in settings(desk.profile.root).goals.items():
        line = tuple(None if week[name] is None else float(week[name] or 0) for week in weeks)
        made.append(Rate(name, RATES[name][0], line[-1], goal.percent, goal.is_at_most, line))
    return tuple(made)


def hot(desk: Desk, found: Iterable[Case]) -> HotSpots:
    """Incidents reported in the last eight weeks, by place and by hour of the week."""
    zone = deadlines.rules(desk.profile.root).calendar.zone
    late = recent(desk, found)
    table = by_hour([case.reported.astimezone(zone) for case in late if case.reported])
    return HotSpots(tuple(case.place for case in late if case.place), tuple(map(tuple, table.tolist())), len(late))


def recent(desk: Desk, found: Iterable[Case] | None = None) -> list[Case]:
    """Those reported in the last eight weeks."""
    since = desk.clock() - timedelta(weeks=WEEKS)
    return [case for case in (cases(desk) if found is None else found) if case.reported and case.reported >= since]
