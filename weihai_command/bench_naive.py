"""The obvious way, to measure against: dicts in a list, `sorted`, `in`."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from .boards.incident_rows import row_of, urgency
from .domain.faults import StoreFault
from .domain.kinds import KINDS
from .operations import queries
from .operations.desk import Desk
from .store import view
from .store.cells import words

TIMES = 5


class Naive:
    """Rows as dicts, each with the folded `text` that a search looks into and the `key` by which it is sorted."""

    def __init__(self, desk: Desk) -> None:
        self.rows: list[dict[str, Any]] = []
        for raw in queries.incidents(desk):
            row = row_of(raw)
            self.rows.append({**raw, "text": row.text, "key": urgency(row)})
        self.rows.sort(key=lambda row: row["key"])

    @classmethod
    def of_store(cls, desk: Desk) -> Naive:
        """All that the store has, in the order of arrival; those with acts that wait among the others."""
        made = cls.__new__(cls)
        kind = KINDS["incidents"]
        made.rows = [{"id": row["id"], "text": words(kind, row)} for row in view.rows(desk.store, "incidents")]
        return made

    def compare(self, query: str, ids: list[str], first: int | None = None) -> float:
        """Milliseconds of the scan; StoreFault when `ids` are not what it finds, in its order."""
        began = time.perf_counter()
        found = [row["id"] for row in self.rows if query in row["text"]][:first]
        took = (time.perf_counter() - began) * 1000
        if found != ids:
            raise StoreFault(f"搜索“{query}”与逐行查找不一致：{len(ids)} / {len(found)}", "测量没有结果")
        return took

    def figures(self) -> dict[str, list[float]]:
        """Milliseconds of reading everything again, of a chip, and of sorting by some columns."""
        now = datetime.now().astimezone()

        def late(row: dict[str, Any]) -> bool:
            return bool(row.get("due_at")) and datetime.fromisoformat(row["due_at"]) < now

        ways: dict[str, Callable[[], Any]] = {
            "chip_ms": lambda: [row for row in self.rows if late(row)],
            "sort_urgency_ms": lambda: sorted(self.rows, key=lambda row: row["key"]),
            "sort_number_ms": lambda: sorted(self.rows, key=lambda row: row.get("number") or ""),
            "sort_place_ms": lambda: sorted(self.rows, key=lambda row: row.get("place") or ""),
        }
        return {name: [self._timed(way) for _ in range(TIMES)] for name, way in ways.items()}

    @staticmethod
    def _timed(way: Callable[[], Any]) -> float:
        began = time.perf_counter()
        way()
        return (time.perf_counter() - began) * 1000
