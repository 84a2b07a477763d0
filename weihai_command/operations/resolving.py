"""What an officer decides about acts that did not go through: take mine, take theirs, withdraw, send again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..domain import clocks, lifecycle, unit_lifecycle
from ..domain.act import Act, Step
from ..domain.faults import Refused
from ..domain.incident import Incident
from ..domain.kinds import KINDS, TECHNICAL
from ..domain.record import difference, read
from ..domain.rights import holds
from ..domain.unit import Unit
from ..domain.words import ACTS
from ..store import mirror, outbox, view
from ..store.store import Store
from ..sync.conflict import differing
from . import alarms, deadlines
from .desk import Desk
from .draft import Outcome, outcome_of
from .noting import told
from .tidying import judged
from .undoing import undoing

#: Needs that an act fills itself, even where what it says stood there already.
_SAID = frozenset({"owner", "department", "reason", "outcome", "result", "until", "parent"})
#: Of these, what the incident itself may fill.
_HELD = frozenset({"owner", "department"})


def resolve(desk: Desk, op_id: str, take: str) -> Outcome:
    """Settle a conflict. `mine` is decided again by the rules on what the platform has now, and refused where they forbid it."""
    user = _decider(desk)
    act = _stopped(desk, op_id, "conflict")
    if take == "theirs":
        return _give_way(desk, act)
    steps = outbox.steps_of(desk.store, op_id)
    for step in steps:
        if step.state == "conflict":
            theirs = theirs_now(desk.store, step)
            patch = remade(desk, act, step, theirs)
            chained = _chained(desk, act, step, theirs, patch) + _retold(act, steps, theirs, patch)
            outbox.rebase(desk.store, step, patch, _seen(theirs), int(theirs.get("last_modified", 0)), desk.now(), user, chained)
    return outcome_of(desk.store, _get(desk, op_id))


def _chained(desk: Desk, act: Act, step: Step, theirs: dict[str, Any], patch: dict[str, Any]) -> list[Step]:
    """What waits behind `step` on its record, on top of what `patch` makes of `theirs`.

    From the first that touches what others changed, or that the rules forbid there, all keep their base: they meet a conflict of their own.
    """
    changed = differing(step.kind, step.base, theirs)
    chained: list[Step] = []
    before, after = {**step.base, **step.patch}, {**theirs, **patch}
    for seq, waiting in outbox.open_steps(desk.store):
        if seq <= act.seq or waiting.state != "pending" or (waiting.kind, waiting.record_id) != (step.kind, step.record_id):
            continue
        # Only what was done right upon this step as it read: an earlier decision may have moved it past changes that the other never saw.
        if differing(step.kind, waiting.base, before) or not changed.isdisjoint(waiting.patch):
            break
        try:
            again = remade(desk, _get(desk, waiting.op_id), waiting, after)
        except Refused:
            break
        chained.append(replace(waiting, patch=again, base=_seen(after), base_version=None))
        before, after = {**before, **waiting.patch}, {**after, **again}
    return chained


def _retold(act: Act, steps: list[Step], theirs: dict[str, Any], patch: dict[str, Any]) -> list[Step]:
    """The line of an edit, which now replaces what others wrote; where that reads the same already the line stays as it was."""
    line = next((each for each in steps if each.method == "create" and each.patch.get("kind") == "edit" and each.state == "pending"), None)
    if act.verb != "edit" or line is None or (said := told(read(Incident, theirs), read(Incident, {**theirs, **patch}))) is None:
        return []
    return [replace(line, patch={**line.patch, "text": said[0], "data": said[1]})]


def _seen(record: dict[str, Any]) -> dict[str, Any]:
    """A platform's record as a base: without bookkeeping."""
    return {key: value for key, value in record.items() if key not in TECHNICAL}


def theirs_now(store: Store, step: Step) -> dict[str, Any]:
    """The platform's version that stands against `step`: what was met, or what has come since."""
    met, seen = step.theirs or {}, mirror.get(store, step.kind, step.record_id) or {}
    return seen if int(seen.get("last_modified", 0)) > int(met.get("last_modified", 0)) else met


def withdraw(desk: Desk, op_id: str) -> Outcome:
    """Take back an act that has not reached the platform; what reached it is undone by a new act."""
    _decider(desk)
    act = _get(desk, op_id)
    if act.state in {"done", "withdrawn"}:
        word = "平台已经收到" if act.state == "done" else "已经撤回"
        raise Refused(f"这一步{word}", "没有改动", "如需更正请做新的操作", code="already_sent")
    behind = _built_on(desk, act)
    if behind:
        raise _built_upon(desk, behind)
    return _give_way(desk, act)


def _built_upon(desk: Desk, op_ids: list[str]) -> Refused:
    later = [_get(desk, op_id) for op_id in op_ids]
    words = "、".join(f"{ACTS.get(each.verb, each.verb)} {each.op_id}" for each in later[:5])
    return Refused(f"后面还有 {len(later)} 个操作以它为基础", "没有改动", f"请先撤回：{words}", code="built_on")


def _built_on(desk: Desk, act: Act) -> list[str]:
    """Later open acts on records that only `act` creates: without it they would point at nothing."""
    waiting = outbox.open_steps(desk.store)
    made = {(step.kind, step.record_id) for _, step in waiting if step.op_id == act.op_id and step.method == "create"}
    return list(dict.fromkeys(step.op_id for seq, step in waiting if seq > act.seq and _touches(step, made)))


def _touches(step: Step, records: set[tuple[str, str]]) -> bool:
    """Whether a step changes one of `records`, or names it in what it writes."""
    named = {value for value in step.patch.values() if isinstance(value, str)}
    return (step.kind, step.record_id) in records or any(record_id in named for _, record_id in records)


def retry(desk: Desk, op_id: str) -> Outcome:
    """Send a rejected or waiting act again, without waiting for its time."""
    user = _decider(desk)
    act = _get(desk, op_id)
    outbox.retry(desk.store, op_id, desk.now(), user)
    return outcome_of(desk.store, _get(desk, act.op_id))


def _decider(desk: Desk) -> str:
    """The account of the officer who decides here (Refused: nobody is signed in, or the role may only look)."""
    if desk.officer is None:
        raise Refused("还没有登录", "没有改动", "请先登录，再决定", code="signed_out")
    if not holds(desk.role, ("officer", "department")):
        raise Refused("当前角色只能看，不能改", "没有改动", "请以值班员登录", code="wrong_role")
    return desk.officer.user


def remade(desk: Desk, act: Act, step: Step, theirs: dict[str, Any]) -> dict[str, Any]:
    """The patch of `step` as the same wish would read on `theirs` (Refused where the tables forbid it now)."""
    if theirs.get("deleted"):
        raise Refused("平台上的这条记录已被删除", "本机的操作还在", "可以撤回这一步", code="deleted")
    if step.kind == "incidents":
        old = read(Incident, theirs)
        return difference(old, _incident_again(desk, act, step, old))
    if step.kind == "units":
        unit = read(Unit, theirs)
        return difference(unit, _unit_again(act, step, unit))
    if step.kind == "assignments" and theirs.get("state") == "released" != step.patch.get("state", "released"):
        raise Refused("这次派遣已经结束", "本机的操作还在", "请撤回这一步，按现在的情况重做", code="moved_on")
    return dict(step.patch)


def _incident_again(desk: Desk, act: Act, step: Step, old: Incident) -> Incident:
    before, after = list(step.base.get("unit_ids") or ()), list(step.patch.get("unit_ids") or ())
    left = [unit for unit in before if unit not in after] if "unit_ids" in step.patch else []
    if act.verb == "undo":
        return _undone_again(step, old)
    if act.verb == "tidy":
        listed = tuple(unit for unit in dict.fromkeys((*old.unit_ids, *after)) if unit not in left and (unit in old.unit_ids or _is_on(desk, unit, old)))
        return replace(old, unit_ids=listed) if not old.is_ended else old
    if act.verb == "status" or (act.verb == "move" and left):
        return replace(old, unit_ids=tuple(unit for unit in old.unit_ids if unit not in left))
    if act.verb == "edit":
        return replace(old, **{key: value for key, value in step.patch.items() if key not in TECHNICAL})
    verb = "dispatch" if act.verb == "move" or (act.verb == "merge" and step.record_id != act.record_id) else act.verb
    given = _said(step, verb, old)
    if verb == "dispatch" and "unit_ids" in step.patch:
        given["unit_ids"] = tuple(unit for unit in after if unit not in before and _is_on(desk, unit, old))
    if verb == "close" and old.frozen:
        given["municipal"] = "resume" if step.patch.get("track") else "close"
    command = lifecycle.Command(verb, act.actor, desk.role, act.op_id, given)
    new = judged(desk.store, old, verb, is_decision=True)
    for event in lifecycle.decide(new, command, act.at):
        new = lifecycle.evolve(new, event)
    new = clocks.carried(old, new, verb, act.at, deadlines.rules(desk.profile.root))
    return _emptied(new, left) if verb == "merge" else new


def _said(step: Step, verb: str, old: Incident) -> dict[str, Any]:
    """What the act filled along with it, and what it needs of what it found there: its patch has none of that."""
    row = lifecycle.find(old.track, old.state, verb)
    needs = _SAID.intersection(row.needs) if row else frozenset()
    wanted = {key for key in needs if verb == "claim" or key not in _HELD or not getattr(old, key)}
    before = {key: step.base[key] for key in wanted if step.base.get(key) is not None}
    return before | {key: step.patch[key] for key in lifecycle.FILLED if step.patch.get(key) is not None}


def _undone_again(step: Step, old: Incident) -> Incident:
    """What an undoing puts back where nobody changed it since, and the units that it takes off the list or puts onto it."""
    base = read(Incident, step.base | {"id": old.id})
    wished = read(Incident, step.base | step.patch | {"id": old.id})
    keys = [key for key in step.patch if key not in TECHNICAL | {"history", "unit_ids"} and getattr(old, key, None) == getattr(base, key, None)]
    gone, come = set(base.unit_ids) - set(wished.unit_ids), [each for each in wished.unit_ids if each not in {*base.unit_ids, *old.unit_ids}]
    if come and old.is_ended:
        raise Refused(f"{old.number}已经结束，不能再放回力量", "本机的操作还在", "请按平台的版本，再按现在的情况操作", code="incident_ended")
    lines = wished.history[len(base.history) :] if "state" in keys else ()
    return replace(
        old, **{key: getattr(wished, key) for key in keys}, history=(*old.history, *lines),
        unit_ids=(*(each for each in old.unit_ids if each not in gone), *come),
    )


def _is_on(desk: Desk, unit_id: str, incident: Incident) -> bool:
    """Whether a unit is still on this incident: while its list stood in conflict it may have been released or sent on."""
    return (view.record(desk.store, "units", unit_id) or {}).get("incident_id") == incident.id


def _emptied(merged: Incident, left: list[str]) -> Incident:
    """A merged incident without the units that went on; nobody may stay on what has ended."""
    rest = tuple(unit for unit in merged.unit_ids if unit not in left)
    if rest:
        raise Refused(f"{merged.number}又派了 {len(rest)} 个力量", "本机的操作还在", "请撤回这一步，按现在的情况重新合并", code="units_committed")
    return replace(merged, unit_ids=rest)


def _unit_again(act: Act, step: Step, unit: Unit) -> Unit:
    # A step that was put onto another version before carries only what differed there.
    wish = {**step.base, **step.patch}
    if act.verb == "dispatch":
        return unit_lifecycle.send(unit, str(wish["assignment_id"]), str(wish["incident_id"]), act.actor, act.at)
    is_elsewhere = unit.incident_id != step.base.get("incident_id")
    # The act's other steps name the list and the assignment that the unit had when it was done.
    if (act.verb in {"move", "merge"} and is_elsewhere) or (act.verb == "status" and (is_elsewhere or unit.assignment_id != step.base.get("assignment_id"))):
        raise Refused(f"{unit.name}已不在原来的事件上", "本机的操作还在", "请撤回这一步，按现在的情况重做", code="moved_on")
    if act.verb == "undo" and (unit.state, unit.assignment_id) != (step.base.get("state"), step.base.get("assignment_id")):
        raise Refused(f"{unit.name}的状态已经变了，不能再退回", "本机的操作还在", "请按平台的版本，再按现在的情况操作", code="moved_on")
    if act.verb == "move":
        return unit_lifecycle.move_to(unit, str(wish["assignment_id"]), str(wish["incident_id"]), act.actor, act.at)
    if act.verb == "status":
        return unit_lifecycle.advance(unit, str(wish["state"]), act.actor, act.at, wish.get("reason")).unit
    return replace(unit, **{key: value for key, value in step.patch.items() if key not in TECHNICAL})


def _give_way(desk: Desk, act: Act) -> Outcome:
    steps = outbox.steps_of(desk.store, act.op_id)
    done = sum(step.state == "done" for step in steps)
    why = "按平台的版本" if act.state == "conflict" else "撤回"
    behind, stuck = _without(desk, act, steps)
    if stuck and act.state == "pending" and not done:
        raise _built_upon(desk, stuck)
    moved = {(step.op_id, step.n): step for step in behind}
    rest = [moved.get((step.op_id, step.n), step) for _, step in outbox.open_steps(desk.store) if step.op_id != act.op_id]
    undo = undoing(desk, act, steps, rest)
    if not outbox.drop(desk.store, act.op_id, desk.now(), _decider(desk), why, done=done, undo=undo, behind=behind):
        raise Refused("这一步正在发送，可能已经到达平台", "没有改动", "等它有了结果再撤回", code="in_flight")
    if act.verb in alarms.VERBS.values():
        alarms.follow(desk)
    return outcome_of(desk.store, _get(desk, act.op_id))


def _without(desk: Desk, act: Act, steps: list[Step]) -> tuple[list[Step], list[str]]:
    """The later steps as they read once `act` is gone, and the ops that the rules forbid without it though nobody else wrote."""
    behind: list[Step] = []
    stuck: list[str] = []
    waiting = outbox.open_steps(desk.store)
    for step in steps:
        below = _below(desk, step, [each for seq, each in waiting if seq < act.seq])
        if step.state == "done" or step.method != "patch" or below is None:
            continue
        chained = _chained(desk, act, step, below, {})
        behind += chained
        if not differing(step.kind, step.base, below):
            kept = {each.op_id for each in chained}
            stuck += [each.op_id for seq, each in waiting if seq > act.seq and _record(each) == _record(step) and each.op_id not in kept]
    return behind, list(dict.fromkeys(stuck))


def _below(desk: Desk, step: Step, earlier: list[Step]) -> dict[str, Any] | None:
    """The record under `step`: what the platform has, with what this desk's earlier acts make of it."""
    record = mirror.get(desk.store, step.kind, step.record_id)
    for each in earlier:
        if _record(each) == _record(step):
            record = {"id": step.record_id, **(record or {}), **each.patch}
    return record


def _record(step: Step) -> tuple[str, str]:
    return step.kind, step.record_id


def _stopped(desk: Desk, op_id: str, state: str) -> Act:
    act = _get(desk, op_id)
    if act.state != state:
        raise Refused("这一步没有冲突", "没有改动", code="no_conflict")
    return act


def _get(desk: Desk, op_id: str) -> Act:
    act = outbox.get(desk.store, op_id)
    if act is None:
        raise Refused(f"没有这个操作：{op_id}", "没有改动", "用 query outbox 查看操作号", code="unknown_op")
    return act


def stopped_view(desk: Desk, act: Act) -> list[str]:
    """What of the act had been done before it stopped, in words."""
    words = []
    for step in outbox.steps_of(desk.store, act.op_id):
        if step.state == "done":
            record = view.record(desk.store, step.kind, step.record_id) or {}
            words.append(f"{KINDS[step.kind].word} {record.get('number') or record.get('name') or ''}".strip())
    return words
