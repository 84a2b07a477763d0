"""The leaders' screen: panels around the map, each figure a way to its rows. It only arranges; it changes nothing in the city."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from weihai_command.boards import words
from weihai_command.boards.situation_board import SituationBoard
from widgets import theme

from . import frame_sheets, open_sheet, rate_sheet, response_sheet, sensor_sheet, unit_sheet, video_sheet, warning_sheet
from .drawer import Drawer
from .painting import paint
from .panel import FigureButton, Lay, Panel, nearest, step_of
from .plan import CLEAR, LEFT_PANELS, RIGHT_PANELS, Plan, Wall, plan, usual_seams
from .sheet import Box, Sheet, Type, font

LAYS: dict[str, Lay] = {
    "open": open_sheet.lay, "response": response_sheet.lay, "warnings": warning_sheet.lay, "sensors": sensor_sheet.lay, "units": unit_sheet.lay,
    "video": video_sheet.lay, "rates": rate_sheet.lay,
}  # fmt: skip
#: The least that a table of rows wants (pixels of the design).
DRAWER = 880.0
ORDER = (*LEFT_PANELS, *RIGHT_PANELS)


class CityMap(Protocol):
    """What the screen asks of the map in its middle."""

    def set_scale(self, scale: float, seams_x: Any = (), seams_y: Any = ()) -> None: ...

    def show_city(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Settings:
    """Of the wall: seams in pixels (None: the usual ones of its size), the body's pixels (None: as large as fits)."""

    seams_x: tuple[float, ...] | None = None
    seams_y: tuple[float, ...] | None = None
    body: float | None = None


class Painted(QWidget):
    """A sheet that is no panel: header, legend, strip of hours."""

    opened = Signal(str)

    def __init__(self, parent: QWidget, ground: str) -> None:
        super().__init__(parent)
        self._ground = ground
        self.sheet: Sheet | None = None
        self.buttons: list[FigureButton] = []

    def show_sheet(self, sheet: Sheet) -> None:
        if sheet == self.sheet:
            return
        self.sheet = sheet
        while len(self.buttons) < len(sheet.figures):
            button = FigureButton(self)
            button.clicked.connect(lambda _=False, one=button: self.opened.emit(one.name))
            self.buttons.append(button)
        for place, button in enumerate(self.buttons):
            if place < len(sheet.figures):
                button.become(sheet.figures[place], sheet.type.scale)
            else:
                button.hide()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.sheet is not None:
            paint(QPainter(self), self.sheet, self._ground)


class SituationScreen(QWidget):
    """`city_map` is the widget in the middle. `left` when Escape closes it; `heat_wanted(bool)`: hot spots on or off."""

    left = Signal()
    heat_wanted = Signal(bool)
    closing = Signal()

    def __init__(self, board: SituationBoard, city_map: QWidget, settings: Settings = Settings(), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board, self.map, self.settings = board, city_map, settings
        self.setWindowTitle(f"{board.city} · 城市运行态势" + (" · 演练" if board.band else ""))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.plan: Plan | None = None
        self.has_heat = False
        self._fields = 0
        self._view = frame_sheets.View()
        self._last: QWidget | None = None
        city_map.setParent(self)
        self.header, self.legend, self.strip = Painted(self, "bg0"), Painted(self, "bg0"), Painted(self, "bg1")
        self.panels = {name: Panel(name, LAYS[name], self) for name in ORDER}
        self.drawer = Drawer(self)
        self.strip.hide()
        for part in (*self.panels.values(), self.legend, self.strip):
            part.opened.connect(self.open)
        self.drawer.closed.connect(self._back)
        board.changed.connect(self.show_board)
        board.listed.connect(self.drawer.take)
        board.clock.ticked.connect(self.show_time)
        # The age of what is late grows though nothing is read anew.
        board.clock.aged.connect(self.show_board)

    def showEvent(self, event: QShowEvent) -> None:
        # Not into the map's page: the arrows lead from figure to figure.
        self.setFocus()
        super().showEvent(event)

    # -- showing --------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        super().resizeEvent(event)

    def wall(self) -> Wall:
        """This window as a wall."""
        usual = usual_seams(self.width(), self.height())
        own = self.settings
        picture = self.board.picture
        fields = len(picture.found.sensors) if picture and picture.found.sensors else 10
        return Wall(self.width(), self.height(), usual[0] if own.seams_x is None else own.seams_x, usual[1] if own.seams_y is None else own.seams_y,
                    own.body, bool(self.board.band), fields)

    def arrange(self) -> None:
        """Put everything in its place for the size at hand."""
        wall = self.wall()
        found, self._fields = plan(wall), wall.fields
        if found == self.plan:
            self.show_board()
            return
        self.plan = found
        self.header.setGeometry(_rect(found.header))
        self.legend.setGeometry(_rect(found.legend))
        self.map.setGeometry(_rect(found.map))
        self.map.set_scale(found.scale, [x - found.map.x for x in wall.seams_x], [y - found.map.y for y in wall.seams_y])  # type: ignore[attr-defined]
        for name, box in found.panels.items():
            self.panels[name].setGeometry(_rect(box))
        self.strip.setGeometry(_rect(self._strip_box(found, wall)))
        self.drawer.hide()
        self.update()
        self.show_board()

    def _strip_box(self, found: Plan, wall: Wall) -> Box:
        """In the map's north-west, where the city is not; where a seam leaves no room there, below on the widest part of the wall."""
        scale, tall = found.scale, 256 * found.scale
        left, right = found.map.x, found.map.right
        parts = list(pairwise([left, *(x for x in wall.seams_x if left < x < right), right]))
        is_west = parts[0][1] - parts[0][0] >= 600 * scale
        low, high = parts[0] if is_west else max(parts, key=lambda each: each[1] - each[0])
        wide = min(high - low - 2 * CLEAR * scale, 760 * scale)
        top = found.map.y + 8 * scale if is_west else found.map.bottom - tall - 8 * scale
        for seam in wall.seams_y:
            if top < seam < top + tall:
                tall = seam - CLEAR * scale - top
        return Box(round(low + CLEAR * scale), round(top), round(wide), round(tall))

    def show_board(self) -> None:
        """Lay all panels out for what the board says now."""
        if self.plan is None:
            return
        self.show_time()
        self._show_legend()
        picture = self.board.picture
        if picture is None:
            return
        if self.wall().fields != self._fields:
            self.arrange()
            return
        for panel in self.panels.values():
            panel.show_situation(picture.found, self.board.now, self.plan.scale)
        self._show_strip()

    def show_time(self) -> None:
        if self.plan is None:
            return
        scale, box = self.plan.scale, self.plan.header
        now = self.board.now
        made = frame_sheets.header(Type(scale), box.w / scale, box.h / scale, self.board.city, self.board.link_words(), words.date_line(now), now)
        self.header.show_sheet(made)

    def show_view(self, lat: float, zoom: float) -> None:
        """The map stands here now."""
        self._view = frame_sheets.View(lat, zoom)
        self._show_legend()

    def _show_legend(self) -> None:
        if self.plan is not None:
            scale, box = self.plan.scale, self.plan.legend
            seams = [(x - box.x) / scale for x in self.wall().seams_x if box.x < x < box.right]
            self.legend.show_sheet(frame_sheets.legend(Type(scale), box.w / scale, box.h / scale, seams, self._view, self.has_heat))

    def _show_strip(self) -> None:
        self.strip.setVisible(self.has_heat)
        if self.has_heat and self.plan is not None and self.board.picture is not None:
            scale = self.plan.scale
            self.strip.show_sheet(frame_sheets.hours(Type(scale), self.strip.width() / scale, self.strip.height() / scale, self.board.picture.found.hot))
            self.strip.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg0"))
        if self.plan is None or self.plan.band is None:
            return
        band, scale = _rect(self.plan.band), self.plan.scale
        painter.fillRect(band, theme.colour("drill"))
        painter.setPen(theme.colour("on_drill"))
        painter.setFont(font(round(20 * scale), True))
        edges = [0.0, *self.wall().seams_x, float(self.width())]
        for low, high in pairwise(edges):
            painter.drawText(QRect(round(low), band.top(), round(high - low), band.height()), Qt.AlignmentFlag.AlignCenter, self.board.band)

    # -- opening --------------------------------------------------------------------------------------------------------------

    def open(self, name: str) -> None:
        """The rows of a figure over its panel; the hot spots' switch switches."""
        if name == "heat":
            self.toggle_heat()
            return
        source = self.sender() if isinstance(self.sender(), QWidget) else None
        place = source.geometry() if isinstance(source, Panel) else self._middle()
        self._last = self.focusWidget()
        scale = self.plan.scale if self.plan else 1.0
        self.drawer.show_waiting(name, self._drawer_place(place), scale)
        self.board.ask_rows(name)

    def _middle(self) -> QRect:
        return self.panels["open"].geometry()

    def _drawer_place(self, panel: QRect) -> QRect:
        """Over the panel's column, as long as its part of the wall allows."""
        wall = self.wall()
        scale = self.plan.scale if self.plan else 1.0
        top = self.plan.header.bottom + 8 if self.plan else 0
        cuts = [float(top), *wall.seams_y, float(self.height() - 8)]
        low, high = max(pairwise(cuts), key=lambda each: min(each[1], panel.bottom()) - max(each[0], panel.top()))
        clear = round(CLEAR * scale)
        left, right = self._drawer_sides(panel, wall, round(DRAWER * scale), clear)
        return QRect(left, round(low) + (clear if low in wall.seams_y else 0), right - left, round(high - low) - 2 * (clear if wall.seams_y else 0))

    def _drawer_sides(self, panel: QRect, wall: Wall, wanted: int, clear: int) -> tuple[int, int]:
        """A narrow panel's drawer reaches over the map, not over a seam."""
        left, right = panel.left(), panel.left() + panel.width()
        if left < self.width() / 2:
            ends = [self.width() - 8.0, *(x - clear for x in wall.seams_x if x > right)]
            return left, max(right, min(left + wanted, round(min(ends))))
        ends = [8.0, *(x + clear for x in wall.seams_x if x < left)]
        return min(left, max(right - wanted, round(max(ends)))), right

    def _back(self) -> None:
        (self._last or self).setFocus()

    def toggle_heat(self) -> None:
        """Where and when incidents gather, on the map and below it."""
        self.has_heat = not self.has_heat
        self.heat_wanted.emit(self.has_heat)
        self._show_legend()
        self._show_strip()

    # -- keys -----------------------------------------------------------------------------------------------------------------

    def figures(self) -> list[FigureButton]:
        """Every figure that can be opened, panel by panel."""
        parts = [*(self.panels[name].buttons for name in ORDER), *(part.buttons for part in (self.legend, self.strip) if part.isVisible())]
        return [button for part in parts for button in part if button.isVisible()]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = step_of(event.key())
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_H:
            self.toggle_heat()
        elif event.key() == Qt.Key.Key_Home:
            self.map.show_city()  # type: ignore[attr-defined]
        elif step is not None:
            self._walk(step)
        else:
            super().keyPressEvent(event)

    def _walk(self, step: tuple[int, int]) -> None:
        here, all_figures = self.focusWidget(), self.figures()
        if not all_figures:
            return
        if here not in all_figures:
            all_figures[0].setFocus(Qt.FocusReason.TabFocusReason)
            return
        def spot(button: QWidget) -> QRect:
            return QRect(button.mapTo(self, button.rect().topLeft()), button.size())
        found = nearest(spot(here), [(spot(each), each) for each in all_figures if each is not here], step)
        if found is not None:
            found.setFocus(Qt.FocusReason.TabFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)


def _rect(box: Box) -> QRect:
    return QRect(round(box.x), round(box.y), round(box.w), round(box.h))
