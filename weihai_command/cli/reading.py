"""Verbs that read or synchronise: query, status, sync, feeds."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import Any

from ..cities import opened
from ..domain.faults import Usage
from ..domain.words import STATES, UNIT_STATES
from ..operations import queries, syncing
from ..operations.desk import Desk
from ..output import emit
from . import rates, recommended


def query(args: argparse.Namespace) -> int:
    with opened(args, ask=False) as desk:
        if args.kind == "recommended":
            found, words = recommended.answered(desk, _where(args.where))
            emit(found, args.json, words)
            return 0
        if args.kind == "kpi":
            found, words = rates.answered(desk, _where(args.where))
            emit(found, args.json, words)
            return 0
        if args.kind in queries.SPECIAL:
            rows = queries.SPECIAL[args.kind](desk)[: args.limit]
        else:
            rows = queries.rows(desk, args.kind, where=_where(args.where), text=args.text, near=_near(args), limit=args.limit)
        emit({"kind": args.kind, "count": len(rows), "rows": rows}, args.json, "\n".join(_line(row) for row in rows) or "没有符合的行")
    return 0


def _where(pairs: list[str]) -> dict[str, str] | None:
    found = {}
    for pair in pairs:
        field, sign, value = pair.partition("=")
        if not sign:
            raise Usage(f"--where 要写成 字段=值：{pair}")
        found[field] = value
    return found or None


def _near(args: argparse.Namespace) -> tuple[float, float, float] | None:
    if not args.near:
        return None
    try:
        lon, lat = (float(part) for part in args.near.split(","))
    except ValueError:
        raise Usage(f"--near 要写成 经度,纬度：{args.near}") from None
    return lon, lat, args.radius


def _line(row: dict[str, Any]) -> str:
    first = [str(row[key]) for key in ("number", "name", "verb_word", "id", "seq") if row.get(key) not in (None, "")][:1]
    rest = [str(row[key]) for key in ("state", "title", "kind", "text", "reason", "waiting", "error") if row.get(key) not in (None, "")]
    return "  ".join([*first, *rest, f"[{row['sync']}]" if "sync" in row else ""]).rstrip()


def sync(args: argparse.Namespace) -> int:
    with opened(args) as desk:
        report = syncing.sync(desk, full=args.full, allow_vanish=args.accept_vanished, wake=True)
        if report.refused:
            raise report.refused
        words = (
            f"已推送 {report.pushed} 个操作，拉取 {sum(report.pulled.values())} 条，删除 {report.deleted} 条；"
            f"待发 {report.pending}，冲突 {report.conflicts}，被拒 {report.rejected}，隔离 {report.quarantined}"
        )
        for hold in queries.status(desk)["holds"]:
            words += f"\n{hold['detail']}（接受请用 sync --accept-vanished）"
        emit(report.as_json(), args.json, words)
        return 5 if report.quarantined else 0


def feeds(args: argparse.Namespace) -> int:
    from ..operations import feeding

    with opened(args, ask=False) as desk:
        found = feeding.run(desk, args.action, args.names)
        words = "\n".join(f"{row['name']}  {row['adapter']}  {row['records']} 条  {row['error'] or '正常'}" for row in found)
        emit({"feeds": found}, args.json, words or f"没有声明数据源：{desk.root}/feeds.toml")
        if any(row["error"] for row in found):
            return 3
        return 5 if any(row["quarantined"] for row in found) else 0


def status(args: argparse.Namespace) -> int:
    with opened(args, ask=False) as desk:
        found = summary(desk)
        emit(found, args.json, words_of(found))
    return 0


def summary(desk: Desk) -> dict[str, Any]:
    """The city's state in figures, each a count of rows of the store."""
    incidents = queries.incidents(desk)
    units = queries.units(desk)
    return {
        "city": desk.city.name, "exercise": desk.city.exercise, "platform": desk.city.platform, "scale": desk.city.scale,
        "incidents": dict(Counter(row["state"] for row in incidents)), "units": dict(Counter(row["state"] for row in units)),
        "video_points": queries.count(desk, "video_points"), "sensors": queries.count(desk, "sensors"),
        "facilities": queries.count(desk, "facilities"), **{key: value for key, value in queries.status(desk).items() if key != "notes"},
    }


def words_of(found: dict[str, Any]) -> str:
    def listed(counts: dict[str, int], words: dict[str, str]) -> str:
        return "，".join(f"{words.get(state, state)} {n}" for state, n in counts.items()) or "无"

    return "\n".join([
        f"{found['city']}{'（演练）' if found['exercise'] else ''} · {found['platform'] or '内置演练城市'}",
        f"事件：{listed(found['incidents'], STATES)}",
        f"力量：{listed(found['units'], UNIT_STATES)}",
        f"摄像机 {found['video_points']:,} · 传感器 {found['sensors']:,} · 设施 {found['facilities']:,}",
        f"待发 {found['pending'] + found['sending']} · 冲突 {found['conflicts']} · 被拒 {found['rejected']} · 隔离 {found['quarantined']}",
    ])
