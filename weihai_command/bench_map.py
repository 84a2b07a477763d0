"""`bench map`: how the whole city feels on the real desk window. Each window is a process of its own; the parent makes its rows first."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from .bench_job import Job
from .domain.faults import StoreFault
from .output import emit, say

#: Set in the child: a Job as JSON.
JOB = "WEIHAI_BENCH_MAP"
GROWTH = (10_000, 100_000, 350_000, 1_000_000)
PATIENCE_S = 300.0
#: A start is short and its time uneven: the middle one of so many counts.
STARTS = 3


def run(args: argparse.Namespace) -> int:
    """Measure floor and loaded, and on wish the growth; one JSON object, explained in the verb's help."""
    if os.environ.get(JOB):
        return _child()
    found: dict[str, Any] = {"bench": "map", "machine": _machine(), "cameras": args.cameras, "sensors": args.sensors, "movers": args.movers}
    with tempfile.TemporaryDirectory(prefix="weihai-bench-") as folder:
        root = Path(folder)
        found["floor"] = _measured(Job(make_city(root / "floor", 0, 0), is_floor=True, moves=args.moves))
        if args.growth:
            found["growth"] = _growth(root, args.sensors, args.moves)
        city = make_city(root / "loaded", args.cameras, args.sensors)
        loaded = _measured(Job(city, movers=args.movers, live=args.live, seconds=args.seconds, moves=args.moves))
        found["loaded"] = loaded | _starts(city, loaded)
    emit(found, args.json, words(found))
    return 0


def words(found: dict[str, Any]) -> str:
    """The figures for a person."""
    floor, loaded = found["floor"], found["loaded"]
    lines = [
        f"{name}：画好 {each['ready_s']} 秒，内存 {each['memory_mb']} MB，移动 {each['move']['p50']}/{each['move']['p95']}/{each['move']['max']} 毫秒"
        for name, each in (("空图", floor), ("全城", loaded), *((f"{int(n):,} 路", each) for n, each in found.get("growth", {}).items()))
    ]
    ratio = loaded["move"]["p95"] / max(0.1, floor["move"]["p95"])
    lines.append(f"全城不靠已存的列和页面：画好 {loaded['ready_cold_s']} 秒")
    return "\n".join([*lines, f"全城/空图 {ratio:.2f}；点击 {loaded['click_ms']['p95']} 毫秒；窗口最长停顿 {loaded['stall_ms']} 毫秒"])


def _machine() -> dict[str, Any]:
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}


def _growth(root: Path, sensors: int, moves: int) -> dict[str, Any]:
    found = {}
    for count in GROWTH:
        with tempfile.TemporaryDirectory(dir=root) as folder:
            found[str(count)] = _measured(Job(make_city(Path(folder), count, sensors), moves_only=True, moves=moves))
    return found


def _starts(city: str, first: dict[str, Any]) -> dict[str, Any]:
    """The middle of some starts as after storing, `first` among them, and of as many that find nothing kept but the rows."""
    kept = [first, *(_measured(Job(city, start_only=True)) for _ in range(STARTS - 1))]
    cold = []
    for _ in range(STARTS):
        for folder in [Path(city) / "cache", *Path(city).glob("*/cache")]:
            shutil.rmtree(folder, ignore_errors=True)
        cold.append(_measured(Job(city, start_only=True)))
    found = {}
    for name, starts in (("ready", kept), ("ready_cold", cold)):
        found[f"{name}_s"] = median(each["ready_s"] for each in starts)
        found[f"{name}_stall_ms"] = max(each["ready_stall_ms"] for each in starts)
    return found


def make_city(root: Path, cameras: int, sensors: int) -> str:
    """A small sample city under `root` whose masses are these many rows instead, the same ones every time, stored as the product stores them."""
    from layers.page import cached_page

    from .drill import sample_city_points
    from .operations import opening
    from .store import mirror

    root.mkdir(parents=True, exist_ok=True)
    desk = opening.open_sample(root, "small")
    now = datetime.now().astimezone()
    try:
        for kind, made, count in (("video_points", sample_city_points.cameras, cameras), ("sensors", sample_city_points.sensors, sensors)):
            mirror.delete(desk.store, kind, mirror.versions(desk.store, kind))
            opening.bring(desk, kind, made(count, now) if count else (), version=1)
        # The window that waits for the storing has made it meanwhile.
        cached_page(root / "cache")
    finally:
        desk.close()
    say(f"{cameras:,} cameras, {sensors:,} sensors stored")
    return str(root)


def _measured(job: Job) -> dict[str, Any]:
    """What the child measured (StoreFault when its window never came)."""
    environment = {**os.environ, JOB: json.dumps(asdict(job))}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "weihai_command", "--profile", job.folder, "bench", "map"]
    patience = PATIENCE_S + job.seconds
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=patience, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise StoreFault("地图的测量没有做完", "测量没有结果", "请先运行 weihai-command doctor")
    found: dict[str, Any] = json.loads(lines[-1])
    say(f"{'floor' if job.is_floor else 'loaded'}: {found}")
    return found


def _child() -> int:
    from .bench_window import measure

    print(json.dumps(measure(Job(**json.loads(os.environ[JOB])))), flush=True)
    return 0
