"""SensorThings: against a real server, and against servers that can less or lie."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from weihai_command.domain.faults import PlatformFault, Unreachable
from weihai_command.feeds.breaker import breaker_of
from weihai_command.feeds.feed import FeedConfig, Memory
from weihai_command.feeds.measured import Measured
from weihai_command.feeds.sensorthings import OVERLAP_S, Seen, SensorThingsFeed

#: Whole seconds: the server keeps no parts.
NOW = float(int(time.time()))
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


def feed_of(url: str, **options: Any) -> SensorThingsFeed:
    return SensorThingsFeed(FeedConfig("泵站", "sensorthings", url, "sensors", 60.0, **options), now=lambda: NOW)


def all_of(feed: SensorThingsFeed, seen: Seen) -> tuple[Measured, Seen, int]:
    """Everything that is new, and in how many pages."""
    found, pages = Measured(), 0
    while True:
        part, seen = feed.observations(seen)
        pages += 1
        for name in ("sensors", "at", "values", "sources", "rejected"):
            getattr(found, name).extend(getattr(part, name))
        if seen.next is None:
            return found, seen, pages


# -- the real server ---------------------------------------------------------------------------------------------------------


def test_datastreams_become_sensors(things: Any) -> None:
    level, flow = things.thing("凤林泵站甲", ("前池水位", "pump_level", "m"), ("出水流量", "water_flow", "m³/h"), place=(122.13, 37.41))
    feed = feed_of(things.url, fields={"field": "=water"})
    try:
        page, memory = feed.read(Memory())
        found = {row["source_id"]: row for row in page.records}[level]
        assert (found["name"], found["quantity"], found["unit"], found["field"], found["district"]) == ("凤林泵站甲 前池水位", "pump_level", "m", "water", "环翠区")
        assert (found["lon"], found["lat"], found["period_s"], found["id"]) == (122.13, 37.41, 60.0, feed.sensor_id(level))
        assert {level, flow} <= {row["source_id"] for row in page.records} and not page.rejected
        again, _ = feed.read(memory)
        assert again.unchanged and not again.records and not again.deletions
    finally:
        feed.close()


def test_observations_are_read_page_by_page_and_once(things: Any) -> None:
    (stream,) = things.thing("凤林泵站乙", ("前池水位", "pump_level", "m"))
    for n in range(130):
        things.observe(stream, NOW - 3_600 + n, n / 2)
    feed = feed_of(things.url)
    try:
        found, seen, pages = all_of(feed, Seen())
        mine = sorted((at, value) for who, at, value in zip(found.sensors, found.at, found.values, strict=True) if who == feed.sensor_id(stream))
        assert [value for _, value in mine] == [n / 2 for n in range(130)] and mine[0][0] == pytest.approx(NOW - 3_600, abs=0.001)
        assert pages >= 2 and len(set(found.sources)) == len(found)
        assert feed.ability is not None and feed.ability.filters == "phenomenonTime"
        things.observe(stream, NOW - 10, 77.0)
        things.observe(stream, (seen.until or 0.0) - OVERLAP_S / 2, 78.0)
        later, _, _ = all_of(feed, seen)
        assert sorted(later.values) == [77.0, 78.0]
        # Somebody else, who only knows the time, is told the overlap again: the store knows it by its ids.
        fresh = feed_of(things.url)
        repeated, _, _ = all_of(fresh, seen)
        fresh.close()
        assert set(later.sources) <= set(repeated.sources)
    finally:
        feed.close()


def test_a_server_that_died_is_lost_once_and_nothing_is_missing_after(mortal_things: Any) -> None:
    (stream,) = mortal_things.thing("凤林泵站丙", ("前池水位", "pump_level", "m"))
    mortal_things.observe(stream, NOW - 100, 1.0)
    feed = feed_of(mortal_things.url)
    try:
        _, seen, _ = all_of(feed, Seen())
        mortal_things.kill()
        with pytest.raises(Unreachable):
            all_of(feed, seen)
        mortal_things.start()
        mortal_things.observe(stream, NOW - 50, 2.0)
        breaker_of(feed.http.host).wake()
        found, _, _ = all_of(feed, seen)
        assert found.values == [2.0]
    finally:
        feed.close()


# -- servers that can less, or lie -------------------------------------------------------------------------------------------


def observation(n: int, at: float, **other: Any) -> dict[str, Any]:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    return {"@iot.id": n, "phenomenonTime": stamp, "result": float(n), "Datastream": {"@iot.id": 5}, **other}


def plain_server(serve: Serve, reply: Callable[..., None], rows: list[dict[str, Any]], *, orders: bool, size: int = 4, **lies: Any) -> tuple[str, list[str]]:
    """A server that never filters; it orders where it can and gives `size` rows a page. `lies` replace parts of its documents."""
    asked: list[str] = []

    def handle(request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        asked.append(request.path)
        found, skip = list(rows), int(query.get("$skip", "0"))
        if orders and "$orderby" in query:
            found.sort(key=lambda row: row["phenomenonTime"], reverse=query["$orderby"].endswith("desc"))
        document: dict[str, Any] = {"value": found[skip : skip + min(size, int(query.get("$top", size)))]}
        if skip + size < len(found):
            order = f"&$orderby={query['$orderby'].replace(' ', '%20')}" if "$orderby" in query else ""
            document["@iot.nextLink"] = f"http://{request.headers['Host']}{parts.path}?$skip={skip + size}{order}"
        reply(request, 200, json.dumps({**document, **lies}).encode())

    return serve(handle) + "/v1.1", asked


@pytest.mark.parametrize(("orders", "most"), [(True, 2), (False, 6)])
def test_a_server_that_does_not_filter_is_read_back_to_what_is_known(serve: Serve, reply: Callable[..., None], orders: bool, most: int) -> None:
    rows = [observation(n, NOW - 20_000 + n * 700) for n in range(20)]
    url, asked = plain_server(serve, reply, rows, orders=orders)
    feed = feed_of(url)
    found, seen, pages = all_of(feed, Seen())
    assert sorted(found.values) == [float(n) for n in range(20)] and pages == 5
    assert feed.ability is not None and (feed.ability.filters, feed.ability.orders) == ("", "phenomenonTime" if orders else "")
    rows.append(observation(99, NOW - 60))
    before = len(asked)
    found, _, _ = all_of(feed, seen)
    assert found.values == [99.0] and len(asked) - before <= most
    feed.close()


def test_a_server_without_observations_is_asked_again(serve: Serve, reply: Callable[..., None]) -> None:
    rows: list[dict[str, Any]] = []
    url, _ = plain_server(serve, reply, rows, orders=True)
    feed = feed_of(url)
    assert len(feed.observations(Seen())[0]) == 0 and feed.ability is None
    rows.append(observation(1, NOW - 60))
    assert feed.observations(Seen())[0].values == [1.0]
    feed.close()


def test_a_clock_that_runs_ahead_hides_nothing(serve: Serve, reply: Callable[..., None]) -> None:
    rows = [observation(1, NOW - 60), observation(2, NOW + 90_000)]
    url, _ = plain_server(serve, reply, rows, orders=True)
    feed = feed_of(url)
    found, seen, _ = all_of(feed, Seen())
    assert sorted(found.values) == [1.0, 2.0] and seen.until == pytest.approx(NOW - 60, abs=1)
    rows.append(observation(3, NOW - 30))
    assert all_of(feed, seen)[0].values == [3.0]
    feed.close()


@pytest.mark.parametrize(("spoilt", "field"), [
    ({"result": "沸"}, "result"), ({"phenomenonTime": "gestern", "resultTime": None}, "phenomenonTime"), ({"Datastream": None}, "Datastream"), ({"Datastream": [1]}, "Datastream"),
])
def test_an_observation_that_says_nothing_is_put_aside_once(serve: Serve, reply: Callable[..., None], spoilt: dict[str, Any], field: str) -> None:
    rows = [observation(1, NOW - 60), observation(2, NOW - 59, **spoilt), observation(3, NOW - 58, result=None), observation(4, NOW - 57, result=True)]
    url, _ = plain_server(serve, reply, rows, orders=False)
    feed = feed_of(url)
    found, seen, _ = all_of(feed, Seen())
    assert [value for value in found.values if value == value] == [1.0, 1.0] and len(found) == 3
    assert [reject.field for reject in found.rejected] == [field]
    assert all_of(feed, seen)[0].rejected == []
    feed.close()


@pytest.mark.parametrize(("lie", "code"), [
    ({"@iot.nextLink": "http://example.org/v1.1/Observations"}, "redirect"), ({"value": {"a": 1}}, "bad_page"), ({"value": [3]}, "bad_page"), ({"@iot.nextLink": 7}, "bad_page"),
])
def test_a_document_that_lies_is_not_used(serve: Serve, reply: Callable[..., None], lie: dict[str, Any], code: str) -> None:
    url, _ = plain_server(serve, reply, [observation(n, NOW - 60 - n) for n in range(9)], orders=True, **lie)
    feed = feed_of(url)
    with pytest.raises(PlatformFault) as caught:
        list(feed._entries("Observations"))
    assert caught.value.code == code
    feed.close()


def test_pages_that_lead_to_each_other_end(serve: Serve, reply: Callable[..., None]) -> None:
    url = serve(lambda request: reply(request, 200, json.dumps({"value": [observation(1, NOW)], "@iot.nextLink": "Observations?again"}).encode())) + "/v1.1"
    feed = feed_of(url)
    with pytest.raises(PlatformFault) as caught:
        list(feed._entries("Observations?again"))
    assert caught.value.code == "bad_page"
    feed.close()


def test_half_of_the_datastreams_do_not_vanish_silently(serve: Serve, reply: Callable[..., None]) -> None:
    streams = [{"@iot.id": n, "name": f"测点{n}", "ObservedProperty": {"name": "pump_level"}} for n in range(10)]
    url, _ = plain_server(serve, reply, streams, orders=False)
    feed = feed_of(url)
    page, memory = feed.read(Memory())
    assert len(page.records) == 10 and page.records[0]["name"] == "测点0"
    del streams[3:]
    with pytest.raises(PlatformFault) as caught:
        feed.read(memory)
    assert caught.value.code == "shrunken"
    assert len(feed.read(memory, accept_shrink=True)[0].deletions) == 7
    feed.close()
