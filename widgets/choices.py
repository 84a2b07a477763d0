"""A combo box over codes and their words that can be typed into: word, code, a part of either, or pinyin initials find it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QStringListModel, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from weihai_command.boards.initials import best, meant

from . import theme

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


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
        self._matches = QStringListModel(self)
        self.matching = QCompleter(self._matches, self)
        self.matching.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.matching.setMaxVisibleItems(8)
        self.matching.setWidget(self)
        self.matching.activated.connect(self._take_word)
        popup = self.matching.popup()
        popup.setObjectName("popup")
        popup.installEventFilter(self)
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.matching.popup() and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (*ENTER, *TABS):
                self._take_marked()
                if event.key() in TABS:
                    self.focusNextPrevChild(event.key() == Qt.Key.Key_Tab)
                return True
        return super().eventFilter(watched, event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.settle()
        super().focusOutEvent(event)

    def _offer(self, text: str) -> None:
        """What the typed text may mean stands under the field, the likeliest marked."""
        found = best(text, self._pairs) if text.strip() else []
        self._matches.setStringList([self._pairs[place][1] for place in found])
        popup = self.matching.popup()
        if not found:
            popup.hide()
            return
        self.matching.complete()
        popup.setCurrentIndex(popup.model().index(0, 0))

    def _take_marked(self) -> None:
        popup = self.matching.popup()
        marked = popup.currentIndex()
        popup.hide()
        if marked.isValid():
            self._take_word(str(marked.data()))
        else:
            self.settle()

    def _take_word(self, word: str) -> None:
        self.setCurrentIndex(self.findText(word, Qt.MatchFlag.MatchExactly))
