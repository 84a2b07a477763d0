"""A real hub process for tests: Kinto on a free port with every account. A conftest loads this file by its path and takes the fixture `hub`.

    _spec = importlib.util.spec_from_file_location("weihai_tests_hubs", Path(__file__).parents[1] / "hubs.py")
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.kinds import KINDS
from weihai_command.feeds.breaker import Breaker
from weihai_command.feeds.kinto import KintoPlatform
from weihai_command.feeds.transport import Answer

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Hub:
    url: str
    accounts: dict[str, str]
    process: subprocess.Popen[str]

    def login(self, account: str = "officer", **options: Any) -> KintoPlatform:
        """A platform under that account, with a breaker of its own that never opens unless one is given."""
        options.setdefault("breaker", Breaker(threshold=10_000))
        return KintoPlatform(self.url, account, self.accounts[account], **options)

    def send(self, account: str, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """One request as that account, whatever it may be."""
        platform = self.login(account)
        with contextlib.closing(platform):
            return platform.http.send(method, self.url + path, body=body, headers=headers)

    def records(self, kind: str, id: str = "") -> str:
        return f"/buckets/city/collections/{kind}/records" + (f"/{id}" if id else "")

    def wipe(self) -> None:
        """Delete all records (their tombstones stay)."""
        for kind in KINDS:
            if kind != "meta":
                assert self.send("admin", "DELETE", self.records(kind)).status == 200


def start(*arguments: str) -> Hub:
    """A hub that is ready; whoever starts it ends it by `stop`."""
    command = [sys.executable, "-m", "weihai_command.hub", "--port", "0", *arguments]
    # Its words for people go to a file of the session, not into a pipe that nobody empties.
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(10)
        process.stdout.close()
        raise RuntimeError(f"the hub ended with {process.returncode}")
    ready = json.loads(line)
    return Hub(ready["url"], ready["accounts"], process)


def stop(hub: Hub) -> int:
    """End it as an administrator does, and wait; its exit code."""
    hub.process.terminate()
    try:
        return hub.process.wait(15)
    except subprocess.TimeoutExpired:
        hub.process.kill()
        hub.process.wait(5)
        raise
    finally:
        if hub.process.stdout:
            hub.process.stdout.close()


@contextlib.contextmanager
def running(*arguments: str) -> Iterator[Hub]:
    hub = start(*arguments)
    try:
        yield hub
    finally:
        stop(hub)


@pytest.fixture(scope="session")
def hub() -> Iterator[Hub]:
    """One hub for all tests of a folder: memory backend, every account, no records but `meta/server`."""
    pytest.importorskip("kinto")
    with running() as started:
        yield started
