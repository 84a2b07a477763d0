"""The warnings joined to the desk: the view 预警, the hatched areas of the map, the checklist of the open incident."""

from __future__ import annotations

from math import floor, log2

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QWidget

from layers.areas import Areas
from layers.map_view import MapView
from widgets.main_window import MainWindow
from widgets.parts import Grip
from widgets.views import View
from widgets.warning_detail import WarningDetail
from widgets.warning_list import WarningList

from .boards.checklist_board import ChecklistBoard
from .boards.desk_boards import DeskBoards
from .boards.warning_board import WarningBoard

#: The first reading waits for the first picture: borders take a moment to read.
FIRST_MS = 1_200
#: Degrees of longitude on a pixel of zoom 0; what a degree of latitude is more here, with some room around.
WORLD, AROUND = 360 / 256, 1.45


class SeatWarnings(QObject):
    """Knows all of them and decides nothing."""

    def __init__(self, boards: DeskBoards, city_map: MapView, window: MainWindow) -> None:
        super().__init__(window)
        self.board = WarningBoard(boards.bridge, boards.clock, boards.acts)
        self.list, self.detail = WarningList(self.board), WarningDetail(self.board)
        self._window, self._map = window, city_map
        docks = (
            self._dock("warnings", "预警", self.list, Qt.DockWidgetArea.LeftDockWidgetArea, self.list.title),
            self._dock("warning", "预警详情", self.detail, Qt.DockWidgetArea.RightDockWidgetArea, Grip()),
        )
        self.areas = Areas(city_map)
        window.views.join(View("warnings", docks, (self.list, self.detail), shown=self._show))
        window.top.add_view("warnings", "预警", 3)
        self._first = QTimer(self, singleShot=True, interval=FIRST_MS)
        self._first.timeout.connect(self.board.refresh)
        self.list.chosen.connect(self._open)
        self.list.located.connect(self.locate)
        self.detail.located.connect(self.locate)
        self.list.wanted.connect(self.board.act)
        self.detail.act_wanted.connect(self.board.act)
        self.board.drawn.connect(self.areas.show)
        self.board.changed.connect(lambda: self.areas.light(self.board.warning_id))
        self.board.arrived.connect(lambda sentence: window.message.show_done(f"{sentence}（Ctrl+3 查看）"))
        self.board.incident_wanted.connect(window.open_incident)
        self.checklist = ChecklistBoard(boards.bridge, boards.clock, boards.detail, boards.acts)
        section = window.detail.checklist
        self.checklist.changed.connect(lambda: section.show_view(self.checklist.view))
        section.ticked.connect(self.checklist.tick)
        section.start_wanted.connect(self.checklist.start)
        boards.acts.officer_changed.connect(self.board.refresh)

    def _show(self, shown: bool) -> None:
        self.board.show(shown)
        self.areas.open(shown)

    def start(self) -> None:
        if self._map.paint.is_drawn:
            self._first.start()
        else:
            self._map.ready.connect(self._first.start)

    def stop(self) -> None:
        self._first.stop()

    def locate(self) -> None:
        """The map goes to the area of the open warning: somebody asked for it."""
        found = self.areas.extent(self.board.warning_id)
        if found:
            lon, lat, half = found
            self._map.show_place(lon, lat, floor(log2(self._map.stage.height() * WORLD / (2 * half * AROUND))))

    def _open(self, warning_id: str) -> None:
        self.board.open(warning_id)
        if self._map.stage.follow.button.isChecked():
            self.locate()

    def _dock(self, name: str, title: str, pane: QWidget, area: Qt.DockWidgetArea, handle: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"dock-{name}")
        dock.setAccessibleName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setTitleBarWidget(handle)
        dock.setWidget(pane)
        self._window.addDockWidget(area, dock)
        dock.hide()
        return dock
