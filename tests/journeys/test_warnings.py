"""From a warning to ticked work in the real seat of the sample city: view, area, response, checklist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.seats import seated
from tests.settling import until

pytestmark = [pytest.mark.journey, pytest.mark.window]


@pytest.fixture
def seat(qapp: Any, tmp_path: Path, qt_messages: list[str]) -> Iterator[Any]:
    with seated(qapp, tmp_path, size=(1920, 1080)) as made:
        yield made
    qt_messages[:] = [message for message in qt_messages if "Vulkan" not in message and "GBM" not in message and "GPUInfo" not in message]


def test_a_warning_becomes_work(seat: Any) -> None:
    window, board = seat.window, seat.warnings.board
    until(seat.is_painted, "painted")
    window.show_warnings()
    until(lambda: board.count == 3 and board.view and board.groups, "read")
    assert [row.title for row in board.rows.rows[:3]] == ["暴雨橙色预警", "雷电黄色预警", "海上大风蓝色预警"]
    assert window.list.isVisible() is False and seat.warnings.list.list.hasFocus()
    assert {group.kind: group.total > 0 for group in board.groups} == dict.fromkeys(("towns", "facilities", "sensors", "video_points", "units"), True)
    assert [step[1] for step in board.view.steps] == ["荣成市气象台更新暴雨橙色预警", "荣成市气象台发布暴雨黄色预警"]
    # The space bar shows the area; the map moved because somebody asked.
    QTest.keyClick(seat.warnings.list.list, Qt.Key.Key_Space)
    lon, lat, _ = seat.warnings.areas.extent(board.warning_id)
    until(lambda: abs(seat.map.feeds.view["lon"] - lon) < 0.02 and abs(seat.map.feeds.view["lat"] - lat) < 0.02, "the area is shown")
    assert len([row for row in seat.map.feeds.scene()["areas"] if row["lit"]]) == 1
    QTest.keyClick(seat.warnings.list.list, Qt.Key.Key_Down)
    until(lambda: board.view and board.view.row.title == "雷电黄色预警", "the next one")
    QTest.keyClick(seat.warnings.list.list, Qt.Key.Key_Return)
    until(lambda: window.views.name == "desk" and seat.boards.detail.detail and seat.boards.detail.detail.row.title == "雷电黄色预警响应", "the incident is open")
    section = window.detail.checklist
    until(lambda: section.isVisible() and section.view.remark.endswith("0 / 6"), "its checklist")
    assert not seat.map.feeds.scene()["areas"]
    QTest.keyClick(window, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    until(lambda: section.lines[0].box.hasFocus(), "the keyboard is on the first item")
    QTest.keyClick(section.lines[0].box, Qt.Key.Key_Space)
    until(lambda: section.view.remark.endswith("1 / 6"), "ticked")
    until(lambda: any("完成：" in str(line.get("text")) for line in seat.boards.detail.detail.timeline), "and logged")
    window.show_warnings()
    board.open(next(row.id for row in board.rows.rows if row.title == "雷电黄色预警"))
    until(lambda: board.view and board.view.act == "open", "the button opens what is running")
