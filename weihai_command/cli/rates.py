"""`query kpi`: the rates and intervals of a week, as JSON and as lines for a person."""

from __future__ import annotations

from typing import Any

from ..domain.faults import Usage
from ..operations import kpi
from ..operations.desk import Desk


def answered(desk: Desk, where: dict[str, str] | None) -> tuple[dict[str, Any], str]:
    """({kind, count, rows: [figures]}, lines) of the week and district asked for (Usage for any other field)."""
    asked = dict(where or {})
    found = kpi.figures(desk, week=asked.pop("week", None), district=asked.pop("district", None))
    if asked:
        raise Usage(f"考核指标不能按 {'、'.join(asked)} 筛选", todo="可用的有：week、district")
    return {"kind": "kpi", "count": 1, "rows": [found]}, _lines(found)


def _lines(found: dict[str, Any]) -> str:
    counts = found["counts"]
    head = f"{found['week']} {found['district'] or '全市'}：受理 {counts['received']}，立案 {counts['filed']}，派遣 {counts['dispatched']}，应结 {counts['due']}"
    rates = [f"{row['word']}  {'—' if row['percent'] is None else row['percent'] + ' %'}" for row in found["rates"].values()]
    return "\n".join([head, *rates, f"申诉免计 {found['exempt']}"])
