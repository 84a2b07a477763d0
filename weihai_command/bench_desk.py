"""`bench desk`: the desk's panes over a hundred thousand incidents, each figure beside the obvious way. Each case is a process of its own."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from .domain.faults import StoreFault
from .output import emit, say

#: Set in the child: the number of incidents that its store was made with.
CHILD = "WEIHAI_BENCH_DESK"
CASES = {"running": False, "all_open": True}
PATIENCE_S = 900.0


def run(args: argparse.Namespace) -> int:
    """Measure both cases; one JSON object, explained in the verb's help."""
    if os.environ.get(CHILD):
        from .bench_panes import measure

        print(json.dumps(measure(args.profile)), flush=True)
        return 0
    machine = {"cpus": os.cpu_count(), "python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}
    found: dict[str, Any] = {"bench": "desk", "machine": machine, "incidents": args.incidents}
    with tempfile.TemporaryDirectory(prefix="weihai-bench-") as folder:
        for name, all_open in CASES.items():
            found[name] = _measured(make_desk(Path(folder) / name, args.incidents, all_open=all_open))
            say(f"{name}: {found[name]}")
    emit(found, args.json, words(found))
    return 0


def words(found: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = []
    for name, title in (("running", "常态"), ("all_open", "全部未结束")):
        case = found[name]
        search = max(each["p95"] for each in case["search"].values())
        lines.append(
            f"{title} {case['rows']:,} 行：读入 {case['load_s']} 秒；筛选 {case['chip_ms']['p95']}，排序 {case['sort_ms']['p95']}，"
            f"打开 {case['open_ms']['p95']}，搜索 {search}，改一件 {case['change_ms']['p95']} 毫秒；窗口最长停顿 {case['stall_ms']} 毫秒"
        )
    return "\n".join(lines)


def make_desk(root: Path, count: int, *, all_open: bool) -> Path:
    """A small sample city under `root` with `count` more incidents, indexed as after some quiet moments."""
    from . import bench_incidents
    from .operations import opening
    from .store import mirror, search

    root.mkdir(parents=True)
    desk = opening.open_sample(root, "small")
    try:
        mirror.bulk(desk.store, "incidents", bench_incidents.made(count, datetime.now().astimezone(), all_open=all_open))
        search.index_dirty(desk.store, 1_000 * PATIENCE_S)
    finally:
        desk.close()
    return root


def _measured(root: Path) -> dict[str, Any]:
    environment = {**os.environ, CHILD: "1"}
    if not environment.get("DISPLAY"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "weihai_command", "--profile", str(root), "bench", "desk"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        raise StoreFault("席位的测量没有做完", "测量没有结果", "请先运行 weihai-command doctor")
    found: dict[str, Any] = json.loads(lines[-1])
    return found
