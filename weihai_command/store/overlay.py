"""The open steps of this desk's acts as patches over the mirror: what an officer has done and the platform may not have yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from ..domain.act import OPEN
from .store import Store

#: Of several open steps on one record the worst is shown.
SYNC = ("synced", "pending", "sending", "conflict", "rejected")
_OPEN = ",".join(f"'{state}'" for state in OPEN)


@dataclass(slots=True)
class Layer:
    """The patches on one record in the order of the acts; `creates` when the first is a create."""

    patches: list[dict[str, Any]] = field(default_factory=list)
    creates: bool = False
    sync: str = "synced"

    def add(self, method: str, state: str, patch: dict[str, Any]) -> None:
        self.patches.append(patch)
        self.creates = self.creates or method == "create"
        self.sync = max(self.sync, state, key=SYNC.index)

    def over(self, record_id: str, record: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The merged record with `sync`; None when the mirror lacks the record and no step creates it."""
        if record is None and not self.creates:
            return None
        merged = {"id": record_id, **(record or {})}
        for patch in self.patches:
            merged.update(patch)
        return {**merged, "id": record_id, "sync": self.sync}


def layers(store: Store, kind: str, record_id: str | None = None) -> dict[str, Layer]:
    """record id -> its open steps."""
    with store.desk_read() as db:
        return _layers(db, kind, record_id)


def _layers(db: sqlite3.Connection, kind: str, record_id: str | None) -> dict[str, Layer]:
    only, values = ("", (kind,)) if record_id is None else (" AND s.record_id=?", (kind, record_id))
    sql = (
        "SELECT s.record_id, s.method, s.state, s.patch FROM steps s JOIN acts a USING(op_id)"
        f" WHERE s.kind=? AND s.state IN ({_OPEN}){only} ORDER BY a.seq, s.n"
    )
    found: dict[str, Layer] = {}
    for each, method, state, patch in db.execute(sql, values):
        found.setdefault(each, Layer()).add(method, state, orjson.loads(patch))
    return found
