from __future__ import annotations

import pytest

from weihai_command.domain.movers import FRESH, LATE, LOST
from weihai_command.operations.desk import City
from weihai_command.operations.freshness import PLATFORM_S, freshness
from weihai_command.store import feed_status
from weihai_command.store.feed_status import FeedStatus

FEED = '[[feed]]\nname = "水文站"\nadapter = "geojson"\nsource = "a.json"\nkind = "sensors"\nevery = "60 s"\n'


@pytest.fixture
def at(desk):
    """A time some seconds before the desk's clock, which then stands."""
    now = desk.clock()
    desk.clock = lambda: now
    from datetime import timedelta

    return lambda seconds: (now - timedelta(seconds=seconds)).isoformat()


def told(desk, reported=()):
    return {kind: (each.level, each.words) for kind, each in freshness(desk, dict(reported)).items()}


def test_the_platforms_last_success_holds_for_every_kind_that_it_brings(desk, at):
    name = desk.platform().name
    feed_status.put(desk.store, FeedStatus(name, "", at(5), at(5)))
    assert set(told(desk).values()) == {(FRESH, "")}
    feed_status.put(desk.store, FeedStatus(name, "", at(6 * PLATFORM_S), at(1), "连不上"))
    found = told(desk)
    assert found["incidents"] == found["video_points"] == (LOST, "中断 1 分")
    assert found["movers"] == (FRESH, "")
    assert name in freshness(desk, {})["units"].lines[0]


def test_a_declared_feed_is_judged_by_its_own_period(desk, at):
    feed_status.put(desk.store, FeedStatus(desk.platform().name, "", at(1), at(1)))
    (desk.profile.root / "feeds.toml").write_text(FEED, "utf-8")
    assert told(desk)["sensors"] == (FRESH, "")
    feed_status.put(desk.store, FeedStatus("水文站", "sensors", at(180), at(1), "坏了"))
    assert told(desk)["sensors"] == (LATE, "过期 3 分") and told(desk)["facilities"] == (FRESH, "")
    (desk.profile.root / "feeds.toml").write_text("[[", "utf-8")
    assert told(desk)["sensors"] == (FRESH, "")


def test_the_live_stream_is_a_source_of_what_reports_by_itself(desk, at):
    feed_status.put(desk.store, FeedStatus(desk.platform().name, "", at(1), at(1)))
    stopped = desk.clock().timestamp() - 400
    found = told(desk, {"movers": stopped, "sensors": stopped + 395})
    assert found["movers"] == (LOST, "中断 6 分") and found["sensors"] == (FRESH, "")


def test_the_embedded_city_is_its_own_source(desk, at):
    desk.city = City("威海市", True, None, "small")
    found = freshness(desk, {"movers": 0.0})
    assert {each.level for each in found.values()} == {FRESH}
    assert found["movers"].lines == ("示例城市 · 内置",)
