"""A store of its own for every test, and records to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.act import Act, Step
from weihai_command.store import outbox
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "sample-small")


@pytest.fixture
def store(profile: Profile) -> Iterator[Store]:
    opened = Store.open(profile, ballast=False)
    yield opened
    opened.close()


@pytest.fixture
def incident() -> Callable[..., dict[str, Any]]:
    """An incident record of the wire: incident(7, title=…)."""

    def make(n: int, version: int = 1, **fields: Any) -> dict[str, Any]:
        return {"id": f"inc-{n}", "last_modified": version, "title": f"海滨路积水 {n}", "state": "new", "track": "emergency", **fields}

    return make


@pytest.fixture
def act(store: Store) -> Callable[..., Step]:
    """Do an act of one step: act("op-1", "inc-1", {"state": "closed"})."""

    def do(
        op: str, record_id: str, patch: dict[str, Any], *, kind: str = "incidents", method: str = "patch", state: str = "pending"
    ) -> Step:
        step = Step(op, 1, kind, record_id, method, patch)
        outbox.add(store, Act(op, "note", kind, record_id, "wang", "2026-01-01T08:00:00+08:00"), [step], {})
        if state != "pending":
            with store.desk_write() as db:
                db.execute("UPDATE steps SET state=? WHERE op_id=?", (state, op))
        return step

    return do
