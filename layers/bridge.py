"""The one object that the page sees, and the page that may go nowhere else."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

_log = logging.getLogger(__name__)


class Bridge(QObject):
    """In: what the person does on the map. Out: `tick(feed, version)`, which says only that there is something to fetch."""

    tick = Signal(str, int)
    click_seen = Signal(float, float, float, str, list)
    view_seen = Signal(list, bool)
    pointer_seen = Signal(float, float)
    paint_seen = Signal(str, int)
    ring_seen = Signal(float, bool)

    @Slot(float, float, float, str, list)
    def clicked(self, lon: float, lat: float, zoom: float, kind: str, box: list[float]) -> None:
        """A click at a place; `kind` and `box` (west, south, east, north) of the cluster under it, or '' and []."""
        self.click_seen.emit(lon, lat, zoom, kind, box)

    @Slot(float, float, float, float, float, float, float, bool)
    def moved(self, lon: float, lat: float, zoom: float, west: float, south: float, east: float, north: float,
              by_person: bool) -> None:
        """The view is now here."""
        self.view_seen.emit([lon, lat, zoom, west, south, east, north], by_person)

    @Slot(float, float)
    def hovered(self, lon: float, lat: float) -> None:
        """The pointer is over this place."""
        self.pointer_seen.emit(lon, lat)

    @Slot(float, bool)
    def ringed(self, metres: float, is_final: bool) -> None:
        """The ring's handle is drawn out this far; `is_final` when it was let go."""
        self.ring_seen.emit(metres, is_final)

    @Slot(str, int)
    def painted(self, feed: str, version: int) -> None:
        """The page drew this version of a feed."""
        self.paint_seen.emit(feed, version)


class CityPage(QWebEnginePage):
    """A page that stays where it is: every navigation outside weihai:// is refused and remembered."""

    def __init__(self, profile: QWebEngineProfile, parent: QObject | None = None) -> None:
        super().__init__(profile, parent)
        self.refused: list[str] = []

    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool) -> bool:
        """Qt's question before each navigation."""
        address = QUrl(url)
        if address.scheme() == "weihai" and address.host() == "map" and is_main_frame:
            return True
        self.refused.append(address.toString())
        return False

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> QWebEnginePage | None:
        """No second window, ever."""
        return None

    def javaScriptConsoleMessage(self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int,
                                 source: str) -> None:
        """The page's complaints belong into our log, not onto standard output."""
        _log.warning("map page: %s (%s:%s)", message, source, line)
