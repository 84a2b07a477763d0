"""Curves joined to the desk: opened from an alarm, a sensor's mark or a list; a further sensor is drawn on the same time axis."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt

from weihai_command.boards.desk_boards import DeskBoards
from weihai_command.domain.faults import Refused

from .chart_panel import ChartPanel
from .message_bar import MessageBar
from .panel import Panel


class Window(Protocol):
    """What of the main window is joined here; it is the panel's parent widget as well."""

    message: MessageBar


class Host(Protocol):
    """Who keeps panels: one is open at a time."""

    def adopt(self, panel: Panel, corner: Qt.Corner) -> None: ...

    def open_alone(self, panel: Panel) -> None: ...


class ChartDesk(QObject):
    """Made once by the panels of the desk."""

    def __init__(self, window: Any, boards: DeskBoards, host: Host) -> None:
        super().__init__(window)
        self._window: Window = window
        self._boards, self._host = boards, host
        self.panel = ChartPanel(boards.charts, window)
        self._chosen = ""
        self._is_loaded = False
        host.adopt(self.panel, Qt.Corner.TopLeftCorner)
        self.panel.said.connect(window.message.show_done)
        boards.charts.refused.connect(window.message.show_fault)

    def choose(self, sensor_id: str) -> None:
        """A sensor was clicked or opened: Ctrl+R means it; a second time, or while curves are open, it is shown."""
        if self.panel.isVisible() or sensor_id == self._chosen:
            self.open(sensor_id)
        self._chosen = sensor_id

    def open_chart(self) -> None:
        """Ctrl+R: the sensor that was chosen last, else that of the alarm in the strip; once more closes it."""
        item = self._boards.alarms.current
        sensor = self._chosen or (item.sensor_id if item else "")
        if self.panel.isVisible():
            self.panel.leave()
        elif sensor:
            self.open(sensor)
        else:
            self._window.message.show_fault(Refused("还没有选传感器", "没有改动", "在地图上点一个传感器，或在告警清单里按 C"))

    def open(self, sensor_id: str) -> None:
        adds = self.panel.isVisible()
        if not adds:
            self._host.open_alone(self.panel)
        self.panel.start(sensor_id, adds=adds)
        if not self._is_loaded:
            # Half a second of loading, off the window's thread.
            self._is_loaded = True
            self._boards.bridge.ask("chart-plots", lambda: import_module("pyqtgraph"), lambda _: self.panel.take_plots())
