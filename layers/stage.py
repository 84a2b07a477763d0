"""Where the web page and the controls over it stand. Knows places and sizes, not what the controls do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QWidget

from .controls import FollowPlate, OutsideChip, ZoomColumn
from .layers_panel import LayersButton, LayersPanel
from .overview import Overview

_EDGE = 8
#: Narrower than this the panel folds and the overview hides (the 1366-pixel desk).
NARROW = 640


class Stage(QWidget):
    """The page fills it; the controls keep to the corners."""

    arranged = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.web = QWebEngineView(self)
        self.web.setAccessibleName("地图")
        self.panel = LayersPanel(self)
        self.panel_button = LayersButton(self)
        self.zoom = ZoomColumn(self)
        self.follow = FollowPlate(self)
        self.outside = OutsideChip(self)
        self.overview = Overview(self)
        self._panel_wish: bool | None = None
        self.outside.resized.connect(self.arrange)
        self.panel.resized.connect(self.arrange)
        self.panel_button.clicked.connect(self.toggle_panel)
        self.setMinimumSize(240, 200)
        for control in self.findChildren(QAbstractButton):
            # A click leaves the focus where the keyboard works; Tab still reaches every control.
            control.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFocusProxy(self.web)
        QWidget.setTabOrder(self.web, self.panel_button)

    def toggle_panel(self) -> None:
        """Fold or unfold the layers panel; what the person chose outlives a resize."""
        self._panel_wish = not self.panel.isVisibleTo(self)
        self.arrange()
        if self._panel_wish:
            self.panel.take_focus()

    def arrange(self) -> None:
        """Put everything in its place for the size at hand."""
        width, height = self.width(), self.height()
        self.web.setGeometry(0, 0, width, height)
        is_open = (not self.is_narrow) if self._panel_wish is None else self._panel_wish
        self.panel.setVisible(is_open)
        self.panel_button.setVisible(not is_open)
        # The chip of what lies outside keeps its corner.
        self.panel.fit(height - 3 * _EDGE - self.outside.height())
        self.panel.move(_EDGE, _EDGE)
        self.panel_button.move(_EDGE, _EDGE)
        self.zoom.adjustSize()
        self.zoom.move(width - self.zoom.width() - _EDGE, _EDGE)
        self.follow.shorten(self.is_narrow)
        self.follow.move(width - self.zoom.width() - self.follow.width() - 2 * _EDGE - 4, _EDGE)
        self.outside.move(_EDGE, height - self.outside.height() - _EDGE)
        self.overview.setVisible(not self.is_narrow and height >= 420)
        self.overview.move(width - self.overview.width() - _EDGE, height - self.overview.height() - _EDGE)
        self.arranged.emit()

    @property
    def is_narrow(self) -> bool:
        """Whether the map has little room beside it: the panel folds, the overview hides, the legend becomes a button."""
        return self.width() < NARROW

    def covers(self) -> list[list[int]]:
        """Where controls lie over the map, [left, top, right, bottom] each: words had better stand elsewhere."""
        parts = (self.panel, self.panel_button, self.zoom, self.follow, self.outside, self.overview)
        boxes = [part.geometry() for part in parts if part.isVisibleTo(self)]
        return [[box.left(), box.top(), box.right(), box.bottom()] for box in boxes]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange()
        super().resizeEvent(event)
