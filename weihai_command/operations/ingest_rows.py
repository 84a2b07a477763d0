"""What became of the readings, for `query readings`: told by the process that takes them, read by any."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from .desk import Desk

#: What a person reads of each count.
WORDS = {
    "received": "收到", "kept": "入库", "twice": "重复", "unknown": "没有这个传感器", "ahead": "时间在未来", "no_time": "没有时间", "aged": "早于保存期限",
    "late": "晚到，不再判断", "no_value": "没有数值", "rejected": "读不懂的消息",
}


def rows(desk: Desk) -> list[dict[str, Any]]:
    """Counts since the taking process began, then the strange readings that are listed, the newest of each kind last."""
    from . import readings

    text = readings.of(desk).noted("ledger")
    if not text:
        return []
    found = orjson.loads(text)
    counts = [{"kind": "count", "name": word, "text": str(int(found["counts"][name])), "count": name} for name, word in WORDS.items()]
    listed = [{"kind": each["kind"], "name": each["sensor"], "text": f"{WORDS[each['kind']]}：{each['said']}", "at": _moment(desk, each["at"])} for each in found["strange"]]
    return counts + listed


def _moment(desk: Desk, at: float | None) -> str | None:
    try:
        return None if at is None else datetime.fromtimestamp(at, desk.clock().tzinfo).isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return None
