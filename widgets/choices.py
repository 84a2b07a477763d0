"""A combo box over codes and their words that can be typed into: any part of a word finds it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QWidget


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
        self.setMaxVisibleItems(12)

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
