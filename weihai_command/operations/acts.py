"""The officer's acts on incidents and units. Each returns an Outcome or refuses with a Fault; none waits for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from ..domain import clocks, lifecycle, unit_lifecycle
from ..domain.faults import Refused, Usage
from ..domain.geometry import is_plausible
from ..domain.incident import EMERGENCY, MUNICIPAL, PRIORITIES, Incident
from ..domain.unit import Assignment, Unit
from ..domain.words import PRIORITIES as PRIORITY_NUMBERS
from ..domain.words import TRACKS
from ..store import view
from . import deadlines, posts
from .desk import Desk
from .draft import Draft, Outcome
from .noting import edited, need_officer, unit_line
from .noting import note as note
from .tidying import judged, present

T = TypeVar("T")
_SERIES = {EMERGENCY: "应", MUNICIPAL: "案"}
#: Letters that cannot be misread over the radio or as digits.
_LETTERS = "ACDEFGHJKLMNPQRTUVWXYZ"
_EDITABLE = frozenset(
    {
        "title", "type", "grade", "priority", "lon", "lat", "place", "radius_m", "district", "town", "description", "reporter", "phone",
        "source", "alarm_level",
    }
)


def report(
    desk: Desk, *, title: str, type: str | None = None, priority: str | None = None, lon: float | None = None, lat: float | None = None,
    place: str | None = None, source: str | None = None, description: str | None = None, track: str | None = None, op_id: str | None = None,
    **more: Any,
) -> Outcome:
    """Take in an incident. The place is a position, or a name that the gazetteer resolves with its stated radius."""
    draft = Draft(desk, "report", op_id)
    if (known := draft.known()) is not None:
        return known
    record = taken_in(
        draft, title=title, type=type, priority=priority, lon=lon, lat=lat, place=place, source=source, description=description, track=track, **more,
    )
    return draft.keep("incidents", record.id, record.number, title=record.title)


def taken_in(
    draft: Draft, *, title: str, type: str | None = None, priority: str | None = None, lon: float | None = None, lat: float | None = None,
    place: str | None = None, track: str | None = None, **more: Any,
) -> Incident:
    """A new incident as a step of an act that does more than take it in."""
    desk = draft.desk
    code, standing_track = _type(type)
    where = _place(lon, lat, place)
    record = Incident(
        id=desk.new_id(), title=title.strip(), track=track or standing_track, type=code, priority=_priority(priority), owner=None,
        occurred_at=draft.now, **where, **_only(Incident, more),
    )
    record = replace(record, number=_number(desk, record))
    record = lifecycle.opened(record, draft.officer.user, desk.role, draft.op_id, draft.now)
    record = clocks.carried(record, record, "report", draft.now, deadlines.rules(desk.profile.root))
    draft.create("incidents", record)
    return record


def transition(desk: Desk, incident_id: str, act: str, *, op_id: str | None = None, **given: Any) -> Outcome:
    """Any act of the incident tables that touches the incident alone (queue, register, close, suspend …)."""
    draft = Draft(desk, act, op_id)
    if (known := draft.known()) is not None:
        return known
    if act == "merge":
        return _merged(desk, draft, incident_id, given.get("parent"))
    old = draft.load("incidents", incident_id, Incident)
    given = _normal(given)
    new = _decided(desk, draft, old, act, given)
    draft.change("incidents", old, new)
    said = {key: value for key, value in given.items() if isinstance(value, str)}
    return draft.keep("incidents", old.id, old.number, state=new.state, **said)


def claim(desk: Desk, incident_id: str, *, op_id: str | None = None) -> Outcome:
    """Make the officer the owner: a conditional write, the first desk wins."""
    user = desk.officer.user if desk.officer else ""
    return transition(desk, incident_id, "claim", op_id=op_id, owner=user)


def dispatch(
    desk: Desk, incident_id: str, unit_ids: Sequence[str], *, department: str | None = None, alarm_level: int | None = None,
    op_id: str | None = None,
) -> Outcome:
    """Send units to an emergency (unit, the lock, → incident → assignment), or a municipal case to its department.

    `alarm_level` is the level that they were sent at, where it rises with them.
    """
    draft = Draft(desk, "dispatch", op_id)
    if (known := draft.known()) is not None:
        return known
    old = draft.load("incidents", incident_id, Incident)
    if old.track == MUNICIPAL:
        new = _decided(desk, draft, old, "dispatch", {"department": department})
        draft.change("incidents", old, new)
        return draft.keep("incidents", old.id, old.number, department=department)
    fresh = [unit for unit in dict.fromkeys(unit_ids) if unit not in present(desk.store, old).unit_ids]
    if unit_ids and not fresh:
        raise Refused("这些力量已经在处置这起事件", "没有改动", code="already_sent")
    new = _decided(desk, draft, old, "dispatch", _normal({"unit_ids": tuple(fresh), "alarm_level": alarm_level}))
    sent = [_send(desk, draft, unit_id, old) for unit_id in fresh]
    draft.change("incidents", old, new)
    for assignment in sent:
        draft.create("assignments", assignment)
    return draft.keep("incidents", old.id, old.number, units="、".join(_unit_names(draft, fresh)))


def status(desk: Desk, unit_id: str, state: str, *, reason: str | None = None, op_id: str | None = None) -> Outcome:
    """Bring a unit to a state; steps jumped over are stamped as inferred, release frees the unit and the incident."""
    draft = Draft(desk, "status", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    unit = draft.load("units", unit_id, Unit)
    move = unit_lifecycle.advance(unit, state, draft.officer.user, draft.now, reason)
    draft.change("units", unit, move.unit)
    if line := unit_line(draft, unit, move.unit):
        draft.create("log", line)
    if move.released and unit.incident_id:
        incident = draft.load("incidents", unit.incident_id, Incident)
        left = tuple(each for each in incident.unit_ids if each != unit.id)
        draft.change("incidents", incident, replace(incident, unit_ids=left))
    if unit.assignment_id and view.record(draft.store, "assignments", unit.assignment_id):
        assignment = draft.load("assignments", unit.assignment_id, Assignment)
        draft.change("assignments", assignment, unit_lifecycle.follow(assignment, move, draft.now))
    return draft.keep("units", unit.id, unit.name, state=state, reason=reason)


def move(desk: Desk, unit_id: str, incident_id: str, *, op_id: str | None = None) -> Outcome:
    """Send a committed unit on to another emergency, as one act: unit (the lock) → the incident it leaves → the new one → both assignments."""
    draft = Draft(desk, "move", op_id)
    if (known := draft.known()) is not None:
        return known
    unit, new = draft.load("units", unit_id, Unit), draft.load("incidents", incident_id, Incident)
    if new.track == MUNICIPAL:
        raise Refused(f"{new.number}是市政案卷，由部门办理，不能改派力量", "没有改动", "需要力量请先转应急", code="wrong_track")
    after = unit_lifecycle.move_to(unit, desk.new_id(), new.id, draft.officer.user, draft.now)
    sent = _decided(desk, draft, new, "dispatch", {"unit_ids": (unit.id,)})
    draft.change("units", unit, after)
    left = unit.incident_id or ""
    if view.record(draft.store, "incidents", left):
        old = draft.load("incidents", left, Incident)
        draft.change("incidents", old, replace(old, unit_ids=tuple(each for each in old.unit_ids if each != unit.id)))
    draft.change("incidents", new, sent)
    if unit.assignment_id and view.record(draft.store, "assignments", unit.assignment_id):
        assignment = draft.load("assignments", unit.assignment_id, Assignment)
        draft.change("assignments", assignment, unit_lifecycle.ended(assignment, unit, draft.officer.user, draft.now))
    draft.create("assignments", _assigned(after, draft))
    return draft.keep("incidents", new.id, new.number, unit=unit.name, left=left)


def _merged(desk: Desk, draft: Draft, incident_id: str, parent: str | None) -> Outcome:
    """End an incident in another one, with its units in one act: units (the locks) → both incidents → their assignments, which go on there."""
    old = draft.load("incidents", incident_id, Incident)
    ended = replace(_decided(desk, draft, old, "merge", {"parent": parent}), unit_ids=())
    into = _parent(draft, old, str(parent))
    units = _loaded(draft, "units", present(desk.store, old).unit_ids, Unit)
    if any(unit.incident_id != old.id for unit in units):
        raise Refused(f"{old.number}的力量刚有变动，本机还没有读到", "没有改动", "同步之后再合并", code="units_unsure")
    for unit in units:
        draft.change("units", unit, replace(unit, incident_id=into.id))
    draft.change("incidents", old, ended)
    if units:
        draft.change("incidents", into, _decided(desk, draft, into, "dispatch", {"unit_ids": tuple(unit.id for unit in units)}))
    for assignment in _loaded(draft, "assignments", [unit.assignment_id for unit in units], Assignment):
        draft.change("assignments", assignment, replace(assignment, incident_id=into.id))
    return draft.keep("incidents", old.id, old.number, state=ended.state, parent=into.id, units="、".join(unit.name for unit in units))


def _parent(draft: Draft, old: Incident, parent: str) -> Incident:
    into = draft.load("incidents", parent, Incident)
    if into.is_ended:
        raise Refused(f"要并入的{into.number}已经结束", "没有改动", "请并入还没有结束的一件", code="incident_ended")
    if into.track == MUNICIPAL and old.unit_ids:
        raise Refused(f"{into.number}是市政案卷，由部门办理，不能带着力量并入", "没有改动", "请先让力量离场，或把它转应急", code="wrong_track")
    return into


def _loaded(draft: Draft, kind: str, ids: Sequence[str | None], as_type: type[T]) -> list[T]:
    """Those of `ids` that this desk knows."""
    return [draft.load(kind, each, as_type) for each in ids if each and view.record(draft.store, kind, each)]


def _assigned(unit: Unit, draft: Draft) -> Assignment:
    """The assignment that a unit has just taken."""
    return Assignment(unit.assignment_id or "", unit.incident_id or "", unit.id, unit.state, draft.officer.user, draft.now, steps=unit.steps)


def edit(desk: Desk, incident_id: str, changes: dict[str, Any], *, op_id: str | None = None) -> Outcome:
    """Change plain facts of an incident; edits of different fields by two desks merge by themselves."""
    draft = Draft(desk, "edit", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    unknown = set(changes) - _EDITABLE
    if unknown:
        raise Usage(f"这些字段不能直接修改：{'、'.join(sorted(unknown))}", "没有改动", "状态和派遣请用对应的操作")
    old = draft.load("incidents", incident_id, Incident)
    posts.mind(desk, old)
    if old.is_ended:
        raise Refused(f"{old.number}已经结束，不能再改", "没有改动", code="incident_ended")
    cleaned = _normal(changes)
    new = replace(old, **cleaned)
    if new == old:
        raise Refused(f"{old.number}本来就是这样", "没有改动", code="no_change")
    draft.change("incidents", old, new, mergeable=True)
    if line := edited(draft, old, new):
        draft.create("log", line)
    return draft.keep("incidents", old.id, old.number, **{key: str(value) for key, value in cleaned.items()})


def _normal(given: dict[str, Any]) -> dict[str, Any]:
    """Type, priority and place as the record holds them; a place that is only named is resolved with its radius."""
    cleaned = dict(given)
    if (level := cleaned.get("alarm_level")) is not None and (isinstance(level, bool) or not isinstance(level, int) or level not in range(1, 6)):
        raise Usage(f"没有这个警级：{level}", "没有改动", "可用 1–5")
    if cleaned.get("priority"):
        cleaned["priority"] = _priority(str(cleaned["priority"]))
    if cleaned.get("type"):
        cleaned["type"] = _type(str(cleaned["type"]))[0]
    if cleaned.get("place") or (cleaned.get("lon") is not None and cleaned.get("lat") is not None):
        cleaned |= _place(cleaned.get("lon"), cleaned.get("lat"), cleaned.get("place"))
    return cleaned


def _type(word: str | None) -> tuple[str | None, str]:
    """(code, track) of an incident type; without one it is an emergency until somebody says otherwise."""
    if not word:
        return None, EMERGENCY
    # The tables come with the gazetteer and numpy: only acts that name a type or a place pay for them.
    from . import catalogue

    code = catalogue.type_of(word)
    return code, catalogue.incident_types()[code].track


def _decided(desk: Desk, draft: Draft, incident: Incident, act: str, given: dict[str, Any]) -> Incident:
    filled = {key: value for key, value in given.items() if value is not None}
    post, area = posts.post_of(desk), posts.area_of(desk, incident)
    command = lifecycle.Command(act, draft.officer.user, desk.role, draft.op_id, filled, post, area)
    after = judged(desk.store, incident, act)
    for event in lifecycle.decide(after, command, draft.now):
        after = lifecycle.evolve(after, event)
    return clocks.carried(incident, after, act, draft.now, deadlines.rules(desk.profile.root))


def _send(desk: Desk, draft: Draft, unit_id: str, incident: Incident) -> Assignment:
    unit = draft.load("units", unit_id, Unit)
    after = unit_lifecycle.send(unit, desk.new_id(), incident.id, draft.officer.user, draft.now)
    draft.change("units", unit, after)
    return _assigned(after, draft)


def _unit_names(draft: Draft, unit_ids: Sequence[str]) -> list[str]:
    return [str((view.record(draft.store, "units", each) or {}).get("name", each)) for each in unit_ids]


def _place(lon: float | None, lat: float | None, place: str | None) -> dict[str, Any]:
    """Position and name of a place; a name is resolved with its radius (Ambiguous, Refused), a position gets its town."""
    if lon is not None and lat is not None:
        if not is_plausible(lon, lat):
            raise Refused(f"位置可疑：经度 {lon}、纬度 {lat} 不在可信范围", "没有改动", "请核对经纬度是否写反", code="suspect_place")
        return {"lon": lon, "lat": lat, **_label(lon, lat, place)}
    if not place:
        return {}
    from . import catalogue

    found = catalogue.gazetteer().resolve(place)
    return {
        "lon": found.lon, "lat": found.lat, "place": found.name, "radius_m": found.radius_m, "district": found.district, "town": found.town,
    }


def _label(lon: float, lat: float, place: str | None) -> dict[str, Any]:
    """The nearest town's name for a position that was clicked; towns have no boundaries here, so it is only a label."""
    from . import catalogue

    near = catalogue.gazetteer().town_at(lon, lat)
    return {"place": place or near.town or near.name, "district": near.district, "town": near.town}


def _priority(value: str | None) -> str | None:
    if value is None or value == "":
        return None
    word = {number: name for name, number in PRIORITY_NUMBERS.items()}.get(str(value), str(value))
    if word not in PRIORITIES:
        raise Usage(f"没有这个优先级：{value}", "没有改动", "可用 1–4 或 " + "、".join(PRIORITIES))
    return word


def _number(desk: Desk, incident: Incident) -> str:
    """The next number of the series on this desk, with a letter of the incident's id: two desks offline never give the same."""
    series = _SERIES[incident.track]
    return f"{series}{view.largest_number(desk.store, series) + 1:04d}{_LETTERS[int(incident.id.replace('-', '')[:8], 16) % len(_LETTERS)]}"


def _only(cls: type, values: dict[str, Any]) -> dict[str, Any]:
    unknown = set(values) - {each.name for each in fields(cls)}
    if unknown:
        raise Usage(f"{TRACKS['emergency']}事件没有这些字段：{'、'.join(sorted(unknown))}", "没有改动")
    return {key: value for key, value in values.items() if value is not None}
