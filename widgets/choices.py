"""A combo box over codes and their words that can be typed into: word, code, a part of either, or pinyin initials find it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QListWidget, QWidget

from weihai_command.boards.initials import best, meant

from . import theme

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TABS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
MOST_ROWS = 8


class Matches(QListWidget):
    """What the typed text may mean, under its field. A child of the window, never a window of its own: the keyboard stays where it is."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self.setObjectName("popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def offer(self, field: QWidget, words: list[str]) -> None:
        """Show `words` under `field`, the first one marked; nothing where there are none."""
        self.clear()
        self.addItems(words)
        self.setVisible(bool(words))
        if not words:
            return
        window = field.window()
        self.setParent(window)
        height = min(len(words), MOST_ROWS) * theme.size("row") + 2
        corner = field.mapTo(window, QPoint(0, field.height()))
        if corner.y() + height > window.height():
            corner = field.mapTo(window, QPoint(0, -height))
        self.setGeometry(corner.x(), corner.y(), field.width(), height)
        self.setCurrentRow(0)
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        self.setCurrentRow((self.currentRow() + by) % max(self.count(), 1))

    def marked(self) -> str:
        item = self.currentItem()
        return item.text() if item else ""


class Choice(QComboBox):
    """`code()` is the chosen code, "" while nothing valid is chosen. Tab and Enter take the marked match, Tab moves on as well."""

    def __init__(self, pairs: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs = pairs
        self.setEditable(True)
        self.setCompleter(None)  # type: ignore[arg-type]
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code, word in pairs:
            self.addItem(word, code)
        self.matches = Matches(self)
        self.matches.itemClicked.connect(lambda item: self._take(item.text()))
        self.setCurrentIndex(-1)
        self.lineEdit().setPlaceholderText("输入几个字，或 ↓ 选择")
        self.lineEdit().textEdited.connect(self._offer)
        self.setMaxVisibleItems(12)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("text2"), 1.6))
        x, y = self.width() - 16.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])

    def code(self) -> str:
        """The code of what stands in the field, also where it was typed without being picked."""
        place = meant(self.currentText(), self._pairs)
        return "" if place is None else self._pairs[place][0]

    def choose(self, code: str) -> None:
        self.setCurrentIndex(self.findData(code))

    def clear_choice(self) -> None:
        self.setCurrentIndex(-1)
        self.clearEditText()

    def settle(self) -> None:
        """What was typed becomes the word that it means; what means nothing stays as it is."""
        place = meant(self.currentText(), self._pairs)
        if place is not None:
            self.setCurrentIndex(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, open_ = event.key(), self.matches.isVisible()
        if open_ and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.matches.step(1 if key == Qt.Key.Key_Down else -1)
        elif open_ and key in ENTER:
            self._take(self.matches.marked())
        elif open_ and key == Qt.Key.Key_Escape:
            self.matches.hide()
        elif key == Qt.Key.Key_Down:
            self.matches.offer(self, [word for _, word in self._pairs])
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self.matches.isVisible() and event.reason() in TABS:
            self._take(self.matches.marked())
        else:
            self.settle()
        self.matches.hide()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.matches.hide()
        super().hideEvent(event)

    def _offer(self, text: str) -> None:
        found = best(text, self._pairs) if text.strip() else []
        self.matches.offer(self, [self._pairs[place][1] for place in found])

    def _take(self, word: str) -> None:
        self.setCurrentIndex(self.findText(word, Qt.MatchFlag.MatchExactly))
        self.matches.hide()
