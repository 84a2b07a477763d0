"""What the desk asks of its alarms: one picture with words; an incident made of an alarm is taken back whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from weihai_command.domain.detection import Transition
from weihai_command.domain.faults import Refused
from weihai_command.operations import alarm_desk, alarms, queries, syncing
from weihai_command.operations.desk import Desk

START = datetime.fromisoformat("2026-07-16T16:40:00+08:00")
T = START.timestamp()


def sensor(number: int, **fields: Any) -> dict[str, Any]:
    return {"id": f"s{number}", "name": f"凤林街道 泵站前池水位 {number:02d}", "field": "water", "quantity": "pump_level", "unit": "m", "high": 4.2,
            "district": "经区", "town": "凤林街道", "lon": 122.12, "lat": 37.41 + number / 1000, **fields}


SENSORS = [sensor(number) for number in range(20)]


def raised(row: int, severity: int = 2, what: str = "raise", seconds: float = 0.0) -> Transition:
    return Transition(row, "high", what, severity, T + seconds, 4.62, 4.2, 4.62)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.clock = lambda: START + timedelta(seconds=5)
    return desk


def test_the_picture_has_what_nobody_knows_with_its_words(desk: Desk) -> None:
    alarms.apply(desk, SENSORS, [raised(0), raised(1, 1), raised(2), raised(2, what="clear", seconds=1)])
    found = alarm_desk.picture(desk)
    assert [(each.alarm.sensor_id, each.text, each.place) for each in found.single] == [
        ("s1", "泵站前池水位 4.62 m，限 4.20", "凤林街道"), ("s0", "泵站前池水位 4.62 m，限 4.20", "凤林街道"),
    ]
    assert [each.alarm.sensor_id for each in found.cleared] == ["s2"] and found.groups == () and found.load == 3
    assert found.counts == {"unacked": 2, "acked": 0, "shelved": 0, "cleared": 1}
    assert len(alarm_desk.listed(desk)) == 3 and len(alarm_desk.listed(desk, ("cleared",))) == 1
    assert [each.alarm.sensor_id for each in alarm_desk.of_sensor(desk, "s1")] == ["s1"]


def test_a_flood_is_told_in_groups(desk: Desk) -> None:
    alarms.apply(desk, SENSORS, [raised(row) for row in range(14)])
    found = alarm_desk.picture(desk)
    assert found.single == () and [each.sentence for each in found.groups] == ["水利 · 经区 14 条同因告警"]


def test_an_incident_made_of_an_alarm_is_taken_back_whole(desk: Desk) -> None:
    alarms.apply(desk, SENSORS, [raised(0)])
    (told,) = alarm_desk.picture(desk).single
    assert alarm_desk.proposal(desk, told.alarm.id).kind == "new"
    done = alarm_desk.raise_incident(desk, told.alarm.id)
    (after,) = alarm_desk.of_incident(desk, done.id)
    assert after.number == done.number
    alarm_desk.take_back(desk, told.alarm.id, done.op_id)
    assert queries.record(desk, "incidents", done.id) is None
    made = alarms.alarm(desk, told.alarm.id)
    assert made is not None and made.incident_id is None
    syncing.sync(desk)
    assert not queries.conflicts(desk) and queries.record(desk, "incidents", done.id) is None


def test_what_was_joined_is_taken_back_without_the_incident(desk: Desk) -> None:
    alarms.apply(desk, SENSORS, [raised(0)])
    (told,) = alarm_desk.picture(desk).single
    first = alarm_desk.raise_incident(desk, told.alarm.id)
    alarms.apply(desk, SENSORS, [Transition(0, "low", "raise", 2, T + 1, 0.1, 0.5, 0.1)])
    other = next(each for each in alarm_desk.picture(desk).single if each.alarm.kind == "low")
    joined = alarm_desk.raise_incident(desk, other.alarm.id)
    assert joined.id == first.id
    alarm_desk.take_back(desk, other.alarm.id, joined.op_id)
    assert [each.alarm.id for each in alarm_desk.of_incident(desk, first.id)] == [told.alarm.id]


def test_what_reached_the_platform_stays(desk: Desk) -> None:
    alarms.apply(desk, SENSORS, [raised(0)])
    (told,) = alarm_desk.picture(desk).single
    done = alarm_desk.raise_incident(desk, told.alarm.id)
    syncing.sync(desk)
    with pytest.raises(Refused):
        alarm_desk.take_back(desk, told.alarm.id, done.op_id)
    assert [each.alarm.id for each in alarm_desk.of_incident(desk, done.id)] == [told.alarm.id]
