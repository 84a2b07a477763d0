"""The symbols of symbols.svg and the few marks that are painted, as pixmaps at the screen's own pixel ratio."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtSvg import QSvgRenderer

from . import theme

_SYMBOL = re.compile(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', re.S)
#: The 24 box and two units around it for the halo.
_BOX = "-1 -1 26 26"

#: Symbols whose dark parts are ink on a bright badge.
INKED = frozenset({"g2", "g3", "wo", "wy", "sen-o", "sen-y"})
SWAPPED = {"bg0": "bg1", "bg1": "bg1", "text": "text", "text2": "text2", "stale": "stale", "red": "red", "blue": "blue"}


@cache
def bodies() -> dict[str, str]:
    """Symbol id -> the drawing inside it. Symbols are cut out by hand: older Qt does not draw <symbol> itself."""
    text = files("resources").joinpath("theme", "symbols.svg").read_text("utf-8")
    return dict(_SYMBOL.findall(text))


def _body(name: str, mode: str) -> str:
    """The drawing in the colours of `mode`: what is light on dark turns dark on light, so that filled still means committed."""
    body = bodies()[name]
    if mode == "dark" or name in INKED:
        return body
    dark, light = theme.colours("dark"), theme.colours(mode)
    swap = {dark[of]: light[to] for of, to in SWAPPED.items()}
    return re.sub("|".join(swap), lambda found: swap[found[0]], body)


def names() -> frozenset[str]:
    return frozenset(bodies())


def pixmap(name: str, size: int) -> QPixmap:
    """Symbol `name` (KeyError when unknown) at `size` logical pixels and the screen's pixel ratio."""
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    return _pixmap(name, size, ratio, theme.mode())


@lru_cache(maxsize=512)
def _pixmap(name: str, size: int, ratio: float, mode: str = "dark") -> QPixmap:
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_BOX}">{_body(name, mode)}</svg>'
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, size: int = 20) -> QIcon:
    return QIcon(pixmap(name, size))


def paint(painter: QPainter, name: str, centre: QPointF, size: int) -> None:
    """Draw symbol `name` around `centre`; an unknown name draws nothing."""
    if name in bodies():
        painter.drawPixmap(QPointF(centre.x() - size / 2, centre.y() - size / 2), pixmap(name, size))


def paint_unsent(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """The one mark of what has not reached the platform: an arrow up over a line, 14 px."""
    x, y = centre.x(), centre.y()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
    painter.drawLine(QPointF(x, y + 3), QPointF(x, y - 5))
    painter.drawPolyline(QPolygonF([QPointF(x - 4, y - 2), QPointF(x, y - 6), QPointF(x + 4, y - 2)]))
    painter.drawLine(QPointF(x - 5.5, y + 6.5), QPointF(x + 5.5, y + 6.5))
    painter.restore()


def unsent_pixmap(colour: QColor) -> QPixmap:
    ratio = QGuiApplication.instance().devicePixelRatio() if isinstance(QGuiApplication.instance(), QGuiApplication) else 1.0
    made = QPixmap(round(20 * ratio), round(20 * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_unsent(painter, QPointF(10, 10), colour)
    painter.end()
    return made


def paint_segments(painter: QPainter, area: QRectF, reached: int, total: int = 4) -> None:
    """Progress as `total` short bars, the first `reached` of them light."""
    width = (area.width() - 3 * (total - 1)) / total
    for place in range(total):
        bar = QRectF(area.left() + place * (width + 3), area.center().y() - 2, width, 4)
        painter.fillRect(bar, theme.colour("text") if place < reached else theme.colour("line"))
