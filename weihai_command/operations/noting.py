"""Writing the command log: notes, what corrects them, and the lines that acts leave which would leave none elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..domain.amending import may_amend
from ..domain.entries import LogEntry
from ..domain.faults import Refused, Usage
from ..domain.incident import Incident
from ..domain.log_words import NOTES, change
from ..domain.rights import holds
from ..domain.unit import Unit
from ..domain.words import FIELDS, GRADES, PRIORITIES, SOURCES, UNIT_STATES
from ..store import view
from . import posts
from .desk import Desk
from .draft import Draft, Outcome

#: Characters of one value in a line about an edit; the record keeps what is longer.
LONGEST = 120
#: How figures read.
_MEASURES = {"alarm_level": "{}级", "radius_m": "±{} m"}
#: What follows from a place is not told beside it.
_WITH_PLACE = frozenset({"lon", "lat", "radius_m", "district", "town"})


def note(
    desk: Desk, incident_id: str | None, text: str, *, kind: str = "note", party: str | None = None, op_id: str | None = None
) -> Outcome:
    """Write a line of the command log (`kind` note radio phone, `party` who was spoken to), of an incident or of the whole city.

    Entries are records of their own and never conflict.
    """
    draft = Draft(desk, "note", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    if kind not in NOTES:
        raise Usage(f"没有这种记录：{kind}", "没有改动", "可用：" + "、".join(f"{code} {word}" for code, word in NOTES.items()))
    _need_text(text)
    incident = draft.load("incidents", incident_id, Incident) if incident_id else None
    if incident:
        posts.mind(desk, incident)
    data = {"party": party.strip()} if party and party.strip() else None
    entry = LogEntry(desk.new_id(), text.strip(), draft.now, draft.officer.user, kind, incident.id if incident else None, data=data)
    draft.create("log", entry)
    return draft.keep("log", entry.id, incident.number if incident else "", text=text.strip(), note=kind, party=party)


def amend(desk: Desk, entry_id: str, text: str, *, op_id: str | None = None) -> Outcome:
    """Correct an entry by another one that names it; the first stays as it is and stays visible."""
    draft = Draft(desk, "amend", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    _need_text(text)
    old = draft.load("log", entry_id, LogEntry)
    if not may_amend({"kind": old.kind, "by": old.by}, draft.officer.user, desk.role):
        raise Refused("这一条不能由您更正", "没有改动", "自己写的记录由本人或值班长更正；动作留下的由新的动作更正", code="not_yours")
    entry = LogEntry(
        desk.new_id(), text.strip(), draft.now, draft.officer.user, old.kind, old.incident_id, old.unit_id, amends=old.id,
        data={"party": old.data["party"]} if old.data and old.data.get("party") else None,
    )
    draft.create("log", entry)
    number = str((view.record(desk.store, "incidents", old.incident_id) or {}).get("number", "")) if old.incident_id else ""
    return draft.keep("log", entry.id, number, amends=old.id, text=text.strip())


def find_entry(desk: Desk, word: str, kind: str | None = None) -> str:
    """The id of a log entry by itself or a beginning that only one has (Refused)."""
    if view.record(desk.store, "log", word):
        return word
    where = {"kind": kind} if kind else None
    found = [str(row["id"]) for row in view.rows(desk.store, "log", where=where) if str(row["id"]).startswith(word)] if word else []
    if len(found) != 1:
        raise Refused(f"没有找到日志“{word}”" if not found else f"“{word}”对应 {len(found)} 条日志", "没有改动", "用 query log 查看编号", code="unknown_record")
    return found[0]


def edited(draft: Draft, old: Incident, new: Incident) -> LogEntry | None:
    """The line that an edit leaves for all desks; None where nothing changed."""
    if (line := told(old, new)) is None:
        return None
    return LogEntry(draft.desk.new_id(), line[0], draft.now, draft.officer.user, "edit", old.id, data=line[1])


def told(old: Incident, new: Incident) -> tuple[str, dict[str, list[Any]]] | None:
    """What an edit says: (each field with what stood there and what stands there, the same as data by field); None where nothing changed."""
    changed = {name: [getattr(old, name), getattr(new, name)] for name in FIELDS if hasattr(old, name) and getattr(old, name) != getattr(new, name)}
    shown = {name: pair for name, pair in changed.items() if not ("place" in changed and name in _WITH_PLACE)}
    if not shown:
        return None
    return "；".join(change(FIELDS[name], said(name, before), said(name, after)) for name, (before, after) in shown.items()), changed


def unit_line(draft: Draft, old: Unit, new: Unit) -> LogEntry | None:
    """The line of a unit's step outside an assignment: its own steps are forgotten when it is sent the next time."""
    if old.assignment_id or old.state == new.state:
        return None
    reason = f"（{new.reason}）" if new.reason else ""
    text = f"{new.name} {UNIT_STATES.get(new.state, new.state)}{reason}"
    return LogEntry(draft.desk.new_id(), text, draft.now, draft.officer.user, "unit", unit_id=new.id, data={"from": old.state, "to": new.state})


def said(name: str, value: Any) -> str:
    """A field's value in words, in short; "" for none."""
    if value in (None, ""):
        return ""
    if name in _MEASURES:
        return _MEASURES[name].format(value)
    words: dict[str, Mapping[Any, str]] = {"grade": GRADES, "priority": PRIORITIES, "source": SOURCES}
    text = words.get(name, {}).get(value, str(value))
    if name == "type":
        # The tables come with numpy: only edits of a type pay for them.
        from . import catalogue

        text = catalogue.word("type", value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def need_officer(desk: Desk) -> None:
    """Refused for roles that only look."""
    if not holds(desk.role, ("officer", "department")):
        raise Refused("当前角色只能看，不能改", "没有改动", "请以值班员登录", code="wrong_role")


def _need_text(text: str) -> None:
    if not text.strip():
        raise Refused("记录是空的", "没有改动", "请写一句话", code="missing_fields")
