"""What a platform may hold against a write and no screen could show: it stops the act, reaches no mirror and breaks no push."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault
from weihai_command.feeds.platform import Page, Reply
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries
from weihai_command.operations.desk import Desk
from weihai_command.store import mirror, outbox
from weihai_command.sync import pull as pulling
from weihai_command.sync import push as pushing

GAS = "22222222-0000-4000-8000-000000000001"


@pytest.mark.parametrize("odd", [{"title": 5}, {"track": "x"}, {"history": "x"}, {"ops": 5}, {"ops": "abc"}, {"unit_ids": [1]}])
def test_a_record_that_breaks_the_border_stops_the_act_and_reaches_no_screen(
    twin: TwinPlatform, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, odd: dict[str, Any]
) -> None:
    desk = make_desk(twin)
    known = mirror.get(desk.store, "incidents", GAS)
    assert known
    act = acts.transition(desk, GAS, "monitor", reason="观察")
    theirs = {**known, "title": "别的席位改的", **odd, "last_modified": known["last_modified"] + 1}
    monkeypatch.setattr(twin, "patch", lambda *_: Reply("stale", existing=theirs))
    pushing.push(desk.store, desk.platforms.get, lambda: 0.0)
    assert outbox.get(desk.store, act.op_id).state == "conflict"  # type: ignore[union-attr]
    assert mirror.get(desk.store, "incidents", GAS) == known
    assert queries.conflicts(desk)[0]["fields"] and queries.incidents(desk)


def test_pages_without_end_end(twin: TwinPlatform, make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    monkeypatch.setattr(twin, "page", lambda kind, **_: Page([], [], "same", 1))
    with pytest.raises(PlatformFault, match="没有尽头"):
        pulling.pull(desk.store, twin, desk.now(), kinds=("incidents",), full=True)
