"""What the command log reads of the store: only what may belong to a period, merged with this desk's open acts. Read-only."""

from __future__ import annotations

from typing import Any

import orjson

from .overlay import Layer, layers
from .store import Store

#: The text of a time says another day in another zone: the caller looks at each.
_LOG = "at >= ?"
_SPOKEN = "at >= ? AND kind IN ('roll_call', 'radio', 'phone')"
_ALARMS = "at >= ? AND kind = 'alarm'"
_ASSIGNED = "(state <> 'released' OR state IS NULL OR json_extract(raw, '$.ended_at') >= ?)"


def entries(store: Store, since: str) -> list[dict[str, Any]]:
    """Log entries of the day `since` (YYYY-MM-DD, "" for all) or later, each with `sync`."""
    return _rows(store, "log", _LOG, since)


def spoken(store: Store, since: str) -> list[dict[str, Any]]:
    """Of `entries` the roll calls and what was said by radio or phone."""
    return [row for row in _rows(store, "log", _SPOKEN, since) if row.get("kind") in ("roll_call", "radio", "phone")]


def alarm_entries(store: Store, since: str) -> list[dict[str, Any]]:
    """Of `entries` what officers did about alarms, at this desk and at others."""
    return [row for row in _rows(store, "log", _ALARMS, since) if row.get("kind") == "alarm"]


def assignments(store: Store, since: str) -> list[dict[str, Any]]:
    """Assignments that are open, or ended on the day `since` or later, each with `sync`."""
    return _rows(store, "assignments", _ASSIGNED, since)


def _rows(store: Store, kind: str, condition: str, since: str) -> list[dict[str, Any]]:
    over = layers(store, kind)
    sql = f"SELECT id, raw FROM mirror_{kind} WHERE {condition} OR id IN (SELECT value FROM json_each(?)) ORDER BY row"
    with store.mirror_read() as db:
        stored = [(each, orjson.loads(raw)) for each, raw in db.execute(sql, (since, orjson.dumps(list(over)).decode()))]
    known = {each for each, _ in stored}
    merged = [over.get(each, Layer()).over(each, record) for each, record in stored]
    merged += [layer.over(each, None) for each, layer in over.items() if each not in known]
    return [row for row in merged if row is not None]
