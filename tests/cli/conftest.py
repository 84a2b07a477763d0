"""Desks that are only a command line: each call is a process of its own, before a real hub and a line that can break."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def _module(name: str) -> ModuleType:
    """tests/<name>.py under a name of its own, once for all folders."""
    full = f"weihai_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, ROOT / "tests" / f"{name}.py")
        assert spec and spec.loader
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


hub = _module("hubs").hub


class Seat:
    """One officer at one machine. A call runs one verb in a process of its own and gives its JSON; words are kept in `said`."""

    def __init__(self, forks: Any, folder: Path, url: str = "", user: str = "", password: str = "") -> None:
        self.forks, self.folder, self.url, self.user, self.password = forks, folder, url, user, password
        self.said = ""

    def __call__(self, verb: str, *words: str, code: int = 0) -> dict[str, Any]:
        done = self.run(verb, *words, *self._city(verb), "--json")
        assert done.returncode == code, f"{verb} {words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.count("\n") == 1, done.stdout
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def do(self, *words: str, code: int = 0) -> dict[str, Any]:
        return self("do", *words, code=code)

    def rows(self, kind: str, *words: str) -> list[dict[str, Any]]:
        found = self("query", kind, *words)
        assert found["kind"] == kind and found["count"] == len(found["rows"])
        return list(found["rows"])

    def row(self, kind: str, record_id: str) -> dict[str, Any]:
        (found,) = self.rows(kind, "--where", f"id={record_id}")
        return found

    def sync(self, *words: str, code: int = 0) -> dict[str, Any]:
        return self("sync", *words, code=code)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        done = self.forks.run(["--profile", str(self.folder), *words], {"WEIHAI_PASSWORD": self.password})
        return self._heard(done)

    def spawn(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The whole way: `python -m weihai_command` from nothing."""
        environment = {**os.environ, "WEIHAI_PASSWORD": self.password, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "weihai_command", "--profile", str(self.folder), *words]
        return self._heard(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=100, check=False))

    def _heard(self, done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        assert "Traceback" not in done.stderr, done.stderr
        self.said = done.stderr
        return done

    def _city(self, verb: str) -> list[str]:
        return ["--platform", self.url, "--user", self.user] if self.url else []


class City:
    """What stands on the platform at the start of a test, written by strangers with plain requests."""

    def __init__(self, hub: Any) -> None:
        self.hub = hub
        hub.wipe()

    def put(self, account: str, collection: str, **fields: Any) -> str:
        """A record made by a plain PUT; its id."""
        record_id = str(fields.pop("id", uuid.uuid4()))
        groups = ["officer", "department", "feed"]
        body = {"data": fields, "permissions": {"write": [f"/buckets/city/groups/{group}" for group in groups]}}
        assert self.hub.send(account, "PUT", self.hub.records(collection, record_id), body).status in (200, 201)
        return record_id

    def unit(self, name: str, kind: str = "fire") -> str:
        return self.put("feed", "units", name=name, kind=kind, state="available", lon=122.1, lat=37.5)

    def incident(self, number: str, **fields: Any) -> str:
        basis = {"title": "燃气泄漏", "track": "emergency", "state": "queued", "type": "gas_leak", "priority": "urgent", "lon": 122.1, "lat": 37.5}
        return self.put("officer2", "incidents", number=number, **{**basis, **fields})

    def get(self, kind: str, record_id: str) -> dict[str, Any]:
        answer = self.hub.send("admin", "GET", self.hub.records(kind, record_id))
        assert answer.status == 200
        return dict(answer.json()["data"])

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.hub.send("admin", "GET", self.hub.records(kind)).json()["data"])

    def change_server(self, **fields: str) -> dict[str, Any]:
        """What the server says of itself, as a restore or a move would change it; what it said before."""
        before = self.get("meta", "server")
        assert self.hub.send("admin", "PATCH", self.hub.records("meta", "server"), {"data": fields}).status == 200
        return before

    def writes_of(self, op_id: str) -> int:
        """How often an op was applied, by the server's own history."""
        path = f'/buckets/city/history?target.data.last_op="{op_id}"&resource_name=record'
        return sum(entry["target"]["data"].get("last_op") == op_id for entry in self.hub.send("admin", "GET", path).json()["data"])


@pytest.fixture(scope="session")
def forks() -> Iterator[Any]:
    with _module("forks").forking() as made:
        yield made


@pytest.fixture
def city(hub: Any) -> City:
    return City(hub)


@pytest.fixture
def line(hub: Any) -> Iterator[Any]:
    """The way to the hub, which a test may break."""
    with _module("breakers").broken_line(int(hub.url.split(":")[2].split("/")[0])) as made:
        yield made


@pytest.fixture
def seat(hub: Any, line: Any, forks: Any, tmp_path: Path) -> Callable[..., Seat]:
    """seat(user) -> a desk of its own before the hub, already signed in and synced once."""

    def make(user: str = "officer", *, synced: bool = True, folder: str = "") -> Seat:
        made = Seat(forks, tmp_path / (folder or user), line.url, user, hub.accounts[user])
        if synced:
            made.sync()
        return made

    return make


@pytest.fixture
def alone(forks: Any, tmp_path: Path) -> Seat:
    """A desk without a platform: the embedded sample city."""
    return Seat(forks, tmp_path / "alone")
