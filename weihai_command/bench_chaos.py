"""`bench chaos`: the campaign on this machine's own PostgreSQL, and whether it found a loss."""

from __future__ import annotations

import argparse
from typing import Any

from .chaos import cluster
from .chaos.campaign import Campaign
from .output import emit, refuse, say

#: What no campaign with its guards may find. `torn` and `adrift`: a list and its unit disagree at the end.
FAULTS = ("lost", "twice", "overwritten", "rules_broken", "unpresented", "unequal", "waiting", "miscounted", "torn", "adrift", "crashed", "unsettled")


def run(args: argparse.Namespace) -> int:
    """JSON: the judge's counts (all 0 is innocence), acts, conflicts, kills, faults of the lines, hits of each failpoint. 1 where something was lost."""
    campaign = Campaign(args.ops, args.kills, args.seed, has_guard=not args.no_guard, tell=say)
    try:
        found = campaign.run()
    except cluster.NoCluster as fault:
        return refuse(fault, args.json)
    emit(found, args.json, words(found))
    return 1 if any(found[name] for name in FAULTS) or found["never_hit"] else 0


def words(found: dict[str, Any]) -> str:
    """The report for a person."""
    acts, conflicts = found["acts"], found["conflicts"]
    return "\n".join((
        f"种子 {found['seed']}：{acts['kept']} 个操作，{found['kills']} 次强杀，{found['seconds']} 秒{'' if found['guard'] else '（防护已关）'}",
        f"丢失 {found['lost']} · 重复 {found['twice']} · 覆盖他人 {found['overwritten']} · 违反状态表 {found['rules_broken']} · 计数不符 {found['miscounted']}",
        f"冲突 {conflicts['stopped']}，已呈现 {conflicts['presented']}，未呈现 {found['unpresented']} · 与平台不一致 {found['unequal']} · 仍在等 {found['waiting']}",
        f"名单与力量对不上 {found['torn']}，力量不在名单上 {found['adrift']}",
        f"故障点 {len(found['failpoints'])} 个，从未经过 {len(found['never_hit'])} 个",
    ))
