"""`bench watch`: a flood of readings through store, detection and the real window, and its alarms against a plain loop and labels made by hand."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .domain.faults import StoreFault
from .output import emit, say

#: Set in the child: what is measured, as JSON.
JOB = "WEIHAI_BENCH_WATCH"
PATIENCE_S = 400.0
STALL_MS, LAG_S = 100.0, 1.0


def run(args: argparse.Namespace) -> int:
    """Measure one window; 1 when an alarm is missing or too many, the window stood still for too long or an alarm came too late."""
    if os.environ.get(JOB):
        return _child()
    from .bench_map import make_city

    with tempfile.TemporaryDirectory(prefix="weihai-bench-") as folder:
        city = make_city(Path(folder) / "city", 300, args.sensors)
        found = {
            "bench": "watch", "machine": {"cpus": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)},
            "sensors": args.sensors, "rate": args.rate, "seconds": args.seconds, **_measured({"folder": city, "rate": args.rate, "seconds": args.seconds}),
        }
    found["ok"] = bool(found["exact"] and found["stall_ms"] <= STALL_MS and found["lag_s"]["max"] <= LAG_S)
    emit(found, args.json, words(found))
    return 0 if found["ok"] else 1


def words(found: dict[str, Any]) -> str:
    """The figures for a person."""
    alarms, lag = found["alarms"], found["lag_s"]
    return (
        f"{found['sensors']:,} 个传感器，每秒 {found['achieved_per_s']:,} 条（要求 {found['rate']:,}），{found['seconds']} 秒\n"
        f"窗口最长停顿 {found['stall_ms']} 毫秒（限 {STALL_MS:.0f}）；到达至上屏 {lag['p50']}/{lag['p95']}/{lag['max']} 秒（限 {LAG_S:.0f}）\n"
        f"告警 {alarms['kept']} 条，简单算法 {alarms['plain']} 条，多出 {alarms['too_many']}，缺少 {alarms['missing']}；"
        f"手工标注 {alarms['labelled']} 条，不符 {alarms['labels_missed']}"
    )


def _measured(job: dict[str, Any]) -> dict[str, Any]:
    environment = {**os.environ, JOB: json.dumps(job)}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "weihai_command", "--profile", job["folder"], "bench", "watch"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S + job["seconds"], check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise StoreFault("测值的测量没有做完", "测量没有结果", "请先运行 weihai-command doctor")
    found: dict[str, Any] = json.loads(lines[-1])
    say(f"measured: {found}")
    return found


def _child() -> int:
    from .bench_watch_window import measure

    print(json.dumps(measure(**json.loads(os.environ[JOB]))), flush=True)
    return 0
