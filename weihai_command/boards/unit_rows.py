"""A unit as one cell of the units board, the board's columns, and the steps that lead on from a state. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weihai_command.domain.dispatch import POSITION_LIFE_S
from weihai_command.domain.foreign import one_line
from weihai_command.domain.geometry import flat_m
from weihai_command.domain.unit import COMMITTED, KINDS
from weihai_command.domain.unit_lifecycle import TABLE

from . import words

#: Below this distance from its station a unit is at home.
AT_HOME_M = 300.0
#: A dispatch that nobody acknowledged for this long reads 未确认.
UNACKNOWLEDGED_S, UNACKNOWLEDGED = 120.0, "未确认"
COLUMNS: tuple[tuple[str, str], ...] = (
    ("unavailable", "不可用"), ("home", "在站"), ("away", "在外"), ("assigned", "已指派"), ("dispatching", "派遣中"),
    ("dispatched", "已派遣"), ("en_route", "途中"), ("on_scene", "到场"), ("returning", "返回"),
)
#: The step that an officer most often reports next, and how its button reads.
NEXT = {
    "dispatching": ("dispatched", "回执"), "dispatched": ("en_route", "途中"), "en_route": ("on_scene", "到场"),
    "on_scene": ("returning", "离场"), "returning": ("available", "归队"),
}
#: How many of the four segments are reached.
PROGRESS = {"dispatching": 1, "dispatched": 1, "en_route": 2, "on_scene": 3, "returning": 4, "released": 4}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`column` is the key in COLUMNS; `note` is why it is unavailable; `since` is when the state began."""

    id: str
    name: str
    kind: str
    state: str
    word: str
    column: str
    since: datetime | None
    note: str
    incident_id: str
    is_stale: bool
    sync: str

    @property
    def symbol(self) -> str:
        """The id in symbols.svg: hollow available, filled committed, slashed unavailable, dashed with an old position."""
        kind = self.kind if self.kind in KINDS else "rescue"
        if self.state == "unavailable":
            return f"u-{kind}-x"
        if self.state in COMMITTED or self.state == "returning":
            return f"u-{kind}-b"
        return f"u-{kind}-o" if self.is_stale else f"u-{kind}"

    def age(self, now: datetime) -> tuple[str, str]:
        """(text, mood) at the right edge of the cell; mood is plain or near."""
        if self.column in ("home", "away"):
            return "", "plain"
        if self.state == "unavailable":
            return self.note, "plain"
        if self.is_unacknowledged(now):
            return UNACKNOWLEDGED, "near"
        return words.elapsed(self.since, now), "plain"

    def is_unacknowledged(self, now: datetime) -> bool:
        """Sent, and for too long nobody said that it was heard."""
        return self.state == "dispatching" and self.since is not None and (now - self.since).total_seconds() > UNACKNOWLEDGED_S


def unit_row(raw: dict[str, Any], now: datetime) -> UnitRow:
    """Read a dict of queries.units."""
    state = str(raw.get("state") or "available")
    stale = _is_stale(raw, now)
    return UnitRow(
        id=str(raw["id"]), name=one_line(raw.get("name")) or str(raw["id"]), kind=str(raw.get("kind") or ""), state=state,
        word=words.unit_state(state), column=_column(raw, state, stale), since=words.moment(raw.get("state_at")),
        note=one_line(raw.get("reason")),
        incident_id=str(raw.get("incident_id") or ""), is_stale=stale, sync=str(raw.get("sync") or "synced"),
    )


def _is_stale(raw: dict[str, Any], now: datetime) -> bool:
    at = words.moment(raw.get("position_at"))
    return at is None or (now - at).total_seconds() > POSITION_LIFE_S


def _column(raw: dict[str, Any], state: str, stale: bool) -> str:
    if state != "available":
        return state if any(state == key for key, _ in COLUMNS) else "unavailable"
    spots = [raw.get(name) for name in ("lon", "lat", "home_lon", "home_lat")]
    if stale or any(not isinstance(spot, (int, float)) for spot in spots):
        return "home"
    return "home" if flat_m(*spots) <= AT_HOME_M else "away"


def by_column(rows: Iterable[UnitRow]) -> dict[str, list[UnitRow]]:
    """The rows of each column: those longest in their state first where time counts, else by name."""
    columns: dict[str, list[UnitRow]] = {key: [] for key, _ in COLUMNS}
    for row in sorted(rows, key=_standing):
        columns[row.column].append(row)
    return columns


def _standing(row: UnitRow) -> tuple[float, str]:
    timed = row.since is not None and row.column not in ("unavailable", "home", "away")
    return row.since.timestamp() if timed and row.since else 0.0, row.name


def next_states(state: str) -> list[tuple[str, str]]:
    """(state, word) that an officer may report next for a unit in `state`; a dispatch names an incident and is not among them."""
    found = [target for _, sources, target in TABLE if state in sources and target != "dispatching"]
    return [(target, words.unit_state(target)) for target in dict.fromkeys(found)]
