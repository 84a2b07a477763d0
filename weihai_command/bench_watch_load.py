"""What `bench watch` measures with: a made-up stream of readings, series labelled by hand, and a plain loop that says which alarms they are.

The plain loop shares no code with the detection: it reads the rules' file itself and walks the readings of one sensor after the other.
"""

from __future__ import annotations

import tomllib
from array import array
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import numpy as np

from .domain.faults import Fault
from .feeds.measured import Measured

#: Only what is judged by the reading itself, without a duration, is driven over its limits: every alarm has one right moment.
DRIVEN = ("gas_concentration", "road_water")
#: By quantity: what a driven sensor shows, one reading after the other, and how its alarm stands at the end, both written by hand:
#: (severity, active or cleared, place of the reading that raised it, of the one that cleared it).
LABELLED: tuple[tuple[str, tuple[float, ...], tuple[int, str, int, int | None] | None], ...] = (
    ("gas_concentration", (0.04, 0.5, 0.5, 0.5, 0.5), None),
    ("gas_concentration", (0.04, 0.51, 0.45, 0.41, 0.45), (3, "active", 1, None)),
    ("gas_concentration", (0.04, 0.51, 0.41, 0.4, 0.04), (3, "cleared", 1, 3)),
    ("gas_concentration", (0.04, 0.6, 1.2, 2.6, 0.7), (1, "active", 1, None)),
    ("gas_concentration", (0.04, 2.6, 0.9, 0.3, 0.2), (1, "cleared", 1, 3)),
    ("road_water", (1.0, 15.0, 15.1, 14.0, 13.1), (3, "active", 2, None)),
    ("road_water", (1.0, 16.0, 28.0, 13.0, 12.0), (2, "cleared", 1, 3)),
    ("road_water", (1.0, 41.0, 41.5, 41.2, 42.0), (1, "active", 1, None)),
)
#: Driven sensors of each pattern.
OF_EACH = 30
Row = tuple[str, str, float, int, str, float | None]


class LoadSource:
    """`rate` readings a second for `seconds` from `begin` on: every sensor in turn, the driven ones with their pattern, some twice, some of nobody."""

    def __init__(self, sensors: Sequence[Mapping[str, Any]], rate: int, seconds: int, now: Callable[[], float]) -> None:
        self.name, self.wake = "bench", lambda: None
        self.fault: Fault | None = None
        self.ids = [str(each["id"]) for each in sensors]
        typical = {code: float(row["typical"]) for code, row in _words("quantities.toml").items()}
        self._typical = np.array([typical[str(each["quantity"])] for each in sensors])
        self.driven = _driven(sensors)
        self._rate, self._seconds, self._now = rate, seconds, now
        self._order = np.random.default_rng(11).permutation(len(self.ids))
        self._begun = 0.0
        self._given = 0
        self._spoken: dict[int, int] = {}
        # Columns of plain numbers: half a million small objects of ours would be the collector's work in the window's thread.
        self._rows, self._at, self._values = array("q"), array("d"), array("d")
        self.extra = 0

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def confirm(self) -> None: ...

    def begin(self) -> None:
        self._begun = self._now()

    @property
    def is_over(self) -> bool:
        return self._given >= self._rate * self._seconds

    def take(self) -> Measured:
        """What came due since the last time; each reading's time is that at which it was due."""
        found = Measured()
        if not self._begun or self.is_over:
            return found
        due = min(int((self._now() - self._begun) * self._rate), self._rate * self._seconds)
        random = np.random.default_rng(self._given)
        numbers = np.arange(self._given, due)
        rows = self._order[numbers % len(self.ids)]
        values = self._typical[rows] * (1 + 0.001 * random.standard_normal(len(rows)))
        for number, row, value in zip(numbers.tolist(), rows.tolist(), values.tolist(), strict=True):
            self._add(found, row, self._begun + number / self._rate, value)
        if len(found):
            found.add("nobody", found.at[-1], 1.0, None)
            found.add(found.sensors[0], found.at[0], found.values[0], found.sources[0])
            self.extra += 2
        self._given = due
        return found

    def _add(self, found: Measured, row: int, at: float, value: float) -> None:
        at = round(at, 3)
        if row in self.driven:
            pattern = LABELLED[self.driven[row]][1]
            turn = self._spoken[row] = self._spoken.get(row, -1) + 1
            value = pattern[min(turn, len(pattern) - 1)]
        self.note(row, at, value)
        found.add(self.ids[row], at, value, f"bench:{len(self._rows)}")

    def note(self, row: int, at: float, value: float) -> None:
        """Remember a reading for the comparison."""
        self._rows.append(row)
        self._at.append(at)
        self._values.append(value)

    @property
    def log(self) -> list[tuple[int, float, float]]:
        """(row, epoch seconds, value) of all readings in the order in which they were given."""
        return list(zip(self._rows, self._at, self._values, strict=True))

    @property
    def count(self) -> int:
        return len(self._rows)


def _words(name: str) -> dict[str, Any]:
    return tomllib.loads((files("resources") / "words" / name).read_text("utf-8"))


def _driven(sensors: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Row → pattern: the first sensors of a quantity in turn."""
    found: dict[int, int] = {}
    for quantity in DRIVEN:
        patterns = [place for place, (code, _, _) in enumerate(LABELLED) if code == quantity]
        rows = [row for row, each in enumerate(sensors) if each["quantity"] == quantity][: OF_EACH * len(patterns)]
        found |= {row: patterns[n % len(patterns)] for n, row in enumerate(rows)}
    return found


def labelled(source: LoadSource) -> set[Row]:
    """The alarms of the driven sensors as they were labelled by hand: (sensor, kind, raised at, worst severity, state, cleared at)."""
    times: dict[int, list[float]] = {row: [] for row in source.driven}
    for row, at, _ in source.log:
        if row in times:
            times[row].append(at)
    found: set[Row] = set()
    for row, pattern in source.driven.items():
        label, known = LABELLED[pattern][2], times[row]
        # Only who spoke the whole pattern stands at its end.
        if label is not None and len(known) >= len(LABELLED[pattern][1]):
            severity, state, raised, cleared = label
            found.add((source.ids[row], "high", known[raised], severity, state, None if cleared is None else known[cleared]))
    return found


def plain(source: LoadSource, sensors: Sequence[Mapping[str, Any]]) -> set[Row]:
    """The alarms that one sensor after the other gives, reading by reading."""
    by_sensor: dict[int, list[tuple[float, float]]] = {}
    for row, at, value in source.log:
        by_sensor.setdefault(row, []).append((at, value))
    rules = _words("alarm_rules.toml")
    found: set[Row] = set()
    for row, spoken in by_sensor.items():
        rule = {**rules.get("standard", {}), **rules["quantity"].get(str(sensors[row]["quantity"]), {})}
        for kind in ("high", "low"):
            found |= {(source.ids[row], kind, *alarm) for alarm in _walk(sorted(spoken), rule, sensors[row], kind)}
    return found


def _walk(spoken: list[tuple[float, float]], rule: Mapping[str, Any], sensor: Mapping[str, Any], kind: str) -> list[tuple[float, int, str, float | None]]:
    """(raised at, worst severity, state, cleared at) of one direction of one sensor."""
    sign = 1 if kind == "high" else -1
    steps = sorted(([sign * limit, severity] for limit, severity in rule.get(kind, [])), key=lambda step: step[0])
    own = sensor.get(kind)
    if own is not None:
        steps = [[limit + sign * own - steps[0][0] if place else sign * own, severity] for place, (limit, severity) in enumerate(steps)] or [[sign * own, 3]]
    found: list[tuple[float, int, str, float | None]] = []
    active: list[Any] | None = None
    for at, value in spoken:
        reached = [severity for limit, severity in steps if sign * value > limit]
        if active is None and reached and not rule.get("duration_s"):
            active = [at, min(reached)]
        elif active is not None and reached:
            active[1] = min(active[1], *reached)
        if active is not None and sign * value <= steps[0][0] - rule.get("hysteresis", 0):
            found.append((active[0], active[1], "cleared", at))
            active = None
    return [*found, (active[0], active[1], "active", None)] if active else found
