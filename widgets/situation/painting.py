"""Draws what stands on a sheet, in pixels. Quiet lines, no glow."""

from __future__ import annotations

from functools import singledispatch

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets import icons, theme

from .sheet import CENTRE, RIGHT, Bar, Box, Clock, Icon, Rule, Sheet, Spark, Text, font

HATCH = theme.tokens()["hatch"]


def paint(painter: QPainter, sheet: Sheet, ground: str = "bg1") -> None:
    """The whole sheet at the painter's origin, on a plate of the colour `ground`."""
    scale = sheet.type.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area = QRectF(0, 0, sheet.width * scale, sheet.height * scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    radius = theme.tokens()["radius"]["wall_panel"] * scale
    painter.drawRoundedRect(area, radius, radius)
    if sheet.is_late:
        hatch(painter, area, scale, theme.colour(HATCH["stale"]["color"]))
        clear_words(painter, sheet)
    for item in sheet.items:
        draw(item, painter, scale)


def hatch(painter: QPainter, area: QRectF, scale: float, colour: QColor, kind: str = "stale") -> None:
    """Lines at 45 degrees over an area: what stands there is old."""
    line = HATCH[kind]
    shade = QColor(colour)
    shade.setAlphaF(line["opacity"])
    painter.save()
    painter.setClipRect(area)
    painter.setPen(QPen(shade, line["width"] * scale))
    step, reach = line["step"] * scale * 2**0.5, area.height()
    x = area.left() - reach
    while x < area.right():
        painter.drawLine(QPointF(x, area.bottom()), QPointF(x + reach, area.top()))
        x += step
    painter.restore()


def clear_words(painter: QPainter, sheet: Sheet) -> None:
    """No line runs through a word."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("bg1"))
    for item in sheet.items:
        if isinstance(item, (Text, Icon, Clock)):
            box = item.box if not isinstance(item, Clock) else Box(item.x - item.size / 2, item.y - item.size / 2, item.size, item.size)
            painter.drawRect(pixels(Box(box.x - 8, box.y - 2, box.w + 16, box.h + 4), sheet.type.scale))


def pixels(box: Box, scale: float) -> QRectF:
    return QRectF(box.x * scale, box.y * scale, box.w * scale, box.h * scale)


@singledispatch
def draw(item: object, painter: QPainter, scale: float) -> None:
    """One item of a sheet."""
    raise TypeError(type(item))


@draw.register
def _text(item: Text, painter: QPainter, scale: float) -> None:
    size = max(1, round(item.size * scale))
    painter.setFont(font(size, item.bold))
    painter.setPen(theme.colour(item.colour))
    shift = {RIGHT: item.width, CENTRE: item.width / 2}.get(item.align, 0.0)
    painter.drawText(QPointF(round((item.x - shift) * scale), round(item.base * scale)), item.text)


@draw.register
def _icon(item: Icon, painter: QPainter, scale: float) -> None:
    icons.paint(painter, item.name, QPointF(round(item.x * scale), round(item.y * scale)), round(item.size * scale * 26 / 24))


@draw.register
def _bar(item: Bar, painter: QPainter, scale: float) -> None:
    area = pixels(item.box, scale)
    if item.colour == "hatch":
        hatch(painter, area, scale, theme.colour(HATCH["warning_area"]["color"]), "warning_area")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("border"), max(1.0, scale)))
        painter.drawRect(area)
        return
    if item.colour == "heat":
        shade = QColor(theme.colour("orange"))
        shade.setAlphaF(0.08 + 0.82 * item.part)
        painter.fillRect(area, shade)
        return
    if item.is_empty:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = QPen(theme.colour("border"), max(1.0, scale))
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawRect(area)
        return
    if item.track:
        thin = QRectF(area.left(), area.center().y() - area.height() / 3, area.width(), area.height() * 2 / 3)
        painter.fillRect(thin, theme.colour("bg2"))
    painter.fillRect(QRectF(area.left(), area.top(), area.width() * max(0.0, min(1.0, item.part)), area.height()), theme.colour(item.colour))
    if item.mark is not None:
        x = area.left() + area.width() * item.mark
        painter.fillRect(QRectF(round(x - 1.5 * scale), area.top() - 5 * scale, 3 * scale, area.height() + 10 * scale), theme.colour("text"))


@draw.register
def _rule(item: Rule, painter: QPainter, scale: float) -> None:
    thin = max(1.0, scale * item.weight)
    wide, high = max(thin, (item.x1 - item.x0) * scale), max(thin, (item.y1 - item.y0) * scale)
    painter.fillRect(QRectF(round(item.x0 * scale), round(item.y0 * scale), wide, high), theme.colour(item.colour))


@draw.register
def _clock(item: Clock, painter: QPainter, scale: float) -> None:
    x, y, reach = item.x * scale, item.y * scale, item.size * scale / 2
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("text"), 2 * scale))
    painter.drawEllipse(QPointF(x, y), reach, reach)
    painter.drawPolyline([QPointF(x, y - reach * 0.55), QPointF(x, y), QPointF(x + reach * 0.45, y)])


@draw.register
def _spark(item: Spark, painter: QPainter, scale: float) -> None:
    known = [value for value in item.values if value is not None]
    if not known:
        return
    # The goal belongs to the picture, but one value far beyond it must not flatten the others: it is drawn at the edge.
    roof = max(2.0 * item.goal, sorted(known)[len(known) // 2]) if item.goal else max(known)
    known = [min(value, roof) for value in known]
    ends = [*known, *([item.goal] if item.goal is not None else [])]
    low, high = min(ends), max(ends)
    reach = (high - low) or 1.0
    area = pixels(item.box, scale)

    def spot(place: int, value: float) -> QPointF:
        across = place / max(1, len(item.values) - 1)
        up = 0.5 if high == low else (min(value, high) - low) / reach
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    if item.goal is not None:
        pen = QPen(theme.colour("text2"), 1.3 * scale)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left() - 4 * scale, spot(0, item.goal).y()), QPointF(area.right() + 4 * scale, spot(0, item.goal).y()))
    _curve(painter, [None if value is None else spot(place, value) for place, value in enumerate(item.values)], theme.colour(item.colour), scale)
    last = item.values[-1]
    if last is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text" if item.colour == "text2" else item.colour))
        painter.drawEllipse(spot(len(item.values) - 1, last), 4.5 * scale, 4.5 * scale)


def _curve(painter: QPainter, spots: list[QPointF | None], colour: QColor, scale: float) -> None:
    path, is_down = QPainterPath(), False
    for spot in spots:
        if spot is None:
            is_down = False
        elif is_down:
            path.lineTo(spot)
        else:
            path.moveTo(spot)
            is_down = True
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2.2 * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPath(path)
