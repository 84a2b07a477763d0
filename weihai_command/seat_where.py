"""Says under the map what lies in its middle, once a hand rests: near the ground no town's name may be in the view."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from layers.map_view import MapView

from .boards.bridge import Bridge
from .operations import upkeep

#: From this zoom on a view may hold no name; how long it must stand still before it is asked about.
FROM_ZOOM, REST_MS = 13, 300


class SeatWhere(QObject):
    """Asks off the window's thread for the town in the middle of the view."""

    def __init__(self, city_map: MapView, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._map, self._bridge = city_map, bridge
        self._place = (0.0, 0.0, 0.0)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        city_map.view_settled.connect(self._note)

    def _note(self, lon: float, lat: float, zoom: float) -> None:
        self._place = (lon, lat, zoom)
        self._rest.start()

    def _ask(self) -> None:
        lon, lat, zoom = self._place
        if zoom < FROM_ZOOM:
            self._map.status.show_where("")
            return
        self._bridge.ask("where", lambda: upkeep.place_name(lon, lat), self._map.status.show_where)
