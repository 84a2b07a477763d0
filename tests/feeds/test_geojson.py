"""GeoJSON and CSV: the real files, ids without ids, 304, lines, and what a wrong file is called."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault
from weihai_command.feeds.feed import FeedConfig, Memory
from weihai_command.feeds.geojson import GeoJsonFeed, NoSnapshot, snapshot
from weihai_command.feeds.platform import Page

POINT = {"type": "Point", "coordinates": [122.1, 37.5]}


def feed(path: Path, kind: str = "facilities", /, **fields: str) -> GeoJsonFeed:
    return GeoJsonFeed(FeedConfig("test", "geojson", path.name, kind, fields=fields, folder=path.parent))


def first(path: Path, kind: str = "facilities", /, **fields: str) -> Page:
    return feed(path, kind, **fields).read(Memory())[0]


def collection(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def test_the_railway_stations_of_the_city(shared_data: Path) -> None:
    path = shared_data / "osm_weihai_transport" / "Railway-station_oData_weihai.geojson"
    page = first(path, name="properties.name", kind="=station")
    assert page.total == 32 and len(page.records) + len(page.rejected) == 32
    # Only five of them have a name; the others say so instead of being guessed.
    assert len(page.records) == 5 and {reject.field for reject in page.rejected} == {"name"}
    weihai = next(row for row in page.records if row["name"] == "威海")
    assert weihai["lon"] == pytest.approx(122.1376, abs=1e-3) and weihai["lat"] == pytest.approx(37.4258, abs=1e-3)
    assert len({reject.record_id for reject in page.rejected} | {row["id"] for row in page.records}) == 32
    assert first(path, name="properties.name", kind="=station").records[0]["id"] == page.records[0]["id"]


def test_typhoon_tracks_keep_their_line_and_stand_on_it(shared_data: Path) -> None:
    page = first(shared_data / "jma_typhoon_besttrack" / "tracks.geojson", "warnings", id="properties.id", title="properties.name_zh", category="=typhoon")
    assert not page.rejected and len(page.records) == 9
    storm = next(row for row in page.records if row["source_id"] == "1509")
    assert storm["title"] == "灿鸿" and storm["category"] == "typhoon" and storm["geometry"]["type"] == "LineString"
    lons, lats = zip(*storm["geometry"]["coordinates"], strict=True)
    assert min(lons) < storm["lon"] < max(lons) and min(lats) < storm["lat"] < max(lats)


def test_air_quality_stations_from_the_table(shared_data: Path) -> None:
    page = first(shared_data / "cn_air_quality_stations" / "stations_weihai.csv", "sensors", id="properties.code", name="properties.name",
                 lon="properties.lon", lat="properties.lat", town="properties.city", field="=ecology", quantity="=aqi")
    assert not page.rejected and len(page.records) == 11
    station = next(row for row in page.records if row["source_id"] == "1663A")
    assert (station["name"], station["lon"], station["lat"]) == ("山大分校", 122.0508, 37.5236)


def test_a_table_that_is_cut_names_the_column(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / "cn_air_quality_stations" / "stations_weihai.csv").read_text("utf-8")
    path = tmp_path / "cut.csv"
    path.write_text(whole[: whole.index(",37.5072")], "utf-8")
    page = first(path, "sensors", name="properties.name")
    assert page.records == [] and page.rejected[0].field == "lon" and "第 4 行" in page.rejected[0].reason


@pytest.mark.parametrize(("body", "field"), [
    (b"", "features"), (b"<html></html>", "features"), (collection()[:-2], "features"), (b"[]", "type"), (b'{"type": "Topology"}', "type"),
    (b'{"type": "FeatureCollection"}', "features"), (b'{"type": "FeatureCollection", "features": 5}', "features"),
    (collection(links=[{"rel": "next", "href": "x"}]), "links"),
])
def test_a_wrong_file_is_quarantined_with_its_field(tmp_path: Path, body: bytes, field: str) -> None:
    path = tmp_path / "wrong.geojson"
    path.write_bytes(body)
    memory = Memory(versions={"a": 1})
    page, after = feed(path).read(memory)
    assert [reject.field for reject in page.rejected] == [field] and not page.records and not page.deletions and after == memory


@pytest.mark.parametrize(("feature", "field"), [
    ({"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": ["x", 1]}}, "geometry"),
    ({"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Blob", "coordinates": [1]}}, "geometry"),
    ({"type": "Feature", "properties": {"name": ""}, "geometry": POINT}, "name"), ({"type": "Feature", "properties": None, "geometry": POINT}, "name"),
    ({"type": "Feature", "properties": {"name": ["x"]}, "geometry": POINT}, "name"), (5, "feature"), (None, "feature"), ([], "feature"),
])
def test_a_wrong_feature_is_put_aside_with_its_field(tmp_path: Path, feature: Any, field: str) -> None:
    path = tmp_path / "one.geojson"
    path.write_bytes(collection(feature, {"type": "Feature", "properties": {"name": "good"}, "geometry": POINT}))
    page = first(path, name="properties.name", kind="=hospital")
    assert [reject.field for reject in page.rejected] == [field] and [row["name"] for row in page.records] == ["good"]


def test_nothing_is_deleted_while_a_feature_cannot_be_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    good = [{"type": "Feature", "id": n, "properties": {"name": "a"}, "geometry": POINT} for n in range(3)]
    path.write_bytes(collection(*good))
    source = feed(path, name="properties.name", kind="=hospital")
    _, memory = source.read(Memory())
    path.write_bytes(collection(good[0], good[1], None))
    page, _ = source.read(memory)
    assert page.rejected and not page.deletions


def test_features_without_ids_keep_theirs_while_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    here = {"type": "Feature", "properties": {"name": "a"}, "geometry": POINT}
    path.write_bytes(collection(here, {**here, "properties": {"name": "b"}}, {**here, "geometry": {"type": "Point", "coordinates": [122.2, 37.5]}}))
    source = feed(path, name="properties.name", kind="=hospital")
    page, memory = source.read(Memory())
    assert len({row["id"] for row in page.records}) == 3
    path.write_bytes(collection({**here, "properties": {"name": "renamed"}}, {**here, "properties": {"name": "b"}},
                                {**here, "geometry": {"type": "Point", "coordinates": [122.2, 37.5]}}))
    page, after = source.read(memory)
    assert [row["name"] for row in page.records] == ["renamed"] and not page.deletions and set(after.versions) == set(memory.versions)


def test_two_feeds_never_share_an_id(tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    path.write_bytes(collection({"type": "Feature", "id": 1, "properties": {"name": "a"}, "geometry": POINT}))
    ids = set()
    for name in ("one", "two"):
        config = FeedConfig(name, "geojson", path.name, "facilities", fields={"name": "properties.name", "kind": "=x"}, folder=tmp_path)
        ids |= set(GeoJsonFeed(config).read(Memory())[1].versions)
    assert len(ids) == 2


def test_an_untouched_file_is_not_read_again(tmp_path: Path) -> None:
    path = tmp_path / "s.geojson"
    path.write_bytes(collection({"type": "Feature", "id": 1, "properties": {"name": "a"}, "geometry": POINT}))
    source = feed(path, name="properties.name", kind="=hospital")
    _, memory = source.read(Memory())
    stamp = path.stat()
    path.write_bytes(b" " * stamp.st_size)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert source.read(memory)[0].unchanged


def test_an_address_answers_304_and_asks_only_by_etag(serve: Any, reply: Any) -> None:
    seen = []
    body = collection({"type": "Feature", "id": 1, "properties": {"name": "a"}, "geometry": POINT}, metadata={"generated": 1700000000000})

    def handle(request: Any) -> None:
        seen.append((request.headers.get("If-None-Match"), request.headers.get("Authorization")))
        if seen[-1][0] == '"v1"':
            reply(request, 304)
        else:
            reply(request, 200, body, ETag='"v1"')

    config = FeedConfig("q", "geojson", serve(handle) + "/x.geojson?all=1", "facilities", fields={"name": "properties.name", "kind": "=x"})
    source = GeoJsonFeed(config, "token")
    page, memory = source.read(Memory())
    assert page.server_time == 1700000000 and memory.etag == '"v1"'
    page, again = source.read(memory)
    assert page.unchanged and again == memory
    assert seen == [(None, "Bearer token"), ('"v1"', "Bearer token")]
    source.close()


@pytest.mark.parametrize(("status", "code"), [(401, "wrong_password"), (403, "forbidden"), (404, "refused"), (500, "busy"), (503, "busy")])
def test_an_address_that_refuses(serve: Any, reply: Any, status: int, code: str) -> None:
    source = GeoJsonFeed(FeedConfig("q", "geojson", serve(lambda request: reply(request, status)), "facilities"))
    with pytest.raises(PlatformFault) as caught:
        source.read(Memory())
    assert caught.value.code == code
    source.close()


def test_a_plain_address_beyond_this_machine_is_refused() -> None:
    with pytest.raises(PlatformFault, match="明文"):
        GeoJsonFeed(FeedConfig("q", "geojson", "http://city.example/x.geojson", "facilities"))


def test_tables_in_the_old_encoding_and_empty_ones() -> None:
    features, _ = snapshot("名称,lon\n站,1\n\n".encode("gb18030"), True)
    assert features == [{"type": "Feature", "properties": {"名称": "站", "lon": "1"}, "geometry": None}]
    for body in (b"", b"one column\n1\n"):
        with pytest.raises(NoSnapshot):
            snapshot(body, True)
