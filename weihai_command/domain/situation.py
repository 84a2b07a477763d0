"""What the leaders' screen shows: figures with their trends, targets and the age of their data. Plain values; None is no data, never zero."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .movers import FRESH

#: Columns of open incidents: emergencies by grade, those without one, cases of city management.
COLUMNS = ("1", "2", "3", "4", "0", "mu")
#: Incidents whose district nobody has told yet.
NOWHERE = ""
Line = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How old a panel's data is: `at` is when its source last brought something, `level` FRESH, LATE or LOST, `source` tells who."""

    at: datetime | None = None
    level: int = FRESH
    source: str = ""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """`counts` by COLUMNS; `name` is "" where no district is known."""

    name: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Open:
    """Open incidents. `line`: how many were open at each of the last 25 full hours, the last one now; None where the store reaches back less."""

    rows: tuple[OpenRow, ...] = ()
    line: Line = ()

    @property
    def total(self) -> int:
        return sum(row.total for row in self.rows)

    def column(self, name: str) -> int:
        return sum(row.counts.get(name, 0) for row in self.rows)

    @property
    def since_yesterday(self) -> int | None:
        """How many more than a day ago at this hour."""
        return None if not self.line or self.line[0] is None else self.total - int(self.line[0])

    @property
    def peak(self) -> int | None:
        """The most of the last day."""
        known = [each for each in self.line if each is not None]
        return int(max(known)) if known else None


@dataclass(frozen=True, slots=True)
class Response:
    """One leg: `seconds` is what `share` of the legs of the last 14 days stayed within, `line` the same day by day."""

    key: str
    word: str
    seconds: float | None
    goal_s: float
    share: float
    line: Line = ()

    @property
    def is_bad(self) -> bool:
        return self.seconds is not None and self.seconds > self.goal_s


@dataclass(frozen=True, slots=True)
class WarningRow:
    """A warning in force."""

    id: str
    title: str
    colour: str
    area: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Alarms:
    """Alarms that stand: nobody acknowledged them yet, somebody did, put aside for a while."""

    unacked: int
    acked: int
    shelved: int


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The sensors of a field. `at` is their newest reading; `rest` why the field does not work now (out of season)."""

    key: str
    word: str
    total: int
    online: int
    abnormal: int
    at: datetime | None = None
    level: int = FRESH
    rest: str = ""
    line: Line = ()

    @property
    def share(self) -> float | None:
        """Per cent of the sensors that are online."""
        return None if self.rest or not self.total else 100.0 * self.online / self.total


@dataclass(frozen=True, slots=True)
class Group:
    """Units of some kinds: those available, and all."""

    key: str
    word: str
    available: int
    total: int


@dataclass(frozen=True, slots=True)
class Video:
    """Cameras."""

    online: int
    total: int

    @property
    def share(self) -> float | None:
        return 100.0 * self.online / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of the week in per cent; `line` is that of the last eight weeks, the last one this week."""

    key: str
    word: str
    percent: float | None
    goal: float
    is_at_most: bool
    line: Line = ()

    @property
    def is_bad(self) -> bool:
        if self.percent is None:
            return False
        return self.percent > self.goal if self.is_at_most else self.percent < self.goal


@dataclass(frozen=True, slots=True)
class HotSpots:
    """Where and when incidents of the last eight weeks were reported: (lon, lat) each, and a count by weekday (Monday first) and hour."""

    places: tuple[tuple[float, float], ...] = ()
    hours: tuple[tuple[int, ...], ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """The whole picture at one moment. None in place of a panel's figures: the store has nothing of the kind."""

    now: datetime
    open: Open
    response: tuple[Response, ...]
    warnings: tuple[WarningRow, ...]
    alarms: Alarms | None
    sensors: tuple[FieldRow, ...]
    units: tuple[Group, ...]
    video: Video | None
    rates: tuple[Rate, ...]
    week: tuple[datetime, datetime]
    hot: HotSpots
    stamps: dict[str, Stamp] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows that a figure counts: `heads`, one tuple of cells a row, `lines` that explain it (formula, by district), `total` where not all are given."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    lines: tuple[str, ...] = ()
    total: int = 0
