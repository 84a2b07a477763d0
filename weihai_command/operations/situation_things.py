"""The standing things of the leaders' screen: sensors by field, units by kind, cameras, warnings in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from ..domain.foreign import moment, one_line
from ..domain.freshness import level
from ..domain.movers import FRESH
from ..domain.record import filled
from ..domain.situation import FieldRow, Group, Video, WarningRow
from ..domain.unit import Unit
from ..domain.warning import CHARACTERS, IN_FORCE
from ..store import mirror, tallies, view
from . import catalogue
from .desk import Desk
from .situation_settings import Field, settings
from .warnings import Standing, overview

#: States of a sensor that say nothing, and those that are beyond a limit.
SILENT, BEYOND = frozenset({"fault", "stale", "lost", "offline"}), frozenset({"high", "low", "alarm"})
ALL = frozenset({"371000", "威海市", "全市"})
#: So many districts are the whole city.
WHOLE = 4


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


def in_force(desk: Desk) -> list[Standing]:
    """Warnings that hold here now, the worst first."""
    return [each for each in overview(desk).now if each.state == IN_FORCE and each.is_here]


def warnings(desk: Desk) -> tuple[WarningRow, ...]:
    return tuple(WarningRow(each.id, title_of(each), each.chain.head.colour or "", place_of(each), each.chain.expires) for each in in_force(desk))


def title_of(each: Standing) -> str:
    """暴雨橙色预警; the message's own title where it tells no kind of ours."""
    head = each.chain.head
    character = CHARACTERS.get(head.colour or "", "")
    return f"{each.kind_word}{character}色预警" if each.kind_word and character else one_line(head.title, 40)


def place_of(each: Standing) -> str:
    """Where it holds, in few words: 荣成市, 全市, 近海."""
    head = each.chain.head
    return area_words(head.districts) or one_line(head.area_text, 12)


def area_words(districts: Iterable[object]) -> str:
    """荣成市; 全市 for the four districts together; 荣成市等 2 处 for some."""
    known = catalogue.gazetteer()
    areas = list(dict.fromkeys(area for each in districts if (area := known.area_of(str(each)) if str(each) in known.districts else str(each))))
    if any(area in ALL for area in areas) or len(areas) >= WHOLE:
        return "全市"
    return areas[0] if len(areas) == 1 else f"{areas[0]}等 {len(areas)} 处" if areas else ""
