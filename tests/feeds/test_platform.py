"""One suite for every platform: the twin must answer as the real server does."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from weihai_command.feeds.platform import Flags, Page, Platform
from weihai_command.feeds.twin import TwinPlatform

pytestmark = pytest.mark.kinto


class Seat:
    """A platform and what the suite needs beside it: a second officer, and an administrator's hand."""

    def __init__(self, platform: Any, rival: Any, delete: Any) -> None:
        self.platform: Platform = platform
        self.rival: Platform = rival
        self.delete = delete
        self.small = platform


@pytest.fixture(params=["twin", "kinto"])
def seat(request: pytest.FixtureRequest, hub: Any) -> Iterator[Seat]:
    if request.param == "twin":
        twin = TwinPlatform(page_rows=3)
        yield Seat(twin, twin, twin.delete)
        twin.close()
        return
    mine, theirs = hub.login("officer", page_rows=3), hub.login("officer2")
    yield Seat(mine, theirs, lambda kind, id: hub.send("admin", "DELETE", hub.records(kind, id)))
    mine.close()
    theirs.close()


def new(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "title": "路面塌陷", **more}


def op() -> str:
    return str(uuid.uuid4())


def pages(platform: Platform, kind: str, since: int | None) -> list[Page]:
    found = [platform.page(kind, since=since)]
    while found[-1].next:
        found.append(platform.page(kind, since=since, next=found[-1].next))
    return found


def created(seat: Seat, **more: Any) -> dict[str, Any]:
    reply = seat.platform.create("incidents", new(**more), op())
    assert reply.status == "applied" and reply.record
    return reply.record


def test_says_who_it_is_and_what_it_can(seat: Seat) -> None:
    meta = seat.platform.meta()
    assert meta.id and meta.epoch and meta.exercise and not meta.durable
    assert meta == seat.platform.meta()
    assert seat.platform.can == Flags(deltas=True, deletions=True, writes=True, versions=True)
    assert seat.platform.name


def test_create_gives_a_version_and_keeps_unknown_fields(seat: Seat) -> None:
    act = op()
    record = new(strange={"a": [1]}, lon=122.1, lat=37.5)
    reply = seat.platform.create("incidents", record, act)
    assert reply.status == "applied" and reply.record
    assert reply.record["last_op"] == act and isinstance(reply.record["last_modified"], int)
    assert record.items() <= reply.record.items()
    assert seat.platform.get("incidents", record["id"]) == reply.record
    assert reply.server_time and abs(reply.server_time - time.time()) < 5


def test_a_replayed_create_is_stale_with_what_stands_there(seat: Seat) -> None:
    record, act = new(), op()
    first = seat.platform.create("incidents", record, act)
    again = seat.platform.create("incidents", record, act)
    assert again.status == "stale" and again.existing == first.record


def test_patch_of_another_officers_record(seat: Seat) -> None:
    record = created(seat, place="文化路")
    reply = seat.rival.patch("incidents", record["id"], {"owner": "officer2"}, record["last_modified"], op())
    assert reply.status == "applied" and reply.record
    assert reply.record["place"] == "文化路" and reply.record["owner"] == "officer2"
    assert reply.record["last_modified"] > record["last_modified"]


def test_the_first_conditional_write_wins(seat: Seat) -> None:
    record = created(seat)
    won = seat.rival.patch("incidents", record["id"], {"owner": "b"}, record["last_modified"], op())
    lost = seat.platform.patch("incidents", record["id"], {"owner": "a"}, record["last_modified"], op())
    assert lost.status == "stale" and lost.existing == won.record


def test_patch_of_what_is_not_there_is_missing(seat: Seat) -> None:
    assert seat.platform.patch("incidents", str(uuid.uuid4()), {"owner": "a"}, 1, op()).status == "missing"
    assert seat.platform.get("incidents", str(uuid.uuid4())) is None


@pytest.mark.parametrize(("patch", "field"), [({"title": 5}, "title"), ({"lon": "east"}, "lon"), ({"grade": 9}, "grade"), ({"track": "x"}, "track")])
def test_a_wrong_field_is_rejected_by_name(seat: Seat, patch: dict[str, Any], field: str) -> None:
    reply = seat.platform.create("incidents", new(**patch), op())
    assert (reply.status, reply.field) == ("rejected", field)
    assert reply.error


def test_a_missing_field_is_rejected_by_its_own_name(seat: Seat) -> None:
    reply = seat.platform.create("log", {"id": str(uuid.uuid4()), "text": "到场", "by": "officer"}, op())
    assert (reply.status, reply.field) == ("rejected", "at")


def test_delta_holds_exactly_what_came_later(seat: Seat) -> None:
    since = pages(seat.platform, "incidents", None)[-1].cursor or 1
    made = [created(seat) for _ in range(7)]
    found = pages(seat.platform, "incidents", since)
    assert len(found) >= 3
    assert [row["id"] for page in found for row in page.records] == [row["id"] for row in made]
    assert found[-1].cursor == made[-1]["last_modified"]
    cursors = [page.cursor for page in found]
    assert cursors == sorted(cursors) and not found[-1].deletions
    assert pages(seat.platform, "incidents", found[-1].cursor)[0].records == []


def test_a_deleted_record_is_a_tombstone_in_the_delta_and_gone_elsewhere(seat: Seat) -> None:
    record = created(seat)
    seat.delete("incidents", record["id"])
    found = pages(seat.platform, "incidents", record["last_modified"])
    tombstones = [each for page in found for each in page.deletions]
    assert [id for id, _ in tombstones] == [record["id"]]
    assert tombstones[0][1] > record["last_modified"] and found[-1].cursor == tombstones[0][1]
    assert record["id"] not in seat.platform.versions("incidents")
    assert seat.platform.get("incidents", record["id"]) is None
    first = pages(seat.platform, "incidents", None)
    assert not any(page.deletions for page in first)


def test_versions_tell_all_that_is_there(seat: Seat) -> None:
    made = [created(seat) for _ in range(5)]
    versions = seat.platform.versions("incidents")
    assert {row["id"]: row["last_modified"] for row in made}.items() <= versions.items()
    assert set(versions) == {row["id"] for page in pages(seat.platform, "incidents", None) for row in page.records}


def test_history_knows_what_an_act_did(seat: Seat) -> None:
    first, second = op(), op()
    record = seat.platform.create("incidents", new(), first).record
    assert record
    changed = seat.platform.patch("incidents", record["id"], {"owner": "a"}, record["last_modified"], second).record
    entries = seat.rival.history(first)
    assert [(entry.kind, entry.id, entry.action) for entry in entries] == [("incidents", record["id"], "create")]
    assert entries[0].record["last_modified"] == record["last_modified"]
    assert [(entry.action, entry.record["last_modified"]) for entry in seat.rival.history(second)] == [("update", changed["last_modified"])]
    assert seat.platform.history(op()) == []


def test_a_deleted_id_comes_back_on_create(seat: Seat) -> None:
    record = created(seat)
    seat.delete("incidents", record["id"])
    assert seat.platform.create("incidents", new(id=record["id"]), op()).status == "applied"


def test_versions_rise_within_one_millisecond(seat: Seat) -> None:
    made = [created(seat)["last_modified"] for _ in range(5)]
    assert made == sorted(set(made))


def test_offset_is_small_on_one_machine(seat: Seat) -> None:
    seat.platform.meta()
    offset = seat.platform.offset()
    assert offset is not None and abs(offset) < 2
