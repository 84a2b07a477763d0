"""The leaders' screen joined: board, map and window over a city that somebody has opened. It reads; nothing here acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from layers.wall_map import Area, Heat, WallMap
from widgets.situation.screen import Settings, SituationScreen

from .boards.bridge import Bridge
from .boards.clock import Clock
from .boards.feed_board import FeedBoard
from .boards.situation_board import SituationBoard
from .boards.sync_board import SyncBoard
from .domain.warning import CHARACTERS
from .operations import catalogue, queries, situation_map, verbs
from .operations.desk import Desk
from .operations.runner import Runner
from .operations.situation_map import WarningArea
from .situation_readings import SituationReadings

BADGES = {"red": "wr", "orange": "wo", "yellow": "wy", "blue": "wb"}
#: Warnings of these colours are told beside their area.
TOLD = frozenset({"red", "orange"})
#: Wider than the city, so that no heat ends at an edge (west, south, east, north).
HEAT_BOX = (120.9, 36.5, 123.0, 37.8)
FIRST_SYNC_MS = 4_000


class SituationView(QObject):
    """Screen and map over a bridge that is somebody else's; `left` when it was closed."""

    left = Signal()

    def __init__(self, bridge: Bridge, clock: Clock, city_map: WallMap, settings: Settings, reported: Callable[[], Mapping[str, float]] = dict) -> None:
        super().__init__()
        self.map, self._bridge = city_map, bridge
        self.board = SituationBoard(bridge, clock, reported, self)
        self.window = SituationScreen(self.board, city_map, settings)
        self._fed: set[str] = set()
        self._heat: Heat | None = None
        self._closed = False
        city_map.fed.connect(self._fed.add)
        city_map.view_settled.connect(self.window.show_view)
        city_map.place_clicked.connect(self._open_district)
        self.board.changed.connect(self._show_map)
        self.window.heat_wanted.connect(lambda _: self._show_heat())
        self.window.left.connect(self.window.close)
        self.window.closing.connect(self.close)

    def start(self) -> None:
        self.board.refresh()

    def is_painted(self) -> bool:
        """Panels have their figures and the map its marks."""
        return self.board.picture is not None and {"incidents", "units"} <= self._fed and self.map.is_painted()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.board.close()
        self.map.close_page()
        self.left.emit()

    def _show_map(self) -> None:
        picture = self.board.picture
        if picture is None or self._closed:
            return
        self.map.set_districts({row.name: f"{row.total:,}" for row in picture.found.open.rows if row.name})
        self.map.set_areas([self._area(each) for each in picture.areas])
        self.map.set_points(picture.incidents)
        self.map.set_points(picture.units)
        self._show_heat()

    def _area(self, found: WarningArea) -> Area:
        from widgets.situation.heads import until

        note = f"{found.area} {until(found.until, self.board.now)}"
        character = CHARACTERS.get(found.colour, "")
        return Area(found.colour, BADGES.get(found.colour, "wb"), found.rings, found.inland, character, found.title, note, found.colour in TOLD)

    def _show_heat(self) -> None:
        picture = self.board.picture
        if not self.window.has_heat or picture is None:
            self.map.set_heat(None)
            return
        hot = picture.found.hot
        key = f"{hot.count}-{hash(hot.places)}"
        if self._heat is None or self._heat.key != key:
            self._heat = Heat(HEAT_BOX, situation_map.heat(hot, HEAT_BOX), key)
        self.map.set_heat(self._heat)

    def _open_district(self, lon: float, lat: float) -> None:
        """A click on the map means the district that it falls into."""
        district = catalogue.gazetteer().district_at(lon, lat)
        if district:
            self.window.open(f"open/{district}/")


class SituationSeat(QObject):
    """A program of its own: the city opened for this screen alone, with its sync. `close` leaves no thread, no page and no open file behind."""

    def __init__(self, desk: Desk, city_map: WallMap, settings: Settings) -> None:
        super().__init__()
        self.desk = desk
        self.runner = Runner()
        self.clock = Clock()
        self.bridge = Bridge(desk, self.runner, queries, verbs)
        self.readings = SituationReadings(desk, self.runner, lambda: not self.view.board.is_behind)
        self.view = SituationView(self.bridge, self.clock, city_map, settings, self.readings.reported)
        self.syncing, self.feeding = SyncBoard(self.bridge, self.runner), FeedBoard(self.bridge, self.runner)
        self._closed = False
        self.is_left = False
        self.view.left.connect(self.close)

    @property
    def window(self) -> SituationScreen:
        return self.view.window

    @property
    def map(self) -> WallMap:
        return self.view.map

    def start(self) -> None:
        self.clock.start()
        self.view.start()
        self.readings.start()
        self.syncing.start(FIRST_SYNC_MS)
        self.feeding.start()

    def is_painted(self) -> bool:
        return self.view.is_painted()

    def report(self) -> dict[str, Any]:
        """What stands on the screen: {figures, requests: [url], refused: [url]}."""
        return {"figures": len(self.window.figures()), "requests": list(self.map.web.scheme.requests), "refused": list(self.map.web.refused)}

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self.clock.stop()
        self.syncing.stop()
        self.feeding.stop()
        self.readings.stop()
        self.bridge.close()
        self.desk.hang_up()
        self.is_left = not self.runner.close()
        self.view.close()
        self.desk.close()
