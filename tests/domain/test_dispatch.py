"""Who is recommended, in which order, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from weihai_command.domain.coast import Coast
from weihai_command.domain.dispatch import Scene, back_minutes, position, recommend
from weihai_command.domain.incident import Incident
from weihai_command.domain.unit import Unit

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
GAS = Incident("i", "燃气泄漏", type="gas_leak", lon=122.1, lat=37.5)
#: Land up to 122.2 E; an island from 122.3 on.
SEA = Coast.of([
    [(121.0, 36.0), (122.2, 36.0), (122.2, 38.0), (121.0, 38.0), (121.0, 36.0)],
    [(122.3, 36.0), (122.4, 36.0), (122.4, 38.0), (122.3, 38.0), (122.3, 36.0)],
])


def unit(name: str, kind: str = "fire", lon: float = 122.1, age_s: float = 60, **more: Any) -> Unit:
    at = (NOW - timedelta(seconds=age_s)).isoformat()
    return Unit(name, name, kind, lon=lon, lat=37.5, position_at=at, **{"home_lon": 122.0, "home_lat": 37.5, **more})


def names(units: list[Unit], kinds: tuple[str, ...] = ("fire", "police"), incident: Incident = GAS, **more: Any) -> list[str]:
    return [each.unit.name for each in recommend(incident, units, kinds, NOW, **more)]


def test_free_before_busy_wanted_before_others_near_before_far() -> None:
    units = [
        unit("far", lon=122.19), unit("near", lon=122.11), unit("busy", state="on_scene", incident_id="other", lon=122.1), unit("city", "city"),
        unit("off", state="unavailable"), unit("here", state="on_scene", incident_id="i"),
    ]
    assert names(units) == ["near", "far", "city", "busy"]
    assert names(units, limit=2) == ["near", "far"]
    by_name = {each.unit.name: each for each in recommend(GAS, units, ("fire",), NOW)}
    assert "估算" in by_name["near"].reason and "空闲" in by_name["near"].reason
    assert not by_name["busy"].free and "已有任务" in by_name["busy"].reason and "非首选" in by_name["city"].reason


@pytest.mark.parametrize(("age_s", "lon", "fresh"), [(1799, 122.1, True), (1800, 122.1, True), (1801, 122.0, False)])
def test_an_old_position_is_none(age_s: float, lon: float, fresh: bool) -> None:
    assert position(unit("u", age_s=age_s), NOW) == (lon, 37.5, fresh)


def test_without_position_and_station_the_distance_is_unknown_and_ranks_last() -> None:
    lost = replace(unit("lost", age_s=9999), home_lon=None, home_lat=None)
    assert position(lost, NOW) is None
    found = recommend(GAS, [lost, unit("far", lon=122.19)], ("fire",), NOW)
    assert [each.unit.name for each in found] == ["far", "lost"] and found[1].distance_m is None and "距离不明" in found[1].reason


def test_a_land_crew_across_the_sea_ranks_last_and_says_so() -> None:
    island, near, busy = unit("island", lon=122.35), unit("near"), unit("busy", state="en_route", incident_id="x")
    on_coast = replace(GAS, lon=122.19)
    found = recommend(on_coast, [island, near, busy], ("fire",), NOW, sea=SEA)
    assert [each.unit.name for each in found] == ["near", "busy", "island"]
    assert found[2].cut_off and "隔海，直线不可达" in found[2].reason and not found[0].cut_off
    # Without the coast nothing is claimed.
    assert names([island, near], incident=on_coast) == ["near", "island"]
    assert not any(each.cut_off for each in recommend(on_coast, [island], ("fire",), NOW))


def test_boats_are_offered_where_a_boat_is_wanted() -> None:
    boat, crew = unit("boat", "sea", lon=122.25), unit("crew", "fire")
    assert names([boat, crew], sea=SEA) == ["crew"]
    wreck = replace(GAS, type="vessel_flooding", lon=122.25)
    found = recommend(wreck, [boat, crew], ("sea", "fish", "rescue"), NOW, sea=SEA)
    assert [(each.unit.name, each.cut_off) for each in found] == [("boat", False), ("crew", True)]
    # A fire at sea wants no boat by its type, and gets one by its place.
    assert names([boat, crew], incident=replace(GAS, lon=122.25), sea=SEA) == ["boat", "crew"]


def test_rest_and_what_stays_behind_are_said_and_rank() -> None:
    def came_back(minutes: float) -> dict[str, Any]:
        at = (NOW - timedelta(minutes=minutes)).isoformat()
        return {"steps": ({"state": "returning", "at": at}, {"state": "available", "at": at})}

    tired, rested = unit("tired", lon=122.11, **came_back(12)), unit("rested", lon=122.12, **came_back(31))
    assert back_minutes(tired, NOW) == 12 and back_minutes(unit("new"), NOW) is None
    assert back_minutes(replace(tired, state="assigned"), NOW) is None
    found = recommend(GAS, [tired, rested], ("fire",), NOW)
    assert [each.unit.name for each in found] == ["rested", "tired"] and "归队才 12 分钟" in found[1].reason and "归队" not in found[0].reason
    # The last free one of its kind in its district gives way to one of two, unless that is much farther.
    alone, one, other = unit("alone", lon=122.11, district="高区"), unit("one", lon=122.13, district="环翠区"), unit("other", lon=122.19, district="环翠区")
    assert names([alone, one, other]) == ["one", "alone", "other"]
    said = {each.unit.name: each.reason for each in recommend(GAS, [alone, one, other], ("fire",), NOW, scene=Scene(NOW, words={"fire": "消防"}))}
    assert "派出后高区无空闲消防" in said["alone"] and "无空闲" not in said["one"]


def test_a_busy_unit_says_where_it_is() -> None:
    busy, back = unit("busy", state="on_scene", incident_id="x"), unit("back", state="returning")
    found = recommend(GAS, [busy, back], (), NOW, scene=Scene(NOW, doing={"x": "应0409"}))
    assert {each.unit.name: each.notes for each in found} == {"busy": ("到场，正在应0409",), "back": ("返回，尚未归队",)}
