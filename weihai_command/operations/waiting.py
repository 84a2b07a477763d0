"""What the platform does not have yet, for people: the outbox with why each act waits, and conflicts with what is done and what can be undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..domain.act import Act, Step
from ..domain.faults import Refused
from ..domain.kinds import KINDS
from ..domain.words import ACTS, FIELDS, STATES, SYNC, UNIT_STATES
from ..store import outbox as kept
from ..store import view
from ..sync.conflict import compared
from .desk import Desk
from .resolving import remade, stopped_view, theirs_now

#: Fields that hold ids, and of what.
_NAMED = {"incident_id": "incidents", "parent": "incidents", "assignment_id": "assignments", "unit_ids": "units", "unit_id": "units"}


def outbox(desk: Desk) -> list[dict[str, Any]]:
    """Acts that the platform does not have yet, in order, each with why it waits."""
    return [
        {
            "op_id": act.op_id, "verb": act.verb, "verb_word": ACTS.get(act.verb, act.verb), "kind": act.kind,
            "id": act.record_id, "number": act.number, "at": act.at, "actor": act.actor, "state": act.state, "word": SYNC[act.state], "error": act.error,
            "waiting": _why(desk, act.actor, act.state, act.error),
        }
        for act in kept.acts(desk.store)
    ]


def conflicts(desk: Desk) -> list[dict[str, Any]]:
    """Acts that met another desk's: base, mine and theirs by field, and every step of the act: {word, state, undo}.

    `name` is the call sign where it is about a unit, `names` say what the ids among the values are called.
    `mine_refused` says why the rules forbid to take mine now, "" where they do not.
    """
    found = []
    for act in kept.acts(desk.store, ("conflict",)):
        steps = kept.steps_of(desk.store, act.op_id)
        told = [{"word": step_word(desk, step), "state": step.state, "undo": _undo(desk, step) if step.state == "done" else ""} for step in steps]
        for step in steps:
            if step.state == "conflict":
                now = replace(step, theirs=theirs_now(desk.store, step))
                fields = [{**field, "word": FIELDS.get(field["field"], field["field"])} for field in compared(now)]
                found.append({
                    "op_id": act.op_id, "verb": act.verb, "verb_word": ACTS.get(act.verb, act.verb), "kind": step.kind, "id": step.record_id,
                    "number": act.number, "fields": fields, "done_steps": stopped_view(desk, act), "steps": told, "at": act.at, "actor": act.actor,
                    "name": _name(desk, "units", step.record_id) if step.kind == "units" else "", "names": _names(desk, fields),
                    "record_kind": act.kind, "record_id": act.record_id, "mine_refused": _refused(desk, act, now),
                })
    return found


def step_word(desk: Desk, step: Step) -> str:
    """One step of an act in words: 消防101 → 派遣中."""
    name = _name(desk, step.kind, step.record_id)
    if step.kind == "units":
        return f"{name} → {UNIT_STATES.get(str(step.patch['state']), str(step.patch['state']))}" if "state" in step.patch else f"{name} 修改"
    if step.kind == "assignments":
        unit = _name(desk, "units", str((view.record(desk.store, "assignments", step.record_id) or step.patch).get("unit_id") or ""))
        return f"派遣单 {unit}" + ("" if step.method == "create" else " 更新")
    if step.kind == "incidents":
        return f"{name} {_incident_change(desk, step)}".strip()
    return f"{KINDS[step.kind].word}一条" if step.method == "create" else f"{KINDS[step.kind].word} {name}".strip()


def _incident_change(desk: Desk, step: Step) -> str:
    before, after = set(step.base.get("unit_ids") or ()), set(step.patch.get("unit_ids") or ())
    parts = []
    if step.method == "patch" and step.patch.get("state"):
        parts.append(f"→ {STATES.get(str(step.patch['state']), str(step.patch['state']))}")
    if "unit_ids" in step.patch:
        for sign, units in (("加入", after - before), ("移出", before - after)):
            parts += [f"{sign} {'、'.join(sorted(_name(desk, 'units', unit) for unit in units))}"] if units else []
    return "，".join(parts) or ("新建" if step.method == "create" else "修改")


def _undo(desk: Desk, step: Step) -> str:
    """What taking theirs does about a step that the platform has: it puts back only what still stands as this act left it."""
    now = view.record(desk.store, step.kind, step.record_id) or {}
    if step.method == "create":
        return "留作记录"
    stands = all(now.get(name) == value for name, value in step.patch.items() if name != "history")
    if step.kind == "units" and not stands:
        ours = bool(now.get("assignment_id")) and now.get("assignment_id") == step.patch.get("assignment_id")
        return "可撤回：改为返回" if ours else "已被别人改动，不再动它"
    if not stands:
        return "只撤回没有再被改动的部分"
    state = str(step.base.get("state") or "")
    return f"可撤回：恢复为{UNIT_STATES.get(state, STATES.get(state, state))}" if "state" in step.patch and state else "可撤回"


def _refused(desk: Desk, act: Act, step: Step) -> str:
    try:
        remade(desk, act, step, step.theirs or {})
    except Refused as fault:
        return fault.sentence()
    return ""


def _name(desk: Desk, kind: str, record_id: str) -> str:
    found = view.record(desk.store, kind, record_id) if record_id else None
    return str((found or {}).get("number") or (found or {}).get("name") or "")


def _names(desk: Desk, fields: list[dict[str, Any]]) -> dict[str, str]:
    """The incidents, assignments and units that a conflict's values name, by id."""
    found: dict[str, str] = {}
    for field in fields:
        kind = _NAMED.get(field["field"])
        for value in (field[side] for side in ("base", "mine", "theirs")) if kind else ():
            for each in value if isinstance(value, (list, tuple)) else [value]:
                if each:
                    found[str(each)] = _called(desk, str(kind), str(each))
    return {each: name for each, name in found.items() if name}


def _called(desk: Desk, kind: str, record_id: str) -> str:
    if kind != "assignments":
        return _name(desk, kind, record_id)
    # Another desk's may not have come yet: it has no number of its own.
    row = view.record(desk.store, kind, record_id)
    return f"{_name(desk, 'incidents', str(row.get('incident_id') or ''))} 的派遣单".strip() if row else "另一张派遣单"


def _why(desk: Desk, actor: str, state: str, error: str | None) -> str:
    if state == "conflict":
        return "别的席位先改了，等您决定"
    if state == "rejected":
        return error or "平台不接受"
    if actor not in desk.platforms:
        return f"等 {actor} 登录后以本人账号发出"
    if actor in desk.refused:
        return f"平台不再接受 {actor} 的密码，等其重新登录后发出"
    if desk.link.state == "offline":
        return "平台连不上，恢复后自动续发"
    return error or "排队发送"
