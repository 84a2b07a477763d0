"""Every figure of the leaders' screen against plain SQL over the mirror and plain loops over its raw records, which share nothing with the code."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.alarm import Alarm
from weihai_command.domain.movers import LATE, LOST
from weihai_command.operations import acts, kpi, opening, readings, situation, situation_map, situation_rows, situation_trends
from weihai_command.operations.desk import Desk
from weihai_command.operations.situation_settings import settings
from weihai_command.store import alarms as kept
from weihai_command.store import feed_status
from weihai_command.store.feed_status import FeedStatus

BEIJING = timezone(timedelta(hours=8))
FINAL = {"ended", "rejected", "closed", "force_closed", "cancelled"}
PARENT = {"高区": "环翠区", "经区": "环翠区", "临港区": "环翠区"}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = opening.open_sample(tmp_path_factory.mktemp("wall"), "small")
    now = made.clock()
    made.clock = lambda: now
    yield made
    made.close()


@pytest.fixture(scope="module")
def found(city: Desk) -> situation.Situation:
    return situation.situation(city)


def _records(desk: Desk, kind: str) -> list[dict[str, Any]]:
    file = sqlite3.connect(desk.profile.mirror_db)
    try:
        return [json.loads(raw) for (raw,) in file.execute(f"SELECT raw FROM mirror_{kind}")]
    finally:
        file.close()


def _open(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in _records(desk, "incidents") if row["state"] not in FINAL]


def _column(row: dict[str, Any]) -> str:
    return "mu" if row["track"] == "municipal" else str(row.get("grade") or 0)


def _district(row: dict[str, Any]) -> str:
    return PARENT.get(str(row.get("district")), str(row.get("district") or ""))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_open_incidents_by_district_and_grade(city: Desk, found: situation.Situation) -> None:
    wanted = Counter((_district(row), _column(row)) for row in _open(city))
    assert found.open.total == sum(wanted.values()) > 20
    for row in found.open.rows:
        for column, count in row.counts.items():
            assert count == wanted[row.name, column]
            listed = situation_rows.rows(city, f"open/{row.name}/{column}")
            assert listed.total == len(listed.rows) == count
        assert situation_rows.rows(city, f"open/{row.name}/").total == row.total
    for column in found.open.rows[0].counts:
        assert situation_rows.rows(city, f"open/*/{column}").total == found.open.column(column)
    assert situation_rows.rows(city, "open/*").total == found.open.total


def test_the_line_of_a_day(city: Desk, found: situation.Situation) -> None:
    rows, now = _records(city, "incidents"), city.clock()
    for back, value in zip(range(24, -1, -1), found.open.line, strict=True):
        at = now - timedelta(hours=back)
        wanted = [row for row in rows if _at(row["reported_at"]) <= at and (row["state"] not in FINAL or _at(row["state_at"]) > at)]
        assert value == len(wanted), back
    assert found.open.since_yesterday == found.open.total - found.open.line[0] and found.open.peak == max(found.open.line)


def test_rates_of_this_week_and_of_those_before(city: Desk, found: situation.Situation) -> None:
    for rate in found.rates:
        told = kpi.figures(city)["rates"][rate.key]["percent"]
        assert rate.percent == (None if told is None else float(told)) and rate.line[-1] == rate.percent
    monday = found.week[0]
    for back, value in enumerate(reversed(next(rate for rate in found.rates if rate.key == "filing").line)):
        start, end = monday - timedelta(weeks=back), monday - timedelta(weeks=back - 1)
        received = [row for row in _records(city, "incidents") if row["track"] == "municipal" and start <= _at(row["reported_at"]) < end]
        filed = [row for row in received if any(line["act"] == "register" for line in row["history"])]
        assert value == (round(100 * len(filed) / len(received), 2) if received else None)


def test_a_rate_opens_its_cases_with_its_formula(city: Desk, found: situation.Situation) -> None:
    counts = kpi.figures(city)["counts"]
    listed = situation_rows.rows(city, "rate/closing")
    assert listed.total == counts["due"] and sum(row[-1] == "是" for row in listed.rows) == counts["closed"]
    assert f"{counts['closed']} ÷ {counts['due']}" in listed.lines[0]
    for name, made in situation_rows.by_district(city).items():
        zones = [name, *(zone for zone, parent in PARENT.items() if parent == name)]
        assert made.received == sum(kpi.figures(city, district=zone)["counts"]["received"] for zone in zones)


def test_response_times(city: Desk, found: situation.Situation) -> None:
    start = found.now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=13)
    incidents = {row["id"]: row for row in _records(city, "incidents")}
    first: dict[str, dict[str, Any]] = {}
    on_scene = []
    for row in sorted(_records(city, "assignments"), key=lambda row: row["created_at"]):
        incident = incidents[row["incident_id"]]
        if _at(incident["reported_at"]) < start:
            continue
        first.setdefault(incident["id"], row)
        times = {step["state"]: _at(step["at"]) for step in reversed(row["steps"]) if not step.get("inferred")}
        if "on_scene" in times:
            on_scene.append((times["on_scene"] - times["dispatching"]).total_seconds())
    sent = [(_at(row["steps"][0]["at"]) - _at(incidents[ident]["reported_at"])).total_seconds() for ident, row in first.items()]
    checked = []
    for row in incidents.values():
        lines = {line["act"]: _at(line["at"]) for line in reversed(row["history"])}
        after = next((at for line in row["history"] if line["from"] == "verifying" for at in [_at(line["at"])]), None)
        if row["track"] == "municipal" and "verify" in lines and after and after >= start:
            checked.append((after - lines["verify"]).total_seconds())
    for leg, values in zip(found.response, (sent, on_scene, checked), strict=True):
        values = sorted(value for value in values if value >= 0)
        assert leg.seconds == values[-(-9 * len(values) // 10) - 1], leg.word
        assert situation_rows.rows(city, f"response/{leg.key}").total == len(values)


def test_sensors_units_and_cameras(city: Desk, found: situation.Situation) -> None:
    sensors, units, cameras = (_records(city, kind) for kind in ("sensors", "units", "video_points"))
    assert sum(row.total for row in found.sensors) == len(sensors) - sum(row["quantity"] in _elsewhere(found, city) for row in sensors)
    for row in found.sensors:
        listed = situation_rows.rows(city, f"sensors/{row.key}")
        assert listed.total == row.total and situation_rows.rows(city, f"sensors/{row.key}/abnormal").total == row.abnormal
    assert sum(row.abnormal for row in found.sensors) == sum(row["state"] in ("high", "low") for row in sensors)
    assert sum(row.total - row.online for row in found.sensors) == sum(row["state"] == "fault" for row in sensors)
    assert sum(group.total for group in found.units) == len(units) == situation_rows.rows(city, "units").total
    assert sum(group.available for group in found.units) == sum(row["state"] == "available" for row in units)
    for group in found.units:
        assert situation_rows.rows(city, f"units/{group.key}").total == group.total
    assert found.video is not None and found.video.total == len(cameras)
    assert found.video.online == sum(row["state"] == "online" for row in cameras)
    assert situation_rows.rows(city, "video/offline").total == len(cameras) - found.video.online


def _elsewhere(found: situation.Situation, city: Desk) -> set[str]:
    known = {quantity for field in settings(city.profile.root).fields for quantity in field.quantities}
    return {row["quantity"] for row in _records(city, "sensors")} - known


def test_every_quantity_belongs_to_a_field(city: Desk, found: situation.Situation) -> None:
    assert not _elsewhere(found, city)


def test_hot_spots_count_what_was_reported(city: Desk, found: situation.Situation) -> None:
    since = found.now - timedelta(weeks=8)
    recent = [row for row in _records(city, "incidents") if _at(row["reported_at"]) >= since]
    assert found.hot.count == len(recent) == sum(map(sum, found.hot.hours)) == situation_rows.rows(city, "hot").total
    busiest = Counter((at.weekday(), at.hour) for row in recent for at in [_at(row["reported_at"]).astimezone(BEIJING)])
    assert all(found.hot.hours[day][hour] == busiest[day, hour] for day in range(7) for hour in range(24))


def test_the_map_tells_how_long_emergencies_last(city: Desk) -> None:
    table = situation_map.incidents(city)
    rows = {row["id"]: row for row in _open(city)}
    assert set(table.ids) <= set(rows) and table.labels
    for place, label in table.labels.items():
        row = rows[table.ids[place]]
        minutes = int((city.clock() - _at(row["reported_at"])).total_seconds() // 60)
        assert row["track"] == "emergency" and label.endswith(f" {minutes // 60}:{minutes % 60:02d}")


def test_what_changes_is_counted_at_once(desk: Desk) -> None:
    before = situation.situation(desk)
    made = acts.report(desk, title="火情", type="fire_house", priority="urgent", grade=2, lon=122.1, lat=37.5)
    after = situation.situation(desk)
    assert after.open.total == before.open.total + 1 and after.open.column("2") == 1
    acts.transition(desk, made.id, "close", outcome="好")
    assert situation.situation(desk).open.total == before.open.total


def test_a_store_without_a_past_has_no_zero(desk: Desk) -> None:
    found = situation.situation(desk)
    assert found.open.line[0] is None and found.open.since_yesterday is None
    assert all(leg.seconds is None for leg in found.response) and all(rate.percent is None for rate in found.rates)
    assert found.video is None and found.sensors == () and found.alarms is None


def test_alarms_make_sensors_abnormal_and_are_counted(city: Desk, found: situation.Situation) -> None:
    sensors = {row["id"]: row for row in _records(city, "sensors")}
    normal = [row for row in sensors.values() if row["state"] == "normal" and row["quantity"] == "tide"] + [
        row for row in sensors.values() if row["state"] == "normal" and row["quantity"] == "wind_speed"]
    now = city.clock().timestamp()
    made = [
        Alarm("a1", normal[0]["id"], "high", 2, now - 3 * 3600, quantity="tide", name="潮位"),
        Alarm("a2", normal[1]["id"], "silence", 3, now - 600, acked_at=now - 60, acked_by="officer", quantity=normal[1]["quantity"]),
        Alarm("a3", normal[-1]["id"], "high", 1, now - 20 * 3600, "cleared", cleared_at=now - 10 * 3600, acked_at=now, quantity="wind_speed"),
        Alarm("a4", normal[-1]["id"], "low", 3, now - 50, shelved_until=now + 600, shelved_by="officer", shelf_reason="检修", quantity="wind_speed"),
    ]
    with city.store.desk_write() as db:
        for alarm in made:
            kept.put(db, alarm)
    after = situation.situation(city)
    assert after.alarms is not None and (after.alarms.unacked, after.alarms.acked, after.alarms.shelved) == (1, 1, 1)
    for standing, count in (("unacked", 1), ("acked", 1), ("shelved", 1)):
        assert situation_rows.rows(city, f"alarms/{standing}").total == count
    before = {row.key: row for row in found.sensors}
    marine, weather = (next(row for row in after.sensors if row.key == key) for key in ("marine", "weather"))
    silent = {row.key: row.online for row in after.sensors}
    assert marine.abnormal == before["marine"].abnormal + 1 == situation_rows.rows(city, "sensors/marine/abnormal").total
    assert weather.abnormal == before["weather"].abnormal + 1
    assert sum(silent.values()) == sum(row.online for row in found.sensors) - 1


def test_the_line_of_a_field_is_the_hourly_mean_of_its_readings(city: Desk) -> None:
    field = settings(city.profile.root).fields[0]
    before = _records(city, "sensors")
    chosen = situation_trends.members(city, field)
    assert 1 < len(chosen) <= situation_trends.MEMBERS and {row["quantity"] for row in before if row["id"] in chosen} == {field.quantities[0]}
    found, now = situation_trends.line(city, field), city.clock().timestamp()
    assert len(found) == 24
    first = now // 3600 - 24
    for place, value in enumerate(found):
        span = (first + place) * 3600, (first + place + 1) * 3600 - 0.001
        values = [each for ident in chosen for each in readings.window(city, ident, *span).value.tolist()]
        assert value == pytest.approx(sum(values) / len(values)) if values else value is None, place
    assert situation.situation(city).sensors[0].line in ((), found) and situation.situation(city).sensors[0].line == found
    assert "每小时均值" in situation_rows.rows(city, f"sensors/{field.key}").lines[0]


def test_the_age_of_each_panel_is_that_of_its_source(desk: Desk, tmp_path: Path) -> None:
    now = datetime(2026, 7, 16, 16, 42, tzinfo=BEIJING)
    desk.clock = lambda: now
    desk.root = tmp_path
    (tmp_path / "feeds.toml").write_text(
        '[[feed]]\nname = "cams"\nadapter = "geojson"\nsource = "https://example.invalid"\nkind = "video_points"\nevery = "60 s"\n[feed.fields]\nid = "id"\nname = "n"\n', "utf-8",
    )
    feed_status.put(desk.store, FeedStatus("127.0.0.1", "", now.isoformat(), now.isoformat()))
    for minutes, level in ((1, 0), (4, LATE), (28, LOST)):
        at = now - timedelta(minutes=minutes)
        feed_status.put(desk.store, FeedStatus("cams", "video_points", at.isoformat(), at.isoformat()))
        stamps = situation.situation(desk).stamps
        assert stamps["video"].level == level and stamps["video"].at == at.astimezone(UTC)
        assert stamps["units"].level == 0
