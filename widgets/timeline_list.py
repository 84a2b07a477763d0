"""The timeline: time, sentence, mark of what is unsent. Long sentences take as many lines as they need."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from weihai_command.boards.incident_board import ROW
from weihai_command.boards.timeline_board import TimelineBoard

from . import icons, theme
from .tables import Index, draw_text

PAD, INDENT = 16, 12
WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
_UNBROKEN = re.compile(r"([!-~]{24})")


def breakable(text: str) -> str:
    """`text` with places to break inside endless words, so that nothing runs out of the pane."""
    return _UNBROKEN.sub("\\1\u200b", text)


def struck(earlier: tuple[tuple[str, str, str], ...]) -> list[str]:
    """What was corrected, as it stands beneath: text, who and when."""
    return [f"{text}（{' '.join(part for part in (who, at) if part)}）" for at, who, text in earlier]


def struck_height(earlier: tuple[tuple[str, str, str], ...], width: int) -> int:
    """Pixels that draw_struck takes in `width`."""
    metrics = QFontMetrics(theme.font("small"))
    return sum(metrics.boundingRect(QRect(0, 0, max(width - INDENT, 80), 10_000), WRAP, breakable(text)).height() + 2 for text in struck(earlier))


def draw_struck(painter: QPainter, area: QRectF, earlier: tuple[tuple[str, str, str], ...]) -> None:
    """What was corrected, struck and set in under `area.top()`: it stays to be read."""
    font = QFont(theme.font("small"))
    metrics, top = QFontMetrics(font), area.top()
    font.setStrikeOut(True)
    painter.setPen(theme.colour("text2"))
    for text in struck(earlier):
        box = metrics.boundingRect(QRect(0, 0, max(int(area.width()) - INDENT, 80), 10_000), WRAP, breakable(text))
        painter.setFont(font)
        painter.drawText(QRectF(area.left() + INDENT, top, max(area.width() - INDENT, 80), box.height()), WRAP, breakable(text))
        top += box.height() + 2


class TimelineDelegate(QStyledItemDelegate):
    """Rows of 28 px and more."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        at, text, sync, earlier = index.data(ROW)
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        line = QRectF(area.left() + PAD, area.top(), area.width() - 2 * PAD, theme.size("row_read_only"))
        draw_text(painter, line, at, theme.font(), theme.colour("text2"))
        left = PAD + _time_width(at)
        right = 64.0 if sync else 0.0
        painter.setFont(theme.font())
        painter.setPen(theme.colour("text"))
        width = area.width() - left - PAD - right
        painter.drawText(QRectF(area.left() + left, area.top() + 2, width, area.height() - 2), WRAP, breakable(text))
        if earlier:
            below = struck_height(earlier, int(width))
            draw_struck(painter, QRectF(area.left() + left, area.bottom() - below - 2, width, below), earlier)
        if sync:
            draw_text(painter, line.adjusted(0, 0, -24, 0), sync, theme.font("small"), theme.colour("text2"), Qt.AlignmentFlag.AlignRight
                      | Qt.AlignmentFlag.AlignVCenter)
            icons.paint_unsent(painter, QPointF(area.right() - PAD - 8, line.center().y()), theme.colour("text"))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        at, text, sync, earlier = index.data(ROW)
        view = self.parent()
        width = (view.viewport().width() if isinstance(view, QListView) else 400) - 2 * PAD - _time_width(at) - (64 if sync else 0)
        box = QFontMetrics(theme.font()).boundingRect(QRect(0, 0, max(width, 80), 10_000), WRAP, breakable(text))
        return QSize(80, max(theme.size("row_read_only"), box.height() + 4 + struck_height(earlier, max(width, 80))))


def _time_width(at: str) -> int:
    return 76 if len(at) <= 8 else 128


class TimelineList(QListView):
    """Reads like a page: arrows scroll, other keys belong to the pane around it."""

    def __init__(self, board: TimelineBoard) -> None:
        super().__init__()
        self.setAccessibleName("时间线")
        self.setModel(board)
        self.setItemDelegate(TimelineDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.text().strip():
            event.ignore()
        else:
            super().keyPressEvent(event)
