"""The alarms joined to the map and to the loudspeaker; sensors of the map and of the surroundings to their curves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from layers.map_view import MapView
from widgets.alarm_voice import AlarmVoice
from widgets.main_window import MainWindow

from .boards.desk_boards import DeskBoards
from .boards.nearby_board import NearbyBoard

#: The zoom that shows a sensor's street, and when the loudspeaker is looked for: the first picture comes first.
CLOSE_ZOOM, VOICE_MS = 15, 2_000


class SeatAlarms(QObject):
    """Knows all of them and decides nothing. A picture that is drawn without a screen makes no sound."""

    def __init__(self, boards: DeskBoards, city_map: MapView, window: MainWindow, nearby: NearbyBoard) -> None:
        super().__init__(window)
        self._map, self._window = city_map, window
        self.voice = AlarmVoice(boards.alarms.sounds, self)
        self.voice.device_told.connect(window.alarms.show_device)
        window.panels.alarm_desk.located.connect(self.locate)
        chart = window.panels.chart_desk
        city_map.picked.connect(lambda kind, record_id: chart.choose(record_id) if kind == "sensors" else None)
        nearby.opened.connect(lambda kind, record_id, _: chart.choose(record_id) if kind == "sensors" else None)
        self._first = QTimer(self, singleShot=True, interval=VOICE_MS)
        self._first.timeout.connect(self.voice.start)

    def start(self) -> None:
        if QGuiApplication.platformName() != "offscreen":
            self._first.start()

    def stop(self) -> None:
        self._first.stop()
        self.voice.stop()

    def locate(self, sensor_id: str) -> None:
        """Show a sensor on the map."""
        spot = self._map.feeds.place("sensors", sensor_id)
        if spot is None:
            self._window.message.show_done("没有这个传感器的位置，地图没有移动")
            return
        self._window.show_desk()
        self._map.select("sensors", sensor_id)
        self._map.show_place(*spot, CLOSE_ZOOM)
