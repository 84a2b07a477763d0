"""The warnings as a desk reads them: what is in force, what ended today, what lies inside an area, and what a warning calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from ..domain import warning as rules
from ..domain.entries import Warning
from ..domain.faults import Refused
from ..domain.foreign import one_line
from ..domain.incident import Incident
from ..domain.points import ABNORMAL
from ..domain.record import read
from ..domain.response import LEVELS, PlanCard
from ..domain.warning import Chain, kind_of
from ..feeds.warning_words import kinds
from ..store import view
from . import catalogue, picture, responses
from .desk import Desk
from .nearby import Group, Row, Shown, row_of, tallies_of
from .warning_area import area_of, drawn, inside, touches_city

#: Rows listed of a kind; all are counted.
LISTED = 60
#: What is looked for inside an area, in the order in which it is told.
PARTS = (("facilities", "设施"), ("sensors", "传感器"), ("video_points", "摄像机"), ("units", "力量"))


@dataclass(frozen=True, slots=True)
class Response:
    """The incident that carries the response to a warning: `level` of the plan that was started last."""

    incident_id: str
    number: str
    level: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """One warning: its chain, its state (domain.warning.STATES) at the time of asking, the level that it calls for and the plan's title.

    `is_here` False: it holds elsewhere. `response` is None until somebody started one.
    """

    chain: Chain
    state: str
    kind_word: str
    level: int | None
    plan: str
    ended: datetime | None
    is_here: bool
    response: Response | None = None

    @property
    def id(self) -> str:
        return self.chain.head.id


@dataclass(frozen=True, slots=True)
class Overview:
    """`now` the worst first, `over` what ended since midnight, the last first; `tests` messages of exercises and tests, which count nowhere."""

    now: tuple[Standing, ...]
    over: tuple[Standing, ...]
    tests: int = 0


def overview(desk: Desk) -> Overview:
    """All warnings that concern today."""
    now = desk.clock()
    known = _known(desk)
    started = _responses(desk)
    found = [_standing(desk, chain, now, started) for chain in rules.chains(known)]
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    over = [each for each in found if each.state in (rules.EXPIRED, rules.CANCELLED) and each.ended is not None and each.ended >= midnight]
    live = [each for each in found if each.state in (rules.IN_FORCE, rules.COMING)]
    return Overview(
        tuple(sorted(live, key=lambda each: not each.is_here)), tuple(sorted(over, key=lambda each: each.ended or now, reverse=True)),
        sum(each.status != rules.REAL for each in known),
    )


def standing(desk: Desk, warning_id: str) -> Standing:
    """The warning that this message belongs to (Refused where there is none)."""
    known = _known(desk)
    for chain in rules.chains(known):
        if warning_id in {each.id for each in (chain.head, *chain.earlier, *([chain.cancelled] if chain.cancelled else []))}:
            return _standing(desk, chain, desk.clock(), _responses(desk))
    raise Refused(f"没有这条预警：{warning_id}", "没有改动", "用 query in_force 查看生效的预警；演练和测试消息不算", code="unknown_record")


def _known(desk: Desk) -> list[Warning]:
    """All messages; a platform that tells no kind of ours tells it in the title."""
    found = [read(Warning, raw) for raw in view.rows(desk.store, "warnings")]
    return [each if each.kind else replace(each, kind=kind_of(f"{each.title} {each.headline or ''}", (), kinds())) for each in found]


def find(desk: Desk, word: str) -> str:
    """The id of a warning in force by its id, or a part of its title (Refused)."""
    if view.record(desk.store, "warnings", word):
        return word
    found = [each for each in overview(desk).now if word and (word in each.chain.head.title or each.id.startswith(word))]
    if len(found) != 1:
        why = f"没有生效的预警“{word}”" if not found else f"“{word}”对应 {len(found)} 条预警：" + "、".join(each.chain.head.title for each in found)
        raise Refused(why, "没有改动", "用 query in_force 查看", code="unknown_record")
    return found[0].id


def _standing(desk: Desk, chain: Chain, now: datetime, started: Mapping[str, Response]) -> Standing:
    head, book = chain.head, responses.rules(desk)
    rule = book.kinds.get(head.kind or "")
    members = [head.id, *(each.id for each in chain.earlier)]
    plan = plan_named(desk, rule.plan) if rule else None
    return Standing(
        chain, chain.state(now), kind_word(head), book.level(head.kind, head.colour), plan.title if plan else "", chain.ended(now), touches_city(head),
        next((started[each] for each in members if each in started), None),
    )


def kind_word(warning: Warning) -> str:
    return next((each.name for each in kinds() if each.code == warning.kind), "")


def plan_named(desk: Desk, name: str) -> PlanCard | None:
    """A plan by its code or its title."""
    known = responses.plans(desk)
    return known.get(name) or next((each for each in known.values() if each.title == name), None)


def _responses(desk: Desk) -> dict[str, Response]:
    """By the id of the message that was responded to; an open incident goes before one that is over."""
    found: dict[str, Response] = {}
    for entry in sorted(view.rows(desk.store, "log", where={"kind": "plan"}), key=lambda row: str(row.get("at"))):
        data = entry.get("data")
        warning = data.get("warning") if isinstance(data, Mapping) else None
        incident = view.record(desk.store, "incidents", str(entry.get("incident_id"))) if isinstance(warning, Mapping) else None
        if incident is None or not isinstance(data, Mapping) or not isinstance(warning, Mapping):
            continue
        is_over = read(Incident, incident).is_ended
        level = data.get("level")
        made = Response(str(incident["id"]), str(incident.get("number") or ""), level if level in LEVELS else None, is_over)
        id_ = str(warning.get("id"))
        if id_ not in found or found[id_].is_over or not is_over:
            found[id_] = made
    return found


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a warning calls for: `units` (kind, word, wanted, free inside, free in the city); `raises` when the response stands on another level."""

    level: int | None
    plan: PlanCard | None
    type: str
    units: tuple[tuple[str, str, int, int, int], ...] = ()
    response: Response | None = None

    @property
    def raises(self) -> bool:
        return self.response is not None and not self.response.is_over and self.level is not None and self.response.level != self.level


def proposal(desk: Desk, warning_id: str) -> Proposal:
    """Of the warning that this message belongs to (Refused where there is none)."""
    here = standing(desk, warning_id)
    rule = responses.rules(desk).kinds.get(here.chain.head.kind or "")
    plan = plan_named(desk, rule.plan) if rule else None
    return Proposal(here.level, plan, rule.type if rule else "", _wanted(desk, plan, here.chain.head), here.response)


def _wanted(desk: Desk, plan: PlanCard | None, warning: Warning) -> tuple[tuple[str, str, int, int, int], ...]:
    if plan is None or not plan.units:
        return ()
    table, area = picture.table(desk, "units"), area_of(warning)
    here = set(inside(area, table.lon, table.lat).tolist()) if area is not None else set(range(len(table)))
    free = [(place, table.symbols[code].removeprefix("u-").removesuffix("-o")) for place, code in enumerate(table.symbol.tolist())]
    return tuple(
        (kind, catalogue.word("unit_kind", kind), count, sum(each == kind and place in here for place, each in free), sum(each == kind for _, each in free))
        for kind, count in plan.units.items()
    )


def inside_of(desk: Desk, warning_id: str, shown: Shown | None = None, limit: int = LISTED) -> tuple[Group, ...]:
    """Towns, facilities, sensors, cameras and units within the area, counted whole; () where nobody can say where it is. Reads columns: off the window's thread."""
    area = area_of(standing(desk, warning_id).chain.head)
    if area is None:
        return ()
    seen = shown or Shown()
    return (_towns(area, limit), *(_group(desk, kind, word, area, limit, seen) for kind, word in PARTS))


def _towns(area: Any, limit: int) -> Group:
    known = [each for each in catalogue.gazetteer().towns.values() if each.lon is not None and each.lat is not None]
    lon, lat = (np.array([getattr(each, name) for each in known], np.float64) for name in ("lon", "lat"))
    found = [known[place] for place in inside(area, lon, lat).tolist()]
    rows = tuple(Row("towns", f"{each.district}{each.name}", each.name, float("nan"), each.district, "town", False) for each in found[:limit])
    return Group("towns", "镇街", len(found), (), rows)


def _group(desk: Desk, kind: str, word: str, area: Any, limit: int, seen: Shown) -> Group:
    """What is abnormal stands first, then what is up."""
    table = seen.tables[kind] if kind in seen.tables else picture.table(desk, kind)
    rows = inside(area, table.lon, table.lat)
    codes = table.symbol[rows]
    sizes = np.bincount(codes, minlength=len(table.symbols)).tolist()
    down = np.array([*(symbol.endswith(("-x", "-s")) for symbol in table.symbols), False])[codes]
    first = np.lexsort((rows, down, (table.flags[rows] & ABNORMAL) == 0))[:limit]
    listed = [(table.ids[int(rows[at])], table.symbols[codes[at]]) for at in first]
    made = [row_of(kind, seen.now(kind, raw), float("nan"), symbol) for each, symbol in listed if (raw := view.record(desk.store, kind, each))]
    return Group(kind, word, len(rows), tallies_of(kind, dict(zip(table.symbols, sizes, strict=True))), tuple(made))


def areas(desk: Desk) -> list[dict[str, Any]]:
    """What the map hatches: {id, colour, label, geometry (GeoJSON)} of what is in force here, the worst last so that it lies on top."""
    found = []
    for each in reversed(overview(desk).now):
        head = each.chain.head
        area = area_of(head) if each.is_here else None
        if area is not None:
            label = f"{each.kind_word}{rules.CHARACTERS.get(head.colour or '', '')}" if each.kind_word else one_line(head.title, 20)
            found.append({"id": each.id, "colour": head.colour or "", "label": label, "geometry": dict(drawn(area))})
    return found


def in_force(desk: Desk) -> list[dict[str, Any]]:
    """For `query in_force`: one row a warning, the worst first."""
    return [_row(each, desk.clock()) for each in overview(desk).now]


def _row(each: Standing, now: datetime) -> dict[str, Any]:
    head, ends = each.chain.head, each.chain.expires
    return {
        "id": head.id, "title": head.title, "colour": head.colour, "kind": head.kind, "state": each.state, "sender": head.sender_name or head.sender,
        "sent": head.sent, "expires": ends.isoformat() if ends else None, "left_s": int((ends - now).total_seconds()) if ends else None,
        "districts": list(head.districts), "area_text": head.area_text, "here": each.is_here, "level": each.level, "plan": each.plan,
        "messages": 1 + len(each.chain.earlier), "incident": each.response.number if each.response else None,
    }
