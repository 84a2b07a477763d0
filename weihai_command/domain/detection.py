"""From readings to what begins, worsens and ends at a sensor. Numpy columns, no clock, no words; the rules are domain.alarm_rules.

A value holds until the next one, for the sensor's gap at most: a duration that runs out in between is told as of that moment, whether a
tick sees it or the next reading. So ticks may come as they like and every desk says the same. Silence alone is told by ticks only: it is
about now, and a gap that readings show afterwards is no news.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .alarm_rules import MOST_LEVELS, RuleColumns

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]
_SIDES = (("high", 1.0), ("low", -1.0))
_SILENCE, _FAULT, _REPETITION = 0, 1, 2
#: Excursions that are remembered of a sensor; a rule that asks for more is content with so many.
MOST_EXCURSIONS = 8


@dataclass(frozen=True, slots=True)
class Transition:
    """`what` is raise, severity (it became worse) or clear; `kind` is one of domain.alarm.KINDS, `row` the sensor's place in the book.

    `severity` is the one that holds after it (for clear: that held before). `at` is epoch seconds of what it speaks of: a reading, or the
    moment at which a duration or the patience with a silent sensor ran out. `value`, `limit` and `peak` (the farthest since the raise)
    are in the sensor's unit, None where there is none.
    """

    row: int
    kind: str
    what: str
    severity: int
    at: float
    value: float | None = None
    limit: float | None = None
    peak: float | None = None


@dataclass(slots=True)
class Counts:
    """Readings since the start: received = judged + no_value + late + same + no_time. `late` are older than the last of their sensor,
    `same` as old as it; `no_value` are no number, or none that a working sensor can measure."""

    received: int = 0
    judged: int = 0
    no_value: int = 0
    late: int = 0
    same: int = 0
    no_time: int = 0


class DetectionBook:
    """The state of every sensor. Not thread-safe: one thread brings readings and ticks."""

    def __init__(self, rules: RuleColumns) -> None:
        n = len(rules)
        self.rules, self.counts = rules, Counts()
        self.last_at, self._value_at, self._value = np.full(n, -np.inf), np.full(n, -np.inf), np.full(n, np.nan)
        #: Since when a value stands beyond each limit without a break; inf = it does not.
        self._since = np.full((2, n, MOST_LEVELS), np.inf)
        #: The worst level reached since the raise, 0 = not raised; the farthest value since, with the sign of `rules.limit`.
        self._level, self._peak = np.zeros((2, n), np.int8), np.full((2, n), -np.inf)
        self._pending = np.zeros(n, bool)
        self._silent, self._faulty, self._repeating = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
        self._alike = np.zeros(n, np.int64)
        self._starts = np.full((n, min(MOST_EXCURSIONS, int(rules.repeats.max(initial=0)))), -np.inf)
        self._told: list[Transition] = []

    def heard(self, rows: Rows, at: Floats) -> None:
        """When sensors (m,) were last heard before this book began, epoch seconds; nothing is judged."""
        np.maximum.at(self.last_at, rows, at)

    def take(self, rows: Rows, values: ArrayLike, at: ArrayLike) -> list[Transition]:
        """Readings (m,) in any order: places of sensors, values (NaN: none), epoch seconds. What they begin, worsen and end, by time."""
        count = len(rows)
        values, times = np.asarray(values, np.float64), np.asarray(at, np.float64)
        self.counts.received += count
        known = np.flatnonzero(np.isfinite(times))
        self.counts.no_time += count - len(known)
        order = known[np.lexsort((times[known], rows[known]))]
        row, value, time = np.asarray(rows, np.int64)[order], values[order], times[order]
        # Each pass takes the next reading of every sensor: within a pass no row comes twice.
        first = np.flatnonzero(np.r_[True, row[1:] != row[:-1]]) if len(row) else np.zeros(0, np.int64)
        turn = np.arange(len(row)) - np.repeat(first, np.diff(np.r_[first, len(row)]))
        for n in range(int(turn.max(initial=-1)) + 1):
            here = turn == n
            self._reading(row[here], value[here], time[here])
        return self._drain()

    def tick(self, now: float, watched: Flags | None = None) -> list[Transition]:
        """What ran out before `now` (epoch seconds): durations, patience with silent sensors, repetitions that ended.

        watched (n,): sensors whose source is known to be lost are no news one by one, and are left out where it says False.
        """
        rows = np.flatnonzero(self._pending)
        self._run_out(rows, np.full(len(rows), now))
        with np.errstate(invalid="ignore"):
            quiet = np.isfinite(self.last_at) & ~self._silent & (self.last_at + self.rules.silence < now)
        self._fall_silent(np.flatnonzero(quiet if watched is None else quiet & watched))
        rows = np.flatnonzero(self._repeating)
        self._calm(rows, np.full(len(rows), now))
        return self._drain()

    def restore(self, row: int, kind: str, severity: int, at: float) -> None:
        """An alarm that is there already, raised at `at`: it can become worse and clear, and is not raised a second time."""
        if kind in ("high", "low"):
            side = int(kind == "low")
            worse = [level for level, each in enumerate(self.rules.severity[side, row].tolist()) if each >= severity > 0]
            self._level[side, row] = max(worse, default=0) + 1
            self._peak[side, row] = -np.inf
        elif kind == "repetition" and self._starts.shape[1]:
            self._repeating[row] = True
            self._starts[row, -1] = max(self._starts[row, -1], at)
        elif kind in ("silence", "fault"):
            (self._silent if kind == "silence" else self._faulty)[row] = True

    def release(self, row: int, kind: str) -> None:
        """Forget that something was raised: where its cause stands it is raised anew, after its duration."""
        if kind in ("high", "low"):
            side = int(kind == "low")
            self._level[side, row], self._since[side, row] = 0, np.inf
        else:
            {"silence": self._silent, "fault": self._faulty, "repetition": self._repeating}[kind][row] = False

    def raised(self) -> set[tuple[int, str]]:
        """(row, kind) of all that is raised."""
        flags = {"high": self._level[0], "low": self._level[1], "silence": self._silent, "fault": self._faulty, "repetition": self._repeating}
        return {(row, kind) for kind, column in flags.items() for row in np.flatnonzero(column).tolist()}

    def _drain(self) -> list[Transition]:
        told, self._told = self._told, []
        return sorted(told, key=lambda each: (each.at, each.row))

    def _reading(self, rows: Rows, value: Floats, at: Floats) -> None:
        """One reading each of different sensors."""
        last = self.last_at[rows]
        self.counts.late += int(np.count_nonzero(at < last))
        self.counts.same += int(np.count_nonzero(at == last))
        fresh = at > last
        rows, value, at = rows[fresh], value[fresh], at[fresh]
        waiting = self._pending[rows]
        self._run_out(rows[waiting], at[waiting])
        self._calm(rows, at)
        self.last_at[rows] = at
        self._speak_again(rows[self._silent[rows]], value[self._silent[rows]], at[self._silent[rows]])
        with np.errstate(invalid="ignore"):
            good = np.isfinite(value) & (value >= self.rules.valid[0, rows]) & (value <= self.rules.valid[1, rows])
        self.counts.no_value += int(np.count_nonzero(~good))
        self.counts.judged += int(np.count_nonzero(good))
        broken = ~good & ~self._faulty[rows]
        self._tell(rows[broken], "fault", "raise", self.rules.other[_FAULT], at[broken])
        self._faulty[rows[broken]] = True
        self._judge(rows[good], value[good], at[good])

    def _judge(self, rows: Rows, value: Floats, at: Floats) -> None:
        self._mind_frozen(rows, value, at)
        rules = self.rules
        # A gap breaks what stood beyond: nobody knows what the value did meanwhile.
        broken = rows[at - self._value_at[rows] > rules.gap[rows]]
        self._since[:, broken] = np.inf
        was_inside = np.isinf(self._since[:, rows, 0]).all(axis=0) & (self._level[:, rows] == 0).all(axis=0)
        for side, (kind, sign) in enumerate(_SIDES):
            self._climb(side, kind, rows, sign * value, at)
        self._value[rows], self._value_at[rows] = value, at
        self._mind_pending(rows)
        starts = was_inside & np.isfinite(self._since[:, rows, 0]).any(axis=0)
        self._mind_repetition(rows[starts], value[starts], at[starts])

    def _climb(self, side: int, kind: str, rows: Rows, x: Floats, at: Floats) -> None:
        """One direction: what stands beyond since when, what that raises, and what is back inside."""
        rules, level = self.rules, self._level[side, rows]
        limit = rules.limit[side, rows]
        beyond = x[:, None] > limit
        before = self._since[side, rows]
        since = np.where(beyond, np.minimum(before, at[:, None]), np.inf)
        self._since[side, rows] = since
        goes_on = (level > 0) | np.isfinite(before[:, 0])
        self._peak[side, rows] = np.where(goes_on, np.maximum(self._peak[side, rows], x), x)
        with np.errstate(invalid="ignore"):
            reached = np.count_nonzero(beyond & (at[:, None] - since >= rules.duration[rows, None]), axis=1).astype(np.int8)
        up = reached > level
        self._raise(side, kind, rows[up], reached[up], at[up], x[up])
        back = (level > 0) & (x <= limit[:, 0] - rules.hysteresis[rows])
        self._clear(side, kind, rows[back], at[back], x[back])

    def _raise(self, side: int, kind: str, rows: Rows, reached: NDArray[np.int8], at: Floats, x: Floats) -> None:
        if not len(rows):
            return
        sign, rules = _SIDES[side][1], self.rules
        for row, step, time, value in zip(rows.tolist(), reached.tolist(), at.tolist(), (sign * x).tolist(), strict=True):
            what = "severity" if self._level[side, row] else "raise"
            limit, severity = sign * float(rules.limit[side, row, step - 1]), int(rules.severity[side, row, step - 1])
            self._told.append(Transition(row, kind, what, severity, time, value, limit, sign * float(self._peak[side, row])))
            self._level[side, row] = step

    def _clear(self, side: int, kind: str, rows: Rows, at: Floats, x: Floats) -> None:
        sign, rules = _SIDES[side][1], self.rules
        for row, time, value in zip(rows.tolist(), at.tolist(), (sign * x).tolist(), strict=True):
            step = int(self._level[side, row]) - 1
            limit, peak = sign * float(rules.limit[side, row, 0]), sign * float(self._peak[side, row])
            told = Transition(row, kind, "clear", int(rules.severity[side, row, step]), time, value, limit if np.isfinite(limit) else None, peak)
            self._told.append(told)
        self._level[side, rows] = 0

    def _mind_pending(self, rows: Rows) -> None:
        """Whether a duration runs for a level that is not reached yet."""
        runs = np.zeros(len(rows), bool)
        for side in (0, 1):
            ahead = np.arange(MOST_LEVELS) >= self._level[side, rows, None]
            runs |= (np.isfinite(self._since[side, rows]) & ahead).any(axis=1)
        self._pending[rows] = runs

    def _run_out(self, rows: Rows, until: Floats) -> None:
        """Durations of pending sensors that ran out before `until` (m,), while the last value still held."""
        if not len(rows):
            return
        held = self._value_at[rows] + self.rules.gap[rows]
        for side, (kind, sign) in enumerate(_SIDES):
            due = self._since[side, rows] + self.rules.duration[rows, None]
            ready = (due < until[:, None]) & (due <= held[:, None])
            for step in range(MOST_LEVELS):
                now = ready[:, step] & (self._level[side, rows] <= step)
                if step + 1 < MOST_LEVELS:
                    # Two levels that run out together are told once, as the worse.
                    now &= ~(ready[:, step + 1] & (due[:, step + 1] == due[:, step]))
                if now.any():
                    reached = np.full(int(np.count_nonzero(now)), step + 1, np.int8)
                    self._raise(side, kind, rows[now], reached, due[now, step], sign * self._value[rows[now]])
        self._mind_pending(rows)

    def _fall_silent(self, rows: Rows) -> None:
        self._tell(rows, "silence", "raise", self.rules.other[_SILENCE], self.last_at[rows] + self.rules.silence[rows])
        self._silent[rows] = True

    def _speak_again(self, rows: Rows, value: Floats, at: Floats) -> None:
        self._tell(rows, "silence", "clear", self.rules.other[_SILENCE], at, value)
        self._silent[rows] = False

    def _mind_frozen(self, rows: Rows, value: Floats, at: Floats) -> None:
        """A value that never moves is a broken sensor's; one that moves ends a fault."""
        alike = np.where(value == self._value[rows], self._alike[rows] + 1, 1)
        self._alike[rows] = alike
        frozen = (self.rules.frozen[rows] > 0) & (alike >= self.rules.frozen[rows])
        new, gone = frozen & ~self._faulty[rows], ~frozen & self._faulty[rows]
        self._tell(rows[new], "fault", "raise", self.rules.other[_FAULT], at[new], value[new])
        self._tell(rows[gone], "fault", "clear", self.rules.other[_FAULT], at[gone], value[gone])
        self._faulty[rows] = frozen

    def _mind_repetition(self, rows: Rows, value: Floats, at: Floats) -> None:
        """Excursions that begin at `at` (m,); so many of them are told although none lasted."""
        if not len(rows) or not self._starts.shape[1]:
            return
        self._starts[rows, :-1] = self._starts[rows, 1:]
        self._starts[rows, -1] = at
        recent = np.count_nonzero(self._starts[rows] >= (at - self.rules.within[rows])[:, None], axis=1)
        many = np.minimum(self.rules.repeats[rows], MOST_EXCURSIONS)
        new = (many > 0) & (recent >= many) & ~self._repeating[rows] & (self._level[:, rows] == 0).all(axis=0)
        self._tell(rows[new], "repetition", "raise", self.rules.other[_REPETITION], at[new], value[new])
        self._repeating[rows[new]] = True

    def _calm(self, rows: Rows, until: Floats) -> None:
        """Repetitions without a new excursion before `until` (m,)."""
        repeating = self._repeating[rows]
        if not repeating.any():
            return
        rows, until = rows[repeating], until[repeating]
        ends = self._starts[rows, -1] + self.rules.within[rows]
        over = ends < until
        self._tell(rows[over], "repetition", "clear", self.rules.other[_REPETITION], ends[over])
        self._repeating[rows[over]] = False

    def _tell(self, rows: Rows, kind: str, what: str, severity: NDArray[np.int8], at: Floats, value: Floats | None = None) -> None:
        if not len(rows):
            return
        values = [None] * len(rows) if value is None else [each if np.isfinite(each) else None for each in value.tolist()]
        for row, time, each in zip(rows.tolist(), at.tolist(), values, strict=True):
            self._told.append(Transition(row, kind, what, int(severity[row]), time, each))
