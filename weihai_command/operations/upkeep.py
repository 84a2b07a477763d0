"""Small work in quiet moments, and small questions of the screen that fit nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..domain.foreign import one_line
from ..domain.kinds import KINDS
from ..domain.words import STATES, UNIT_STATES
from ..store import audit, points, search, view
from . import catalogue, keeping
from .desk import Desk

CAMERA_STATES = {"online": "在线", "offline": "离线"}
SENSOR_STATES = {"normal": "正常", "high": "偏高", "low": "偏低", "alarm": "告警", "fault": "故障", "stale": "数据过期", "lost": "失联"}


def tidy(desk: Desk) -> None:
    """Index what was written, fold the logs back; a few milliseconds at a time."""
    search.index_dirty(desk.store, budget_ms=40)
    desk.store.checkpoint()


def copy(desk: Desk) -> None:
    """Copy desk.db when it is time, and keep the masses' columns; a large one takes seconds, so on a reader and not where acts are written."""
    keeping.mind(desk.store)
    keep_columns(desk)


def keep_columns(desk: Desk) -> None:
    """Keep the map's masses as columns for the next start; half a second where 350,000 rows are new, so never on the window's thread.

    A window calls it when it opens and in quiet moments, a verb of the command line after it brought rows in.
    """
    points.keep(desk.store)


def opened_mark(desk: Desk, kind: str, record_id: str, shown: Callable[[str, dict[str, Any]], dict[str, Any]] | None = None) -> str:
    """One line about a camera, sensor or facility that an officer opened; opening a camera is written to the audit.

    shown: makes of the stored record what the map shows of it.
    """
    row = view.record(desk.store, kind, record_id)
    if row is None:
        return "这一点已不在数据中"
    row = shown(kind, row) if shown else row
    if kind == "video_points" and desk.officer is not None:
        actor, now, name = desk.officer.user, desk.now(), str(row.get("name", record_id))
        audit.note(desk.store, now, actor, "open_camera", name, {"id": record_id})
    parts = [str(row.get("name", "")), _state_word(kind, str(row.get("state") or ""))]
    if row.get("value") is not None:
        parts.append(f"{row['value']:g} {row.get('unit') or ''}".strip())
    parts += [str(row.get("owner") or ""), str(row.get("town") or row.get("district") or "")]
    moment = str(row.get("observed_at") or row.get("changed_at") or "")
    return " · ".join(part for part in [*parts, moment[:16].replace("T", " ")] if part)


def mark_names(desk: Desk, marks: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Name and state of records given as (kind, id), for a list to choose from; nothing is opened by it."""
    found = {}
    for kind, record_id in marks:
        row = view.record(desk.store, kind, record_id) if kind in KINDS else None
        if row is not None:
            name = one_line(row.get("name") or row.get("title") or record_id)
            found[kind, record_id] = " · ".join(filter(None, (name, _state_word(kind, str(row.get("state") or "")))))
    return found


def _state_word(kind: str, state: str) -> str:
    words = {"video_points": CAMERA_STATES, "sensors": SENSOR_STATES, "units": UNIT_STATES, "incidents": STATES}
    return words.get(kind, {}).get(state, state)


def place_name(lon: float, lat: float) -> str:
    """The nearest town, as a label for a place that was clicked (示意, towns have no boundaries here)."""
    near = catalogue.gazetteer().town_at(lon, lat)
    return near.town or near.name
