"""What every feed must do, whoever wrote it. A new adapter adds a `Source` here and gets the whole suite.

A source is a neighbour that the test can change: records come as (key, title) and lie inside Weihai.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from weihai_command.domain.faults import PlatformFault
from weihai_command.feeds.cap import CapFeed
from weihai_command.feeds.feed import Feed, FeedConfig, Memory
from weihai_command.feeds.geojson import GeoJsonFeed
from weihai_command.feeds.kinto import KintoFeed
from weihai_command.feeds.platform import Page
from weihai_command.feeds.qweather import QWeatherFeed
from weihai_command.feeds.wire import validate

pytestmark = pytest.mark.kinto
FIELDS = {"id": "id", "title": "properties.title", "type": "=test"}


class Source(Protocol):
    """`bad` is what is said of the bad record, `whole` the field that is named where nothing can be used."""

    feed: Feed
    bad: tuple[str, str] = ("title", "缺少必填字段")
    whole: str = "features"

    def put(self, records: dict[str, str]) -> None: ...
    def put_bad(self, records: dict[str, str], bad: str) -> None: ...
    def cut(self) -> bool: ...
    def restore(self) -> None: ...
    def empty(self) -> None: ...
    def gone(self) -> None: ...


class GeoJsonFile(Source):
    """A file that is rewritten."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "source.geojson"
        self.config = FeedConfig("neighbour", "geojson", self.path.name, "incidents", fields=FIELDS, folder=folder)
        self.feed: Feed = GeoJsonFeed(self.config)
        self.body = b""

    def _write(self, body: bytes) -> None:
        self.path.write_bytes(body)

    def _features(self, records: dict[str, Any]) -> list[dict[str, Any]]:
        point = {"type": "Point", "coordinates": [122.1, 37.5]}
        return [{"type": "Feature", "id": key, "geometry": point, "properties": {"title": title}} for key, title in records.items()]

    def _put(self, features: list[Any]) -> None:
        self.body = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        self._write(self.body)

    def put(self, records: dict[str, str]) -> None:
        self._put(self._features(records))

    def put_bad(self, records: dict[str, str], bad: str) -> None:
        self._put(self._features({**records, bad: None}))

    def cut(self) -> bool:
        self._write(self.body[: len(self.body) // 2])
        return True

    def restore(self) -> None:
        self._write(self.body)

    def empty(self) -> None:
        self._put([])

    def gone(self) -> None:
        self.path.unlink()


class GeoJsonAddress(GeoJsonFile):
    """The same behind an address with ETag."""

    def __init__(self, folder: Path, serve: Any, reply: Any) -> None:
        super().__init__(folder)
        self.statuses: list[int] = []

        def handle(request: Any) -> None:
            if not self.path.exists():
                status, body, headers = 503, b"", {}
            else:
                body = self.path.read_bytes()
                headers = {"ETag": f'"{hash(body)}"'}
                status = 304 if request.headers.get("If-None-Match") == headers["ETag"] else 200
            self.statuses.append(status)
            reply(request, status, b"" if status == 304 else body, **headers)

        self.config = FeedConfig("neighbour", "geojson", serve(handle) + "/all.geojson", "incidents", fields=FIELDS)
        self.feed = GeoJsonFeed(self.config)


class CapIndex(GeoJsonFile):
    """An Atom index with the messages inside."""

    bad, whole = ("scope", "缺少必填元素"), "feed"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "index.xml"
        self.feed = CapFeed(FeedConfig("neighbour", "cap", self.path.name, "warnings", folder=folder))
        self.body = b""

    def _features(self, records: dict[str, Any]) -> list[Any]:
        return [_cap(key, title) for key, title in records.items()]

    def _put(self, features: list[Any]) -> None:
        entries = "".join(f"<entry><content>{each}</content></entry>" for each in features)
        self.body = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'.encode()
        self._write(self.body)

    def cut(self) -> bool:
        self._write(self.body.replace(b"</feed>", b""))
        return True


def _cap(key: str, title: str | None) -> str:
    """A message that lasts longer than this program; without a title it lacks its scope."""
    scope = "<scope>Public</scope>" if title else ""
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{key}</identifier><sender>s</sender><sent>2026-01-01T00:00:00+08:00</sent>'
        f"<status>Actual</status><msgType>Alert</msgType>{scope}<info><category>Met</category><event>{title}</event><urgency>Expected</urgency>"
        "<severity>Minor</severity><certainty>Likely</certainty><expires>2199-01-01T00:00:00+08:00</expires></info></alert>"
    )


class QWeatherList(GeoJsonFile):
    """A list of warnings."""

    bad, whole = ("issuedTime", "缺少必填字段"), "alerts"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "warnings.json"
        self.feed = QWeatherFeed(FeedConfig("neighbour", "qweather", self.path.name, "warnings", folder=folder))
        self.body = b""

    def _features(self, records: dict[str, Any]) -> list[Any]:
        times = {"issuedTime": "2026-01-01T00:00+08:00", "expireTime": "2199-01-01T00:00+08:00"}
        return [{"id": key, "headline": title or "无", **(times if title else {})} for key, title in records.items()]

    def _put(self, features: list[Any]) -> None:
        self.body = json.dumps({"metadata": {"zeroResult": False}, "alerts": features}).encode()
        self._write(self.body)


class KintoNeighbour(Source):
    """Another city's Kinto."""

    def __init__(self, hub: Any) -> None:
        self.hub = hub
        self.feed: Feed = KintoFeed(FeedConfig("neighbour", "kinto", hub.url, "incidents", user="leader"), hub.accounts["leader"])
        hub.send("admin", "DELETE", hub.records("incidents"))
        self.ids: dict[str, str] = {}
        self.titles: dict[str, str] = {}

    def put(self, records: dict[str, str]) -> None:
        for key, title in records.items():
            if self.titles.get(key) != title:
                id = self.ids.setdefault(key, str(uuid.uuid4()))
                assert self.hub.send("admin", "PUT", self.hub.records("incidents", id), {"data": {"title": title}}).status in (200, 201)
        for key in set(self.titles) - set(records):
            self.hub.send("admin", "DELETE", self.hub.records("incidents", self.ids[key]))
        self.titles = dict(records)

    def put_bad(self, records: dict[str, str], bad: str) -> None:
        pytest.skip("the server's schema lets no bad record in")

    def cut(self) -> bool:
        return False

    def restore(self) -> None:
        pass

    def empty(self) -> None:
        self.hub.send("admin", "DELETE", self.hub.records("incidents"))
        self.titles = {}

    def gone(self) -> None:
        self.feed.close()
        self.feed = KintoFeed(FeedConfig("neighbour", "kinto", "http://127.0.0.1:1/v1", "incidents", user="leader"), "x")


@pytest.fixture(params=["file", "address", "cap", "qweather", "kinto"])
def source(request: pytest.FixtureRequest, tmp_path: Path, serve: Any, reply: Any, hub: Any) -> Iterator[Any]:
    made: Any = {
        "file": lambda: GeoJsonFile(tmp_path), "address": lambda: GeoJsonAddress(tmp_path, serve, reply), "cap": lambda: CapIndex(tmp_path),
        "qweather": lambda: QWeatherList(tmp_path), "kinto": lambda: KintoNeighbour(hub),
    }
    found = made[request.param]()
    yield found
    found.feed.close()


def pull(source: Source, memory: Memory, **how: Any) -> tuple[list[Page], Memory]:
    """All pages of one pull, each checked for what every page must keep."""
    pages = []
    while True:
        before = memory
        page, memory = source.feed.read(memory, **how)
        pages.append(page)
        for row in page.records:
            validate(source.feed.kind, row)
            assert row["last_modified"] > before.versions.get(row["id"], 0)
        assert all(id not in memory.versions for id, _ in page.deletions)
        assert (memory.cursor or 0) >= (before.cursor or 0)
        if page.next is None:
            return pages, memory


def titles(pages: list[Page]) -> list[str]:
    return sorted(row["title"] for page in pages for row in page.records)


def test_first_all_then_nothing_then_only_what_changed(source: Source) -> None:
    source.put({"a": "一", "b": "二", "c": "三"})
    pages, memory = pull(source, Memory())
    assert titles(pages) == ["一", "三", "二"] and len(memory.versions) == 3
    pages, memory = pull(source, memory)
    assert titles(pages) == [] and pages[-1].unchanged
    source.put({"a": "一", "b": "贰", "c": "三", "d": "四"})
    pages, memory = pull(source, memory)
    assert titles(pages) == ["四", "贰"] and len(memory.versions) == 4


def test_ids_stay_and_are_uuids(source: Source) -> None:
    source.put({"a": "一"})
    first = pull(source, Memory())[1]
    source.put({"a": "壹"})
    second = pull(source, first)[1]
    assert set(first.versions) == set(second.versions)
    assert all(uuid.UUID(id) for id in first.versions)


def test_what_is_gone_is_a_deletion_where_the_flags_say_so(source: Source) -> None:
    source.put({"a": "一", "b": "二", "c": "三"})
    _, memory = pull(source, Memory())
    source.put({"a": "一", "b": "二"})
    pages, after = pull(source, memory)
    gone = {id for page in pages for id, _ in page.deletions}
    assert source.feed.can.deletions and gone == set(memory.versions) - set(after.versions) and len(gone) == 1


def test_flags_are_honest(source: Source) -> None:
    assert not source.feed.can.writes
    source.put({"a": "一", "b": "二"})
    _, memory = pull(source, Memory())
    # Without the contents only a source with versions of its own knows that nothing changed.
    forgetful = Memory(versions=memory.versions, cursor=memory.cursor)
    pages, _ = pull(source, forgetful)
    assert bool(titles(pages)) is not source.feed.can.versions


def test_a_suddenly_empty_source_is_refused_until_somebody_says_yes(source: Source) -> None:
    source.put({str(n): f"第 {n}" for n in range(10)})
    _, memory = pull(source, Memory())
    source.empty()
    with pytest.raises(PlatformFault) as caught:
        pull(source, memory)
    assert caught.value.code == "shrunken" and "10" in caught.value.happened
    pages, after = pull(source, memory, accept_shrink=True)
    assert len({id for page in pages for id, _ in page.deletions}) == 10 and not after.versions


def test_half_of_a_source_gone_is_refused_too(source: Source) -> None:
    source.put({str(n): f"第 {n}" for n in range(10)})
    _, memory = pull(source, Memory())
    source.put({str(n): f"第 {n}" for n in range(4)})
    with pytest.raises(PlatformFault) as caught:
        pull(source, memory)
    assert caught.value.code == "shrunken"


def test_a_cut_source_changes_nothing_and_is_said(source: Source) -> None:
    source.put({"a": "一", "b": "二"})
    _, memory = pull(source, Memory())
    source.put({"a": "一", "b": "贰", "c": "三"})
    if not source.cut():
        pytest.skip("a cut answer of this server is a fault of the transport")
    pages, after = pull(source, memory)
    assert titles(pages) == [] and not pages[-1].deletions and after == memory
    assert [reject.field for reject in pages[-1].rejected] == [source.whole] and "不完整" in pages[-1].rejected[0].reason
    source.restore()
    assert titles(pull(source, after)[0]) == ["三", "贰"]


def test_one_bad_record_is_put_aside_and_the_rest_is_used(source: Source) -> None:
    source.put({"a": "一", "b": "二"})
    _, memory = pull(source, Memory())
    source.put_bad({"a": "壹"}, bad="b")
    pages, after = pull(source, memory)
    assert titles(pages) == ["壹"] and [(reject.field, reject.reason) for reject in pages[-1].rejected] == [source.bad]
    assert pages[-1].rejected[0].record_id in memory.versions
    # Its last good state stays.
    assert not pages[-1].deletions and set(after.versions) == set(memory.versions)
    source.put({"a": "壹", "b": "二"})
    assert titles(pull(source, after)[0]) == []


def test_an_absent_source_is_a_fault_with_all_three_parts(source: Source) -> None:
    source.put({"a": "一"})
    _, memory = pull(source, Memory())
    source.gone()
    with pytest.raises(PlatformFault) as caught:
        source.feed.read(memory)
    assert caught.value.happened and caught.value.kept and caught.value.todo
