"""Intake (一号受理): messages that nobody has claimed, what their words suggest, and the open incidents that they may repeat."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
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
    import numpy as np
    from numpy.typing import NDArray

    from ..domain.place_scan import Found
    from ..domain.places import Place
    from ..domain.suggestion import Hint

WAITING = ("new", "reported")
#: Fields of a suggestion that an act may take over, in the order of the screen.
PARTS = ("type", "grade", "priority", "place")
#: Of the open incidents around, which may be thousands, so many are read: those that place, time and type speak for most.
MOST_READ = 48
DAY = timedelta(days=1)


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

    kinds = {code: each.category for code, each in catalogue.incident_types().items()}
    rows = {str(row["id"]): row for row in _around(desk, subject, kinds)}
    others = [read(Incident, {**row, "history": None}) for row in rows.values()]
    return [{**_told(rows[each.incident_id]), **asdict(each), "id": each.incident_id} for each in similarity.similar(subject, others, kinds)]


def _around(desk: Desk, subject: Incident, kinds: dict[str, str]) -> list[dict[str, Any]]:
    """Open incidents that `subject` may repeat, before anything is compared."""
    import numpy as np

    from ..domain.point_index import distance
    from ..store.alike import Open, alike

    place, reach, at = _place_of(subject), subject.radius_m or 0.0, moment(subject.reported_at or subject.occurred_at)
    if place is None and not subject.type:
        return []

    def choose(found: Open) -> NDArray[np.intp]:
        metres = np.maximum(0.0, distance(*place, found.lon, found.lat) - reach) if place else None
        score = similarity.estimates(metres, np.abs(found.at - (at.timestamp() if at else np.nan)), found.kin)
        best = np.argsort(-score, kind="stable")[:MOST_READ]
        return best[score[best] >= 0]

    # A day more on both sides: the text of a time says another day in another zone.
    days = ((at - similarity.LONGEST - DAY).date().isoformat(), (at + similarity.LONGEST + 2 * DAY).date().isoformat()) if at else None
    near = (*place, similarity.FARTHEST_M + reach + similarity.VAGUE_M) if place else None
    kin = [code for code, category in kinds.items() if subject.type and category == kinds.get(subject.type)]
    return alike(desk.store, subject.type, kin, near, days, choose)


def _place_of(subject: Incident) -> tuple[float, float] | None:
    return None if subject.lon is None or subject.lat is None else (subject.lon, subject.lat)


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
