"""F1: every key of the desk, made from the table that binds them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from .keys import KEYS
from .panel import Panel
from .parts import Plain, hint


class KeySheet(Panel):
    """Read-only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("按键表", (640, 760), parent)
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for row, key in enumerate(KEYS):
            grid.addWidget(hint(key.sequence), row, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Plain(key.word), row, 1)
            grid.addWidget(Plain(key.where, step="small", tone="second"), row, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(KEYS), 1)
        self.scroll = QScrollArea()
        self.scroll.setWidgetResizable(True)
        self.scroll.setWidget(content)
        self.column.addWidget(self.scroll)

    def start(self) -> None:
        self.show()
        self.raise_()
        self.scroll.setFocus(Qt.FocusReason.ShortcutFocusReason)
