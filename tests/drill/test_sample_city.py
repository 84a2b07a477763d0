from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from weihai_command.domain import lifecycle, unit, unit_lifecycle, words
from weihai_command.domain.city import FIELDS
from weihai_command.domain.incident import FINAL, GRADES, PRIORITIES, SOURCES
from weihai_command.domain.kinds import KINDS
from weihai_command.domain.record import read
from weihai_command.drill import sample_city
from weihai_command.drill.sample_city_ground import ground, ids, in_district, on_land
from weihai_command.drill.sample_city_points import numbered

NOW = datetime(2026, 7, 16, 16, 42, 8, tzinfo=timezone(timedelta(hours=8)))
City = dict[str, list[dict[str, Any]]]


def _city(scale: str, now: datetime = NOW) -> City:
    city: City = {}
    for kind, record in sample_city.records(scale, now):
        city.setdefault(kind, []).append(record)
    return city


def _digest(rows: Iterable[Any]) -> str:
    made = hashlib.sha256()
    for row in rows:
        made.update(json.dumps(row, ensure_ascii=False, sort_keys=True).encode())
    return made.hexdigest()


@pytest.fixture(scope="module")
def small() -> City:
    return _city("small")


@pytest.fixture(scope="module")
def big() -> City:
    return _city("city")


@pytest.fixture(params=["small", "city"])
def city(request: pytest.FixtureRequest) -> City:
    return request.getfixturevalue("small" if request.param == "small" else "big")


def test_the_same_city_twice() -> None:
    assert _digest(sample_city.records("small", NOW)) == _digest(sample_city.records("small", NOW))


def test_only_times_depend_on_now(small: City) -> None:
    other = _city("small", NOW + timedelta(days=3, hours=5))
    for kind, rows in small.items():
        for before, after in zip(rows, other[kind], strict=True):
            timeless = {"id", "name", "title", "number", "lon", "lat", "state", "value", "unit_ids", "assignment_id", "text", "place"}
            assert {key: before.get(key) for key in timeless} == {key: after.get(key) for key in timeless}


def test_refuses_a_wrong_scale_and_a_naive_time() -> None:
    with pytest.raises(ValueError):
        next(sample_city.records("huge", NOW))
    with pytest.raises(ValueError):
        next(sample_city.records("small", NOW.replace(tzinfo=None)))


def test_sizes(small: City, big: City) -> None:
    assert {kind: len(rows) for kind, rows in small.items()} == sample_city.summary("small")
    assert len(small["video_points"]) == 300 and len(big["video_points"]) == 350_000
    assert len(small["sensors"]) == 120 and len(big["sensors"]) == 5_000
    assert 36 <= len(small["units"]) <= 48 and 180 <= len(big["units"]) <= 220
    is_open = [row for row in small["incidents"] if row["state"] not in FINAL[row["track"]]]
    assert 20 <= len(is_open) <= 26 and len(small["incidents"]) > len(is_open)


def test_the_big_city_is_made_in_time() -> None:
    start = time.perf_counter()
    assert sum(1 for _ in sample_city.records("city", NOW)) > 350_000
    # 2.5 s on two idle cores; the limit leaves room for a busy machine.
    assert time.perf_counter() - start < 12


def test_every_record_is_readable_and_has_an_id_of_its_own(city: City) -> None:
    seen: set[str] = set()
    for kind, rows in city.items():
        names = set(KINDS[kind].record.__dataclass_fields__)
        for row in rows:
            assert row.keys() <= names, (kind, row.keys() - names)
            assert None not in row.values() and "last_modified" not in row
        for row in rows[:5000]:
            read(KINDS[kind].record, row)
        json.dumps(rows[:5000])
        seen.update(row["id"] for row in rows)
    assert len(seen) == sum(len(rows) for rows in city.values())


def test_cameras_stand_on_land_in_their_district(city: City) -> None:
    rows = city["video_points"]
    lon, lat = np.array([row["lon"] for row in rows]), np.array([row["lat"] for row in rows])
    assert on_land(lon, lat).all()
    assert in_district(np.array([row["district"] for row in rows]), lon, lat).all()
    assert not on_land(np.array([122.6]), np.array([36.7])).any(), "the check itself must be able to fail"


def test_sensors_of_the_sea_stand_in_it_and_no_others(city: City) -> None:
    rows = city["sensors"]
    dry = on_land(np.array([row["lon"] for row in rows]), np.array([row["lat"] for row in rows]))
    assert [bool(each) for each in dry] == [row["field"] != "marine" for row in rows]


def test_cameras_follow_the_towns_weights(big: City) -> None:
    counts = Counter(row["town"] for row in big["video_points"])
    for town in ground().towns:
        expected = town.weight * 350_000
        assert abs(counts[town.name] - expected) < 5 * expected**0.5 + 1, town.name
    assert abs(sum(town.weight for town in ground().towns) - 1) < 1e-9
    urban = {town.name: town.weight for town in ground().towns}
    assert urban["环翠楼街道"] > 4 * urban["港西镇"]


def test_cameras_thin_out_with_distance(big: City) -> None:
    town = ground().town_named("环翠楼街道")
    rows = [row for row in big["video_points"] if row["town"] == town.name]
    away = np.hypot(np.array([row["lon"] - town.lon for row in rows]) * 0.794, np.array([row["lat"] - town.lat for row in rows])) * 111.2
    near, far = (away < 2).sum() / 4, ((away > 4) & (away < 6)).sum() / 20
    assert near > 3 * far
    assert away.max() < 15


def test_camera_names_are_their_own(big: City) -> None:
    assert len({row["name"] for row in big["video_points"]}) == 350_000


def test_words_of_fields_and_states_are_the_known_ones(city: City) -> None:
    assert {row["field"] for row in city["sensors"]} == set(FIELDS)
    assert {row["field"] for row in city["video_points"]} <= set(FIELDS)
    assert {row["state"] for row in city["video_points"]} == {"online", "offline"}
    assert {row["kind"] for row in city["units"]} == set(unit.KINDS)


def test_sensor_state_agrees_with_its_limits(city: City) -> None:
    states = Counter(row["state"] for row in city["sensors"])
    assert states["high"] >= 3 and states["fault"] >= 1 and states["normal"] > 0.9 * len(city["sensors"])
    for row in city["sensors"]:
        if row["state"] == "fault":
            assert "value" not in row
            continue
        above, below = row["value"] > row.get("high", np.inf), row["value"] < row.get("low", -np.inf)
        assert (row["state"] == "high", row["state"] == "low") == (above, below), row


def test_some_sensors_are_stale(city: City) -> None:
    ages = [(NOW - datetime.fromisoformat(row["observed_at"])).total_seconds() / row["period_s"] for row in city["sensors"]]
    assert min(ages) >= 0 and 1 <= sum(age > 2 for age in ages) < 0.08 * len(ages)


def test_incidents_are_legal_by_the_tables(city: City) -> None:
    for row in city["incidents"]:
        assert row["state"] in words.STATES and row["source"] in SOURCES
        assert row["priority"] in PRIORITIES if "priority" in row else row["state"] in ("new", "reported"), row["number"]
        assert row.get("grade") in (None, *GRADES)
        state = "-"
        for line in row["history"]:
            step = lifecycle.find(row["track"], state, line["act"])
            assert step is not None, (row["number"], state, line)
            assert line["from"] == ("" if state == "-" else state)
            assert step.target in (line["to"], "*same", "*before")
            state = line["to"]
        assert state == row["state"]
        assert [line["at"] for line in row["history"]] == sorted(line["at"] for line in row["history"]), row["number"]
        assert row["history"][-1]["at"] <= NOW.isoformat()


def test_ended_incidents_hold_no_unit(city: City) -> None:
    for row in city["incidents"]:
        if row["state"] in FINAL[row["track"]]:
            assert not row.get("unit_ids") and (row.get("outcome") or row.get("reason"))


def test_units_incidents_and_assignments_say_the_same(city: City) -> None:
    incidents, units = {row["id"]: row for row in city["incidents"]}, {row["id"]: row for row in city["units"]}
    running = {row["id"]: row for row in city["assignments"] if "ended_at" not in row}
    for row in units.values():
        if row["state"] in unit.COMMITTED:
            assignment = running[row["assignment_id"]]
            assert (assignment["unit_id"], assignment["incident_id"], assignment["state"]) == (row["id"], row["incident_id"], row["state"])
            assert row["id"] in incidents[row["incident_id"]]["unit_ids"]
            assert assignment["steps"] == row["steps"]
        else:
            assert "assignment_id" not in row and "incident_id" not in row
    committed = {ident for row in incidents.values() for ident in row.get("unit_ids", ())}
    assert committed == {row["unit_id"] for row in running.values()} == {row["id"] for row in units.values() if row["state"] in unit.COMMITTED}
    assert {row["state"] for row in city["assignments"] if "ended_at" in row} == {"released"}


def test_steps_go_the_way_of_the_table_and_forward_in_time(city: City) -> None:
    for row in city["assignments"]:
        way = [step["state"] for step in row["steps"]]
        assert way == list(unit_lifecycle.WAY[: len(way)])
        times = [step["at"] for step in row["steps"]]
        assert times == sorted(times) and times[-1] <= NOW.isoformat()


def test_boats_lie_on_water_and_land_crews_on_land(city: City) -> None:
    for row in city["units"]:
        dry = on_land(np.array([row["lon"], row["home_lon"]]), np.array([row["lat"], row["home_lat"]]))
        assert dry.tolist() == [row["kind"] not in {"sea", "fish"}] * 2, row["name"]


def test_every_unit_state_is_seen(small: City) -> None:
    seen = {row["state"] for row in small["units"]}
    assert seen == set(words.UNIT_STATES) - {"released"}


def test_telephones_cannot_be_anybodys(city: City) -> None:
    for kind, name in (("units", "contact"), ("facilities", "contact"), ("incidents", "phone")):
        assert all(row[name].startswith("000-") for row in city[kind] if name in row)


def test_the_facts_are_where_they_are(small: City) -> None:
    places = {row["name"]: (row["lon"], row["lat"]) for row in small["facilities"]}
    assert places["威海站"] == (122.1376, 37.4258) and places["威海大水泊机场"] == (122.2341, 37.1902)


def test_ids_are_uuids_and_a_longer_list_starts_with_the_shorter() -> None:
    import uuid

    assert [str(uuid.UUID(each)) for each in ids("x", 5)] == ids("x", 9)[:5]
    assert uuid.UUID(ids("x", 1)[0]).version == 5


def test_numbered_counts_within_groups() -> None:
    assert numbered(np.array([5, 5, 2, 5, 2])).tolist() == [1, 2, 1, 3, 2]
    assert numbered(np.array([], dtype=np.int64)).tolist() == []


def test_types_departments_and_quantities_are_in_the_catalogue(city: City) -> None:
    from weihai_command.operations import catalogue

    for row in city["incidents"]:
        if "type" not in row:
            continue
        kind = catalogue.incident_types()[row["type"]]
        assert row["track"] == kind.track and row.get("department") in (None, kind.department)
    assert {row["quantity"] for row in city["sensors"]} <= set(catalogue.words("quantity"))
    assert {row["state"] for row in city["sensors"]} <= set(catalogue.words("sensor_state"))
    assert {row["kind"] for row in city["facilities"]} <= set(catalogue.words("facility_kind"))
    assert {row["type"] for row in city["plans"]} <= set(catalogue.incident_types())


def test_messages_wait_unclaimed_and_their_words_suggest_what_they_lack(city: City) -> None:
    from weihai_command.operations import intake

    waiting = [row for row in city["incidents"] if "type" not in row]
    assert {row["source"] for row in waiting} == {"hotline_12345", "grid", "city_management", "sensor", "video_ai", "public"} and len(waiting) == 6
    ages = [(NOW - datetime.fromisoformat(row["reported_at"])).total_seconds() / 60 for row in waiting]
    assert all(1 <= age <= 12 for age in ages) and not any(row.keys() & {"owner", "priority", "grade", "lon", "place"} for row in waiting)
    ambiguous = 0
    for row in waiting:
        found = intake.suggested_text(row["title"], row["description"])
        place, = found["places"]
        assert found["types"] and found["priority"] and (place["place"] or len(place["candidates"]) > 1), row["number"]
        ambiguous += place["place"] is None
    assert ambiguous == 1
