"""A desk before the fast twin, for operations that need no network and no window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

START = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"


@pytest.fixture
def twin() -> Iterator[TwinPlatform]:
    platform = TwinPlatform()
    place = {"lon": 122.12, "lat": 37.5}
    platform.load([
        ("units", {"id": FIRE, "name": "消防101", "kind": "fire", "state": "available", **place}),
        ("incidents", {"id": GAS, "number": "应0001A", "title": "燃气泄漏", "track": "emergency", "state": "queued", "type": "gas_leak",
                       "priority": "urgent", "history": [], **place}),
    ])
    yield platform
    platform.close()


@pytest.fixture
def desk(tmp_path: Path, twin: TwinPlatform) -> Iterator[Desk]:
    profile = Profile(tmp_path, "platform-test")
    ticks = iter(range(100_000))
    made = Desk(
        profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("officer", "王海宁", "officer"),
        {"officer": twin}, clock=lambda: START + timedelta(seconds=next(ticks)),
    )
    syncing.sync(made)
    yield made
    made.store.close()
