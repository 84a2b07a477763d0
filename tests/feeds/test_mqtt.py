"""MQTT: a real Mosquitto that is killed and comes back; nothing is acknowledged before it is kept."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault, StoreFault, Unauthorised, Unreachable
from weihai_command.feeds.feed import FeedConfig
from weihai_command.feeds.measured import Measured
from weihai_command.feeds.mqtt import PAYLOAD_CAP, MqttSource, _Message, filled

publish = sys.modules["weihai_tests_neighbours"].publish
NOW = 1_790_000_000.0
TOPICS = {"city/+/level": "pump-{1}", "raw/#": "$.who"}
FIELDS = {"value": "v", "at": "t"}
Listen = Callable[..., MqttSource]


def config(url: str = "mqtt://127.0.0.1:1", **options: Any) -> FeedConfig:
    return FeedConfig("泵站", "mqtt", url, "sensors", user="desk", **{"topics": TOPICS, "fields": FIELDS, **options})


def until(condition: Callable[[], Any], words: str) -> Any:
    end = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < end, words
        time.sleep(0.01)
    return found


@pytest.fixture
def listen(broker: Any) -> Iterator[Listen]:
    """A source of the broker; every one is stopped."""
    made: list[MqttSource] = []

    def start(secret: str = "secret", client_id: str = "desk-1", **options: Any) -> MqttSource:
        source = MqttSource(config(f"mqtt://127.0.0.1:{broker.port}", **options), secret, client_id=client_id, delays=(1, 1))
        made.append(source)
        source.start()
        return source

    yield start
    for source in made:
        source.stop()


def connected(source: MqttSource) -> MqttSource:
    until(lambda: source.last_ok is not None and source.fault is None, "connected")
    # The subscription is the broker's a moment later.
    time.sleep(0.2)
    return source


def gathered(source: MqttSource, count: int) -> Measured:
    found = Measured()

    def more() -> bool:
        part = source.take()
        for name in ("sensors", "at", "values", "sources", "rejected"):
            getattr(found, name).extend(getattr(part, name))
        return len(found) + len(found.rejected) >= count

    until(more, f"{count} messages")
    return found


# -- the real broker ---------------------------------------------------------------------------------------------------------


def test_what_was_not_confirmed_comes_again_to_the_next_process(broker: Any, listen: Listen) -> None:
    first = connected(listen())
    publish(broker, *(("city/7/level", {"v": n, "t": NOW + n}) for n in range(60)))
    assert gathered(first, 20).values[:20] == [float(n) for n in range(20)]
    first.stop()
    publish(broker, ("city/8/level", {"v": 99, "t": NOW}))
    second = connected(listen())
    seen: set[tuple[str, float]] = set()
    while len(seen) < 61:
        part = second.take()
        seen |= set(zip(part.sensors, part.values, strict=True))
        second.confirm()
        time.sleep(0.005)
    assert seen == {*(("pump-7", float(n)) for n in range(60)), ("pump-8", 99.0)}
    second.stop()
    # Who takes a session over cuts off what the broker has not read yet.
    time.sleep(1)
    third = connected(listen())
    publish(broker, ("city/9/level", {"v": 1, "t": NOW}))
    assert gathered(third, 1).sensors == ["pump-9"]


def test_a_broker_that_died_is_lost_once_back_once_and_nothing_is_missing(broker: Any, listen: Listen) -> None:
    source = connected(listen())
    told: list[str] = []
    tell = source._tell

    def note(fault: Any) -> None:
        told.append("back" if fault is None else "lost")
        tell(fault)

    source._tell = note  # type: ignore[method-assign]
    publish(broker, *(("city/7/level", {"v": n, "t": NOW + n}) for n in range(10)))
    gathered(source, 10)
    source.confirm()
    publish(broker, *(("city/7/level", {"v": n, "t": NOW + n}) for n in range(10, 30)))
    # The broker writes its session down once a second.
    time.sleep(2.5)
    broker.kill()
    until(lambda: isinstance(source.fault, Unreachable), "the loss")
    broker.start()
    until(lambda: source.fault is None, "the return")
    publish(broker, ("city/7/level", {"v": 30, "t": NOW + 30}))
    values: set[float] = set()
    while 30.0 not in values or not set(map(float, range(10, 30))) <= values:
        values |= set(source.take().values)
        source.confirm()
        time.sleep(0.005)
    assert told[0] == "lost" and told[-1] == "back" and told.count("back") == 1


def test_a_wrong_password_is_told_and_tried_on(broker: Any, listen: Listen) -> None:
    source = listen(secret="wrong")
    assert isinstance(until(lambda: source.fault, "a fault"), Unauthorised)


def test_bad_messages_are_put_aside_and_the_rest_is_used(broker: Any, listen: Listen) -> None:
    source = connected(listen())
    publish(broker, ("city/1/level", b"\xff{"), ("city/1/level", {"v": "hoch", "t": NOW}), ("raw/a/b", {"v": 2, "t": NOW, "who": "gauge-3"}), ("raw/x", {"v": 2, "t": NOW}))
    found = gathered(source, 4)
    source.confirm()
    assert (found.sensors, found.values) == (["gauge-3"], [2.0])
    assert [each.field for each in found.rejected] == ["payload", "value", "sensor"]


# The client leaves the socket of a handshake that failed to the collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("is_known", [True, False])
def test_tls_is_verified(tls_broker: Any, monkeypatch: pytest.MonkeyPatch, is_known: bool) -> None:
    if is_known:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls_broker.folder / "cert.pem"))
    source = MqttSource(config(f"mqtts://127.0.0.1:{tls_broker.port}"), "secret", client_id="desk-1", delays=(1, 1))
    source.start()
    try:
        if is_known:
            connected(source)
        else:
            assert isinstance(until(lambda: source.fault, "a fault"), Unreachable) and source.last_ok is None
    finally:
        source.stop()


def test_it_wakes_whoever_waits(broker: Any, listen: Listen) -> None:
    source, woken = connected(listen()), threading.Event()
    source.wake = woken.set
    publish(broker, ("city/1/level", {"v": 1, "t": NOW}))
    assert woken.wait(20)


# -- what a message says -----------------------------------------------------------------------------------------------------


def said(body: bytes, topic: str = "city/7/level", **options: Any) -> Measured:
    source = MqttSource(config(**options), client_id="x", now=lambda: NOW)
    found = Measured()
    source._read(_Message(1, 1, 1, topic, body, NOW + 5), found)
    return found


@pytest.mark.parametrize(("body", "value", "at"), [
    (b'{"v": 4.62, "t": 1790000000}', 4.62, NOW), (b'{"v": "4.62", "t": "2026-09-21T22:13:20+08:00"}', 4.62, NOW), (b'{"v": true, "t": 1790000000000}', 1.0, NOW),
])
def test_a_payload_is_read_by_its_paths(body: bytes, value: float, at: float) -> None:
    found = said(body)
    assert (found.sensors, found.values, found.at, found.sources) == (["pump-7"], [value], [at], [None])


def test_null_is_a_sensor_that_gave_none() -> None:
    found = said(b'{"v": null, "t": 1790000000}')
    assert len(found) == 1 and found.values[0] != found.values[0]


def test_a_bare_number_counts_at_its_arrival() -> None:
    found = said(b" 3.5 ", fields={"value": ""})
    assert (found.values, found.at) == ([3.5], [NOW + 5])


def test_the_senders_own_id_is_kept() -> None:
    assert said(b'{"v": 1, "t": 1790000000, "id": 77}', fields={**FIELDS, "id": "id"}).sources == ["泵站:77"]


@pytest.mark.parametrize(("body", "field"), [
    (b"", "payload"), (b"x" * (PAYLOAD_CAP + 1), "payload"), (b"[" * 3000, "payload"), (b"[1]", "value"), (b'{"t": 1790000000}', "value"), (b'{"v": {}, "t": 1790000000}', "value"),
    (b'{"v": 1}', "at"), (b'{"v": 1, "t": "gestern"}', "at"), (b'{"v": 1, "t": true}', "at"), (b'{"v": 1, "t": 1e300}', "at"),
])
def test_what_says_nothing_names_its_field(body: bytes, field: str) -> None:
    found = said(body)
    assert len(found) == 0 and [each.field for each in found.rejected] == [field]


@pytest.mark.parametrize(("pattern", "topic", "sensor", "expected"), [
    ("a/+/b/+", "a/1/b/2", "{2}-{1}", "2-1"), ("a/#", "a/b/c", "s:{1}", "s:b/c"), ("a/b", "a/b", "fixed", "fixed"), ("+/x", "{1}/x", "{1}", "{1}"),
])
def test_a_topic_names_its_sensor(pattern: str, topic: str, sensor: str, expected: str) -> None:
    assert filled(pattern, topic, sensor) == expected


def test_plain_mqtt_stays_on_this_machine() -> None:
    with pytest.raises(PlatformFault) as caught:
        MqttSource(config("mqtt://example.org"), client_id="x")
    assert caught.value.code == "plain_http"
    assert MqttSource(config("mqtts://example.org"), client_id="x").host == "example.org"


@pytest.mark.parametrize("wrong", [{"topics": {}}, {"source": "http://example.org"}])
def test_a_source_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(StoreFault):
        MqttSource(config(wrong.pop("source", "mqtts://example.org"), **wrong), client_id="x")
