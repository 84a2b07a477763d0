"""`do respond` and `do tick`: from a warning to a plan, and through its list."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ..operations import queries, responding, warnings
from ..operations.desk import Desk
from ..operations.draft import Outcome


def declare(parser: Callable[[str, str], argparse.ArgumentParser]) -> None:
    respond = parser("respond", "启动响应：预案的清单放到事件上；没有写事件就新开一件（生效的预警见 query in_force）")
    respond.add_argument("warning", metavar="WARNING", nargs="?", help="预警的编号，或标题中独有的一段；不写则为 --incident 启动它那一类的预案")
    respond.add_argument("--incident", metavar="INC", help="放到这起事件上")
    respond.add_argument("--plan", metavar="PLAN", help="预案的代码或名称")
    respond.add_argument("--level", type=int, choices=(1, 2, 3, 4), help="响应级别，1 最高；默认按预警的颜色")
    tick = parser("tick", "勾选预案清单里的一项，或 初报 续报 终报")
    tick.add_argument("incident", metavar="INC")
    tick.add_argument("item", metavar="ITEM", help="事项的文字，或其中独有的一段")
    tick.add_argument("--undo", action="store_true", help="取消勾选；原来的记录仍在日志里")


def act(desk: Desk, args: argparse.Namespace) -> Outcome | None:
    """What the verb did; None for a verb of somebody else."""
    if args.act == "tick":
        return responding.tick(desk, queries.find_incident(desk, args.incident), args.item, done=not args.undo, op_id=args.op_id)
    if args.act != "respond":
        return None
    incident = queries.find_incident(desk, args.incident) if args.incident else None
    warning = warnings.find(desk, args.warning) if args.warning else None
    return responding.respond(desk, warning, incident_id=incident, plan=args.plan, level=args.level, op_id=args.op_id)
