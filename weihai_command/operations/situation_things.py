"""The standing things of the leaders' screen: units by kind, cameras, warnings in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..domain.foreign import one_line
from ..domain.record import filled
from ..domain.situation import Group, Video, WarningRow
from ..domain.unit import Unit
from ..domain.warning import CHARACTERS, IN_FORCE
from ..store import mirror, view
from . import catalogue
from .desk import Desk
from .situation_settings import settings
from .warnings import Standing, overview

ALL = frozenset({"371000", "威海市", "全市"})
#: So many districts are the whole city.
WHOLE = 4


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
