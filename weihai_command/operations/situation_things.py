"""The standing things of the leaders' screen: sensors by field, units by kind, cameras, warnings in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..domain.entries import Warning
from ..domain.foreign import moment
from ..domain.freshness import level
from ..domain.movers import FRESH
from ..domain.record import filled
from ..domain.situation import FieldRow, Group, Video, WarningRow
from ..domain.unit import Unit
from ..store import mirror, tallies, view
from . import catalogue
from .desk import Desk
from .situation_settings import Field, settings

#: States of a sensor that say nothing, and those that are beyond a limit.
SILENT, BEYOND = frozenset({"fault", "stale", "lost", "offline"}), frozenset({"high", "low", "alarm"})
COLOURS = ("red", "orange", "yellow", "blue")
ALL = frozenset({"371000", "威海市", "全市"})


def sensors(desk: Desk) -> tuple[FieldRow, ...]:
    """A row for each field that has sensors, in the order of the settings."""
    counts: Counter[tuple[str, str]] = Counter()
    for quantity, state, count in mirror.tally(desk.store, "sensors", ("quantity", "state")):
        counts[str(quantity), str(state or "normal")] += count
    seen = {quantity: moment(text) for quantity, text in tallies.newest(desk.store, "sensors", "quantity", "observed_at").items()}
    made = (_field(desk, each, counts, seen) for each in settings(desk.profile.root).fields)
    return tuple(row for row in made if row.total)


def _field(desk: Desk, each: Field, counts: Counter[tuple[str, str]], seen: dict[str, datetime | None]) -> FieldRow:
    now = desk.clock()
    mine = {key: count for key, count in counts.items() if key[0] in each.quantities}
    at = max((found for quantity in each.quantities if (found := seen.get(quantity))), default=None)
    rest = each.rest if each.rests(now.date()) else ""
    total, silent, beyond = (sum(count for (_, state), count in mine.items() if state in states) for states in ({state for _, state in mine}, SILENT, BEYOND))
    periods = [float(row["period_s"]) for quantity in each.quantities if (row := catalogue.quantity(quantity)).get("period_s")]
    late = FRESH if desk.city.embedded or at is None or rest else level((now - at).total_seconds(), max(periods, default=0.0) or 3600.0)
    return FieldRow(each.key, each.name, total, total - silent, beyond, at, late, rest)


def units(desk: Desk) -> tuple[Group, ...]:
    """Units by the groups of the settings; kinds that belong to none of them come last, where there are such."""
    counts: Counter[tuple[str, bool]] = Counter()
    for raw in view.rows(desk.store, "units"):
        row = filled(Unit, raw)
        counts[str(row["kind"]), row["state"] == "available"] += 1
    groups = settings(desk.profile.root).groups
    known = frozenset().union(*(kinds for _, _, kinds in groups))
    other = frozenset(kind for kind, _ in counts) - known
    found = [*groups, *([("other", "其他", other)] if other else [])]
    return tuple(Group(key, word, sum(counts[kind, True] for kind in kinds), sum(counts[kind, free] for kind in kinds for free in (True, False)))
                 for key, word, kinds in found)


def video(desk: Desk) -> Video | None:
    """Cameras; None for a city without any."""
    counts = {str(state or "online"): count for state, count in mirror.tally(desk.store, "video_points", ("state",))}
    total = sum(counts.values())
    return Video(counts.get("online", 0), total) if total else None


def in_force(desk: Desk) -> list[dict[str, Any]]:
    """Warnings that hold now, the worst first, of one colour the one that ends first."""
    now = desk.clock()
    found = [filled(Warning, row) for row in view.rows(desk.store, "warnings")]
    held = [row for row in found if _holds(row, now)]
    return sorted(held, key=lambda row: (COLOURS.index(row["colour"]) if row.get("colour") in COLOURS else len(COLOURS), str(row.get("expires") or "~")))


def _holds(row: dict[str, Any], now: datetime) -> bool:
    begins, ends = moment(row.get("effective")), moment(row.get("expires"))
    return (begins is None or begins <= now) and (ends is None or ends > now)


def warnings(desk: Desk) -> tuple[WarningRow, ...]:
    return tuple(WarningRow(str(row["id"]), str(row["title"]), str(row.get("colour") or ""), area_words(row.get("districts") or ()), moment(row.get("expires")))
                 for row in in_force(desk))


def area_words(districts: Iterable[object]) -> str:
    """荣成市; 全市 for the four districts together; 荣成市等 3 区 for some."""
    areas = list(dict.fromkeys(area for each in districts if (area := catalogue.gazetteer().area_of(str(each)) if str(each) in catalogue.gazetteer().districts else str(each))))
    if any(area in ALL for area in areas) or len(areas) >= 4:
        return "全市"
    return areas[0] if len(areas) == 1 else f"{areas[0]}等 {len(areas)} 处" if areas else ""
