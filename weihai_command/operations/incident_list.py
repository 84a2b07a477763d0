"""The incidents of the desk's list: all of them once, then only those that changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..domain.foreign import moment
from ..domain.incident import FINAL, Incident
from ..domain.record import filled
from ..store import view
from ..store.view import Mark
from .desk import Desk

#: Ended incidents stay in the list this long.
KEEP_ENDED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows of `incidents`; unless it `is_whole` only what changed since an older mark, and `gone` are ids that are listed no longer."""

    rows: list[dict[str, Any]]
    gone: set[str]
    mark: Mark | None
    is_whole: bool


def incidents(desk: Desk) -> list[dict[str, Any]]:
    """Open incidents and those ended in the last day, each with `sync` and `confirmed`."""
    return incident_changes(desk).rows


def incident_changes(desk: Desk, mark: Mark | None = None) -> Listing:
    """What changed in `incidents` since an earlier answer's mark; all of it without one.

    What only grew too old is not told: `is_listed` asks that of a row at any time.
    """
    since = desk.clock() - KEEP_ENDED
    # A day earlier than that, for the text of a time says another day in another zone.
    found = view.incident_changes(desk.store, (since - timedelta(days=1)).date().isoformat(), mark)
    kept, gone = [], set(found.gone)
    for raw in found.rows:
        row = filled(Incident, raw)
        if is_listed(row["state"] in FINAL.get(row["track"], ()), row.get("state_at"), since):
            row["confirmed"] = row["sync"] == "synced"
            kept.append(row)
        else:
            gone.add(row["id"])
    return Listing(kept, set() if found.is_whole else gone, found.mark, found.is_whole)


def is_listed(is_ended: bool, ended_at: Any, since: datetime) -> bool:
    """Whether an incident stands in the list: one that ended without a readable time is not kept for ever."""
    if not is_ended:
        return True
    at = moment(ended_at)
    return at is not None and at >= since
