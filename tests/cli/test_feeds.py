"""Feeds by the command line: a GeoJSON file from feeds.toml into `query`, and a platform's bad record into quarantine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TOML = """
[[feed]]
name = "quakes"
adapter = "geojson"
source = "week.geojson"
kind = "incidents"
every = "60 s"
[feed.fields]
id = "id"
title = "properties.title"
occurred_at = "properties.time"
type = "=earthquake"
priority = "properties.alert"
[feed.values.priority]
green = "low"
"""


def feature(name: str, **more: Any) -> dict[str, Any]:
    properties = {"title": f"M 3.1 {name}", "time": 1_768_550_400_000, "alert": "green", **more}
    return {"type": "Feature", "id": name, "properties": properties, "geometry": {"type": "Point", "coordinates": [122.2, 37.2]}}


def write(alone: Any, *features: dict[str, Any], tail: str = "") -> None:
    alone.folder.mkdir(exist_ok=True)
    (alone.folder / "feeds.toml").write_text(TOML, "utf-8")
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (alone.folder / "week.geojson").write_text(text[: -len(tail)] if tail else text, "utf-8")


def pulled(alone: Any, action: str = "pull", code: int = 0) -> dict[str, Any]:
    (row,) = alone("feeds", action, code=code)["feeds"]
    assert set(row) >= {"name", "adapter", "records", "deleted", "quarantined", "last_ok", "error"}
    assert (row["name"], row["adapter"]) == ("quakes", "geojson")
    return dict(row)


def test_a_file_comes_into_query_and_goes_again(alone: Any) -> None:
    write(alone, feature("a"), feature("b"))
    assert pulled(alone, "check")["records"] == 2 and not alone.rows("incidents", "--where", "type=earthquake")
    row = pulled(alone)
    assert (row["records"], row["deleted"], row["quarantined"], row["error"]) == (2, 0, 0, None) and row["last_ok"]
    found = alone.rows("incidents", "--where", "type=earthquake")
    assert [each["title"] for each in found] == ["M 3.1 a", "M 3.1 b"]
    assert (found[0]["priority"], found[0]["lon"], found[0]["sync"]) == ("low", 122.2, "synced")
    assert found[0]["occurred_at"].startswith("2026-01-16T")
    assert pulled(alone)["records"] == 0
    write(alone, feature("a", title="改过"))
    row = pulled(alone)
    assert (row["records"], row["deleted"]) == (1, 1)
    assert [each["title"] for each in alone.rows("incidents", "--where", "type=earthquake")] == ["改过"]
    assert "只能看" in alone.do("claim", found[0]["id"], code=1)["error"]
    assert pulled(alone, "list")["records"] == 1


def test_a_bad_feature_is_quarantined_and_the_rest_comes(alone: Any) -> None:
    write(alone, feature("a"), feature("b", time="yesterday"))
    row = pulled(alone, code=5)
    assert (row["records"], row["quarantined"]) == (1, 1)
    (kept,) = alone.rows("quarantine")
    assert kept["feed"] == "quakes" and kept["field"] == "occurred_at" and kept["reason"]
    write(alone, feature("a"), feature("b"))
    assert pulled(alone)["records"] == 1 and alone.rows("quarantine") == []


def test_a_cut_file_and_an_empty_one_clear_nothing(alone: Any) -> None:
    write(alone, *(feature(name) for name in "abcdef"))
    assert pulled(alone)["records"] == 6
    write(alone, *(feature(name) for name in "abcdef"), tail="x" * 40)
    row = pulled(alone, code=5)
    assert row["quarantined"] == 1 and alone.rows("quarantine")[0]["field"] == "features"
    write(alone)
    assert "骤减" in pulled(alone, code=3)["error"]
    (alone.folder / "week.geojson").unlink()
    assert "week.geojson" in pulled(alone, code=3)["error"]
    assert len(alone.rows("incidents", "--where", "type=earthquake")) == 6


@pytest.mark.kinto
def test_a_bad_record_of_the_platform_is_quarantined(hub: Any, city: Any, seat: Callable[..., Any]) -> None:
    path = "/buckets/city/collections/plans"
    schema = hub.send("admin", "GET", path).json()["data"]["schema"]
    try:
        # An older server, or one whose schema somebody loosened.
        hub.send("admin", "PATCH", path, {"data": {"schema": {"type": "object"}}})
        bad, _ = city.put("admin", "plans", title=["x"]), city.put("admin", "plans", title="防汛预案")
        desk = seat(synced=False)
        report = desk.sync(code=5)
        assert (report["quarantined"], report["pulled"]) == (1, {"plans": 1})
        (kept,) = desk.rows("quarantine")
        assert (kept["kind"], kept["record_id"], kept["field"]) == ("plans", bad, "title")
        city.put("admin", "plans", id=bad, title="防台风预案")
        assert desk.sync()["quarantined"] == 0 and desk.rows("quarantine") == [] and len(desk.rows("plans")) == 2
    finally:
        hub.send("admin", "PATCH", path, {"data": {"schema": schema}})


def test_no_feeds_are_no_trouble(alone: Any, tmp_path: Path) -> None:
    assert alone("feeds", "list") == {"feeds": []}
