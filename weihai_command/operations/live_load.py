"""A made-up stream into the live seam, for measurements: half positions, half states, always at the same rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np

from .live import STATES, Floats, Live, Rows

#: Seconds between two batches.
STEP_S = 0.05


def inject(
    live: Live, rate: float, seconds: float, seed: int, *, movers: int = 20_000, points: dict[str, Sequence[str]] | None = None,
    box: tuple[float, float, float, float] = (122.2, 36.6, 123.2, 37.8),
) -> Iterator[float]:
    """Bring `rate` changes a second in batches: each step yields the seconds until the next one, which the caller waits.

    Half are positions of `movers` invented movers, a third of them vehicles, that start in `box` (west, south, east, north) and hold their
    course, half are states of `points` (kind -> ids), the greatest share normal. A caller that is late is given more at once: what was due is brought.
    """
    random = np.random.default_rng(seed)
    rows = live.rows([f"load-{row}" for row in range(movers)])
    lon, lat = random.uniform(box[0], box[2], movers), random.uniform(box[1], box[3], movers)
    course, speed = random.uniform(0, 360, movers), random.uniform(2, 9, movers)
    report(live, rows, np.arange(movers), lon, lat, course, speed)
    kinds = [(kind, ids) for kind, ids in (points or {}).items() if len(ids)]
    begun, brought, at = time.monotonic(), 0.0, 0
    while (passed := time.monotonic() - begun) < seconds:
        due = int(min(passed, seconds) * rate - brought) // 2 if kinds else int(passed * rate - brought)
        if due:
            here = (at + np.arange(due)) % movers
            at = (at + due) % movers
            step = speed[here] * movers / max(1.0, rate / 2) / 111_195
            lon[here] += step * np.sin(np.radians(course[here])) / 0.8
            lat[here] += step * np.cos(np.radians(course[here]))
            report(live, rows, here, lon, lat, course, speed)
            brought += due
        for kind, ids in kinds:
            share = due // len(kinds)
            codes = np.where(random.random(share) < 0.97, 0, random.integers(0, len(STATES[kind]), share))
            live.states(kind, [ids[place] for place in random.integers(0, len(ids), share).tolist()], codes, live.now())
            brought += share
        yield STEP_S


def report(live: Live, rows: Rows, which: Rows, lon: Floats, lat: Floats, course: Floats, speed: Floats) -> None:
    """Bring the positions of some of all movers (n,), now; every third one is a vehicle."""
    for kind, some in (("vessel", which[which % 3 != 0]), ("vehicle", which[which % 3 == 0])):
        live.positions(rows[some], lon[some], lat[some], course[some], speed[some], live.now(), source="load", kind=kind)


class Load:
    """`inject` in a thread of its own."""

    def __init__(self, live: Live, rate: float, seconds: float, seed: int, points: dict[str, Sequence[str]], movers: int = 20_000) -> None:
        self._stop = threading.Event()
        self._steps = inject(live, rate, seconds, seed, movers=movers, points=points)
        self._thread = threading.Thread(target=self._run, name="live-load")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End it and wait for its end."""
        self._stop.set()
        self._thread.join()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        for pause in self._steps:
            if self._stop.wait(pause):
                return
