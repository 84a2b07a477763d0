"""Handing over and taking over the shift (交接班). Both signatures are entries of the log, kept for ever and seen at every desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..domain.entries import LogEntry
from ..domain.faults import Refused
from ..domain.log_words import NOTES
from ..domain.rights import holds
from ..domain.shift import State, handover, may_sign
from ..store import quarantine, view
from . import logbook, waiting
from .desk import Desk
from .draft import Draft, Outcome
from .handover_list import HANDOVER, SIGNATURE, handovers, signatures
from .incident_list import incidents

#: Without an earlier handover the shift began so long ago.
FIRST_SHIFT = timedelta(hours=12)


def handover_summary(desk: Desk) -> dict[str, Any]:
    """The handover as it would be signed now (domain.shift.handover)."""
    earlier = handovers(desk)
    since = str(earlier[0]["at"]) if earlier else (desk.clock() - FIRST_SHIFT).isoformat(timespec="seconds")
    notes = logbook.log_page(desk, logbook.Asked(since=since, kinds=frozenset(NOTES) | {"roll_call"}), 10_000)
    unsent = waiting.outbox(desk)
    state = State(
        incidents(desk), view.rows(desk.store, "units"), [row for row in unsent if row["state"] != "conflict"],
        [row for row in unsent if row["state"] == "conflict"], notes.rows, (), _late(desk), quarantine.count(desk.store), since,
    )
    return handover(state, desk.clock())


def hand_over(desk: Desk, text: str = "", *, op_id: str | None = None) -> Outcome:
    """Sign the shift off with remarks: an entry with all lists, which waits for the next officer's signature."""
    draft = Draft(desk, "hand_over", op_id)
    if (known := draft.known()) is not None:
        return known
    _need_watch(desk)
    data = handover_summary(desk)
    entry = LogEntry(desk.new_id(), text.strip() or "无备注", draft.now, draft.officer.user, HANDOVER, data=data)
    draft.create("log", entry)
    return draft.keep("log", entry.id, text=text.strip(), **{name: n for name, n in data["counts"].items() if n})


def sign_handover(desk: Desk, entry_id: str, *, op_id: str | None = None) -> Outcome:
    """Take the shift over: the signature of another officer than the one who left (Refused: own, unknown, or signed already)."""
    draft = Draft(desk, "sign_handover", op_id)
    if (known := draft.known()) is not None:
        return known
    _need_watch(desk)
    old = draft.load("log", entry_id, LogEntry)
    if old.kind != HANDOVER or old.amends:
        raise Refused("这一条不是交班记录", "没有改动", "用 query handovers 查看", code="no_handover")
    if not may_sign(old.by, draft.officer.user, plays_all=desk.role == "exercise"):
        raise Refused("不能接自己的班", "交班记录没有改动", "请接班人登录后签名", code="own_handover")
    if signed := signatures(desk).get(old.id):
        raise Refused(f"{signed[0]['by']} 已经接班", "没有改动", code="already_signed")
    entry = LogEntry(desk.new_id(), f"接 {old.by} 的班", draft.now, draft.officer.user, SIGNATURE, data={"handover": old.id})
    draft.create("log", entry)
    return draft.keep("log", entry.id, handover=old.id, from_=old.by)


def _need_watch(desk: Desk) -> None:
    if not holds(desk.role, ("officer",)):
        raise Refused("交接班由值班员或值班长来做", "没有改动", "请以值班员登录", code="wrong_role")


def _late(desk: Desk) -> list[tuple[str, str]]:
    """(kind, what is late of it) of the sources whose picture is old; nothing from a city that has none."""
    # The live picture comes with numpy: a desk that hands over has it, an act of the command line does not need it.
    from .freshness import freshness

    late: dict[str, str] = {}
    for found in freshness(desk, {}).values():
        if found.level:
            late |= dict.fromkeys(found.lines, found.words)
    return sorted(late.items())
