"""A unit as one cell of the units board, the board's columns, and the steps that lead on from a state. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from weihai_command.domain.dispatch import POSITION_LIFE_S
from weihai_command.domain.foreign import one_line
from weihai_command.domain.geometry import flat_m
from weihai_command.domain.roll_call import Call, Rules, Standing, standing
from weihai_command.domain.unit import COMMITTED, KINDS
from weihai_command.domain.unit_lifecycle import TABLE
from weihai_command.domain.unit_times import UNACKNOWLEDGED as UNACKNOWLEDGED
from weihai_command.domain.unit_times import Limit, Limits

from . import words

#: Below this distance from its station a unit is at home.
AT_HOME_M = 300.0
#: What a unit's cell says of its roll call, shortest first to read: lost, to be called, to be called again, known to be lost.
LOST, CALL, AGAIN, KNOWN = "失联?", "点名", "再点名", "失联已知"
#: Without the store's limits, as a desk of plain lists has none.
_LIMITS = Limits()
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
class Watch:
    """What a unit is timed by: the limit of its state, and for a roll call when it was last heard and what the log says of calls."""

    limit: Limit | None = None
    rules: Rules = field(default_factory=Rules)
    heard: datetime | None = None
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`column` is the key in COLUMNS; `note` is why it is unavailable, or what it is assigned to; `since` is when the state began."""

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
    watch: Watch = field(default_factory=Watch)

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
        """(text, mood) at the right edge of the cell; mood is plain, second, near or over."""
        if self.column in ("home", "away"):
            return "", "plain"
        if self.state == "unavailable" or (self.state == "assigned" and self.note):
            return self.note, "plain"
        return self.mark(now) or (words.elapsed(self.since, now), "plain")

    def mark(self, now: datetime) -> tuple[str, str] | None:
        """(text, mood) of what asks for the officer, the gravest first; None for a unit that may be left alone."""
        call, late = self.call(now), (self.watch.limit.word, "near") if self.watch.limit and self.watch.limit.is_over(self.since, now) else None
        if call and call.state == "escalated":
            return LOST, "over"
        if call and call.state == "called":
            left = int(call.left_s(now) + 0.999)
            return f"{CALL if call.n < 2 else AGAIN} {left // 60}:{left % 60:02d}", "near"
        # Who never said that it was sent for is not asked how it fares.
        if call and call.state == "due" and not (late and self.state == "dispatching"):
            return AGAIN if call.n else CALL, "near"
        if late:
            return late
        return (KNOWN, "second") if call and call.state == "seen" else None

    def call(self, now: datetime) -> Standing | None:
        """Where the unit's roll call stands; None for one that is not called."""
        watch = self.watch
        if watch.heard is None or self.state not in COMMITTED:
            return None
        if not watch.calls and 0 <= (now - watch.heard).total_seconds() < watch.rules.every_s:
            return Standing("quiet", watch.heard)
        return standing([watch.heard], watch.calls, now, watch.rules)

    def needs(self, now: datetime) -> bool:
        """Whether somebody has to look after this unit."""
        mark = self.mark(now)
        return mark is not None and mark[1] != "second"

    def is_unacknowledged(self, now: datetime) -> bool:
        """Sent, and for too long nobody said that it was heard."""
        return self.state == "dispatching" and self.watch.limit is not None and self.watch.limit.is_over(self.since, now)


def unit_row(raw: dict[str, Any], now: datetime) -> UnitRow:
    """Read a dict of queries.units."""
    state = str(raw.get("state") or "available")
    stale = _is_stale(raw, now)
    return UnitRow(
        id=str(raw["id"]), name=one_line(raw.get("name")) or str(raw["id"]), kind=str(raw.get("kind") or ""), state=state,
        word=words.unit_state(state), column=_column(raw, state, stale), since=words.moment(raw.get("state_at")),
        note=one_line(raw.get("reason")),
        incident_id=str(raw.get("incident_id") or ""), is_stale=stale, sync=str(raw.get("sync") or "synced"), watch=_watch(raw, state),
    )


def _watch(raw: dict[str, Any], state: str) -> Watch:
    found = raw.get("watch")
    if isinstance(found, dict):
        return Watch(found["limit"], found["rules"], found["heard"], found["calls"])
    return Watch(_LIMITS.limit(state, str(raw.get("kind") or "")), heard=words.moment(raw.get("state_at")) if state in COMMITTED else None)


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
