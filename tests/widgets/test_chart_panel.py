"""The chart through the window's own keys, with pyqtgraph as it is."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fake_desk import NOW, alarm
from weihai_command.operations import curves
from weihai_command.operations.curves import Curve, Span
from widgets import theme

T = NOW.timestamp()


def curve(sensor: str, unit: str = "m", *, count: int = 200, spans=()) -> Curve:
    at = np.linspace(T - 86_400, T - 30, count) if count else np.empty(0)
    return Curve(sensor, f"泵站 {sensor}", "水位", unit, at, 4.0 + 0.3 * np.sin(at / 9000), ((4.2, 2), (4.5, 1)), (), tuple(spans), count, float(at[-1]) if count else None, 600.0)


class Ask:
    HEADS, cells = curves.HEADS, staticmethod(curves.cells)

    def __init__(self) -> None:
        self.made = curve

    def curves(self, desk, kept, sensors, since, until, pixels):
        return [self.made(each) for each in sensors]

    def table(self, desk, kept, sensors, since, until, most=2000):
        return [curves.Reading(T - place, each, 1.5 + place, "m") for each in sensors for place in range(3)], 9


@pytest.fixture
def panel(window, city, pump):
    board = window.boards.charts
    board._ask, board._kept = Ask(), lambda: board
    window.panels.chart_desk.open("a")
    pump()
    return window.panels.chart_desk.panel


def key(panel, *keys):
    for each in keys:
        QTest.keyClick(panel.window().focusWidget() or panel, each)


def colours_of(widget) -> set[str]:
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 1) for y in range(0, image.height(), 3)}


def test_it_shows_the_curve_its_limits_and_its_alarm(panel, pump):
    panel.board._ask.made = lambda each: curve(each, spans=[Span(T - 30_000, T - 10_000, 2, "x")])
    panel.board.refresh()
    pump()
    assert panel.plots.isVisible() and len(panel.plots.plots) == 1 and panel.title.text() == "曲线 · 泵站 a"
    limits = [item for item in panel.plots.plots[0].items if type(item).__name__ == "InfiniteLine" and item.angle == 0]
    assert [item.value() for item in limits] == [4.2] and type(limits[0].label).__name__ == "InfLineLabel"
    assert any(type(item).__name__ == "LinearRegionItem" for item in panel.plots.plots[0].items)
    assert theme.colour("bg1").name() in colours_of(panel.plots)


def test_several_sensors_stand_on_one_time_axis(panel, window, pump):
    panel.board._ask.made = lambda each: curve(each, "m" if each == "a" else "%VOL")
    window.panels.chart_desk.choose("b")
    pump()
    first, second = panel.plots.plots
    assert panel.board.sensors == ["a", "b"] and len(panel.legend.lines) == 2
    panel.board.show_span(T - 5000, T - 1000)
    assert first.viewRange()[0] == pytest.approx([T - 5000, T - 1000]) and second.viewRange()[0] == pytest.approx([T - 5000, T - 1000])
    key(panel, Qt.Key.Key_Delete)
    assert panel.board.sensors == ["a"]


def test_keys_zoom_move_and_point(panel):
    board = panel.board
    key(panel, Qt.Key.Key_1)
    assert board.length == 3600 and panel.spans["1"].isChecked()
    key(panel, Qt.Key.Key_Plus)
    assert board.length == 1800 and not any(chip.isChecked() for chip in panel.spans.values())
    key(panel, Qt.Key.Key_Minus, Qt.Key.Key_Left)
    assert board.length == 3600 and board.until == T - 900
    key(panel, Qt.Key.Key_Comma)
    assert panel.plots.at == pytest.approx(board.until - 18) and " m" in panel.legend.lines[0][2].text() and ":" in panel.legend.lines[0][2].text()
    key(panel, Qt.Key.Key_End)
    assert board.until == T


def test_the_wheel_zooms_and_the_mouse_points(panel, pump):
    spot = QPointF(panel.plots.width() / 2, panel.plots.height() / 2)
    before = panel.board.length
    QApplication.sendEvent(panel.plots.viewport(), QWheelEvent(
        spot, QPointF(panel.plots.mapToGlobal(spot.toPoint())), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    ))
    assert panel.board.length < before
    panel.plots._on_mouse(spot)
    assert panel.board.since < panel.plots.at < panel.board.until


def test_a_table_and_a_file(panel, city, pump):
    key(panel, Qt.Key.Key_T)
    pump()
    assert panel.table.isVisible() and panel.model.rowCount() == 3 and "共 9 条" in panel.note.text()
    key(panel, Qt.Key.Key_X)
    pump()
    assert city.calls[-1][:2] == ("export_csv", "传感器读数") and "已导出" in panel.window().message.text()
    key(panel, Qt.Key.Key_T)
    assert panel.plots.isVisible()


def test_without_readings_it_says_so(panel, pump):
    panel.board._ask.made = lambda each: curve(each, count=0)
    panel.board.refresh()
    pump()
    assert panel.empty.isVisible() and panel.empty.text() == "还没有读数" and not panel.plots.isVisible()


def test_ctrl_r_means_the_chosen_sensor_else_that_of_the_alarm(window, city, pump):
    def press():
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        pump()

    desk, board = window.panels.chart_desk, window.boards.charts
    board._ask, board._kept = Ask(), lambda: board
    press()
    assert not desk.panel.isVisible() and "还没有选传感器" in window.message.text()
    city.alarm_rows = [alarm("7", 1)]
    window.boards.alarms.refresh()
    pump()
    press()
    assert desk.panel.isVisible() and board.sensors == ["s-7"]
    press()
    assert not desk.panel.isVisible()
    desk.choose("b")
    assert not desk.panel.isVisible()
    press()
    assert board.sensors == ["b"]
    press()
    desk.choose("c")
    desk.choose("c")
    pump()
    assert desk.panel.isVisible() and board.sensors == ["c"]


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_it_wears_the_theme(panel, qapp, pump, mode):
    theme.apply(qapp, mode)
    panel.show_board()
    pump()
    found = colours_of(panel.plots)
    assert theme.colour("bg1").name() in found and theme.colour("text").name() in found
    theme.apply(qapp, "dark")


def test_the_axis_names_whole_times(qapp):
    from widgets.chart_plots import TimeAxis

    axis = TimeAxis("bottom")
    ((step, marks),) = axis.tickValues(T - 86_400, T, 900)
    assert step == 10_800 or 3600 <= step <= 21_600
    words = axis.tickStrings(marks, 1, step)
    assert all(word.endswith((":00", "日")) for word in words) and len(words) >= 3
    ((step, marks),) = axis.tickValues(T - 60, T, 900)
    assert step == 10 and all(word.count(":") == 2 for word in axis.tickStrings(marks, 1, step))
