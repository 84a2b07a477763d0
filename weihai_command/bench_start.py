"""`bench start`: from spawn to polled pixels, timed by the parent; each run is a whole new process."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .domain.faults import StoreFault
from .output import emit, say

#: Set in the child: it prints one line when the desk stands on the screen, then leaves.
REPORT = "WEIHAI_REPORT_PAINTED"
PATIENCE_S = 180.0
SCALES = ("small", "city")


def run(args: argparse.Namespace) -> int:
    """Start the desk `runs` times per scale after a first run on an empty profile.

    JSON: {"bench": "start", "machine": {...}, "SCALE": {"first_s", "warm_s" (median), "warm_min_s", "warm_max_s", "runs", "memory_mb"}}.
    """
    wanted = (args.scale,) if args.scale else SCALES
    found: dict[str, Any] = {"bench": "start", "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[0]}}
    with tempfile.TemporaryDirectory(prefix="weihai-bench-") as folder:
        for scale in wanted:
            found[scale] = _scale(scale, Path(folder), max(1, args.runs))
    lines = [f"{scale}：首次 {found[scale]['first_s']} 秒，再次 {found[scale]['warm_s']} 秒（中位数）" for scale in wanted]
    emit(found, args.json, "\n".join(lines))
    return 0


def _scale(scale: str, folder: Path, runs: int) -> dict[str, Any]:
    first = start_once(scale, folder)
    say(f"{scale}: first {first['seconds']:.2f} s")
    warm = []
    for _ in range(runs):
        warm.append(start_once(scale, folder))
        say(f"{scale}: warm {warm[-1]['seconds']:.2f} s")
    seconds = [each["seconds"] for each in warm]
    return {
        "first_s": round(first["seconds"], 2), "warm_s": round(statistics.median(seconds), 2), "warm_min_s": round(min(seconds), 2),
        "warm_max_s": round(max(seconds), 2), "runs": runs, "points": warm[-1]["points"],
    }


def start_once(scale: str, folder: Path) -> dict[str, Any]:
    """One process from spawn to the line that says that polled pixels show map, marks and list (StoreFault when it never comes)."""
    environment = {**os.environ, REPORT: "1"}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "weihai_command", "--profile", str(folder), "--scale", scale]
    started = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            seconds = time.monotonic() - started
            child.wait(PATIENCE_S)
        finally:
            child.kill()
    if not line:
        raise StoreFault("值班席没有画出来", "测量没有结果", "请先运行 weihai-command doctor")
    return {"seconds": seconds, **json.loads(line)}
