"""`do` verbs of the command log and of the shift: note, amend, handover, sign."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..domain.log_words import NOTES
from ..operations import noting, queries, shifts
from ..operations.desk import Desk
from ..operations.draft import Outcome

#: Where an incident would stand: the entry belongs to the city as a whole.
WHOLE_CITY = "-"
Add = Callable[[str, str], argparse.ArgumentParser]


def declare(add: Add) -> None:
    note = add("note", "记录；不属于某一起事件时 INC 写 -")
    note.add_argument("incident", metavar="INC")
    note.add_argument("text", metavar="TEXT")
    note.add_argument("--kind", choices=tuple(NOTES), default="note", help="记录、电台或电话")
    note.add_argument("--party", metavar="WHO", help="通话的对方")
    amend = add("amend", "更正一条指挥日志，原文保留可见")
    amend.add_argument("entry", metavar="ENTRY")
    amend.add_argument("text", metavar="TEXT")
    add("handover", "交班：列出在办、未发、挂账、关注、记录并签名").add_argument("--text", default="", metavar="TEXT", help="备注")
    add("sign", "接班：在另一位值班员的交班上签名").add_argument("handover", metavar="HANDOVER")


def act(desk: Desk, args: argparse.Namespace) -> Outcome | None:
    """What the verb did; None for a verb of somebody else."""
    op = args.op_id
    if args.act == "note":
        incident = None if args.incident == WHOLE_CITY else queries.find_incident(desk, args.incident)
        return noting.note(desk, incident, args.text, kind=args.kind, party=args.party, op_id=op)
    if args.act == "amend":
        return noting.amend(desk, noting.find_entry(desk, args.entry), args.text, op_id=op)
    if args.act == "handover":
        return shifts.hand_over(desk, args.text, op_id=op)
    if args.act == "sign":
        return shifts.sign_handover(desk, noting.find_entry(desk, args.handover, "handover"), op_id=op)
    return None
