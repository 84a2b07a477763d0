"""The warnings joined to the desk: the view 预警, the hatched areas of the map, the checklist of the open incident."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget, QWidget

from layers.map_view import MapView
from widgets.main_window import MainWindow
from widgets.parts import Grip
from widgets.views import View
from widgets.warning_detail import WarningDetail
from widgets.warning_list import WarningList

from .boards.checklist_board import ChecklistBoard
from .boards.desk_boards import DeskBoards
from .boards.warning_board import WarningBoard


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
        window.views.join(View("warnings", docks, (self.list, self.detail), shown=self.board.show))
        window.top.add_view("warnings", "预警", 3)
        self.list.chosen.connect(self.board.open)
        self.list.wanted.connect(self.board.act)
        self.detail.act_wanted.connect(self.board.act)
        self.board.incident_wanted.connect(window.open_incident)
        self.checklist = ChecklistBoard(boards.bridge, boards.clock, boards.detail, boards.acts)
        section = window.detail.checklist
        self.checklist.changed.connect(lambda: section.show_view(self.checklist.view))
        section.ticked.connect(self.checklist.tick)
        section.start_wanted.connect(self.checklist.start)
        boards.acts.officer_changed.connect(self.board.refresh)

    def start(self) -> None:
        self.board.refresh()

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
