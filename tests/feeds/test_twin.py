"""Faults that can be set on the twin, its file, and its masses."""

from __future__ import annotations

from pathlib import Path

import pytest

from weihai_command.domain.faults import Unreachable
from weihai_command.feeds.twin import TwinPlatform


@pytest.fixture
def twin():
    platform = TwinPlatform()
    yield platform
    platform.close()


def test_offline_reads_raise_and_writes_are_unsent(twin: TwinPlatform) -> None:
    twin.offline = True
    for read in (twin.meta, lambda: twin.page("units"), lambda: twin.versions("units"), lambda: twin.get("units", "1"), lambda: twin.history("o")):
        with pytest.raises(Unreachable):
            read()
    reply = twin.create("incidents", {"id": "1", "title": "a"}, "o")
    assert (reply.status, reply.sent) == ("transient", False)


def test_a_lost_reply_was_applied(twin: TwinPlatform) -> None:
    twin.lose_reply()
    assert twin.create("incidents", {"id": "1", "title": "a"}, "o").status == "transient"
    assert twin.history("o") and twin.get("incidents", "1")
    assert twin.create("incidents", {"id": "2", "title": "a"}, "p").status == "applied"


def test_a_dropped_request_was_not(twin: TwinPlatform) -> None:
    twin.drop_request(2)
    replies = [twin.create("incidents", {"id": "1", "title": "a"}, "o") for _ in range(3)]
    assert [reply.status for reply in replies] == ["transient", "transient", "applied"]
    assert replies[0].sent


def test_purged_tombstones_leave_no_trace(twin: TwinPlatform) -> None:
    twin.create("incidents", {"id": "1", "title": "a"}, "o")
    assert twin.delete("incidents", "1") and not twin.delete("incidents", "1")
    assert twin.page("incidents", since=1).deletions
    twin.purge_tombstones("incidents")
    assert not twin.page("incidents", since=1).deletions


def test_a_file_keeps_city_and_identity(tmp_path: Path) -> None:
    file = str(tmp_path / "platform.db")
    first = TwinPlatform(file)
    meta, made = first.meta(), first.create("incidents", {"id": "1", "title": "a"}, "o").record
    first.close()
    second = TwinPlatform(file)
    assert second.meta() == meta and meta.durable
    assert second.get("incidents", "1") == made
    second.close()


def test_two_processes_may_share_the_file(tmp_path: Path) -> None:
    one, two = (TwinPlatform(str(tmp_path / "platform.db")) for _ in range(2))
    record = one.create("incidents", {"id": "1", "title": "a"}, "o").record
    assert two.patch("incidents", "1", {"title": "b"}, record["last_modified"], "p").status == "applied"
    assert one.patch("incidents", "1", {"title": "c"}, record["last_modified"], "q").status == "stale"
    one.close()
    two.close()


def test_load_and_seed_come_in_pages_and_do_not_run_ahead_of_time(twin: TwinPlatform) -> None:
    assert twin.load(("video_points", {"id": str(n), "name": "n"}) for n in range(12_000)) == 12_000
    page, ids = twin.page("video_points"), set()
    while True:
        ids |= {row["id"] for row in page.records}
        if page.next is None:
            break
        page = twin.page("video_points", next=page.next)
    assert len(ids) == 12_000 and page.cursor / 1000 < twin.now()
    twin.seed("video_points", {"id": "0", "name": "again"})
    assert [row["name"] for row in twin.page("video_points", since=page.cursor).records] == ["again"]
    assert twin.history("") == []


def test_the_real_clock_of_the_platform_shows_in_offset() -> None:
    import time

    twin = TwinPlatform(now=lambda: time.time() + 90)
    assert 89 < twin.offset() < 91
    twin.close()
