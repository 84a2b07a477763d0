"""From a source's batch to store, alarms and live picture; nothing vanishes silently, nothing is judged twice or not at all."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import Fault, StoreFault
from weihai_command.feeds.feed import FeedConfig
from weihai_command.feeds.measured import Measured
from weihai_command.feeds.mqtt import MqttSource
from weihai_command.feeds.platform import Reject
from weihai_command.feeds.polling import SensorThingsSource
from weihai_command.operations import alarms, ingest, queries
from weihai_command.operations import readings as reading
from weihai_command.operations.desk import Desk
from weihai_command.operations.ingest import Ingest
from weihai_command.operations.ingest_sources import declared
from weihai_command.operations.live import Live
from weihai_command.store import feed_status, mirror, quarantine

NAN = float("nan")


def _shared(file: str) -> Any:
    name = f"weihai_tests_{file}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / f"{file}.py")
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


broker, mortal_things, publish = _shared("neighbours").broker, _shared("neighbours").mortal_things, _shared("neighbours").publish


class Clock:
    """One clock for desk, live picture and ingest; `at` is now in epoch seconds."""

    def __init__(self, desk: Desk) -> None:
        self.start = desk.clock()
        self.at = self.start.timestamp()
        desk.clock = lambda: self.start + timedelta(seconds=self.at - self.start.timestamp())

    def __call__(self) -> float:
        return self.at


class Pump:
    """A source of batches that a test lays down."""

    def __init__(self, name: str = "泵站") -> None:
        self.name, self.fault, self.waiting, self.confirmed = name, None, [], 0
        self.wake: Callable[[], None] = lambda: None

    def start(self) -> None: ...
    def stop(self) -> None: ...

    def take(self) -> Measured:
        return self.waiting.pop(0) if self.waiting else Measured()

    def confirm(self) -> None:
        self.confirmed += 1


@pytest.fixture
def clock(desk: Desk) -> Clock:
    mirror.bulk(desk.store, "sensors", [
        {"id": "gas", "name": "燃气浓度 01", "field": "municipal", "quantity": "gas_concentration", "period_s": 60, "unit": "%VOL", "last_modified": 1, "lon": 122.1, "lat": 37.4},
        {"id": "pump", "name": "泵站前池水位 01", "field": "water", "quantity": "pump_level", "period_s": 60, "unit": "m", "high": 4.2, "last_modified": 1},
        {"id": "quiet", "name": "泵站前池水位 02", "field": "water", "quantity": "pump_level", "period_s": 60, "last_modified": 1},
    ])
    return Clock(desk)


@pytest.fixture
def make(desk: Desk, clock: Clock) -> Iterator[Callable[..., Ingest]]:
    """A begun Ingest without its thread."""

    def begin(*sources: Any, **options: Any) -> Ingest:
        made = Ingest(desk, Live(clock), sources, now=clock, **options)
        made.begin()
        return made

    yield begin
    if desk.readings is not None:
        desk.readings.close()


def batch(*rows: tuple[str, float, float], rejected: tuple[Reject, ...] = (), ids: bool = False) -> Measured:
    found = Measured(rejected=list(rejected))
    for sensor, at, value in rows:
        found.add(sensor, at, value, f"x:{sensor}:{at}" if ids else None)
    return found


def is_whole(report: dict[str, float]) -> bool:
    return report["received"] == sum(report[name] for name in ("kept", "twice", "unknown", "ahead", "no_time", "aged"))


def test_a_reading_over_its_limit_is_an_alarm_a_state_and_a_row(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    told: list[set[str]] = []
    made = make(announce=told.append)
    changed = made.take(batch(("gas", clock.at, 0.9)))
    assert [(each.sensor_id, each.kind, each.severity, each.value) for each in changed] == [("gas", "high", 3, 0.9)]
    assert told == [{"alarms"}] and [each.name for each in alarms.alarms(desk)] == ["燃气浓度 01"]
    assert made.live.state_of("sensors", "gas") == ("high", clock.at)
    assert reading.window(desk, "gas", 0, clock.at).value.tolist() == [0.9]
    clock.at += 0.4
    made.shown()
    assert made.ledger.counts.longest_lag_s == pytest.approx(0.4)
    made.take(batch(("gas", clock.at, 0.1)))
    assert made.live.state_of("sensors", "gas") == ("normal", clock.at) and [each.standing for each in alarms.of_sensor(desk, "gas")] == ["cleared"]


def test_every_strange_reading_is_counted_and_listed(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    made, now = make(), clock.at
    made.take(batch(("gas", now, 0.1), ("gas", now - 5, 0.1), ("pump", now, 2.0), ids=True))
    made.take(batch(
        ("gas", now - 30, 0.9), ("nobody", now, 1.0), ("gas", now + 9_999, 0.9), ("gas", NAN, 0.9), ("pump", now, 2.0), ("pump", now - 40 * 86_400, 9.0),
        ("quiet", now, NAN), rejected=(Reject("city/7", "payload", "不是 JSON", "{"),), ids=True))
    report = made.ledger.report()
    assert is_whole(report) and report["received"] == 10
    assert {name: report[name] for name in ("kept", "twice", "unknown", "ahead", "no_time", "aged", "late", "no_value", "rejected")} == {
        "kept": 5, "twice": 1, "unknown": 1, "ahead": 1, "no_time": 1, "aged": 1, "late": 1, "no_value": 1, "rejected": 1}
    assert {(each.kind, each.sensor) for each in made.ledger.strange()} == {
        ("late", "gas"), ("unknown", "nobody"), ("ahead", "gas"), ("no_time", "gas"), ("aged", "pump"), ("no_value", "quiet"), ("rejected", "city/7")}
    assert [row.reason for row in quarantine.rows(desk.store)] == ["不是 JSON"]
    made.tick()
    told = queries.SPECIAL["readings"](desk)
    assert {row["count"]: row["text"] for row in told if row["kind"] == "count"}["unknown"] == "1"
    assert ("nobody", "没有这个传感器：1.0") in {(row["name"], row["text"]) for row in told}
    # Neither the late one nor the one of tomorrow raised anything, and what comes after is judged.
    assert [each.kind for each in alarms.alarms(desk)] == ["fault"]
    assert [each.kind for each in made.take(batch(("gas", now + 1, 0.9)))] == ["high"]
    assert made.live.state_of("sensors", "quiet") == ("fault", now)


def test_what_was_kept_but_not_judged_is_judged_at_the_next_start(desk: Desk, clock: Clock, make: Callable[..., Ingest], monkeypatch: pytest.MonkeyPatch) -> None:
    made = make()
    made.take(batch(("gas", clock.at, 0.1)))
    made.tick()
    with monkeypatch.context() as killed:
        killed.setattr(alarms, "apply", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            made.take(batch(("gas", clock.at + 1, 0.9)))
    assert alarms.alarms(desk) == [] and reading.of(desk).count() == 2
    clock.at += 5
    make()
    assert [(each.sensor_id, each.value) for each in alarms.alarms(desk)] == [("gas", 0.9)]


def test_a_duration_goes_on_over_a_restart(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    first = make()
    first.take(batch(("pump", clock.at, 4.5)))
    first.tick()
    assert alarms.alarms(desk) == []
    clock.at += 30
    second = make()
    assert second.take(batch(("pump", clock.at, 4.5))) == []
    clock.at += 31
    assert [each.kind for each in second.take(batch(("pump", clock.at, 4.5)))] == ["high"]


def test_an_active_alarm_is_not_raised_twice_by_a_restart(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    make().take(batch(("gas", clock.at, 0.9)))
    clock.at += 10
    again = make()
    assert again.take(batch(("gas", clock.at, 0.9))) == [] and len(alarms.of_sensor(desk, "gas")) == 1
    clock.at += 10
    again.take(batch(("gas", clock.at, 0.1)))
    assert [each.standing for each in alarms.of_sensor(desk, "gas")] == ["cleared"]


def test_a_night_without_the_program_is_no_silence(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    first = make()
    first.take(batch(("gas", clock.at, 0.1), ("pump", clock.at, 2.0)))
    first.tick()
    clock.at += 40_000
    source = Pump()
    second = make(source)
    second.tick()
    assert alarms.alarms(desk) == [] and second.tally() == (2, 0, 0)
    source.waiting.append(batch(("gas", clock.at, 0.1)))
    second.turn()
    clock.at += 400
    second.tick()
    assert [(each.sensor_id, each.kind) for each in alarms.alarms(desk)] == [("gas", "silence")] and second.tally() == (2, 0, 2)
    assert second.live.state_of("sensors", "gas") == ("lost", clock.at - 400)


def test_the_sensors_of_a_source_that_is_lost_are_not_called_silent(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    source, lost, found = Pump(), [], []
    made = make(source, lost=lost.append, found=found.append)
    source.waiting.append(batch(("gas", clock.at, 0.1)))
    made.turn()
    source.fault = Fault("无法连接", "", "")
    for _ in range(3):
        clock.at += 400
        made.turn()
    assert alarms.alarms(desk) == [] and [each.happened for each in lost] == ["数据源“泵站”：无法连接"]
    source.fault = None
    made.turn()
    made.turn()
    assert found == ["数据源“泵站”已恢复"]


def test_a_store_that_fails_keeps_the_batch_with_its_source(desk: Desk, clock: Clock, make: Callable[..., Ingest], monkeypatch: pytest.MonkeyPatch) -> None:
    source = Pump()
    made = make(source)
    source.waiting.append(batch(("gas", clock.at, 0.9), ("nobody", clock.at, 1.0)))
    with monkeypatch.context() as full:
        full.setattr(made.readings, "put", lambda *_: (_ for _ in ()).throw(StoreFault("磁盘已满", "", "")))
        with pytest.raises(StoreFault):
            made.turn()
    assert source.confirmed == 0 and made.ledger.report()["received"] == 0
    made.turn()
    assert source.confirmed == 1 and is_whole(made.ledger.report()) and made.ledger.report()["kept"] == 1
    assert [each.sensor_id for each in alarms.alarms(desk)] == ["gas"]


def test_new_sensors_are_known_without_a_new_start(desk: Desk, clock: Clock, make: Callable[..., Ingest]) -> None:
    made = make()
    made.take(batch(("new", clock.at, 0.9)))
    mirror.apply(desk.store, "sensors", [{"id": "new", "name": "燃气浓度 02", "field": "municipal", "quantity": "gas_concentration", "last_modified": 2}])
    made.begin()
    assert [each.sensor_id for each in made.take(batch(("new", clock.at + 1, 0.9)))] == ["new"]


def test_the_thread_takes_tells_and_ends(desk: Desk, clock: Clock) -> None:
    source, told = Pump(), threading.Event()
    source.waiting.append(batch(("gas", clock.at, 0.9)))
    made = Ingest(desk, Live(clock), [source], announce=lambda _: told.set(), now=clock)
    made.start()
    assert made.is_begun.wait(20) and told.wait(20)
    made.stop()
    assert source.confirmed == 1 and reading.of(desk).judged() == reading.of(desk).newest() == 1
    reading.of(desk).close()


def test_one_process_of_a_city_takes_readings_and_another_follows_it(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "TURN_S", 0.02)
    first, second = (Ingest(desk, Live(clock), [Pump()], now=clock) for _ in range(2))
    first.start()
    assert first.is_begun.wait(20)
    second.start()
    until(lambda: second.is_elsewhere, "the second waits")
    assert not second.is_begun.is_set()
    first.stop()
    assert second.is_begun.wait(20) and not second.is_elsewhere
    second.stop()
    reading.of(desk).close()


def test_a_disk_that_fails_for_a_while_is_told_once(desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "RETRY_S", 0.01)
    source, lost, told, falls = Pump(), [], threading.Event(), iter(range(3))
    source.waiting.append(batch(("gas", clock.at, 0.9)))
    made = Ingest(desk, Live(clock), [source], announce=lambda _: told.set(), lost=lost.append, now=clock)
    take = made._take

    def stumble(*given: Any) -> Any:
        if next(falls, None) is not None:
            raise StoreFault("磁盘已满", "", "")
        return take(*given)

    monkeypatch.setattr(made, "_take", stumble)
    made.start()
    assert told.wait(20)
    made.stop()
    assert [each.happened for each in lost] == ["磁盘已满"] and made.ledger.report()["failed"] == 3 and source.confirmed == 1
    reading.of(desk).close()


# -- real neighbours ---------------------------------------------------------------------------------------------------------


def until(condition: Callable[[], Any], words: str) -> None:
    end = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < end, words
        time.sleep(0.02)


def test_a_broker_killed_in_the_middle_loses_no_reading(desk: Desk, clock: Clock, broker: Any) -> None:
    config = FeedConfig("泵站", "mqtt", f"mqtt://127.0.0.1:{broker.port}", "sensors", topics={"s/+": "{1}"}, fields={"value": "v", "at": "t"}, user="desk")
    source = MqttSource(config, "secret", client_id="seat", delays=(1, 1))
    lost, found = [], []
    made = Ingest(desk, Live(clock), [source], lost=lost.append, found=found.append, now=clock)
    made.start()
    try:
        until(lambda: source.last_ok is not None and source.fault is None, "connected")
        time.sleep(0.3)
        publish(broker, *(("s/gas", {"v": 0.1, "t": clock.start.timestamp() - 500 + n}) for n in range(200)))
        until(lambda: made.ledger.counts.kept == 200, "the first readings")
        # The broker writes its session down once a second.
        time.sleep(2.5)
        broker.kill()
        until(lambda: lost, "the loss")
        broker.start()
        until(lambda: found, "the return")
        time.sleep(0.3)
        publish(broker, *(("s/gas", {"v": 0.1, "t": clock.start.timestamp() - 300 + n}) for n in range(200)))
        until(lambda: made.ledger.counts.kept == 400, "the readings after")
    finally:
        made.stop()
    assert len(lost) == len(found) == 1 and "泵站" in lost[0].happened and is_whole(made.ledger.report())
    status = feed_status.get(desk.store, "泵站")
    assert status.error is None and status.last_ok
    assert len(reading.window(desk, "gas", 0, clock.at)) == 400
    reading.of(desk).close()


def test_a_sensorthings_server_killed_in_the_middle_loses_no_reading(desk: Desk, mortal_things: Any) -> None:
    (stream,) = mortal_things.thing("凤林泵站", ("前池水位", "pump_level", "m"))
    now = float(int(time.time()))
    config = FeedConfig("物联", "sensorthings", mortal_things.url, "sensors", every=0.2)
    source = SensorThingsSource(config, retry_s=0.2)
    sensor = source._feed.sensor_id(stream)
    mirror.bulk(desk.store, "sensors", [{"id": sensor, "name": "前池水位", "field": "water", "quantity": "pump_level", "last_modified": 1}])
    lost, found = [], []
    made = Ingest(desk, Live(), [source], lost=lost.append, found=found.append)
    mortal_things.observe(stream, now - 100, 2.0)
    made.start()
    try:
        until(lambda: made.ledger.counts.kept == 1, "the first reading")
        mortal_things.kill()
        until(lambda: lost, "the loss")
        mortal_things.start()
        mortal_things.observe(stream, now - 50, 2.5)
        until(lambda: found and made.ledger.counts.kept == 2, "the return")
    finally:
        made.stop()
    assert len(lost) == len(found) == 1 and made.ledger.report()["twice"] == 0
    assert reading.window(desk, sensor, 0, now).value.tolist() == [2.0, 2.5]
    reading.of(desk).close()


def test_feeds_toml_names_the_sources(desk: Desk) -> None:
    assert declared(desk) == []
    (desk.profile.root / "feeds.toml").write_text(
        '[[feed]]\nname = "泵站"\nadapter = "mqtt"\nsource = "mqtts://example.org"\nkind = "sensors"\n[feed.topics]\n"s/+" = "{1}"\n'
        '[[feed]]\nname = "物联"\nadapter = "sensorthings"\nsource = "https://example.org/v1.1"\nkind = "sensors"\nevery = "60 s"\n'
        '[[feed]]\nname = "雨量"\nadapter = "geojson"\nsource = "x.json"\nkind = "sensors"\n', "utf-8")
    first, second = declared(desk), declared(desk)
    assert [each.name for each in first] == ["泵站", "物联"]
    # The broker knows the seat by a name that stays.
    assert isinstance(first[0], MqttSource) and isinstance(second[0], MqttSource) and first[0]._client._client_id == second[0]._client._client_id
