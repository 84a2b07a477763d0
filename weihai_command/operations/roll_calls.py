"""Roll calls (点名) of committed units: what the log says of them, the lines that officers write, and what a call leaves that ran out."""

from __future__ import annotations

import logging
import tomllib
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..domain import roll_call as rules
from ..domain.entries import LogEntry
from ..domain.faults import Refused, StoreFault, Usage
from ..domain.foreign import moment, one_line
from ..domain.geometry import flat_m, is_plausible
from ..domain.unit import COMMITTED, Unit
from ..domain.unit_times import Limits, limits_of
from ..domain.words import UNIT_STATES
from ..store import logbook, outbox, view
from . import user_toml
from .desk import Desk
from .draft import Draft, Outcome
from .noting import need_officer

FILE = "unit_limits.toml"
#: Lines of so long ago say nothing of a call any more.
LOOKED_BACK = timedelta(days=1)
_SPACE = uuid.UUID("6f1d4bb2-6f0a-4d0b-9a53-0c5b0a4f2f11")
log = logging.getLogger(__name__)


def limits(root: Path | None = None) -> Limits:
    """The limits of the data folder `root`, read once; without a file there, or with a wrong one, the program's own."""
    return _limits(root)[0]


def fault(root: Path | None) -> StoreFault | None:
    """Why the data folder's own file is not used; None where it is, or where there is none."""
    return _limits(root)[1]


@cache
def _limits(root: Path | None) -> tuple[Limits, StoreFault | None]:
    built, wrong = (files("resources") / "words" / FILE).read_text("utf-8"), None
    own = root / FILE if root else None
    if own is not None and own.is_file():
        try:
            return user_toml.read(own, limits_of), None
        except StoreFault as found:
            wrong = found
            log.warning("%s is left out: %s", FILE, found.happened)
    return limits_of(tomllib.loads(built), FILE), wrong


def watched(desk: Desk, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`rows` of units, those that are timed with `watch`: {limit (domain.unit_times), number (its incident's), rules, heard, calls (domain.roll_call)}.

    `heard` and `calls` are there for committed units that this desk may call.
    """
    known, busy = limits(desk.profile.root), [row for row in rows if row.get("state") in COMMITTED]
    spoken = _spoken(desk, busy) if busy else {}
    incidents = {id_: view.record(desk.store, "incidents", id_) or {} for id_ in {str(row.get("incident_id") or "") for row in busy} if id_}
    for row in rows:
        if row.get("state") in COMMITTED or row.get("state") == "returning":
            incident = incidents.get(str(row.get("incident_id")), {})
            limit = known.limit(str(row["state"]), str(row.get("kind")), _way(row, incident))
            heard, calls = spoken.get(str(row["id"]), (None, ()))
            row["watch"] = {"limit": limit, "number": str(incident.get("number") or ""), "rules": known.calls, "heard": heard, "calls": calls}
    return rows


def _spoken(desk: Desk, busy: list[dict[str, Any]]) -> dict[str, tuple[datetime | None, tuple[rules.Call, ...]]]:
    """By unit when it was last heard, and its calls since it was sent."""
    since = (desk.clock() - LOOKED_BACK).date().isoformat()
    by_unit: dict[str, list[dict[str, Any]]] = {}
    by_name = {str(row.get("name")): str(row["id"]) for row in busy}
    for entry in logbook.spoken(desk.store, since):
        unit_id = str(entry.get("unit_id") or "") or by_name.get(_party(entry), "")
        by_unit.setdefault(unit_id, []).append(entry)
    # A unit of a feed can only be looked at: nobody here calls it.
    latest = desk.clock() + rules.AHEAD
    return {str(row["id"]): _of_unit(row, by_unit.get(str(row["id"]), []), latest) for row in busy if not row.get("feed")}


def _party(entry: Mapping[str, Any]) -> str:
    data = entry.get("data")
    return str(data.get("party") or "") if isinstance(data, Mapping) else ""


def _of_unit(
    row: Mapping[str, Any], entries: Iterable[Mapping[str, Any]], latest: datetime
) -> tuple[datetime | None, tuple[rules.Call, ...]]:
    steps = row.get("steps")
    told = [step.get("at") for step in steps if isinstance(step, Mapping)] if isinstance(steps, (list, tuple)) else []
    told += [row.get("state_at"), *(entry.get("at") for entry in entries if entry.get("kind") in ("radio", "phone"))]
    heard = max((at for each in told if (at := moment(each)) and at <= latest), default=None)
    calls = (rules.call_of(entry) for entry in entries if entry.get("kind") == "roll_call")
    return heard, tuple(sorted((call for call in calls if call), key=lambda call: (call.at, call.id)))


def _way(row: Mapping[str, Any], incident: Mapping[str, Any]) -> float | None:
    """Metres of straight line from a unit's station to its incident."""
    there, home = _spot(incident, "lon", "lat"), _spot(row, "home_lon", "home_lat")
    return flat_m(*home, *there) if there and home else None


def _spot(row: Mapping[str, Any], *names: str) -> tuple[float, float] | None:
    lon, lat = (row.get(name) for name in names)
    is_known = isinstance(lon, (int, float)) and isinstance(lat, (int, float)) and is_plausible(lon, lat)
    return (float(lon), float(lat)) if is_known else None  # type: ignore[arg-type]


def roll_call(desk: Desk, unit_id: str, answer: str = "ok", *, op_id: str | None = None) -> Outcome:
    """Write what became of a unit's roll call: `answer` called (its time runs), ok, missed, or seen (an escalation is known).

    The last miss escalates: all desks show it until somebody has seen it or the unit is heard.
    """
    draft = Draft(desk, "roll_call", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    if answer not in rules.ANSWERS:
        raise Usage(f"点名没有这种结果：{answer}", "没有改动", "可用：" + "、".join(f"{code} {word}" for code, word in rules.WORDS.items()))
    unit = draft.load("units", unit_id, Unit)
    if not unit.is_committed:
        raise Refused(f"{unit.name}现在是“{UNIT_STATES.get(unit.state, unit.state)}”，不用点名", "没有改动", code="not_committed")
    known_calls = limits(desk.profile.root).calls
    now = _standing(desk, unit_id)
    _mind(unit, answer, now)
    n = now.n if now.state == "called" else min(now.n + 1, len(known_calls.answers_s))
    return _keep(draft, unit, desk.new_id(), answer, n, known_calls)


def _mind(unit: Unit, answer: str, now: rules.Standing) -> None:
    """Refused: what says nothing in this place."""
    if answer == "called" and now.state == "called":
        raise Refused(f"{unit.name}正在点名", "没有改动", "等它应答或时限到", code="already_called")
    if answer in ("called", "missed") and now.state == "escalated":
        raise Refused(f"{unit.name}已经失联升级", "没有改动", "请先知悉，或记下它的应答", code="escalated")
    if answer == "seen" and now.state != "escalated":
        raise Refused(f"{unit.name}没有失联", "没有改动", code="not_escalated")


def _standing(desk: Desk, unit_id: str) -> rules.Standing:
    row = view.record(desk.store, "units", unit_id) or {}
    heard, calls = _spoken(desk, [row]).get(unit_id, (None, ()))
    return rules.standing([heard] if heard else [], calls, desk.clock(), limits(desk.profile.root).calls)


def _keep(draft: Draft, unit: Unit, entry_id: str, answer: str, n: int, known: rules.Rules, by: str | None = None) -> Outcome:
    is_lost = answer == "missed" and n >= len(known.answers_s)
    said = {
        "called": f"第 {n} 次，限 {known.answers_s[n - 1]:.0f} 秒应答", "ok": "应答", "missed": f"第 {n} 次未应答" + ("，失联升级" if is_lost else ""),
        "seen": "失联已知悉",
    }[answer]
    data: dict[str, Any] = {"answer": answer, "call": n} | ({"escalated": True} if is_lost else {})
    text = f"点名 {one_line(unit.name, 40)}：{said}"
    draft.create("log", LogEntry(entry_id, text, draft.now, by or draft.officer.user, "roll_call", unit.incident_id, unit.id, data=data))
    return draft.keep("log", entry_id, unit.name, unit=unit.id, answer=answer)


def write_lapsed(desk: Desk) -> int:
    """Write the misses of calls that this officer made and whose time ran out; how many were written."""
    officer = desk.officer
    if officer is None:
        return 0
    rows, known, written = [row for row in view.rows(desk.store, "units") if row.get("state") in COMMITTED], limits(desk.profile.root).calls, 0
    for unit_id, (heard, calls) in _spoken(desk, rows).items():
        found = rules.standing([heard] if heard else [], calls, desk.clock(), known)
        for call in calls:
            if call.id in found.lapsed and call.by == officer.user:
                written += _write(desk, unit_id, call, known)
    return written


def _write(desk: Desk, unit_id: str, call: rules.Call, known: rules.Rules) -> bool:
    # The same ids wherever it is written: a call is missed once.
    entry_id, op_id = (str(uuid.uuid5(_SPACE, f"{part}|{call.id}")) for part in ("entry", "op"))
    if outbox.get(desk.store, op_id) or view.record(desk.store, "log", entry_id):
        return False
    draft = Draft(desk, "roll_call", op_id)
    _keep(draft, draft.load("units", unit_id, Unit), entry_id, "missed", max(1, min(call.n, len(known.answers_s))), known)
    return True
