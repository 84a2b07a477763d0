"""Small work in quiet moments, and small questions of the screen that fit nowhere else."""

from __future__ import annotations

from ..domain.words import STATES, UNIT_STATES
from ..store import audit, search, view
from . import catalogue
from .desk import Desk

_CAMERA_STATES = {"online": "在线", "offline": "离线"}
_SENSOR_STATES = {"normal": "正常", "high": "偏高", "low": "偏低", "fault": "故障"}


def tidy(desk: Desk) -> None:
    """Index what was written, fold the logs back; a few milliseconds at a time."""
    search.index_dirty(desk.store, budget_ms=40)
    desk.store.checkpoint()


def opened_mark(desk: Desk, kind: str, record_id: str) -> str:
    """One line about a camera, sensor or facility that an officer opened; opening a camera is written to the audit."""
    row = view.record(desk.store, kind, record_id)
    if row is None:
        return "这一点已不在数据中"
    if kind == "video_points" and desk.officer is not None:
        actor, now, name = desk.officer.user, desk.now(), str(row.get("name", record_id))
        audit.note(desk.store, now, actor, "open_camera", name, {"id": record_id})
    parts = [str(row.get("name", "")), _state_word(kind, str(row.get("state") or ""))]
    if row.get("value") is not None:
        parts.append(f"{row['value']:g} {row.get('unit') or ''}".strip())
    parts += [str(row.get("owner") or ""), str(row.get("town") or row.get("district") or "")]
    moment = str(row.get("observed_at") or row.get("changed_at") or "")
    return " · ".join(part for part in [*parts, moment[:16].replace("T", " ")] if part)


def _state_word(kind: str, state: str) -> str:
    words = {"video_points": _CAMERA_STATES, "sensors": _SENSOR_STATES, "units": UNIT_STATES, "incidents": STATES}
    return words.get(kind, {}).get(state, state)


def place_name(lon: float, lat: float) -> str:
    """The nearest town, as a label for a place that was clicked (示意, towns have no boundaries here)."""
    near = catalogue.gazetteer().town_at(lon, lat)
    return near.town or near.name
