"""The keyboard line joined to the map and to what the machine remembers of an officer's lines."""

from __future__ import annotations

from collections.abc import Callable
from math import log2
from typing import Any

from PySide6.QtCore import QObject

from layers.map_view import MapView
from widgets.main_window import MainWindow

from .boards.desk_boards import DeskBoards
from .domain.places import Place
from .operations import catalogue

#: The zoom that shows a circle of this radius well; each doubling is one step out.
CLOSE_ZOOM, CLOSE_M, FAR_ZOOM = 15, 400.0, 10


class SeatCommands(QObject):
    """Knows all three and decides nothing. `settings()` reads what the machine remembers, `remember(name, value)` keeps it."""

    def __init__(
        self, boards: DeskBoards, city_map: MapView, window: MainWindow, settings: Callable[[], dict[str, Any]], remember: Callable[[str, Any], None]
    ) -> None:
        super().__init__(window)
        self._boards, self._map, self._window = boards, city_map, window
        self._settings, self._remember = settings, remember
        boards.commands.wished.connect(self._go)
        boards.commands.remembered.connect(lambda lines: self._remember(self._key(), lines))
        boards.acts.officer_changed.connect(self.load)
        self.load()

    def load(self) -> None:
        """The lines of whoever sits here now."""
        self._boards.commands.load_history(self._settings().get(self._key()))

    def _key(self) -> str:
        officer = self._boards.bridge.desk.officer
        return f"commands-{officer.user if officer else ''}"

    def _go(self, wish: str, values: dict[str, str]) -> None:
        if wish != "go":
            return
        if "place" in values:
            self._boards.bridge.ask("go", lambda: catalogue.gazetteer().resolve(values["place"]), self._show)
            return
        self._map.select(values["kind"], values["id"])
        spot = self._map.feeds.place(values["kind"], values["id"])
        if spot is None:
            self._window.message.show_done("没有它的位置，地图没有移动")
        else:
            self._map.show_place(*spot, CLOSE_ZOOM)

    def _show(self, place: Place) -> None:
        self._map.show_place(place.lon, place.lat, zoom_of(place.radius_m))
        note = f" · {place.note}" if place.note else ""
        self._window.message.show_done(f"{place.name}（±{place.radius_m:.0f} m）{note}")


def zoom_of(radius_m: float) -> int:
    """The zoom at which a circle of `radius_m` metres fills a good part of the map."""
    return max(FAR_ZOOM, min(CLOSE_ZOOM, round(CLOSE_ZOOM - log2(max(radius_m, 1.0) / CLOSE_M))))
