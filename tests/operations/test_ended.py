"""A city's ended incidents stay in the mirror for ever; no screen and no act reads them all for the few that are wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, picture, queries, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import mirror, view

GAS = "22222222-0000-4000-8000-000000000001"
NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")


def ended(record_id: str, at: str | None, **fields: Any) -> dict[str, Any]:
    return {"id": record_id, "title": record_id, "track": "emergency", "state": "ended", "state_at": at, "last_modified": 1, **fields}


def listed(desk: Desk) -> set[str]:
    return {row["id"] for row in queries.incidents(desk)}


@pytest.mark.parametrize("zone", [timezone(timedelta(hours=14)), UTC, timezone(timedelta(hours=-12))])
def test_the_last_day_is_listed_in_whatever_zone_it_is_written(desk: Desk, zone: timezone) -> None:
    times = {hours: (NOW - timedelta(hours=hours)).astimezone(zone) for hours in (1, 23.9, 24.1, 60)}
    mirror.apply(desk.store, "incidents", [ended(f"h{hours}", at.isoformat()) for hours, at in times.items()])
    assert listed(desk) == {GAS, "h1", "h23.9"}


def test_what_has_no_end_of_ours_stays_listed(desk: Desk) -> None:
    mirror.apply(desk.store, "incidents", [
        ended("closed-emergency", None, state="closed"), ended("other-track", None, track="other"), ended("no-time", None), ended("odd-time", "昨天"),
        ended("rejected", "2026-07-01T08:00:00Z", track="municipal", state="rejected"),
    ])
    assert listed(desk) == {GAS, "closed-emergency", "other-track"}


def test_acts_that_wait_lie_over_what_is_ended_and_what_is_open(desk: Desk, twin: TwinPlatform) -> None:
    twin.offline = True
    acts.transition(desk, GAS, "close", outcome="完")
    made = acts.report(desk, title="积水")
    (row,) = [row for row in queries.incidents(desk) if row["id"] == GAS]
    assert (row["state"], row["sync"]) == ("ended", "pending") and listed(desk) == {GAS, made.id}
    assert list(picture.table(desk, "incidents").ids) == []
    # Ended by somebody else long ago, while our edit waits: over it lies an act, and it is ended all the same.
    acts.edit(desk, made.id, {"phone": "1"})
    mirror.apply(desk.store, "incidents", [ended(made.id, "2026-07-01T08:00:00Z", last_modified=9)])
    assert made.id not in {row["id"] for row in view.incidents(desk.store) if row["sync"] == "synced"}


def test_the_next_number_counts_ended_ones_and_those_that_wait(desk: Desk, twin: TwinPlatform) -> None:
    mirror.apply(desk.store, "incidents", [ended("a", None, number="应9999A"), ended("b", None, number="应10017C"), ended("c", None, number="应x"),
                                           ended("d", None, number="案20000A", track="municipal"), ended("e", None, number="庖30000A")])
    twin.offline = True
    assert acts.report(desk, title="一").number[:-1] == "应10018"
    assert acts.report(desk, title="二").number[:-1] == "应10019"
    twin.offline = False
    syncing.sync(desk)
    assert acts.report(desk, title="三").number[:-1] == "应10020"
    assert acts.report(desk, title="四", track="municipal").number[:-1] == "案20001"


def test_a_thousand_ended_ones_are_not_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.apply(desk.store, "incidents", [ended(f"e{n}", "2026-07-01T08:00:00+08:00", number=f"应{n:04d}A") for n in range(1000)])
    read = 0
    real = orjson.loads

    def counted(raw: Any) -> Any:
        nonlocal read
        read += 1
        return real(raw)

    monkeypatch.setattr(view.orjson, "loads", counted)
    for ask in (lambda: queries.incidents(desk), lambda: picture.table(desk, "incidents"), lambda: acts.report(desk, title="新"),
                lambda: queries.find_incident(desk, "应0500A")):
        read = 0
        ask()
        assert read < 20
