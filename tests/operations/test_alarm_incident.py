"""From an alarm to an incident: the open one about the same thing, or a new one; both know of each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.operations.test_alarms import GAS, PUMP, at, bring, raised
from weihai_command.domain.alarm import Alarm
from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, alarm_incident, alarms, logbook, queries
from weihai_command.operations.desk import Desk

#: Far from the incident that stands in the city already.
SENSORS: list[dict[str, Any]] = [PUMP, GAS, {**PUMP, "id": "s3", "lon": 122.1205, "lat": 37.4102}, {**PUMP, "id": "s4", "lon": None, "lat": None},
                                 {**PUMP, "id": "s5", "quantity": "wind_speed", "lon": 122.9, "lat": 37.2, "town": ""}]


@pytest.fixture
def desk(desk: Desk) -> Desk:
    at(desk, 0)
    return desk


def make(desk: Desk, row: int, seconds: float = 0.0) -> Alarm:
    return bring(desk, raised(row, 3, seconds), sensors=SENSORS)[0]


def test_a_new_incident_knows_its_alarm_and_the_alarm_its_incident(desk: Desk) -> None:
    alarm = make(desk, 0)
    found = alarm_incident.proposal(desk, alarm.id)
    assert (found.kind, found.sentence) == ("new", "新报 凤林街道 泵站前池水位 4.62 m，限 4.20")
    outcome = alarm_incident.raise_incident(desk, alarm.id)
    row = queries.record(desk, "incidents", outcome.id) or {}
    assert (row["type"], row["source"], row["priority"], row["track"], row["lon"], row["place"]) == ("road_flooding", "sensor", "high", "emergency", 122.12, "凤林街道")
    assert [each.id for each in alarms.of_incident(desk, outcome.id)] == [alarm.id] and outcome.kind == "incidents"
    assert any("关联事件" in line["text"] for line in logbook.timeline(desk, outcome.id))
    again = alarm_incident.proposal(desk, alarm.id)
    assert (again.kind, again.incident_id) == ("linked", outcome.id)
    with pytest.raises(Refused, match="已经关联"):
        alarm_incident.raise_incident(desk, alarm.id)


def test_an_open_incident_of_the_same_sensor_is_joined_and_an_ended_one_is_not(desk: Desk) -> None:
    first = alarm_incident.raise_incident(desk, make(desk, 0).id)
    bring(desk, raised(0, 3, 5.0, "clear"), sensors=SENSORS)
    alarms.acknowledge(desk, alarms.of_sensor(desk, "s1")[0].id)
    later = make(desk, 0, 4000.0)
    assert later.incident_id is None
    found = alarm_incident.proposal(desk, later.id)
    assert (found.kind, found.incident_id, found.reason) == ("join", first.id, "同一传感器的告警已经关联它")
    acts.transition(desk, first.id, "queue", type="road_flooding", priority="high")
    acts.transition(desk, first.id, "close", outcome="退水")
    assert alarm_incident.proposal(desk, later.id).kind == "new"


def test_a_neighbours_incident_of_the_same_type_is_joined(desk: Desk) -> None:
    first = alarm_incident.raise_incident(desk, make(desk, 0).id)
    near = make(desk, 2, 30.0)
    found = alarm_incident.proposal(desk, near.id)
    assert (found.kind, found.incident_id) == ("join", first.id) and "相近" in found.reason
    assert alarm_incident.raise_incident(desk, near.id, op_id="op-2").id == first.id
    assert alarm_incident.raise_incident(desk, near.id, op_id="op-2").id == first.id
    assert {each.sensor_id for each in alarms.of_incident(desk, first.id)} == {"s1", "s3"}
    assert alarm_incident.proposal(desk, make(desk, 1).id).kind == "new", "gas is another thing"


def test_a_second_call_with_the_same_op_id_finishes_what_was_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = make(desk, 0)
    with monkeypatch.context() as cut, pytest.raises(ZeroDivisionError):
        cut.setattr(alarms, "link", lambda *given, **named: 1 // 0)
        alarm_incident.raise_incident(desk, alarm.id, op_id="op-1")
    count = len(queries.rows(desk, "incidents"))
    outcome = alarm_incident.raise_incident(desk, alarm.id, op_id="op-1")
    assert alarm_incident.raise_incident(desk, alarm.id, op_id="op-1").id == outcome.id
    assert len(queries.rows(desk, "incidents")) == count and [each.id for each in alarms.of_incident(desk, outcome.id)] == [alarm.id]


def test_a_sensor_without_a_position_is_where_its_town_is(desk: Desk) -> None:
    row = queries.record(desk, "incidents", alarm_incident.raise_incident(desk, make(desk, 3).id).id) or {}
    assert row["town"] == "凤林街道" and row["radius_m"] > 0


def test_what_no_rule_gives_a_type_is_reported_without(desk: Desk) -> None:
    outcome = alarm_incident.raise_incident(desk, make(desk, 4).id)
    row = queries.record(desk, "incidents", outcome.id) or {}
    assert row.get("type") is None and row["title"] == "经区 风速 4.62 m，限 4.20"


def test_when_it_ends_its_alarms_are_offered(desk: Desk) -> None:
    alarm, near = make(desk, 0), make(desk, 2)
    outcome = alarm_incident.raise_incident(desk, alarm.id)
    alarm_incident.raise_incident(desk, near.id)
    assert [each.id for each in alarm_incident.after_close(desk, outcome.id)] == sorted((alarm.id, near.id))
    alarms.dismiss(desk, near.id, "已处置")
    assert [each.id for each in alarm_incident.after_close(desk, outcome.id)] == [alarm.id]
    alarms.link(desk, alarm.id, None)
    assert alarm_incident.after_close(desk, outcome.id) == []


def test_what_stands_around_it(desk: Desk) -> None:
    found = alarm_incident.around(desk, make(desk, 0).id)
    assert found is not None and found.groups[0].kind == "video_points"
    assert alarm_incident.around(desk, make(desk, 3).id) is None and alarm_incident.around(desk, "nobody") is None
    with pytest.raises(Refused, match="没有这条告警"):
        alarm_incident.proposal(desk, "nobody")
