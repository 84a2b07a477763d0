from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from layers.links import MapLink
from layers.page_feeds import PageFeeds


@pytest.fixture
def feeds(qapp: Any) -> PageFeeds:
    return PageFeeds("dark")


def scene(feeds: PageFeeds) -> dict[str, Any]:
    return dict(json.loads(feeds.answer("scene", 0) or b""))


def test_many_changes_in_one_turn_are_one_tick_with_the_newest_version(feeds: PageFeeds, qapp: Any, table: Callable[..., Any]) -> None:
    ticks: list[tuple[str, int]] = []
    feeds.ticked.connect(lambda name, version: ticks.append((name, version)))
    feeds.set_points(table("sensors", [(122.1, 37.4)]))
    for _ in range(3):
        feeds.update_points("sensors", np.array([0]), np.array([0], np.uint8), np.array([0], np.uint8))
    qapp.processEvents()
    assert ticks == [("sensors", 4)]


def test_selection_and_lines_follow_their_ids_into_a_new_table(feeds: PageFeeds, table: Callable[..., Any]) -> None:
    feeds.set_points(table("incidents", [(122.1, 37.4), (122.2, 37.4)]))
    feeds.set_points(table("units", [(122.0, 37.4)]))
    feeds.selected = ("incidents", "incidents-1")
    feeds.links = [MapLink("units-0", "incidents-1", "a", True), MapLink("gone", "incidents-1", "b", True)]
    assert scene(feeds)["selected"] == {"kind": "incidents", "row": 1}
    assert [line["label"] for line in scene(feeds)["links"]] == ["a"]
    moved = table("incidents", [(122.3, 37.4)])
    moved.ids[0] = "incidents-1"
    feeds.set_points(moved)
    assert scene(feeds)["selected"]["row"] == 0
    assert scene(feeds)["links"][0]["to"] == pytest.approx([122.3 / 360 + 0.5, 0.3877], abs=1e-3)


def test_a_record_without_a_true_position_has_no_place(feeds: PageFeeds, table: Callable[..., Any]) -> None:
    feeds.set_points(table("incidents", [(float("nan"), 37.4), (122.2, 37.4)]))
    assert feeds.place("incidents", "incidents-0") is None
    assert feeds.place("incidents", "incidents-1") == (122.2, 37.4)
    assert feeds.place("units", "x") is None


def test_unknown_kinds_are_refused(feeds: PageFeeds, table: Callable[..., Any]) -> None:
    with pytest.raises(KeyError):
        feeds.set_points(table("dragons", [(122.1, 37.4)]))
    assert feeds.answer("dragons", 0) is None


def test_versions_go_on_over_new_tables(feeds: PageFeeds, table: Callable[..., Any]) -> None:
    for expected in (1, 2, 3):
        feeds.set_points(table("sensors", [(122.1, 37.4)]))
        assert feeds.version("sensors") == expected == scene(feeds)["feeds"]["sensors"]


def test_what_the_page_says_before_it_heard_of_a_wish_does_not_overwrite_it(feeds: PageFeeds) -> None:
    feeds.go(122.4, 37.1, 10)
    feeds.settle(122.13, 37.42, 11)
    assert (feeds.view["lon"], feeds.view["lat"], feeds.view["zoom"]) == (122.4, 37.1, 10)
    assert scene(feeds)["view"]["lon"] == 122.4
    feeds.settle(122.41, 37.11, 10)
    assert feeds.view["lon"] == 122.41
