"""The window that `bench map` measures: the real desk at 1600×900, moved by seeded moves whose ends the page tells and pixels prove."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from . import bench_live
from .app import THEME, Opening, Program
from .bench_job import Job
from .bench_probe import Heartbeat, cpu_ms, memory_mb, pause, spread, until
from .operations.picture import PICTURED
from .qt_start import make_application, prepare_environment

SIZE = (1600, 900)
SAMPLED, CLICKS, CHANGED = 6, 30, 10_000
Move = tuple[float, float, int]


def seeded_moves(count: int = 40) -> list[Move]:
    """(lon, lat, zoom 9–16) around villages of the city, the same ones every time."""
    from .drill.sample_city_ground import ground, scatter

    random = np.random.default_rng(20_260)
    village = np.sort(random.integers(0, len(ground().villages), count))
    lon, lat = scatter(village, "bench moves")
    zooms = random.integers(9, 17, count)
    return [(float(lon[at]), float(lat[at]), int(zooms[at])) for at in random.permutation(count)]


def measure(job: Job) -> dict[str, Any]:
    """Open the desk on the job's store, measure, close."""
    prepare_environment(offscreen=False)
    app = make_application(THEME)
    app.setQuitOnLastWindowClosed(False)
    bench = WindowBench(job)
    try:
        return bench.run()
    finally:
        bench.program.end()


class WindowBench:
    """Drives one desk window through what a Job asks for."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.began = time.perf_counter()
        args = argparse.Namespace(profile=Path(job.folder), platform=None, user=None, scale="small", role="officer")
        self.program = _Program(args, Opening(args), job.is_floor)
        self.program.size = SIZE
        self.told: dict[str, Any] = {}

    def run(self) -> dict[str, Any]:
        """The figures, as `bench map --help` explains them."""
        heart = Heartbeat()
        self.program.begin()
        self.until(self._is_ready, "the desk is painted")
        found: dict[str, Any] = {"ready_s": round(time.perf_counter() - self.began, 2), "ready_stall_ms": heart.take()}
        if self.job.start_only:
            return found
        self.pause(1.5)
        self._prepare()
        web = self.map.stage.web
        found["map"] = [web.width(), web.height()]
        if self.job.movers:
            bench_live.fill(self, self.job.movers)
        found |= self._moves(heart)
        if self.job.is_floor or self.job.moves_only:
            return found | {"memory_mb": memory_mb(), "honesty": self._honesty()}
        stalls = {"move": found.pop("move_stall_ms")}
        for name, what in (("state_10k", self._states), ("position_10k", lambda: bench_live.positions(self, self.job.movers)), ("click", self._clicks)):
            heart.take()
            found[f"{name}_ms"] = what()
            stalls[name] = heart.take()
        found |= {"memory_mb": memory_mb(), "stall_ms": max(stalls.values()), "stalls": stalls, "honesty": self._honesty()}
        if self.job.live:
            found["live"] = bench_live.under_way(self, self.job.live, self.job.seconds, self.job.movers, seeded_moves())
        return found

    @property
    def map(self) -> Any:
        return self.program.map

    def _is_ready(self) -> bool:
        seat = self.program.seat
        if seat is None or not seat.boards.incidents.rowCount():
            return False
        # The pixels last: to look at them every millisecond takes the window's time.
        return (self.job.is_floor or set(PICTURED) <= self.program.fed) and self.map.is_painted()

    def _widen(self) -> None:
        """Give the map all the room that a person can give it."""
        window = self.program.seat.window
        docks = window.docks
        window.resizeDocks([docks["list"], docks["detail"]], [1, 1], Qt.Orientation.Horizontal)
        window.resizeDocks([docks["units"]], [1], Qt.Orientation.Vertical)
        self.pause(0.2)

    def _prepare(self) -> None:
        self._widen()
        self.moves = seeded_moves(self.job.moves)
        self.map.web.page.titleChanged.connect(self._on_title)
        self.javascript((files("resources") / "map" / "bench.js").read_text(encoding="utf-8"))
        self.pause(0.2)

    def _on_title(self, title: str) -> None:
        if title.startswith("{"):
            self.told = json.loads(title)

    def javascript(self, script: str) -> None:
        self.map.web.page.runJavaScript(script)

    def _moves(self, heart: Heartbeat) -> dict[str, Any]:
        took, used, stalls = [], cpu_ms(), []
        heart.take()
        for number, move in enumerate(self.moves):
            took.append(self.move(number, move)["ms"])
            self.pause(0.25)
        used = cpu_ms() - used
        stalls.append(heart.take())
        return {"move": spread(took), "cpu_ms_per_move": round(used / len(self.moves), 1), "move_stall_ms": max(stalls)}

    def move(self, number: int, move: Move) -> dict[str, Any]:
        """Go there; what the page tells at the end: {number, ms, at (epoch ms)}."""
        lon, lat, zoom = move
        self.javascript(f"Weihai.bench.move({number}, {lon}, {lat}, {zoom})")
        self.until(lambda: self.told.get("number") == number, "the move settled")
        return self.told

    def _honesty(self) -> dict[str, Any]:
        """Grabs, polled: how much later than the page's word the picture of its end was first seen."""
        gaps = []
        for number, move in enumerate(seeded_moves()[:SAMPLED], start=1000):
            seen: list[tuple[float, QImage]] = []
            lon, lat, zoom = move
            self.javascript(f"Weihai.bench.move({number}, {lon}, {lat}, {zoom})")
            end = time.monotonic() + 0.8
            while time.monotonic() < end:
                self.pause(0.002)
                image = self.map.stage.web.grab().toImage()
                seen.append((time.time() * 1000, image))
            first = next(at for at, image in seen if image == seen[-1][1])
            gaps.append(max(0.0, first - self.told["at"]))
        return {"sampled": len(gaps), "max_gap_ms": round(max(gaps), 1)}

    def _states(self) -> dict[str, float]:
        """Change the state of 10,000 rows; until the page painted them."""
        index = self.map.feeds.index.get("sensors") or self.map.feeds.index["video_points"]
        table, random, took = index.table, np.random.default_rng(5), []
        for _ in range(8):
            rows = random.permutation(len(table))[:CHANGED]
            took.append(self._until_fed(table.kind, lambda rows=rows: self.map.update_points(
                table.kind, rows, np.asarray(table.symbol)[rows], np.asarray(table.flags)[rows] ^ 0)))
        return spread(took)

    def _until_fed(self, kind: str, change: Callable[[], None]) -> float:
        self.program.fed.discard(kind)
        began = time.perf_counter()
        change()
        self.until(lambda: kind in self.program.fed, f"{kind} painted")
        return (time.perf_counter() - began) * 1000

    def _clicks(self) -> dict[str, float]:
        """Real clicks at seeded spots, until the map knows what was hit; what the desk then opens is not the map's."""
        answers = self.program.answers
        target, random, took = self.map.stage.web.focusProxy(), np.random.default_rng(9), []
        for spot in (random.uniform(0.2, 0.7, (CLICKS, 2)) * (target.width(), target.height())).round().astype(int).tolist():
            answers.clear()
            began = time.perf_counter()
            QTest.mouseClick(target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(*spot))
            self.until(lambda: answers, "click answered")
            took.append((answers[0] - began) * 1000)
            self.pause(0.4)
        return spread(took)

    def until(self, condition: Callable[[], Any], words: str) -> None:
        until(condition, words)

    def pause(self, seconds: float) -> None:
        pause(seconds)


class _Program(Program):
    """The desk's own program; on the floor its map is given no points."""

    def __init__(self, args: argparse.Namespace, opening: Opening, is_floor: bool) -> None:
        super().__init__(args, opening)
        self._is_floor = is_floor
        self.fed: set[str] = set()
        self.map.fed.connect(self.fed.add)
        self.answers: list[float] = []
        # Connected before the desk is: its own answer to a click is not in the measure.
        for told in (self.map.picked, self.map.cluster_opened, self.map.fanned_out, self.map.web.bridge.click_seen):
            told.connect(lambda *_: self.answers.append(time.perf_counter()))
        if is_floor:
            self.map.set_points = self.map.movers.update = lambda *_: None
