"""The row under the map: scale, coordinate under the pointer, and what the base map is."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from .legend import LegendButton
from .palette import palette

_EQUATOR = 156_543.033_92


def scale_step(metres_per_pixel: float, longest: float) -> float:
    """The roundest length in metres (1, 2 or 5 times a power of ten) whose bar is not longer than `longest` pixels."""
    most = metres_per_pixel * longest
    power = 10.0 ** math.floor(math.log10(most))
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most)


def metres_per_pixel(lat: float, zoom: float) -> float:
    """On the ground, at a latitude and a zoom of 256-pixel tiles."""
    return float(_EQUATOR * math.cos(math.radians(lat)) / 2**zoom)


class ScaleBar(QWidget):
    """A bar of a round length."""

    def __init__(self) -> None:
        super().__init__()
        self._metres, self._width, self._theme = 5000.0, 100.0, "dark"

    def sizeHint(self) -> QSize:
        return QSize(200, 24)

    def show_scale(self, lat: float, zoom: float) -> None:
        """For the middle of the view."""
        ground = metres_per_pixel(lat, zoom)
        self._metres = scale_step(ground, 128)
        self._width = self._metres / ground
        self.update()

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = palette(self._theme)
        painter.setPen(QPen(QColor(colours["text2"]), 1.5))
        base, end = self.height() / 2 + 4, 1 + self._width
        painter.drawPolyline([_at(1, base - 6), _at(1, base), _at(end, base), _at(end, base - 6)])
        painter.drawLine(_at(1 + self._width / 2, base - 3), _at(1 + self._width / 2, base))
        text = f"{self._metres / 1000:g} 公里" if self._metres >= 1000 else f"{self._metres:g} 米"
        painter.setPen(QColor(colours["text"]))
        painter.drawText(QRectF(end + 8, 0, 90, self.height()), Qt.AlignmentFlag.AlignVCenter, text)


def _at(x: float, y: float) -> QPointF:
    return QPointF(x, y)


class StatusRow(QFrame):
    """Scale, coordinate under the pointer, and what the base map is."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("row")
        self.setFixedHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        self.scale = ScaleBar()
        self._coordinate = QLabel("")
        self._coordinate.setObjectName("coordinate")
        self._where = QLabel("")
        self._where.setObjectName("quiet")
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        self._where.setToolTip("画面中心所在的镇街（按最近镇街标注，示意）")
        source = QLabel("示意底图 · 审图号待换")
        source.setObjectName("quiet")
        source.setToolTip("海岸线 GSHHG，区界示意；正式使用前换成有审图号的底图")
        self.legend = LegendButton()
        row.addWidget(self.legend)
        row.addWidget(self.scale)
        row.addWidget(self._coordinate)
        row.addStretch(1)
        row.addWidget(self._where)
        row.addSpacing(12)
        row.addWidget(source)

    def show_place(self, lon: float, lat: float) -> None:
        """Degrees, four decimals: about ten metres."""
        east, north = ("E" if lon >= 0 else "W"), ("N" if lat >= 0 else "S")
        self._coordinate.setText(f"{abs(lon):.4f}° {east}  {abs(lat):.4f}° {north}")

    @property
    def where(self) -> str:
        return self._where.text()

    def show_where(self, name: str) -> None:
        """What lies in the middle of the view; "" where the names on the map say it."""
        self._where.setText(name)
