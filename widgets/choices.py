"""A combo box over codes and their words that can be typed into: any part of a word finds it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget

from . import theme


class Choice(QComboBox):
    """`code()` is the chosen code, "" while nothing valid is chosen."""

    def __init__(self, pairs: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for code, word in pairs:
            self.addItem(word, code)
        completer = self.completer() or QCompleter(self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.popup().setObjectName("popup")
        self.setCurrentIndex(-1)
        self.lineEdit().setPlaceholderText("输入几个字，或 ↓ 选择")
        self.setMaxVisibleItems(12)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("text2"), 1.6))
        x, y = self.width() - 16.0, self.height() / 2
        painter.drawPolyline([QPointF(x - 4, y - 2), QPointF(x, y + 2), QPointF(x + 4, y - 2)])

    def code(self) -> str:
        """The code of the word that stands in the field, also where it was typed without being picked."""
        text = self.currentText().strip()
        exact = self.findText(text, Qt.MatchFlag.MatchFixedString) if text else -1
        return str(self.itemData(exact)) if exact >= 0 else ""

    def choose(self, code: str) -> None:
        self.setCurrentIndex(self.findData(code))

    def clear_choice(self) -> None:
        self.setCurrentIndex(-1)
        self.clearEditText()
