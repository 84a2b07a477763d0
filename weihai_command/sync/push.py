"""Send what waits: in order per record, guarded by versions, checked after every unknown outcome. One process at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..domain.act import Step
from ..domain.faults import PlatformFault, Unauthorised
from ..feeds.platform import Platform, Reply
from ..store import mirror, outbox
from ..store.store import Store
from .conflict import carries, judge, merged, seen, stamped

#: Seconds before the nth try of the same act.
BACK_OFF_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
#: Times that one push follows a record which others keep changing.
TRIES = 3


@dataclass(slots=True)
class Pushed:
    """What one push did: acts that are done, and the kinds whose rows changed; `stopped` says why it ended early.

    `refused` are the accounts that the platform does not accept: their acts wait, those of the others go.
    """

    acts: int = 0
    kinds: set[str] = field(default_factory=set)
    stopped: str = ""
    refused: set[str] = field(default_factory=set)


def push(store: Store, platforms: Callable[[str], Platform | None], now: Callable[[], float]) -> Pushed:
    """Send every act that may go; `platforms(actor)` is the platform under that officer's account, None when he is not signed in.

    Raises nothing for network trouble: what did not go is `pending` again, with its reason and its next time.
    """
    pushed = Pushed()
    blocked: set[tuple[str, str]] = set()
    for act in outbox.acts(store):
        steps = [step for step in outbox.steps_of(store, act.op_id) if step.state not in {"done", "withdrawn"}]
        # Taken back by its officer while the acts before it were sent.
        if not steps:
            continue
        records = {(step.kind, step.record_id) for step in steps}
        platform = None if act.actor in pushed.refused else platforms(act.actor)
        waits = act.state in {"conflict", "rejected"} or platform is None or act.next_at > now() or not records.isdisjoint(blocked)
        if waits or platform is None or not _send_act(store, platform, steps, pushed, now):
            blocked |= records
        if pushed.stopped == "unauthorised":
            # This officer's password is his own affair: the others' acts go on.
            pushed.stopped = ""
            pushed.refused.add(act.actor)
            outbox.hold_back(store, act)
        if pushed.stopped:
            break
    return pushed


def _send_act(store: Store, platform: Platform, steps: list[Step], pushed: Pushed, now: Callable[[], float]) -> bool:
    """True when all steps are done."""
    for step in steps:
        if step.state in {"conflict", "rejected"}:
            return False
        try:
            sent = _send_step(store, platform, step, pushed, now)
        except PlatformFault as fault:
            # Only reading raises: nothing of this try can have changed the record.
            status = "unauthorised" if isinstance(fault, Unauthorised) else "transient"
            sent = _unsent(store, platform, step, Reply(status, error=fault.happened, sent=False), pushed, now)
        pushed.kinds.add(step.kind)
        if not sent:
            return False
    pushed.acts += 1
    return True


def _send_step(store: Store, platform: Platform, step: Step, pushed: Pushed, now: Callable[[], float]) -> bool:
    """True when the platform has the step."""
    if step.method == "create":
        return _create(store, platform, step, pushed, now)
    doubtful = _in_doubt(step)
    ours = None if doubtful else mirror.get(store, step.kind, step.record_id)
    ours = ours or platform.get(step.kind, step.record_id)
    if ours is None:
        return _missing(store, platform, step)
    # The record forgets an op after OPS_KEPT others or a stranger's PUT; the history does not.
    if doubtful and (carries(ours, step.op_id) or _applied(platform, step)):
        return _done(store, step, ours)
    for _ in range(TRIES):
        verdict = judge(step, ours)
        if verdict.what == "done":
            return _done(store, step, ours)
        if verdict.what == "conflict":
            return _conflict(store, step, ours)
        if verdict.what == "merge":
            step = outbox.put_onto(store, step, merged(step, ours), seen(ours))
        if not outbox.mark_sending(store, step):
            return False
        reply = platform.patch(step.kind, step.record_id, stamped(step.patch, step.op_id, ours), int(ours["last_modified"]), step.op_id)
        if reply.status == "applied" and reply.record is not None:
            return _done(store, step, reply.record)
        if reply.status != "stale" or reply.existing is None:
            return _unsent(store, platform, step, reply, pushed, now)
        ours = reply.existing
        _mirror(store, step.kind, ours)
    outbox.mark_pending(store, step, "记录正被频繁修改，稍后再试", now() + 2.0, maybe_arrived=False)
    return False


def _in_doubt(step: Step) -> bool:
    """True when an earlier try of this step may have arrived."""
    return step.state == "sending"


def _missing(store: Store, platform: Platform, step: Step) -> bool:
    """The record is not there: our change may have been in it before it was deleted."""
    if _in_doubt(step) and _applied(platform, step):
        return _done(store, step, None)
    outbox.mark_stopped(store, step, "rejected", "平台上没有这条记录，可能已被删除")
    return False


def _create(store: Store, platform: Platform, step: Step, pushed: Pushed, now: Callable[[], float]) -> bool:
    # Kinto resurrects a deleted id on If-None-Match: *, so an unknown outcome asks the history before it asks again.
    if step.attempts and _applied(platform, step):
        return _done(store, step, platform.get(step.kind, step.record_id))
    if not outbox.mark_sending(store, step):
        return False
    reply = platform.create(step.kind, {"id": step.record_id, **stamped(step.patch, step.op_id, None)}, step.op_id)
    if reply.status == "applied" and reply.record is not None:
        return _done(store, step, reply.record)
    if reply.status == "stale" and reply.existing is not None:
        if carries(reply.existing, step.op_id):
            return _done(store, step, reply.existing)
        return _conflict(store, step, reply.existing)
    return _unsent(store, platform, step, reply, pushed, now)


def _applied(platform: Platform, step: Step) -> bool:
    """True when the server's history knows our op on this record."""
    return any((entry.kind, entry.id) == (step.kind, step.record_id) for entry in platform.history(step.op_id))


def _done(store: Store, step: Step, record: dict[str, Any] | None) -> bool:
    """`record` is what the platform has now, None when it was deleted since."""
    # Mirror first, then done: a replay of the second half is harmless, the other order would lose the row.
    if record is not None:
        _mirror(store, step.kind, record)
    outbox.mark_done(store, step, int(record["last_modified"]) if record is not None else None)
    return True


def _mirror(store: Store, kind: str, record: dict[str, Any]) -> None:
    """Show what the platform has; a record that breaks the rules of the border waits for the pull, which quarantines it."""
    # Reading the models costs half a second; only who speaks to a platform pays it.
    from ..feeds.wire import Invalid, validate

    with suppress(Invalid):
        mirror.put(store, kind, validate(kind, record))


def _conflict(store: Store, step: Step, theirs: dict[str, Any]) -> bool:
    _mirror(store, step.kind, theirs)
    outbox.mark_stopped(store, step, "conflict", "别的席位先改了这条记录", theirs)
    return False


def _unsent(store: Store, platform: Platform, step: Step, reply: Reply, pushed: Pushed, now: Callable[[], float]) -> bool:
    if reply.status == "missing":
        return _missing(store, platform, step)
    if reply.status == "rejected":
        outbox.mark_stopped(store, step, "rejected", reply.error or "平台不接受这条记录")
        return False
    # Once a try may have arrived, no later failure can take the doubt away: only an answer about the record does.
    doubt = _in_doubt(step) or (reply.sent and reply.status != "unauthorised")
    if reply.status == "unauthorised":
        outbox.mark_pending(store, step, reply.error or "平台不认这个账号", 0.0, maybe_arrived=doubt)
        pushed.stopped = "unauthorised"
        return False
    wait = BACK_OFF_S[min(step.attempts, len(BACK_OFF_S) - 1)] * (0.8 + 0.4 * random.random())
    outbox.mark_pending(store, step, reply.error or "平台没有应答", now() + max(wait, reply.retry_after or 0.0), maybe_arrived=doubt)
    # An answer that asks for patience concerns this record; silence concerns the whole platform.
    pushed.stopped = "" if reply.sent and reply.retry_after else "transient"
    return False
