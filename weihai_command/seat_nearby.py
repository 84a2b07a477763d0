"""The surroundings of the open incident joined: ring on the map, list in the detail, each lighting up the other."""

from __future__ import annotations

from PySide6.QtCore import QObject

from layers.map_view import MapView
from layers.picking import hit
from layers.surround import Surround
from widgets.main_window import MainWindow
from widgets.nearby_section import NearbySection

from .boards.desk_boards import DeskBoards
from .boards.nearby_board import NearbyBoard
from .operations.nearby import INNER


class SeatNearby(QObject):
    """Knows all three and decides nothing."""

    def __init__(self, boards: DeskBoards, city_map: MapView, window: MainWindow) -> None:
        super().__init__(window)
        self.board = NearbyBoard(boards.bridge, boards.detail)
        self.surround = Surround(city_map.feeds, city_map.web.bridge, city_map)
        self.section = NearbySection(self.board)
        self._map, self._window = city_map, window
        window.detail.add_nearby(self.section)
        self.board.ringed.connect(self._draw)
        self.board.opened.connect(self._on_opened)
        self.surround.dragged.connect(lambda metres, is_final: self.board.set_radius(metres, is_final=is_final))
        self.surround.stepped.connect(self.board.step_radius)
        self.section.lit.connect(lambda kind, record_id: self.surround.light(kind, record_id or None))
        city_map.picked.connect(self.section.show_mark)
        city_map.pointer_moved.connect(self._point)
        self._draw()

    def _draw(self) -> None:
        board = self.board
        inner = (INNER,) if board.radius_m > INNER else ()
        self.surround.show_ring(board.place, (*inner, board.radius_m))

    def _on_opened(self, kind: str, record_id: str, sentence: str) -> None:
        self.surround.light(kind, record_id)
        if kind == "units":
            self._window.select_unit(record_id)

    def _point(self, lon: float, lat: float) -> None:
        """The mark under the pointer becomes the list's row, while the list is open."""
        if self.section.is_open and self.section.isVisible():
            feeds = self._map.feeds
            found = hit(feeds.indexes(), feeds.visible, lon, lat, round(feeds.view["zoom"]))
            if found:
                self.section.show_mark(*found)
