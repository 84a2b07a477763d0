"""Intake (一号受理): messages that nobody has claimed, what their words suggest, and the open incidents that they may repeat."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..domain import clocks, similarity
from ..domain.faults import Refused
from ..domain.foreign import moment, one_line
from ..domain.incident import EMERGENCY, Incident
from ..domain.record import read
from ..store import view
from . import acts, deadlines
from .desk import Desk
from .draft import Draft, Outcome

if TYPE_CHECKING:
    from ..domain.place_scan import Found
    from ..domain.places import Place
    from ..domain.suggestion import Hint

WAITING = ("new", "reported")
#: Fields of a suggestion that an act may take over, in the order of the screen.
PARTS = ("type", "grade", "priority", "place")
#: Candidates for merging are looked for among so many of the nearest, or newest of the same type.
MOST_LOOKED_AT = 400


def intake(desk: Desk) -> list[dict[str, Any]]:
    """Messages of all sources without an owner, the newest first, each with `waiting_s`, `accept_by` and `late`."""
    now, rules = desk.clock(), deadlines.rules(desk.profile.root)
    found = [row for state in WAITING for row in view.rows(desk.store, "incidents", where={"state": state, "owner": ""})]
    return sorted((_waiting(row, now, rules) for row in found), key=lambda row: row["waiting_s"] if row["waiting_s"] is not None else float("inf"))


def _waiting(row: dict[str, Any], now: datetime, rules: clocks.Rules) -> dict[str, Any]:
    """Somebody has to claim it while its first stage lasts: by the due time that it came with, else by the limits of this desk."""
    since = moment(row.get("reported_at") or row.get("occurred_at"))
    due = moment(row.get("due_at")) or clocks.due_since(since, clocks.CLOCKS.get(str(row.get("state")), ""), row.get("type"), rules)
    return {
        **row, "waiting_s": (now - since).total_seconds() if since else None, "accept_by": due.isoformat(timespec="seconds") if due else None,
        "late": due is not None and now > due,
    }


def suggested_text(title: str, text: str = "") -> dict[str, Any]:
    """What a narrative suggests: {types: [{value, word, reasons}], grade, priority, places: [{words, place, candidates}]}.

    `place` and each candidate are {name, lon, lat, radius_m, district, town, note}; an ambiguous place is None with its candidates.
    """
    # The tables come with the gazetteer and numpy: only who looks at the words pays for them.
    from ..domain.place_scan import scan
    from . import catalogue

    found = catalogue.suggest_rules().suggest(title, text)
    places = scan(f"{title}。{text}" if text else title, catalogue.gazetteer())
    return {
        "types": [_hint(hint, "type") for hint in found.types], "grade": _hint(found.grade, "grade") if found.grade else None,
        "priority": _hint(found.priority, "priority") if found.priority else None, "places": [_found(each) for each in places],
    }


def _hint(hint: Hint, group: str) -> dict[str, Any]:
    from . import catalogue

    # A priority that comes with the type says so by the type's word.
    reasons = [catalogue.word("type", each) for each in hint.reasons]
    return {"value": hint.value, "word": catalogue.word(group, hint.value), "reasons": reasons}


def _found(found: Found) -> dict[str, Any]:
    return {"words": found.words, "place": _place(found.place) if found.place else None, "candidates": [_place(each) for each in found.candidates]}


def _place(place: Place) -> dict[str, Any]:
    row = asdict(place)
    del row["level"]
    return row


def suggested(desk: Desk, incident_id: str) -> dict[str, Any]:
    """What the message of an incident suggests, as suggested_text; {} for an incident that is not there."""
    row = view.record(desk.store, "incidents", incident_id)
    return suggested_text(str(row.get("title") or ""), str(row.get("description") or "")) if row else {}


def suggestions(desk: Desk) -> list[dict[str, Any]]:
    """The suggestions for all messages of the intake: {id, number, title, type, grade, priority, place, reason}."""
    return [{**{name: row.get(name) for name in ("id", "number", "title")}, **_flat(suggested(desk, row["id"]))} for row in intake(desk)]


def _flat(found: dict[str, Any]) -> dict[str, Any]:
    kind = next(iter(found["types"]), None)
    names = [place["name"] for each in found["places"] for place in ([each["place"]] if each["place"] else each["candidates"])]
    return {
        "type": kind["value"] if kind else None, "grade": found["grade"]["value"] if found["grade"] else None,
        "priority": found["priority"]["value"] if found["priority"] else None, "place": names, "reason": "、".join(kind["reasons"]) if kind else "",
    }


def lacking(row: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The fields that a suggestion would fill of what `row` lacks: never over what stands there, never an ambiguous place."""
    fields: dict[str, Any] = {}
    if found["types"] and not row.get("type"):
        fields["type"] = found["types"][0]["value"]
    for part in ("grade", "priority"):
        if found[part] and not row.get(part) and (part != "grade" or row.get("track") == EMERGENCY):
            fields[part] = found[part]["value"]
    sure = [each["place"] for each in found["places"]]
    if len(sure) == 1 and sure[0] is not None and (row.get("lon") is None or row.get("lat") is None):
        fields |= placed(sure[0])
    return fields


def placed(place: dict[str, Any]) -> dict[str, Any]:
    """The fields of an incident at a place of a suggestion."""
    return {"place": place["name"], **{name: place[name] for name in ("lon", "lat", "radius_m", "district", "town")}}


def take(desk: Desk, incident_id: str, *, op_id: str | None = None) -> Outcome:
    """Fill what an incident lacks from its suggestion, as one edit (Refused where it suggests nothing that is lacking)."""
    # What was taken once lacks nothing any more: a repeated call is answered with the first one's outcome.
    if (known := Draft(desk, "edit", op_id).known()) is not None:
        return known
    row = view.record(desk.store, "incidents", incident_id) or {}
    fields = lacking(row, suggested(desk, incident_id)) if row else {}
    if not fields:
        raise Refused("没有可采纳的建议", "没有改动", "类型、级别、优先级、地点已经填好，或叙述里没有依据", code="nothing_suggested")
    return acts.edit(desk, incident_id, fields, op_id=op_id)


def similar(desk: Desk, incident_id: str) -> list[dict[str, Any]]:
    """Open incidents that this one may repeat: {id, number, title, state, type, score, distance_m, apart_s, reasons}, the likest first.

    What the message lacks is taken from its suggestion, so that a repetition shows before anything is filled in.
    """
    row = view.record(desk.store, "incidents", incident_id)
    return _similar(desk, read(Incident, {**row, **lacking(row, suggested(desk, incident_id))})) if row else []


def similar_draft(desk: Desk, draft: dict[str, Any]) -> list[dict[str, Any]]:
    """The same for what is being written: `draft` as the fields of acts.report, with the suggestion's type and place where it has none."""
    known: dict[str, Any] = {name: draft.get(name) for name in ("type", "lon", "lat", "radius_m", "description")}
    return _similar(desk, Incident("", str(draft.get("title") or ""), reported_at=desk.clock().isoformat(timespec="seconds"), **known))


def _similar(desk: Desk, subject: Incident) -> list[dict[str, Any]]:
    from . import catalogue

    rows = {str(row["id"]): row for row in _nearby(desk, subject)}
    kinds = {code: each.category for code, each in catalogue.incident_types().items()}
    others = [replace(read(Incident, row), history=()) for row in rows.values()]
    return [{**_told(rows[each.incident_id]), **asdict(each), "id": each.incident_id} for each in similarity.similar(subject, others, kinds)]


def _nearby(desk: Desk, subject: Incident) -> list[dict[str, Any]]:
    if subject.lon is not None and subject.lat is not None:
        reach = similarity.FARTHEST_M + (subject.radius_m or 0.0) + similarity.VAGUE_M
        return view.rows(desk.store, "incidents", near=(subject.lon, subject.lat, reach), limit=MOST_LOOKED_AT)
    if not subject.type:
        return []
    states = ("new", "reported", "queued", "active", "verifying")
    return [row for state in states for row in view.rows(desk.store, "incidents", where={"type": subject.type, "state": state}, limit=MOST_LOOKED_AT)]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: one_line(row.get(name)) for name in ("number", "title", "state", "type")}


def join(desk: Desk, incident_id: str, parent_id: str, *, op_id: str | None = None) -> Outcome:
    """Merge an incident into another in one act: an emergency ends, a municipal case that is not filed yet is rejected as a repetition."""
    if incident_id == parent_id:
        raise Refused("不能并入自己", "没有改动", code="same_record")
    child, parent = (view.record(desk.store, "incidents", each) or {} for each in (incident_id, parent_id))
    if child.get("track") == EMERGENCY:
        return acts.transition(desk, incident_id, "merge", op_id=op_id, parent=parent_id)
    reason = f"重复，并入 {one_line(parent.get('number')) or parent_id}"
    act = "reject" if child.get("state") in ("reported", "verifying") else "cancel"
    return acts.transition(desk, incident_id, act, op_id=op_id, parent=parent_id, reason=reason)
