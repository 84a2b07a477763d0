"""The badge of a warning: colour, shape and character 红橙黄蓝 together, for colours alone look alike to many eyes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QGuiApplication, QPainter, QPixmap

from weihai_command.domain.warning import CHARACTERS

from . import icons, theme

SYMBOLS = {"red": "wr", "orange": "wo", "yellow": "wy", "blue": "wb"}
#: The middle of a triangle lies lower than its box; its character is smaller.
_DROP, _PART = {"yellow": 0.12}, {"yellow": 0.42}


def paint(painter: QPainter, colour: str, centre: QPointF, size: int) -> None:
    """Draw the badge of red orange yellow blue around `centre`; any other colour draws nothing."""
    if colour not in SYMBOLS:
        return
    icons.paint(painter, SYMBOLS[colour], centre, size)
    font = QFont(theme.font(bold=True))
    font.setPixelSize(round(size * _PART.get(colour, 0.46)))
    painter.setFont(font)
    ink = theme.colours("dark")
    painter.setPen(ink["bg0"] if colour in ("orange", "yellow") else "#FFFFFF")
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2 + size * _DROP.get(colour, 0.0), size, size)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, CHARACTERS[colour])


def pixmap(colour: str, size: int) -> QPixmap:
    app = QGuiApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, colour, QPointF(size / 2, size / 2), size)
    painter.end()
    return made
