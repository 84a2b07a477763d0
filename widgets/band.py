"""The full-width magenta band 演练: nobody takes exercise data for real."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from . import theme
from .parts import Elided, Plain


class Band(QWidget):
    """Shown while the city is an exercise; `show_text` says which one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("band")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("演练")
        self.setFixedHeight(theme.size("drill_band"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(24)
        self._word = Plain("演 练", step="title", bold=True)
        self._what, self._where = Elided("", bold=True), Plain("全部为演练数据，不发往真实平台")
        row.addWidget(self._word)
        row.addWidget(self._what, 1)
        row.addWidget(self._where, 0, Qt.AlignmentFlag.AlignRight)

    def show_text(self, what: str) -> None:
        self._what.setText(what)
