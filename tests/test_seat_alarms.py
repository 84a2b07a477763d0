"""Alarms in the real seat over the sample city: acknowledged, made an incident of and taken back by keys, shown on the map and as a curve."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.seats import seated
from tests.settling import until
from weihai_command.domain.detection import Transition
from weihai_command.operations import alarms, opening, queries
from weihai_command.seat import Seat

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def seat(qapp: Any, tmp_path: Path) -> Iterator[Seat]:
    from widgets import theme

    theme.apply(qapp, "dark")
    desk = opening.open_sample(tmp_path, "small")
    rows = [row for row in queries.rows(desk, "sensors") if row.get("high") is not None][:2]
    with desk.store.desk_write() as db:
        db.execute("DELETE FROM alarms")
    now = desk.clock().timestamp()
    alarms.apply(desk, rows, [Transition(row, "high", "raise", row + 1, now - 60, 9.0, 4.0, 9.0) for row in range(2)])
    with seated(qapp, tmp_path, desk) as made:
        made.window.activateWindow()
        yield made
    qapp.setStyleSheet("")


@pytest.mark.window
def test_alarms_by_keys_alone(seat: Seat, qapp: Any) -> None:
    window, desk, board = seat.window, seat.desk, seat.boards.alarms
    ids = [each.id for each in alarms.alarms(desk)][:2]

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(window, key, modifier)

    until(lambda: len(board.items) >= 2 and seat.boards.incidents.rowCount(), "the strip shows the alarms")
    board.choose(ids[1])
    press(Qt.Key.Key_F8)
    until(lambda: (found := alarms.alarm(desk, ids[1])) and found.standing == "acked", "F8 acknowledges the chosen one")
    assert (alarms.alarm(desk, ids[0]) or found_nothing()).standing == "unacked"
    until(lambda: ids[1] not in {item.key for item in board.items}, "it leaves the strip")
    board.choose(ids[0])
    press(Qt.Key.Key_I, CONTROL)
    until(lambda: (alarms.alarm(desk, ids[0]) or found_nothing()).incident_id, "Ctrl+I makes an incident of it")
    incident = str((alarms.alarm(desk, ids[0]) or found_nothing()).incident_id)
    until(lambda: seat.boards.detail.incident_id == incident and window.detail.alarms.is_there, "the incident is open and shows its alarm")
    window.list.table.setFocus()
    press(Qt.Key.Key_Z, CONTROL)
    until(lambda: not (alarms.alarm(desk, ids[0]) or found_nothing()).incident_id, "Ctrl+Z takes it back")
    sensor = board.current.sensor_id if board.current else ""
    until(lambda: seat.map.feeds.place("sensors", sensor), "the map knows the sensor")
    press(Qt.Key.Key_F7, CONTROL)
    assert seat.map.feeds.selected == ("sensors", sensor)
    until(lambda: (seat.map.feeds.view["lon"], seat.map.feeds.view["lat"]) == pytest.approx(seat.map.feeds.place("sensors", sensor)), "the map is there")
    seat.map.picked.emit("sensors", sensor)
    press(Qt.Key.Key_R, CONTROL)
    panel = window.panels.chart_desk.panel
    until(lambda: panel.plots is not None and window.boards.charts.is_read, "the curve is read")
    assert panel.isVisible() and window.boards.charts.sensors == [sensor]


def found_nothing() -> Any:
    raise AssertionError("the alarm is gone")
