"""A neighbour's Kinto as a feed: each delta reads a span again, and says only what is new in it."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.feeds.feed import FeedConfig, Memory
from weihai_command.feeds.kinto import OVERLAP_MS, KintoFeed
from weihai_command.feeds.platform import Page

AT = 1_800_000_000_000


class Neighbour:
    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.gone: list[tuple[str, int]] = []
        self.since: list[int | None] = []

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        self.since.append(since)
        alive = [{"id": id, "title": id, "last_modified": version} for id, version in self.rows.items() if version > (since or 0)]
        return Page(alive, [each for each in self.gone if each[1] > (since or 0)], None, max(self.rows.values(), default=0))


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> tuple[KintoFeed, Neighbour]:
    feed, neighbour = KintoFeed(FeedConfig("n", "kinto", "http://127.0.0.1:1/v1", "incidents")), Neighbour()
    feed.close()
    monkeypatch.setattr(feed, "platform", neighbour)
    return feed, neighbour


def ids(page: Page) -> list[Any]:
    return [row["id"] for row in page.records]


def test_a_row_that_the_cursor_skipped_comes_by_the_overlap(pair: tuple[KintoFeed, Neighbour]) -> None:
    feed, neighbour = pair
    neighbour.rows = {"a": AT, "c": AT + 20}
    page, memory = feed.read(Memory())
    assert ids(page) == ["a", "c"] and neighbour.since == [None]
    neighbour.rows["b"] = AT + 10
    page, memory = feed.read(memory)
    assert ids(page) == ["b"] and neighbour.since[-1] == AT + 20 - OVERLAP_MS
    page, memory = feed.read(memory)
    assert page.unchanged and ids(page) == []


def test_a_deletion_is_told_once(pair: tuple[KintoFeed, Neighbour]) -> None:
    feed, neighbour = pair
    neighbour.rows = {"a": AT, "b": AT + 1, "c": AT + 2}
    _, memory = feed.read(Memory())
    del neighbour.rows["a"]
    neighbour.gone = [("a", AT + 3), ("never seen", AT + 3)]
    page, memory = feed.read(memory)
    assert page.deletions == [("a", AT + 3)]
    page, memory = feed.read(memory)
    assert page.unchanged and page.deletions == []
