"""The map of the leaders' screen: the same page without tools. It shows the whole city, and moves only when a person moves it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import PointTable

from .keys import bind
from .page_feeds import PageFeeds
from .paint_watch import PaintWatch, shows_base
from .palette import palette
from .rows import ORIGIN, offsets
from .web import MapWeb

#: The city with its coast (west, south, east, north), degrees.
CITY = (121.16, 36.7, 122.74, 37.57)
#: Towns by which one finds one's way; the others would fill the wall with words.
TOWNS = ("草庙子镇", "桥头镇", "葛家镇", "宋村镇", "泽库镇", "南黄镇", "大疃镇", "港湾街道", "成山镇", "俚岛镇", "乳山口镇", "海阳所镇", "午极镇", "冯家镇")
#: The page's words are 14 pixels high, those of the wall 20 pixels of the design.
WORDS = 20.0 / 14.0
#: Kinds that a leader sees.
SHOWN = frozenset({"incidents", "units"})
#: How strongly an area is hatched: what is worse is seen first.
WEIGHTS = {"red": 0.5, "orange": 0.38, "yellow": 0.24, "blue": 0.15}
#: Half a mark and some air: so far from a seam stands what would stand on it (pixels of the page).
CLEAR = 22.0


@dataclass(frozen=True, slots=True)
class Area:
    """An area under a warning: closed rings (n, 2) of lon, lat; `inland`: only its land is meant; told by `title` and `note` where `is_told`."""

    colour: str
    badge: str
    rings: tuple[NDArray[np.float64], ...]
    inland: bool = True
    character: str = ""
    title: str = ""
    note: str = ""
    is_told: bool = False


@dataclass(frozen=True, slots=True)
class Heat:
    """Density over a box (west, south, east, north): values (rows, columns), north first."""

    box: tuple[float, float, float, float]
    values: NDArray[np.float64] = field(compare=False)
    key: str = ""


class WallMap(QWidget):
    """`place_clicked(lon, lat)` where a person clicks; `view_settled(lat, zoom of the screen's own pixels)`; `close_page()` before this widget goes."""

    ready = Signal()
    place_clicked = Signal(float, float)
    view_settled = Signal(float, float)
    fed = Signal(str)
    moved_by_person = Signal()

    def __init__(self, theme: str = "dark", cache_dir: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feeds = PageFeeds(theme, self)
        self.feeds.visible |= {spec: spec in SHOWN for spec in self.feeds.visible if "." not in spec and "@" not in spec}
        self.view = QWebEngineView(self)
        self.view.setAccessibleName("地图")
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.paint = PaintWatch(self.feeds, self)
        self._wall: dict[str, Any] = {
            "fit": 1, "bounds": CITY, "seams_x": [], "seams_y": [], "clear": CLEAR, "districts": [], "towns": list(TOWNS), "areas": [], "callout": None, "heat": None,
        }
        self.feeds.around = lambda: {"ring": None, "lit": None, "wall": self._wall}
        self.web = MapWeb(self.feeds, self.view, cache_dir, palette(theme)["sea"])
        self.paint.ready.connect(self.ready)
        # What was told before the page could hear is told again.
        self.paint.ready.connect(self.feeds.touch)
        self.paint.restarted.connect(self.feeds.touch)
        self.paint.fed.connect(self.fed)
        bridge = self.web.bridge
        bridge.paint_seen.connect(self.paint.note)
        bridge.view_seen.connect(self._on_view)
        bridge.click_seen.connect(lambda lon, lat, *_: self.place_clicked.emit(lon, lat))
        self.web.renderer_died.connect(self.paint.lose)
        bind(self, {"Home": self.show_city})

    def set_scale(self, scale: float, seams_x: Sequence[float] = (), seams_y: Sequence[float] = ()) -> None:
        """How large the design's pixel is here, and where seams run (pixels of this widget)."""
        factor = max(0.25, min(5.0, scale * WORDS))
        self.view.setZoomFactor(factor)
        self._set(seams_x=[x / factor for x in seams_x], seams_y=[y / factor for y in seams_y])

    def set_points(self, table: PointTable) -> None:
        """A new table of incidents or units."""
        self.feeds.set_points(table, PointIndex(table))

    def set_districts(self, counts: Mapping[str, str]) -> None:
        """Districts by name with their figures; one that the map has no place for is left out."""
        self._set(districts=[{"name": name, "count": count, "x": x, "y": y} for name, count in counts.items() if (spot := _named().get(name)) for x, y in [spot]])

    def set_areas(self, found: Sequence[Area]) -> None:
        """Areas under a warning, the worst first."""
        told = next((each for each in found if each.is_told and each.rings), None)
        self._set(areas=[_page_area(each) for each in found], callout=None if told is None else _callout(told))

    def set_heat(self, heat: Heat | None) -> None:
        """Show where incidents gather, or no longer."""
        self._set(heat=None if heat is None else _page_heat(heat))

    def show_city(self) -> None:
        """The whole city again: the person asked for it."""
        self._set(fit=self._wall["fit"] + 1)

    def is_painted(self) -> bool:
        """Whether the base map is on the screen: the page says so, and the pixels have its colours."""
        return self.paint.is_drawn and shows_base(self.view, self.feeds.theme)

    def close_page(self) -> None:
        """Let the page go before its profile."""
        self.paint.lose()
        self.web.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.view.setGeometry(self.rect())
        super().resizeEvent(event)

    def _set(self, **parts: Any) -> None:
        changed = {name: value for name, value in parts.items() if self._wall[name] != value}
        if changed:
            self._wall = {**self._wall, **changed}
            self.feeds.touch()

    def _on_view(self, view: list[float], by_person: bool) -> None:
        lon, lat, zoom, *_ = view
        self.feeds.settle(lon, lat, zoom)
        self.view_settled.emit(lat, zoom + float(np.log2(self.view.zoomFactor())))
        if by_person:
            self.moved_by_person.emit()


@cache
def _named() -> dict[str, tuple[float, float]]:
    """District → where its name stands on the map's plane."""
    told = json.loads((files("resources") / "map" / "names.json").read_text(encoding="utf-8"))
    return {text: (x + told["origin"][0], y + told["origin"][1]) for text, x, y, kind, *_ in told["places"] if kind == "district"}


def _world(lon: float, lat: float) -> dict[str, float]:
    x, y = offsets(np.array([lon], np.float64), np.array([lat], np.float64))
    return {"x": float(x[0]) + ORIGIN[0], "y": float(y[0]) + ORIGIN[1]}


def _page_area(area: Area) -> dict[str, Any]:
    rings = []
    for ring in area.rings:
        x, y = offsets(ring[:, 0], ring[:, 1])
        rings.append(np.round(np.column_stack((x + ORIGIN[0], y + ORIGIN[1])), 8).tolist())
    return {"colour": area.colour, "rings": rings, "inland": area.inland, "weight": WEIGHTS.get(area.colour, 0.2)}


def _callout(area: Area) -> dict[str, Any]:
    """Told from the north-eastern end of the area, where the sea is."""
    points = np.concatenate(area.rings)
    far = points[int(np.argmax(points[:, 0] + points[:, 1]))]
    return {"badge": area.badge, "character": area.character, "title": area.title, "note": area.note, "colour": area.colour, **_world(float(far[0]), float(far[1]))}


def _page_heat(heat: Heat) -> dict[str, Any]:
    west, south, east, north = heat.box
    first, last = _world(west, north), _world(east, south)
    most = float(heat.values.max(initial=0.0)) or 1.0
    # The root lets the second strongest be seen beside the strongest.
    values = np.sqrt(heat.values / most) * 255
    return {"key": heat.key, "box": [first["x"], first["y"], last["x"], last["y"]], "rows": heat.values.shape[0], "columns": heat.values.shape[1],
            "values": values.astype(int).ravel().tolist()}

