"""Desks on stores of their own, before one platform: the twin always, a real Kinto where it matters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

START = datetime.fromisoformat("2026-07-16T16:00:00+08:00")


@pytest.fixture
def twin() -> Iterator[TwinPlatform]:
    platform = TwinPlatform()
    platform.load(city())
    yield platform
    platform.close()


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
