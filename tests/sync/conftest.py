"""Desks on stores of their own, before one platform: the twin always, a real Kinto where it matters."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

TESTS = Path(__file__).parents[1]


def _module(name: str) -> ModuleType:
    """tests/<name>.py under a name of its own, once for all folders."""
    full = f"weihai_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, TESTS / f"{name}.py")
        assert spec and spec.loader
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


hub = _module("hubs").hub
START = datetime.fromisoformat("2026-07-16T16:00:00+08:00")


@pytest.fixture
def twin() -> Iterator[TwinPlatform]:
    platform = TwinPlatform()
    platform.load(city())
    yield platform
    platform.close()


@pytest.fixture(scope="session")
def servers() -> ModuleType:
    return _module("servers")


@pytest.fixture
def twin_server() -> Iterator[Any]:
    """The fast twin behind a line that breaks."""
    inner = TwinPlatform()
    made = _module("servers").Server(lambda user: inner, inner)
    made.load(city())
    yield made
    made.close()


@pytest.fixture(scope="session", autouse=True)
def hub_in_time(request: pytest.FixtureRequest) -> None:
    """Start the hub before the guard of the first test counts processes, where a chosen test wants it."""
    if any(item.path.parent == Path(__file__).parent and item.get_closest_marker("kinto") for item in request.session.items):
        request.getfixturevalue("hub")


@pytest.fixture(params=["twin", pytest.param("kinto", marks=pytest.mark.kinto)])
def server(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The twin and a real Kinto, behind the same line that breaks."""
    if request.param == "twin":
        yield request.getfixturevalue("twin_server")
        return
    real = request.getfixturevalue("hub")
    real.wipe()
    made = _module("servers").Server(real.login, real.login("admin"), real)
    made.load(city())
    yield made
    made.close()


def city() -> list[tuple[str, dict[str, Any]]]:
    """Two units and one queued incident."""
    place = {"lon": 122.12, "lat": 37.5}
    return [
        ("units", {"id": "11111111-0000-4000-8000-000000000001", "name": "消防101", "kind": "fire", "state": "available", **place}),
        ("units", {"id": "11111111-0000-4000-8000-000000000002", "name": "巡警12", "kind": "police", "state": "available", **place}),
        (
            "incidents",
            {
                "id": "22222222-0000-4000-8000-000000000001", "number": "应0001A", "title": "燃气泄漏", "track": "emergency",
                "state": "queued", "type": "gas_leak", "priority": "urgent", "history": [], **place,
            },
        ),
    ]


FIRE, POLICE, GAS = (record["id"] for _, record in city())


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """make_desk(platform, user) -> a desk with its own store, synced once."""
    made: list[Desk] = []
    ticks = itertools.count()

    def make(platform: Any, user: str = "officer", role: str = "officer", first: bool = True) -> Desk:
        platform = platform.seat(user) if hasattr(platform, "seat") else platform
        profile = Profile(tmp_path / f"seat{len(made)}", "platform-test")
        desk = Desk(
            profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer(user, user, role), {user: platform},
            clock=lambda: START + timedelta(seconds=next(ticks)),
        )
        made.append(desk)
        if first:
            syncing.sync(desk)
        return desk

    yield make
    for desk in made:
        desk.store.close()
