"""The desk's window: it only arranges. Panes are docks around the map, panels stand over it, wishes go to the acts."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QVBoxLayout, QWidget

from weihai_command.boards.desk_boards import DeskBoards

from . import theme
from .alarm_strip import AlarmStrip
from .band import Band
from .command_line import CommandLine
from .command_wiring import connect_line
from .focus_ring import FocusRing
from .incident_detail import IncidentDetail
from .incident_list import IncidentList
from .keys import KEYS
from .message_bar import MessageBar
from .panels import Panels
from .parts import Grip
from .supervision_chip import SupervisionChip
from .top_bar import TopBar
from .units_board import UnitsBoard
from .views import EVERYWHERE, LAYOUT_VERSION, Views
from .wiring import connect

#: Below this the narrow layout of mockups/notes.md holds.
ROOMY = QSize(1600, 900)
#: Title, column heads and seven whole rows.
BOARD_HEIGHT = 298


class MainWindow(QMainWindow):
    """`map_widget` stands in the middle; it may offer `pick_place()`. Signals for the program that joins the parts:
    incident_selected(id), unit_selected(id), place_pick_requested, vanish_allowed(kind), theme_changed(dark|light), closing."""

    incident_selected = Signal(str)
    unit_selected = Signal(str)
    place_pick_requested = Signal()
    vanish_allowed = Signal(str)
    theme_changed = Signal(str)
    closing = Signal()

    def __init__(self, map_widget: QWidget, boards: DeskBoards, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boards = boards
        self.map = map_widget
        self.is_compact: bool | None = None
        self.setWindowTitle(f"{boards.status.city} · 城市运行指挥平台" + (" · 演练" if boards.status.is_exercise else ""))
        self.setMinimumSize(1024, 640)
        self.top, self.band, self.alarms = TopBar(boards.status, boards.clock), Band(), AlarmStrip(boards.alarms)
        self.supervised = SupervisionChip(boards.supervision)
        self.show_supervised = self.supervised.show_list
        self.top.add_chip(self.supervised)
        self.list, self.units = IncidentList(boards.incidents), UnitsBoard(boards.units)
        self.next_message, self.undo = self.list.next_message, self.units.undo_wanted.emit
        self.detail = IncidentDetail(boards.detail, boards.timeline, boards.acts.can)
        self.message = MessageBar((("/", "命令"), ("F2", "接报"), ("F4", "派遣"), ("F6", "窗格"), ("F1", "按键表")))
        self.command = CommandLine(boards.commands)
        self.open_command = self.command.start
        self.docks: dict[str, QDockWidget] = {}
        self.views, self.open_checklist = Views(self), self.detail.checklist.enter
        self.show_desk, self.show_warnings, self.show_situation = self.views.show_desk, self.views.show_warnings, self.views.show_situation
        self._arrange()
        self.panels = Panels(self, boards)
        self.ring = FocusRing(self)
        self._bind_keys()
        connect(self)
        connect_line(self)
        self._standard = self.layout_state()
        self.resize(1920, 1080)

    def layout_state(self) -> bytes:
        """Where the docks stand; kept by the program per role."""
        state = self.views.desk_state()
        return bytes((self.saveState(LAYOUT_VERSION) if state is None else state).data())

    def set_layout_state(self, state: bytes) -> bool:
        """Take up a kept layout; False where it does not fit this edition, then the standard one stays."""
        return self.restoreState(QByteArray(state), LAYOUT_VERSION)

    def open_incident(self, incident_id: str) -> None:
        """Select an incident from outside (a click on the map): list, detail and map follow."""
        self.views.show_desk()
        self.boards.detail.open(incident_id)

    def select_unit(self, unit_id: str) -> None:
        self.views.show_desk()
        self.units.select(unit_id)

    def place_picked(self, lon: float, lat: float, name: str = "") -> None:
        """The map's answer to place_pick_requested."""
        self.panels.report.set_position(lon, lat, name)
        self.panels.report.start()

    def free_room(self) -> QRect:
        """Where panels may stand: between the top and the bottom line."""
        top = self.menuWidget().height() if self.menuWidget() else 0
        return QRect(8, top + 4, self.width() - 16, self.height() - top - self.statusBar().height() - 8)

    def next_pane(self) -> None:
        self._step_pane(1)

    def previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes = [*self.views.panes(), self.map] if self.views.panes() else [self.list, self.map, self.detail, self.units]
        here = next((place for place, pane in enumerate(panes) if pane.isAncestorOf(self.focusWidget() or self) or pane.hasFocus()), -step)
        target = panes[(here + step) % len(panes)]
        if self.is_compact and not self.views.panes():
            self._fold_units(target is not self.units)
        (target.enter_rows if hasattr(target, "enter_rows") else target.setFocus)()

    def _fold_units(self, folded: bool) -> None:
        self.units.fold(folded)
        height = theme.size("row") if folded else 200
        self.docks["units"].setMaximumHeight(height if folded else 16_777_215)
        self.resizeDocks([self.docks["units"]], [height], Qt.Orientation.Vertical)

    def move_left(self) -> None:
        self._move_pane(Qt.DockWidgetArea.LeftDockWidgetArea)

    def move_right(self) -> None:
        self._move_pane(Qt.DockWidgetArea.RightDockWidgetArea)

    def move_down(self) -> None:
        self._move_pane(Qt.DockWidgetArea.BottomDockWidgetArea)

    def toggle_theme(self) -> None:
        """Dark or light, for the whole application; the program remembers it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            wanted = "light" if theme.mode() == "dark" else "dark"
            theme.apply(app, wanted)
            self.detail.show_board()
            self.theme_changed.emit(wanted)

    def restore_standard(self) -> None:
        """The docks as the desk was first opened."""
        self.set_layout_state(self._standard)
        self.is_compact = None
        self._suit_size()

    def _move_pane(self, area: Qt.DockWidgetArea) -> None:
        """The dock with the keyboard goes to `area`: what the mouse does by its title."""
        focus = self.focusWidget()
        dock = next((each for each in self.docks.values() if focus is not None and each.isAncestorOf(focus)), None)
        if dock is not None:
            self.addDockWidget(area, dock)

    def _arrange(self) -> None:
        self.setObjectName("desk")
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.band)
        column.addWidget(self.alarms)
        self.head = column
        self.setMenuWidget(head)
        self.setCentralWidget(self.map)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._dock("list", "事件", self.list, Qt.DockWidgetArea.LeftDockWidgetArea, self.list.title)
        self._dock("detail", "详情", self.detail, Qt.DockWidgetArea.RightDockWidgetArea, Grip())
        self._dock("units", "力量", self.units, Qt.DockWidgetArea.BottomDockWidgetArea, self.units.title)
        status = self.statusBar()
        status.setObjectName("bottom")
        status.setSizeGripEnabled(False)
        status.setFixedHeight(theme.size("command_line") + 4)
        status.addWidget(self.command)
        status.addWidget(self.message, 1)
        self.show_exercise()

    def show_exercise(self) -> None:
        status = self.boards.status
        self.band.setVisible(status.is_exercise)
        self.band.show_text(f"{status.city} · 内置演练城市" if status.status["connection"] == "local" else f"{status.city} · 平台声明为演练")

    def _dock(self, name: str, title: str, pane: QWidget, area: Qt.DockWidgetArea, handle: QWidget) -> None:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock-{name}")
        dock.setAccessibleName(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
        dock.setTitleBarWidget(handle)
        dock.setWidget(pane)
        self.addDockWidget(area, dock)
        self.docks[name] = dock

    def _bind_keys(self) -> None:
        for key in KEYS:
            if key.wish:
                shortcut = QShortcut(QKeySequence(key.sequence), self)
                if key.wish not in EVERYWHERE:
                    shortcut.activated.connect(self.views.show_desk)
                shortcut.activated.connect(next(getattr(each, key.wish) for each in (self.panels, self.panels.alarm_desk, self) if hasattr(each, key.wish)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._suit_size()
        self.panels.place()

    def _suit_size(self) -> None:
        compact = self.width() < ROOMY.width() or self.height() < ROOMY.height()
        if compact == self.is_compact:
            return
        self.is_compact = compact
        for pane in (self.top, self.alarms, self.list, self.detail):
            pane.set_compact(compact)
        self._fold_units(compact)
        widths = [456, 360] if compact else [640, 480]
        self.command.set_line_width(widths[0])
        self.resizeDocks([self.docks["list"], self.docks["detail"]], widths, Qt.Orientation.Horizontal)
        if not compact:
            self.resizeDocks([self.docks["units"]], [BOARD_HEIGHT], Qt.Orientation.Vertical)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.message.is_showing:
            self.message.clear()
        elif event.text() == "/":
            # Typed ahead of a wish that had to wait: it came as a key, not as a shortcut.
            self.open_command()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
