"""`do`: an officer's act from the command line, by the same operations as the desk."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from ..cities import opened
from ..domain.faults import PlatformFault, Refused, Usage
from ..domain.words import STATES, UNIT_STATES
from ..operations import acts, intake, planned, queries, resolving, syncing
from ..operations.desk import Desk
from ..operations.draft import Outcome
from ..operations.exempting import exempt
from ..output import emit, say
from ..store import outbox
from . import alarm_acts, log_acts, plan_acts, recommended, unit_acts
from .parser import INCIDENT_ACTS

#: A suspension needs its end; without one on the command line it is this long.
SUSPENDED_FOR = timedelta(days=7)
_REPORT = ("title", "type", "priority", "lon", "lat", "place", "source", "description", "track")


def do(args: argparse.Namespace) -> int:
    with opened(args, ask=False) as desk:
        outcome = _act(desk, args)
        if desk.city.embedded:
            try:
                syncing.sync(desk, wake=True)
            except PlatformFault as fault:
                raise Refused(fault.happened, "操作已经保存在本机", fault.todo) from fault
            outcome = _fresh(desk, outcome)
        word = STATES.get(outcome.state) or UNIT_STATES.get(outcome.state) or outcome.state
        emit(asdict(outcome), args.json, f"{outcome.number} {word}".strip())
    return 0


def _fresh(desk: Desk, outcome: Outcome) -> Outcome:
    row = queries.record(desk, outcome.kind, outcome.id) or {}
    return Outcome(outcome.op_id, outcome.kind, outcome.id, outcome.number, str(row.get("state", outcome.state)))


def _act(desk: Desk, args: argparse.Namespace) -> Outcome:
    op = args.op_id
    if args.act == "report":
        return acts.report(desk, op_id=op, **{name: getattr(args, name) for name in _REPORT})
    if args.act == "status":
        return acts.status(desk, queries.find_unit(desk, args.unit), _unit_state(args.state), reason=args.reason, op_id=op)
    if args.act == "move":
        return acts.move(desk, queries.find_unit(desk, args.unit), queries.find_incident(desk, args.incident), op_id=op)
    if args.act in {"withdraw", "retry"}:
        return getattr(resolving, args.act)(desk, args.op)
    if args.act == "resolve":
        return resolving.resolve(desk, _conflicting(desk, args.incident), args.take)
    if (outcome := log_acts.act(desk, args) or unit_acts.act(desk, args) or plan_acts.act(desk, args) or alarm_acts.act(desk, args)) is not None:
        return outcome
    incident = queries.find_incident(desk, args.incident)
    if args.act == "take":
        return intake.take(desk, incident, op_id=op)
    if args.act == "join":
        return intake.join(desk, incident, queries.find_incident(desk, args.parent), op_id=op)
    if args.act == "claim":
        return acts.claim(desk, incident, op_id=op)
    if args.act == "edit":
        return acts.edit(desk, incident, _pairs(args.set), op_id=op)
    if args.act == "dispatch":
        return _dispatch(desk, args, incident)
    if args.act == "exempt":
        return exempt(desk, incident, args.reason, op_id=op)
    given = {name: getattr(args, name) for name in (option.rstrip("!") for option in INCIDENT_ACTS[args.act][1])}
    if args.act == "suspend" and not given["until"]:
        given["until"] = (desk.clock() + SUSPENDED_FOR).isoformat(timespec="seconds")
        say(f"没有写 --until，挂账到 {given['until'][:10]}（{SUSPENDED_FOR.days} 天）。")
    if given.get("parent"):
        given["parent"] = queries.find_incident(desk, given["parent"])
    return acts.transition(desk, incident, args.act, op_id=op, **given)


def _dispatch(desk: Desk, args: argparse.Namespace, incident: str) -> Outcome:
    row = queries.record(desk, "incidents", incident) or {}
    if row.get("track") == "municipal":
        return acts.dispatch(desk, incident, (), department=args.department or (args.units[0] if args.units else None), op_id=args.op_id)
    if args.recommended:
        return planned.dispatch_recommended(desk, incident, level=recommended.level(args.level), op_id=args.op_id)
    units = [queries.find_unit(desk, word) for word in args.units]
    return acts.dispatch(desk, incident, units, alarm_level=recommended.level(args.level), op_id=args.op_id)


def _unit_state(word: str) -> str:
    """A state by its code or its Chinese word."""
    return next((code for code, name in UNIT_STATES.items() if word in (code, name)), word)


def _pairs(given: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise Usage(f"--set 要写成 字段=值：{pair}")
        try:
            found[name] = float(value) if name in {"lon", "lat", "radius_m"} else int(value) if name in {"grade", "alarm_level"} else value
        except ValueError:
            raise Usage(f"{name} 要写成数字：{value}", "没有改动") from None
    return found


def _conflicting(desk: Desk, word: str) -> str:
    """The op id of a conflict, by itself or by the number of its incident."""
    if outbox.get(desk.store, word) is not None:
        return word
    found = [row for row in queries.conflicts(desk) if word in (row["number"], row["record_id"], row["id"])]
    if not found:
        incident = queries.find_incident(desk, word)
        found = [row for row in queries.conflicts(desk) if incident in (row["record_id"], row["id"])]
    if not found:
        raise Refused(f"{word} 没有冲突", "没有改动", "用 query conflicts 查看", code="no_conflict")
    return str(found[0]["op_id"])
