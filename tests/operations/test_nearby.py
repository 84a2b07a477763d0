"""What stands around a place: counted whole, listed nearest first, the useful before the broken."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from weihai_command.operations import nearby, picture, upkeep
from weihai_command.operations.desk import City, Desk
from weihai_command.store import mirror
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
LON, LAT = 122.1, 37.4
#: Degrees of latitude in a kilometre.
KM = 1 / 111.195


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    profile = Profile(tmp_path, "sample-small")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True), clock=lambda: NOW)
    yield made
    made.store.close()


def _load(desk: Desk, kind: str, *rows: tuple[float, dict[str, Any]]) -> None:
    """Rows so many kilometres north of the place."""
    found = [{"id": f"{kind}-{n}", "last_modified": 1, "name": f"{n} 号", "lon": LON, "lat": LAT + far * KM, **row} for n, (far, row) in enumerate(rows)]
    mirror.bulk(desk.store, kind, found)


def test_cameras_inside_the_ring_come_online_first_and_nearest_first(desk: Desk) -> None:
    _load(
        desk, "video_points", (4.9, {"state": "online"}), (0.1, {"state": "offline"}), (1.0, {"state": "online"}), (5.1, {"state": "online"}),
        (-2.0, {"state": "online"}),
    )
    group = nearby.nearby(desk, LON, LAT, 5_000).group("video_points")
    assert [(row.id, row.word, row.is_down) for row in group.rows] == [
        ("video_points-2", "在线", False), ("video_points-4", "在线", False), ("video_points-0", "在线", False), ("video_points-1", "离线", True),
    ]
    assert [row.distance_m for row in group.rows] == pytest.approx([1000, 2000, 4900, 100], rel=1e-3)
    assert (group.total, group.tallies) == (4, (("cam", "在线", 3), ("cam-x", "离线", 1)))


def test_a_smaller_ring_holds_less_and_a_list_ends_while_the_count_does_not(desk: Desk) -> None:
    _load(desk, "video_points", *((at * 0.1, {"state": "online"}) for at in range(40)))
    wide, narrow = nearby.nearby(desk, LON, LAT, 5_000, limit=3), nearby.nearby(desk, LON, LAT, 1_050)
    assert (wide.group("video_points").total, len(wide.group("video_points").rows)) == (40, 3)
    assert narrow.group("video_points").total == 11


def test_sensors_in_alarm_lead_and_say_what_they_measure(desk: Desk) -> None:
    base = {"field": "water", "quantity": "level", "unit": "m"}
    _load(
        desk, "sensors", (0.1, {**base, "state": "normal", "value": 1.5}), (3, {**base, "state": "high", "value": 4.62}),
        (1, {**base, "state": "fault", "value": None}),
    )
    group = nearby.nearby(desk, LON, LAT).group("sensors")
    assert [(row.id, row.word, row.symbol) for row in group.rows] == [
        ("sensors-1", "偏高 4.62 m", "sen-y"), ("sensors-0", "正常 1.5 m", "sen"), ("sensors-2", "故障", "sen-s"),
    ]
    assert group.tallies == (("sen-o", "告警", 1), ("sen-s", "故障或过期", 1), ("sen", "正常", 1))


def test_states_are_those_that_the_map_shows(desk: Desk) -> None:
    seen = "2026-07-16T15:00:00+08:00"
    _load(desk, "video_points", (1, {"state": "online", "changed_at": seen}), (2, {"state": "offline", "changed_at": seen}))
    _load(
        desk, "sensors", (1, {"state": "high", "value": 4.6, "observed_at": seen}), (2, {"state": "normal", "value": 1.5, "observed_at": seen}),
        (3, {"state": "normal", "value": 2.5, "observed_at": seen}),
    )
    at = datetime.fromisoformat(seen).timestamp()
    reported = {"video_points-0": ("offline", at + 1), "video_points-1": ("online", at + 1), "sensors-1": ("low", at + 1), "sensors-2": ("low", at - 1)}
    tables = {kind: picture.table(desk, kind) for kind in ("video_points", "sensors")}
    for kind, row in (("video_points", 0), ("video_points", 1), ("sensors", 1)):
        mark = picture.state_mark(kind, reported[f"{kind}-{row}"][0])
        tables[kind].symbol[row], tables[kind].flags[row] = tables[kind].symbols.index(mark[0]), mark[1]
    found = nearby.nearby(desk, LON, LAT, shown=nearby.Shown(tables, lambda kind, ident: reported.get(ident)))
    cameras, sensors = found.group("video_points"), found.group("sensors")
    assert [(row.id, row.word, row.is_down) for row in cameras.rows] == [("video_points-1", "在线", False), ("video_points-0", "离线", True)]
    assert [(row.id, row.word) for row in sensors.rows] == [("sensors-0", "偏高 4.6"), ("sensors-1", "偏低"), ("sensors-2", "正常 2.5")]
    assert sensors.tallies == (("sen-o", "告警", 2), ("sen", "正常", 1))
    shown = nearby.Shown(tables, lambda kind, ident: reported.get(ident))
    assert upkeep.opened_mark(desk, "sensors", "sensors-1", shown.now).startswith("1 号 · 偏低 · 2026-07-16")
    assert upkeep.opened_mark(desk, "sensors", "sensors-2", shown.now) == upkeep.opened_mark(desk, "sensors", "sensors-2")
    stored = nearby.nearby(desk, LON, LAT).group("video_points")
    assert [row.id for row in stored.rows] == ["video_points-0", "video_points-1"], "without a map, the store's"


def test_units_stand_where_they_were_seen_or_at_home_and_facilities_count_by_kind(desk: Desk) -> None:
    _load(
        desk, "units", (1, {"kind": "fire", "state": "available", "position_at": NOW.isoformat()}), (2, {"kind": "police", "state": "en_route"}),
        (0, {"kind": "gas", "state": "unavailable", "lon": None, "lat": None, "home_lon": LON, "home_lat": LAT}),
    )
    _load(desk, "facilities", (1, {"kind": "shelter", "state": "open"}), (2, {"kind": "hospital"}), (3, {"kind": "shelter"}))
    found = nearby.nearby(desk, LON, LAT)
    assert [(row.id, row.word) for row in found.group("units").rows] == [("units-2", "不可用"), ("units-0", "空闲"), ("units-1", "途中")]
    assert [each[1:] for each in found.group("units").tallies] == [("可用", 1), ("出动", 1), ("不可用", 1)]
    assert found.group("facilities").tallies == (("f-shelter", "避难场所", 2), ("f-hospital", "医院", 1))
    assert found.group("facilities").rows[0].word == "避难场所 开放"


def test_what_is_written_by_others_stays_one_line(desk: Desk) -> None:
    _load(desk, "video_points", (1, {"state": "?\nodd", "name": "a\n<b>"}))
    row = nearby.nearby(desk, LON, LAT).group("video_points").rows[0]
    assert "\n" not in row.name + row.word


def test_an_empty_city_has_empty_groups(desk: Desk) -> None:
    found = nearby.nearby(desk, LON, LAT, 1e9)
    assert [(group.total, group.rows) for group in found.groups] == [(0, ())] * 4
    assert found.radius_m == nearby.MOST


def test_a_hundred_thousand_cameras_are_answered_while_a_person_moves_the_ring(desk: Desk) -> None:
    _load(desk, "video_points", *(((at % 1000) * 0.05, {"state": "online"}) for at in range(100_000)))
    nearby.nearby(desk, LON, LAT)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        found = nearby.nearby(desk, LON, LAT)
        times.append(time.perf_counter() - start)
    assert found.group("video_points").total > 5_000
    assert min(times) < 0.1
