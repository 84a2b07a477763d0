"""What moves, in `bench map`: the movers of the loaded window, how soon new positions are painted, and a minute under a live stream."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from .bench_probe import Heartbeat, spread
from .operations.live_load import Load, report

ROUNDS, CHANGED = 8, 10_000
#: Off the coast, where the vessels are: west, south, east, north.
SEA = (121.4, 36.3, 123.4, 38.0)
#: Seconds until the stream has filled its own beginning.
WARM_UP_S = 2.0


class Bench(Protocol):
    """The measured window: what bench_window's offers."""

    program: Any

    def move(self, number: int, move: tuple[float, float, int]) -> dict[str, Any]: ...

    def until(self, condition: Callable[[], Any], words: str) -> None: ...

    def pause(self, seconds: float) -> None: ...


def fill(bench: Bench, movers: int) -> None:
    """Let `movers` vessels and vehicles report once, and wait until they are painted."""
    _report(bench, movers, movers, 1)


def positions(bench: Bench, movers: int) -> dict[str, float] | None:
    """Milliseconds from 10,000 new positions at the seam to their picture; None without movers."""
    if not movers:
        return None
    took = []
    for number in range(ROUNDS):
        bench.pause(0.4)
        took.append(_report(bench, movers, min(CHANGED, movers), number))
    return spread(took)


def _report(bench: Bench, movers: int, count: int, seed: int) -> float:
    random, live = np.random.default_rng(seed), bench.program.seat.living.live
    rows, which = live.rows([f"load-{row}" for row in range(movers)]), random.permutation(movers)[:count]
    lon, lat = random.uniform(SEA[0], SEA[2], movers), random.uniform(SEA[1], SEA[3], movers)
    bench.program.fed.discard("movers")
    began = time.perf_counter()
    report(live, rows, which, lon, lat, random.uniform(0, 360, movers), np.full(movers, 5.0))
    bench.until(lambda: "movers" in bench.program.fed and not live.backlog, "movers painted")
    return (time.perf_counter() - began) * 1000


def under_way(bench: Bench, rate: int, seconds: int, movers: int, moves: list[tuple[float, float, int]]) -> dict[str, Any]:
    """A stream of `rate` changes a second while the map is moved all the time.

    {rate, seconds, stall_ms, move, moves, backlog_start, backlog_end, backlog_max, frames, coalesced, outdated, frame_ms}.
    """
    living, index = bench.program.seat.living, bench.program.map.feeds.index
    points = {kind: index[kind].table.ids for kind in ("sensors", "video_points") if kind in index}
    load = Load(living.live, rate, seconds, 7, points, movers or 1_000)
    load.start()
    try:
        bench.pause(WARM_UP_S)
        return _panned(bench, load, moves) | {"rate": rate, "seconds": seconds}
    finally:
        load.stop()


def _panned(bench: Bench, load: Load, moves: list[tuple[float, float, int]]) -> dict[str, Any]:
    living, heart = bench.program.seat.living, Heartbeat()
    before, living.longest_ms, took, waiting = living.live.counts(), 0.0, [], []
    heart.take()
    while load.is_running:
        took.append(bench.move(10_000 + len(took), moves[len(took) % len(moves)])["ms"])
        waiting.append(living.live.backlog)
        bench.pause(0.1)
    after, part = living.live.counts(), max(1, len(waiting) // 4)
    return {
        "stall_ms": heart.take(), "move": spread(took), "moves": len(took), "frame_ms": round(living.longest_ms, 1),
        "backlog_start": int(np.median(waiting[:part])), "backlog_end": int(np.median(waiting[-part:])), "backlog_max": max(waiting),
        **{name: after[name] - before[name] for name in ("received", "frames", "coalesced", "outdated")},
    }
