"""The window that `bench watch` measures: the real desk, whose readings are a made-up stream."""

from __future__ import annotations

import argparse
import os
import time
from collections import deque
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from .app import THEME, Opening, Program
from .bench_probe import Heartbeat, cpu_ms, memory_mb, pause, until
from .bench_watch_load import LoadSource, labelled, plain
from .domain.alarm import Alarm
from .domain.detection import Transition
from .operations.ingest import Ingest
from .operations.sensor_table import SensorTable
from .qt_start import make_application, prepare_environment
from .store import alarms as kept

SIZE = (1600, 900)
#: How often the strip is looked at; seconds that the window is left alone before and after.
LOOK_MS, REST_S = 10, 3.0


class Timed(Ingest):
    """Remembers for each group of new alarms how many there are then, and when the oldest reading of the group was due."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.raised: deque[tuple[int, float]] = deque()
        self._known: set[str] = set()
        self.busy_s = 0.0

    def _apply(self, transitions: list[Transition], came: float) -> list[Alarm]:
        changed = super()._apply(transitions, came)
        before = len(self._known)
        self._known |= {each.id for each in changed}
        if len(self._known) > before:
            self.raised.append((len(self._known), min(each.at for each in transitions if each.what == "raise")))
        return changed

    def turn(self) -> bool:
        began = time.thread_time()
        came = super().turn()
        self.busy_s += time.thread_time() - began
        return came


class _Program(Program):
    """The desk's own program with another source of readings."""

    rate, seconds = 0, 0
    load: LoadSource

    def make_seat(self) -> Any:
        seat = super().make_seat()
        self.sensors = [{key: row.get(key) for key in ("id", "quantity", "low", "high")} for row in SensorTable(seat.desk.store)]
        self.load = LoadSource(self.sensors, self.rate, self.seconds, time.time)
        seat.readings.kind, seat.readings.make_sources = Timed, lambda: [self.load]
        return seat


class _Lags:
    """Looks at the strip's board: from when a reading was due until the alarm that it raised is in what the strip shows."""

    def __init__(self, seat: Any) -> None:
        self._seat = seat
        self.found: list[float] = []
        self._timer = QTimer(interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        raised, shown = self._seat.readings.ingest.raised, sum(self._seat.boards.alarms.counts.values())
        while raised and raised[0][0] <= shown:
            self.found.append(time.time() - raised.popleft()[1])


def measure(folder: str, rate: int, seconds: int) -> dict[str, Any]:
    """Open the desk, send the stream, compare; see words() of bench_watch."""
    prepare_environment(offscreen=False)
    app = make_application(THEME)
    app.setQuitOnLastWindowClosed(False)
    args = argparse.Namespace(profile=Path(folder), platform=None, user=None, scale="small", role="officer")
    program = _Program(args, Opening(args))
    program.size, program.rate, program.seconds = SIZE, rate, seconds
    try:
        program.begin()
        until(lambda: program.seat is not None and program.seat.is_painted(), "the desk is painted")
        heart = Heartbeat()
        until(lambda: program.seat.readings.ingest is not None and program.seat.readings.ingest.is_settled.is_set(), "the sensors are known")
        pause(REST_S)
        return {"begin_stall_ms": heart.take(), **_flooded(program)}
    finally:
        program.end()


def _flooded(program: _Program) -> dict[str, Any]:
    seat, load = program.seat, program.load
    ingest: Timed = seat.readings.ingest
    heart, lags, used, busy = Heartbeat(), _Lags(seat), cpu_ms(), ingest.busy_s
    began = time.time()
    load.begin()
    heart.take()
    while not load.is_over:
        pause(0.5)
    took = time.time() - began
    until(lambda: not ingest.raised and ingest.ledger.counts.received >= load.count + load.extra, "the last alarm is shown")
    stall, used, busy = heart.take(), cpu_ms() - used, ingest.busy_s - busy
    pause(REST_S)
    report, load_after = ingest.ledger.report(), round(os.getloadavg()[0], 2)
    return {
        "load_after": load_after, "achieved_per_s": round(load.count / took), "stall_ms": stall, "lag_s": _spread(lags.found), "shown_in": len(lags.found),
        "ingest_share": round(busy / took, 3), "cpu_share": round(used / 1000 / took, 2), "memory_mb": memory_mb(), "readings": report,
        "file_mb": round(ingest.readings.size() / 1e6, 1), **_compared(program),
    }


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values) or [0.0]
    return {name: round(ordered[int(share * (len(ordered) - 1))], 3) for name, share in (("p50", 0.5), ("p95", 0.95), ("max", 1.0))}


def _compared(program: _Program) -> dict[str, Any]:
    """The kept alarms against the plain loop, the labels against the kept ones, and every reading accounted for."""
    load, store = program.load, program.seat.desk.store
    found = [each for each in (*kept.standing(store, ("unacked", "acked", "shelved", "cleared")),) if each.kind in ("high", "low")]
    rows = {(each.sensor_id, each.kind, round(each.raised_at, 3), each.severity, each.state, _time(each.cleared_at)) for each in found}
    expected, labels = plain(load, program.sensors), labelled(load)
    report = program.seat.readings.ingest.ledger.report()
    whole = report["received"] == sum(report[name] for name in ("kept", "twice", "unknown", "ahead", "no_time", "aged")) == load.count + load.extra
    return {
        "alarms": {
            "kept": len(rows), "plain": len(expected), "too_many": len(rows - expected), "missing": len(expected - rows), "labelled": len(labels),
            "labels_missed": len(labels - rows),
        },
        "accounted": whole, "exact": rows == expected and labels <= rows and whole,
    }


def _time(at: float | None) -> float | None:
    return None if at is None else round(at, 3)
