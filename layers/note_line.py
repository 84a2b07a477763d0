"""The second line of a layer's row, there only when something is to be said: its age as a hatched chip, then plain words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from weihai_command.domain.movers import LOST

from .palette import palette

HEIGHT = 22
_PAD, _CHIP = 6, 19


@dataclass(frozen=True, slots=True)
class Note:
    """`chip` and its level (late or lost), and words beside it; both may be empty."""

    level: int = 0
    chip: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return bool(self.chip or self.words)

    @property
    def text(self) -> str:
        return " · ".join(part for part in (self.chip, self.words) if part)


def paint(painter: QPainter, box: QRectF, note: Note, theme: str) -> None:
    """Draw a note at the left of a box; what has no room is cut with …"""
    colours, metrics = palette(theme), QFontMetricsF(painter.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left = box.left()
    if note.chip:
        chip = QRectF(left + 0.5, box.top() + 0.5, metrics.horizontalAdvance(note.chip) + 2 * _PAD, _CHIP)
        painter.setPen(QPen(QColor(colours["text2" if note.level == LOST else "border"]), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        _hatch(painter, chip, QColor(colours["bg3"]))
        painter.setPen(QColor(colours["text" if note.level == LOST else "text2"]))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, note.chip)
        left = chip.right() + 8
    room = QRectF(left, box.top(), max(0.0, box.right() - left), _CHIP + 1)
    painter.setPen(QColor(colours["text2"]))
    text = metrics.elidedText(note.words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _hatch(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Slanted lines, as the map draws what is out of date; Qt's own pattern is too fine to be seen behind words."""
    painter.save()
    painter.setClipRect(box.adjusted(1, 1, -1, -1))
    painter.setPen(QPen(colour, 2))
    for step in range(0, int(box.width() + box.height()), 6):
        painter.drawLine(QPointF(box.left() + step, box.top()), QPointF(box.left() + step - box.height(), box.bottom()))
    painter.restore()


class NoteLine(QWidget):
    """A note as a widget, hidden while there is none."""

    def __init__(self, indent: int) -> None:
        super().__init__()
        self.note = Note()
        self._indent, self._theme = indent, "dark"
        self.hide()

    def show_note(self, note: Note) -> None:
        self.note = note
        self.setVisible(bool(note))
        self.setAccessibleName(note.text)
        self.updateGeometry()
        self.update()

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.font())
        wide = self._indent + metrics.horizontalAdvance(self.note.chip) + metrics.horizontalAdvance(self.note.words) + 2 * _PAD + 8
        return QSize(round(wide), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint(painter, QRectF(self.rect()).adjusted(self._indent, 0, 0, 0), self.note, self._theme)
