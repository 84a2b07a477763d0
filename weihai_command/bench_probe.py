"""What measurements read from the machine: memory and processor time of a process and all that descend from it, and a heartbeat."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

from .domain.faults import StoreFault

_PROC = Path("/proc")
PATIENCE_S = 120.0
_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 10.0


def family(root: int | None = None) -> list[int]:
    """Process ids of `root` (this process) and of everything that descends from it; without /proc only the root."""
    root = root or os.getpid()
    children: dict[int, list[int]] = {}
    for entry in _PROC.glob("[0-9]*"):
        stat = _stat(int(entry.name))
        if stat:
            children.setdefault(int(stat[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name: state, parent, …; empty when the process is gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def memory_mb() -> float | None:
    """Proportional set size of the whole family in MB; None where the system does not tell."""
    total = 0
    for pid in family():
        try:
            lines = (_PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return round(total / 1024, 1) or None


def cpu_ms() -> float:
    """Processor time that the living family has used."""
    stats = [_stat(pid) for pid in family()]
    return sum(int(stat[11]) + int(stat[12]) for stat in stats if stat) * _TICK_MS


def spread(values: Sequence[float]) -> dict[str, float]:
    """{p50, p95, max} in the unit of the values."""
    p50, p95 = np.percentile(values, (50, 95))
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "max": round(float(max(values)), 1)}


def until(condition: Callable[[], Any], words: str) -> None:
    """Let the window live until `condition` holds (StoreFault when it never does)."""
    loop, end = QEventLoop(), time.monotonic() + PATIENCE_S
    timer = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: loop.quit() if condition() or time.monotonic() > end else None)
    timer.start()
    if not condition():
        loop.exec()
    if not condition():
        raise StoreFault(f"测量没有等到：{words}", "测量没有结果", "请先运行 weihai-command doctor")


def pause(seconds: float) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


class Heartbeat(QObject):
    """A 5 ms beat on the window's thread: a beat that comes late is a stall that a person could feel."""

    BEAT_MS = 5

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(self, interval=self.BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def take(self) -> float:
        """The longest silence since the last call in ms, less the beat itself; the next count begins."""
        self._beat()
        longest, self._longest = self._longest, 0.0
        return round(max(0.0, longest * 1000 - self.BEAT_MS), 1)
