"""`do` verbs of units beside status, dispatch and move: assign, unassign, call."""

from __future__ import annotations

import argparse

from ..operations import assigning, queries, roll_calls
from ..operations.desk import Desk
from ..operations.draft import Outcome
from .log_acts import Add


def declare(add: Add) -> None:
    assign = add("assign", "指派：力量为某起事件待命，还不派遣")
    assign.add_argument("unit", metavar="UNIT")
    assign.add_argument("incident", metavar="INC", nargs="?")
    add("unassign", "取消指派").add_argument("unit", metavar="UNIT")
    call = add("call", "点名：处置中的力量应答了；或开始呼叫、未应答、知悉失联")
    call.add_argument("unit", metavar="UNIT")
    how = call.add_mutually_exclusive_group()
    for name, answer, words in (("ask", "called", "开始呼叫，时限起算"), ("missed", "missed", "未应答；两次升级"), ("seen", "seen", "失联已知悉")):
        how.add_argument(f"--{name}", dest="answer", action="store_const", const=answer, default="ok", help=words)


def act(desk: Desk, args: argparse.Namespace) -> Outcome | None:
    """What the verb did; None for a verb of somebody else."""
    if args.act not in ("assign", "unassign", "call"):
        return None
    unit = queries.find_unit(desk, args.unit)
    if args.act == "call":
        return roll_calls.roll_call(desk, unit, args.answer, op_id=args.op_id)
    if args.act == "unassign":
        return assigning.unassign(desk, unit, op_id=args.op_id)
    return assigning.assign(desk, unit, queries.find_incident(desk, args.incident) if args.incident else None, op_id=args.op_id)
