"""Detection once more, as slowly and plainly as it can be said: one sensor, one reading, looking back over all that came before. Shares no code."""

from __future__ import annotations

import math
from typing import Any

Told = tuple[float, str, str, int, float | None, float | None]


class Plain:
    """`high`/`low` are [(limit, severity)] from mild to worse. `told` are (at, kind, what, severity, limit, peak)."""

    def __init__(self, high: list[Any], low: list[Any], *, back: float, lasts: float, gap: float, patience: float, frozen: int, repeats: int,
                 within: float, valid: tuple[float, float] = (-math.inf, math.inf)) -> None:
        self.ladder = {"high": high, "low": low}
        self.back, self.lasts, self.gap, self.patience, self.frozen, self.valid = back, lasts, gap, patience, frozen, valid
        self.repeats, self.within = repeats, within
        self.seen: list[tuple[float, float]] = []
        self.starts: list[float] = []
        self.reached = {"high": 0, "low": 0}
        self.peak: dict[str, float] = {}
        self.on: set[str] = set()
        self.heard: float | None = None
        self.told: list[Told] = []
        self.unused = 0

    def beyond(self, side: str, value: float, limit: float) -> bool:
        return value > limit if side == "high" else value < limit

    def stands_since(self, side: str, limit: float) -> float | None:
        """When the unbroken row of values beyond `limit` began that ends with the newest."""
        begun: float | None = None
        for at, value in reversed(self.seen):
            if not self.beyond(side, value, limit) or (begun is not None and begun - at > self.gap):
                break
            begun = at
        return begun

    def say(self, at: float, kind: str, what: str, severity: int, limit: float | None = None, peak: float | None = None) -> None:
        self.told.append((at, kind, what, severity, limit, peak))

    def reach(self, side: str, step: int, at: float) -> None:
        limit, severity = self.ladder[side][step - 1]
        self.say(at, side, "raise" if self.reached[side] == 0 else "severity", severity, limit, self.peak[side])
        self.reached[side] = step

    def run_out(self, until: float) -> None:
        if not self.seen:
            return
        ends: dict[tuple[str, float], int] = {}
        for side, steps in self.ladder.items():
            for n, (limit, _) in enumerate(steps, 1):
                begun = self.stands_since(side, limit)
                if n > self.reached[side] and begun is not None and begun + self.lasts < until and begun + self.lasts <= self.seen[-1][0] + self.gap:
                    ends[side, begun + self.lasts] = max(n, ends.get((side, begun + self.lasts), 0))
        for (side, at), n in sorted(ends.items(), key=lambda each: each[0][1]):
            self.reach(side, n, at)

    def calm(self, until: float) -> None:
        if "repetition" in self.on and self.starts[-1] + self.within < until:
            self.on.discard("repetition")
            self.say(self.starts[-1] + self.within, "repetition", "clear", 4)

    def tick(self, now: float) -> None:
        self.run_out(now)
        self.calm(now)
        if self.heard is not None and "silence" not in self.on and self.heard + self.patience < now:
            self.on.add("silence")
            self.say(self.heard + self.patience, "silence", "raise", 4)

    def read(self, at: float, value: float) -> None:
        if self.heard is not None and at <= self.heard:
            self.unused += 1
            return
        self.run_out(at)
        self.calm(at)
        self.heard = at
        if "silence" in self.on:
            self.on.discard("silence")
            self.say(at, "silence", "clear", 4)
        if not math.isfinite(value) or not self.valid[0] <= value <= self.valid[1]:
            if "fault" not in self.on:
                self.on.add("fault")
                self.say(at, "fault", "raise", 4)
            return
        self.judge(at, value)

    def judge(self, at: float, value: float) -> None:
        broken = bool(self.seen) and at - self.seen[-1][0] > self.gap
        inside = {side: broken or not self.seen or not steps or not self.beyond(side, self.seen[-1][1], steps[0][0]) for side, steps in self.ladder.items()}
        nothing = not any(self.reached.values())
        self.seen.append((at, value))
        alike = 0
        for _, each in reversed(self.seen):
            if each != value:
                break
            alike += 1
        stuck = 0 < self.frozen <= alike
        if stuck != ("fault" in self.on):
            self.say(at, "fault", "raise" if stuck else "clear", 4)
            self.on ^= {"fault"}
        begins = nothing and all(inside.values())
        for side, steps in self.ladder.items():
            self.side(side, steps, at, value, inside[side])
        if begins and any(steps and self.beyond(side, value, steps[0][0]) for side, steps in self.ladder.items()):
            self.starts.append(at)
            recent = [each for each in self.starts if at - each <= self.within]
            if self.repeats and len(recent) >= self.repeats and "repetition" not in self.on and not any(self.reached.values()):
                self.on.add("repetition")
                self.say(at, "repetition", "raise", 4)

    def side(self, side: str, steps: list[Any], at: float, value: float, was_inside: bool) -> None:
        farther = max if side == "high" else min
        begins = self.reached[side] == 0 and was_inside
        self.peak[side] = value if begins or side not in self.peak else farther(self.peak[side], value)
        ready = 0
        for n, (limit, _) in enumerate(steps, 1):
            begun = self.stands_since(side, limit)
            if begun is not None and at - begun >= self.lasts:
                ready = n
        if ready > self.reached[side]:
            self.reach(side, ready, at)
        elif self.reached[side]:
            edge = steps[0][0] - self.back if side == "high" else steps[0][0] + self.back
            if (value <= edge) if side == "high" else (value >= edge):
                self.say(at, side, "clear", steps[self.reached[side] - 1][1], steps[0][0], self.peak[side])
                self.reached[side] = 0
