"""A PostgreSQL cluster of our own in a folder that goes with it, and Kinto processes that share its database."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..domain.faults import Fault

ROOT = Path(__file__).parents[2]
USER = "postgres"
PATIENCE_S = 30.0
#: Only processes are killed here, never the machine, so the disk may be lazy.
SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "timezone=UTC", "max_connections=60")


class NoCluster(Fault):
    """This machine has no PostgreSQL, or not the right to start one."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Hub:
    """One Kinto process: its address with /v1, the passwords that it made, and itself."""

    url: str
    accounts: dict[str, str]
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        return int(self.url.split(":")[2].split("/")[0])


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The URL of an empty database on a Unix socket, served while this lasts (NoCluster)."""
    tools, rights = _tools(), _rights()
    folder = Path(tempfile.mkdtemp(prefix="weihai-pg-"))
    try:
        if rights:
            os.chown(folder, int(rights["user"]), int(rights["group"]))
        _checked([str(tools / "initdb"), "-D", str(folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], folder, rights)
        with _served(tools, folder, rights):
            yield f"postgresql://{USER}@/{USER}?host={folder}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def hubs(url: str, count: int) -> Iterator[list[Hub]]:
    """Kinto processes on the same database, one set up after the other; the first has made the accounts."""
    started: list[Hub] = []
    try:
        for _ in range(count):
            started.append(_hub(url))
        yield started
    finally:
        for each in started:
            _end(each.process)


def _tools() -> Path:
    """The newest PostgreSQL's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]) if path.parts[-3].isdigit() else 0)
    there = found[-1] if found else Path(shutil.which("initdb") or "")
    if not there.name:
        raise NoCluster("本机没有 PostgreSQL", "没有改动", "apt-get install postgresql，或运行 python3 build_installer.py test")
    return there.parent


def _rights() -> dict[str, Any]:
    """Arguments for subprocess: PostgreSQL refuses root, so root starts it as its own user."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        raise NoCluster(f"本机没有用户 {USER}", "没有改动", "apt-get install postgresql") from None
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _checked(command: list[str], folder: Path, rights: dict[str, Any]) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **rights)
    except PermissionError as error:
        raise NoCluster(f"没有权限运行 {command[0]}：{error.strerror}", "没有改动", "请以管理员或普通用户身份运行") from None
    if done.returncode:
        raise NoCluster(f"数据库集群建不起来：{done.stderr.strip()[-300:]}", "没有改动", "请核对 PostgreSQL 的安装")


@contextlib.contextmanager
def _served(tools: Path, folder: Path, rights: dict[str, Any]) -> Iterator[None]:
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    command = [str(tools / "postgres"), "-D", str(folder / "data"), "-k", str(folder), *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, text=True, **rights)
    try:
        _wait(tools, folder, process)
        yield
    finally:
        # A fast shutdown: sessions are broken off, no process stays.
        process.send_signal(2)
        process.wait(PATIENCE_S)


def _wait(tools: Path, folder: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE_S
    while subprocess.run([str(tools / "pg_isready"), "-q", "-h", str(folder)], check=False).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise NoCluster(f"数据库没有启动：{(folder / 'log').read_text('utf-8')[-300:]}", "没有改动", "请核对 PostgreSQL 的安装")
        time.sleep(0.05)


def _hub(url: str) -> Hub:
    command = [sys.executable, "-m", "weihai_command.hub", "--port", "0", "--postgres", url]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _end(process)
        raise NoCluster(f"平台服务没有启动（{process.returncode}）", "没有改动", "请核对 kinto[postgresql] 的安装")
    ready = json.loads(line)
    return Hub(ready["url"], ready["accounts"], process)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    finally:
        if process.stdout:
            process.stdout.close()
