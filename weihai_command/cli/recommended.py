"""`query recommended --where incident=INC [--where level=N]`: the plan of a run card with its reasons."""

from __future__ import annotations

from typing import Any

from ..domain.faults import Usage
from ..domain.run_card import LEVELS
from ..operations import queries, recommending
from ..operations.desk import Desk


def answered(desk: Desk, where: dict[str, str] | None) -> tuple[dict[str, Any], str]:
    """(the JSON object, the same in words); Usage without an incident."""
    asked = dict(where or {})
    if not asked.get("incident") or set(asked) - {"incident", "level"}:
        raise Usage("推荐要写 --where incident=编号，可加 --where level=1 到 5")
    found = recommending.plan(desk, queries.find_incident(desk, asked["incident"]), level(asked.get("level"))) or {}
    return {"kind": "recommended", "count": len(found["picks"]), "rows": found["picks"], "plan": found}, _words(found)


def level(text: str | None) -> int | None:
    """The alarm level that is meant, None for the incident's own (Usage)."""
    if text is None:
        return None
    if not text.isdigit() or int(text) not in LEVELS:
        raise Usage(f"没有这个警级：{text}", "没有改动", "可用 1–5")
    return int(text)


def _words(found: dict[str, Any]) -> str:
    head = f"{found['number']} {found['level']} 级 {found['note']}".rstrip()
    lines = [f"已有 {row['role_word']}  {row['name']}" for row in found["held"]]
    lines += [f"派 {row['role_word']}  {row['name']}  {row['reason']}" for row in found["picks"]]
    lines += [f"缺 {row['role_word']} {row['missing']}  {row['why']}" for row in found["shortfalls"]]
    lines += [f"未选 {row['role_word']}  {row['why']}" for row in found["passed"]]
    return "\n".join([line for line in (head, found["fault"]) if line] + lines)
