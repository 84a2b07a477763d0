"""What the painted tables share: cell text, row ground with its selection bar, hover without movement."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from . import theme

Index = QModelIndex | QPersistentModelIndex
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
#: Moods of figures -> (colour, bold).
MOODS = {"plain": ("text", False), "near": ("yellow", True), "over": ("red_text", True), "still": ("stale", False), "second": ("text2", False)}


_SINGLE = {align: int(align | Qt.TextFlag.TextSingleLine) for align in (LEFT, RIGHT, CENTRE)}


def draw_text(painter: QPainter, area: QRectF, text: str, font: QFont, colour: QColor, align: Qt.AlignmentFlag = LEFT) -> None:
    """One line of plain text, elided at the right end."""
    if not text:
        return
    painter.setFont(font)
    painter.setPen(colour)
    flags = _SINGLE.get(align) or int(align | Qt.TextFlag.TextSingleLine)
    painter.drawText(area, flags, _fitting(text, area.width(), (font.pixelSize(), font.bold())))


@lru_cache(maxsize=8_192)
def _fitting(text: str, width: float, look: tuple[int, bool]) -> str:
    """What of `text` fits: cells are painted far more often than they change. The desk has one family (theme.font)."""
    return _metrics(*look).elidedText(text, Qt.TextElideMode.ElideRight, width + 1)


def text_width(text: str, font: QFont) -> float:
    """Pixels that `text` takes in a font of theme.font."""
    return _width(text, (font.pixelSize(), font.bold()))


@lru_cache(maxsize=2_048)
def _width(text: str, look: tuple[int, bool]) -> float:
    return _metrics(*look).horizontalAdvance(text)


@lru_cache
def _metrics(pixels: int, bold: bool) -> QFontMetricsF:
    font = QFont(theme.font())
    font.setPixelSize(pixels)
    font.setBold(bold)
    return QFontMetricsF(font)


def draw_mood(painter: QPainter, area: QRectF, text: str, mood: str, align: Qt.AlignmentFlag = LEFT, *, step: str = "body") -> None:
    name, bold = MOODS[mood]
    draw_text(painter, area, text, theme.font(step, bold=bold), theme.colour(name), align)


class RowTable(QTableView):
    """A table of whole rows, 32 px high, without grid; `activated_row(row)` on Enter or double click."""

    activated_row = Signal(int)
    left_upwards = Signal()

    def __init__(self, name: str, row_height: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.hovered = -1
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(16)
        rows.setDefaultSectionSize(row_height or theme.size("row"))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setDefaultAlignment(LEFT)
        head.setFixedHeight(theme.size("row"))
        head.setMinimumSectionSize(8)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.viewport().installEventFilter(self)
        self.doubleClicked.connect(lambda index: self.activated_row.emit(index.row()))

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are keys of the panes, not a search by the first column."""

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if is_enter and self.currentIndex().isValid():
            self.activated_row.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.left_upwards.emit()
        elif event.text().strip() and event.text().isprintable():
            # Letters and digits are keys of the pane around.
            event.ignore()
        else:
            super().keyPressEvent(event)


def paint_ground(painter: QPainter, table: QTableView, area: QRectF, row: int, *, selected: bool, first: bool) -> None:
    """Selected rows: bg2 with a 4 px light bar at the left end; hovered ones a shade lighter."""
    if selected:
        painter.fillRect(area, theme.colour("bg2"))
        if first:
            painter.fillRect(QRectF(area.left(), area.top(), theme.size("selected_bar"), area.height()), theme.colour("text"))
    elif getattr(table, "hovered", -1) == row:
        painter.fillRect(area, theme.colour("hover"))
