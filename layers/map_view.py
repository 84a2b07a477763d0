"""The city's map as a widget: takes tables and wishes, tells what the person does. No SQL, no HTTP, no rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import ABNORMAL, PointTable

from .clicks import Clicks
from .dress import style_sheet
from .field_tally import FieldTally
from .keys import bind, pan_keys
from .kinds import BY_KIND
from .legend import LegendRow
from .links import MapLink
from .movers import MapMovers
from .outside import Outside
from .page_feeds import HOME, PageFeeds
from .paint_watch import PaintWatch, shows_base
from .palette import palette
from .stack_list import StackList
from .stage import Stage
from .status import StatusRow
from .view_rules import is_central
from .views import MapViews
from .views_popup import ViewsPopup
from .web import MapWeb


class MapView(QWidget):
    """The map with its controls. It moves by itself only in follow mode, or until a person first moves it.

    Call `layers.scheme.register()` before QApplication, and `close_page()` before this widget goes.
    """

    ready = Signal()
    picked = Signal(str, str)
    cluster_opened = Signal()
    fanned_out = Signal(list)
    place_clicked = Signal(float, float)
    moved_by_person = Signal()
    pointer_moved = Signal(float, float)
    renderer_restarted = Signal()
    fed = Signal(str)
    follow_changed = Signal(bool)
    view_settled = Signal(float, float, float)

    def __init__(self, theme: str = "dark", cache_dir: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("map")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.feeds = PageFeeds(theme, self)
        self.stage = Stage(self)
        self.legend, self.status = LegendRow(), StatusRow()
        self.extent: tuple[float, float, float, float] | None = None
        self.paint = PaintWatch(self.feeds, self)
        self.outside = Outside(self.feeds, self.stage.outside)
        self.fan = StackList(self.stage)
        self.clicks = Clicks(self.feeds, self.fan, self)
        self.views = MapViews(self.feeds, self.set_layer_visible, self.set_opacity, self)
        self.stage.panel.add_views(ViewsPopup(self.views, self.stage.panel).button)
        self.by_field = FieldTally(self.feeds, self.stage.panel.show_field_counts, self)
        self.movers = MapMovers(self.feeds, self.stage, self.by_field)
        _stack(self, self.stage, self.legend, self.status)
        self.web = MapWeb(self.feeds, self.stage.web, cache_dir, palette(theme)["sea"])
        self._connect()
        self._dress()

    def set_points(self, table: PointTable, index: PointIndex | None = None) -> None:
        """Show a new table of a kind instead of the old one; KeyError for a kind that the map has no layer for.

        index: of this very table, where one was made off the window's thread (50 ms for 350,000 points).
        """
        self.feeds.set_points(table, index)
        self._count(table.kind)

    def update_points(self, kind: str, rows: NDArray[np.integer], symbol: NDArray[np.uint8], flags: NDArray[np.uint8]) -> None:
        """Set symbol and flags (both (n,)) of rows (n,); the geometry is not touched. Writes into the table that was set."""
        self.feeds.update_points(kind, rows, symbol, flags)
        self._count(kind)

    def select(self, kind: str, record_id: str | None) -> None:
        """Mark a record with white corners, or none. Moves the map only in follow mode."""
        self.feeds.selected = (kind, record_id) if record_id is not None else None
        place = self.feeds.place(kind, record_id) if record_id is not None else None
        if place and self.stage.follow.button.isChecked() and not is_central(place, self.extent):
            self.feeds.go(*place, self.feeds.view["zoom"])
        self.feeds.touch()

    def set_follow(self, is_on: bool) -> None:
        """Whether the map moves to what is selected."""
        self.stage.follow.button.setChecked(is_on)

    def start_picking(self) -> None:
        """The next clicks (or Enter, for the middle) say a place instead of picking a mark."""
        self._set_mode(picking=True)

    def stop_picking(self) -> None:
        """Clicks pick marks again."""
        self._set_mode(picking=False)

    def set_links(self, links: Sequence[MapLink]) -> None:
        """The lines to draw, instead of those before."""
        self.feeds.links = list(links)
        self.feeds.touch()

    def set_layer_visible(self, key: str, is_on: bool) -> None:
        """Show or hide a kind, or with `<kind>.normal` the normal points of a quiet one."""
        self.feeds.visible[key] = is_on
        self.stage.panel.set_checked(key, is_on)
        self.feeds.touch()

    def set_opacity(self, kind: str, value: float) -> None:
        """How strongly a kind is drawn, 0.2 … 1."""
        self.feeds.opacity[kind] = max(0.2, min(1.0, value))
        self.stage.panel.set_opacity(kind, self.feeds.opacity[kind])
        self.feeds.touch()

    def show_place(self, lon: float, lat: float, zoom: float | None = None) -> None:
        """Go there: the person asked for it."""
        self.feeds.go(lon, lat, self.feeds.view["zoom"] if zoom is None else zoom)

    def set_theme(self, name: str) -> None:
        """`dark` or `light`."""
        self.feeds.theme = name
        if self.web.page is not None:
            self.web.page.setBackgroundColor(QColor(palette(name)["sea"]))
        self._dress()
        self.feeds.touch()

    def close_page(self) -> None:
        """Let the page go before its profile; afterwards the widget shows nothing any more."""
        self.paint.lose()
        self.web.close()

    def is_painted(self) -> bool:
        """Whether the base map is on the screen: the page says so, and the pixels have its colours."""
        return self.paint.is_drawn and shows_base(self.stage.web, self.feeds.theme)

    def _connect(self) -> None:
        stage, bridge = self.stage, self.web.bridge
        stage.arranged.connect(self._on_arranged)
        stage.zoom.zoomed.connect(self._zoom_by)
        stage.zoom.measured.connect(lambda on: self._set_mode(measuring=on))
        stage.zoom.located.connect(self._locate)
        stage.follow.toggled.connect(self.follow_changed)
        stage.overview.place_wanted.connect(lambda lon, lat: self.show_place(lon, lat))
        stage.panel.switched.connect(self.set_layer_visible)
        stage.panel.faded.connect(self.set_opacity)
        bridge.click_seen.connect(self.clicks.take)
        self._join_clicks()
        bridge.view_seen.connect(self._on_view)
        bridge.pointer_seen.connect(self.status.show_place)
        bridge.pointer_seen.connect(self.pointer_moved)
        bridge.paint_seen.connect(self.paint.note)
        self.web.renderer_died.connect(self.paint.lose)
        self.paint.ready.connect(self.ready)
        self.paint.fed.connect(self.fed)
        self.paint.restarted.connect(self.renderer_restarted)
        self._bind_keys()

    def _join_clicks(self) -> None:
        clicks = self.clicks
        for mine, theirs in ((clicks.picked, self.picked), (clicks.place_clicked, self.place_clicked),
                             (clicks.cluster_opened, self.cluster_opened), (clicks.fanned_out, self.fanned_out)):
            mine.connect(theirs)

    def _on_arranged(self) -> None:
        self.feeds.cover(self.stage.covers())
        self.legend.setVisible(not self.stage.is_narrow)
        self.status.legend.setVisible(self.stage.is_narrow)

    def _bind_keys(self) -> None:
        stage = self.stage
        self._keys = bind(self, {
            **pan_keys(self.feeds, lambda: self.extent, self.moved_by_person.emit),
            "L": stage.toggle_panel, "G": stage.follow.button.toggle, "M": stage.zoom.ruler.toggle, "Home": self._locate,
            "+": lambda: self._zoom_by(1), "=": lambda: self._zoom_by(1), "-": lambda: self._zoom_by(-1),
            "Return": lambda: self.place_clicked.emit(self.feeds.view["lon"], self.feeds.view["lat"]), "Escape": lambda: stage.zoom.ruler.setChecked(False),
        })
        self._switch_mode_keys()

    def _switch_mode_keys(self) -> None:
        # Outside their mode these keys belong to the desk.
        self._keys["Return"].setEnabled(self.feeds.modes["picking"])
        self._keys["Escape"].setEnabled(self.feeds.modes["measuring"])

    def _dress(self) -> None:
        theme = self.feeds.theme
        self.setStyleSheet(style_sheet(theme))
        for part in (self.legend, self.status.legend, self.status.scale, self.stage.zoom, self.stage.overview, self.stage.panel):
            part.dress(theme)

    def _set_mode(self, **modes: bool) -> None:
        self.feeds.modes.update(modes)
        self._switch_mode_keys()
        self.feeds.touch()

    def _zoom_by(self, step: int) -> None:
        view = self.feeds.view
        self.feeds.go(view["lon"], view["lat"], view["zoom"] + step)
        self.moved_by_person.emit()

    def _locate(self) -> None:
        """Back to the selected record, or to the city when none is."""
        place = self.feeds.place(*self.feeds.selected) if self.feeds.selected else None
        self.feeds.go(*(place or HOME[:2]), self.feeds.view["zoom"] if place else HOME[2])

    def _on_view(self, view: list[float], by_person: bool) -> None:
        lon, lat, zoom, *extent = view
        self.feeds.settle(lon, lat, zoom)
        self.view_settled.emit(lon, lat, zoom)
        self.extent = self.clicks.extent = (extent[0], extent[1], extent[2], extent[3])
        self.fan.hide()
        self.status.scale.show_scale(lat, zoom)
        self.stage.overview.show_frame(*self.extent)
        self.outside.refresh(self.extent)
        if by_person:
            self.moved_by_person.emit()

    def _count(self, kind: str) -> None:
        table = self.feeds.index[kind].table
        abnormal = int(np.count_nonzero(np.asarray(table.flags) & ABNORMAL))
        self.stage.panel.show_counts(BY_KIND[kind], len(table), abnormal)
        self.stage.panel.show_suspects(kind, table.suspect)
        self.by_field.note(kind)
        self.stage.arrange()
        if kind == "incidents":
            placed = self.feeds.index[kind].placed
            self.stage.overview.show_dots(np.asarray(table.lon)[placed], np.asarray(table.lat)[placed])
            self.outside.refresh(self.extent)


def _stack(widget: QWidget, main: QWidget, *rows: QWidget) -> None:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(main, 1)
    for row in rows:
        column.addWidget(row)
