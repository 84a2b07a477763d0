"""The whole city in a corner, with the frame of what the map shows. A click shows that place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from .palette import palette
from .roles import Role
from .rows import ORIGIN, offsets

_PAD = 8.0
#: The frame of a view of some streets would be a dot: it is never drawn smaller than this (pixels).
_LEAST = 9.0


@cache
def lines(role: Role) -> list[NDArray[np.float32]]:
    """The rings or lines of one role from base.bin, (n, 2) mercator offsets each."""
    data = (files("resources") / "map" / "base.bin").read_bytes()
    count = int(np.frombuffer(data, "<u4", 1, 4)[0])
    table = np.frombuffer(data, "<u4", 3 * count, 8).reshape(-1, 3)
    points = np.frombuffer(data, "<f4", -1, 8 + 12 * count).reshape(-1, 2)
    return [points[first : first + size] for kind, first, size in table.tolist() if kind == role]


class Overview(QWidget):
    """168 × 128, bottom right."""

    place_wanted = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(168, 128)
        self.setToolTip("全城；点一下看那里")
        self._theme = "dark"
        self._ground: QPixmap | None = None
        self._frame: tuple[float, float, float, float] | None = None
        self._dots: list[QPointF] = []
        self._fit()

    def _fit(self) -> None:
        rings = np.concatenate(lines(Role.OVERVIEW))
        low, high = rings.min(axis=0), rings.max(axis=0)
        span = high - low
        self._scale = float(min((self.width() - 2 * _PAD) / span[0], (self.height() - 2 * _PAD) / span[1]))
        middle = (low + high) / 2
        self._shift = (self.width() / 2 - middle[0] * self._scale, self.height() / 2 - middle[1] * self._scale)

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        self._theme, self._ground = theme, None
        self.update()

    def show_frame(self, west: float, south: float, east: float, north: float) -> None:
        """What the map shows now, degrees."""
        self._frame = (west, south, east, north)
        self.update()

    def show_dots(self, lon: Sequence[float], lat: Sequence[float]) -> None:
        """Where the open incidents are."""
        self._dots = self._points(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        self.update()

    def _points(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[QPointF]:
        x, y = offsets(lon, lat)
        return [QPointF(a * self._scale + self._shift[0], b * self._scale + self._shift[1]) for a, b in zip(x, y, strict=True)]

    def _paint_ground(self) -> QPixmap:
        colours, ratio = palette(self._theme), self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(QColor(colours["sea"]))
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shift, scale = np.array(self._shift), self._scale
        painter.setPen(QPen(QColor(colours["coast"]), 0.8))
        painter.setBrush(QColor(colours["land"]))
        for ring in lines(Role.OVERVIEW):
            painter.drawPolygon(QPolygonF([QPointF(*point) for point in (ring * scale + shift).tolist()]))
        painter.setPen(QPen(QColor(colours["district"]), 0.6))
        for line in lines(Role.DISTRICT):
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in (line[::4] * scale + shift).tolist()]))
        painter.end()
        return ground

    def paintEvent(self, event: QPaintEvent) -> None:
        self._ground = self._ground or self._paint_ground()
        painter, colours = QPainter(self), palette(self._theme)
        painter.drawPixmap(0, 0, self._ground)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours["text2"]))
        size = 1.8 if len(self._dots) <= 40 else 1.1
        for dot in self._dots:
            painter.drawEllipse(dot, size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._frame:
            west, south, east, north = self._frame
            corners = self._points(np.array([west, east]), np.array([north, south]))
            painter.setPen(QPen(QColor(colours["text"]), 1.2))
            painter.drawRect(_at_least(QRectF(corners[0], corners[1]), _LEAST))
        painter.setPen(QColor(colours["border"]))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        x = (event.position().x() - self._shift[0]) / self._scale + ORIGIN[0]
        y = (event.position().y() - self._shift[1]) / self._scale + ORIGIN[1]
        self.place_wanted.emit((x - 0.5) * 360, float(np.degrees(np.arctan(np.sinh((0.5 - y) * 2 * np.pi)))))


def _at_least(frame: QRectF, least: float) -> QRectF:
    """The frame, widened around its middle where it is smaller than `least` either way."""
    wide, high = max(0.0, least - frame.width()) / 2, max(0.0, least - frame.height()) / 2
    return frame.adjusted(-wide, -high, wide, high)
