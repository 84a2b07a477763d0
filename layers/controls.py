"""The small controls over the map: zoom, measure, locate, follow, and what lies outside the view."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from .icons import control


def key_hint(text: str) -> QLabel:
    """The key that does the same, as a small frame."""
    label = QLabel(text)
    label.setObjectName("key")
    label.setFixedHeight(20)
    return label


class ZoomColumn(QWidget):
    """Four square buttons at the right edge."""

    zoomed = Signal(int)
    measured = Signal(bool)
    located = Signal()

    _BUTTONS = (("plus", "放大 (+)"), ("minus", "缩小 (−)"), ("ruler", "量距 (M)，直线距离"), ("locate", "回到所选或全城 (Home)"))

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._buttons = {name: self._button(name, words) for name, words in self._BUTTONS}
        for button in self._buttons.values():
            column.addWidget(button)
        self.ruler = self._buttons["ruler"]
        self.ruler.setCheckable(True)
        self._buttons["plus"].clicked.connect(lambda: self.zoomed.emit(1))
        self._buttons["minus"].clicked.connect(lambda: self.zoomed.emit(-1))
        self.ruler.toggled.connect(self.measured)
        self._buttons["locate"].clicked.connect(self.located)

    def _button(self, name: str, words: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName("square")
        button.setFixedSize(32, 32)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(words)
        button.setAccessibleName(words)
        return button

    def dress(self, theme: str) -> None:
        """Icons in the colours of the theme."""
        for name, button in self._buttons.items():
            button.setIcon(control(name, theme, self.devicePixelRatioF()))


class FollowPlate(QFrame):
    """Says whether the map moves by itself, and changes it."""

    toggled = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 0, 0)
        row.setSpacing(12)
        self._state = QLabel("地图不自动移动")
        self._state.setObjectName("quiet")
        self.button = QPushButton("跟随选中  G")
        self.button.setCheckable(True)
        self.button.setToolTip("选中一行时地图移到它 (G)")
        row.addWidget(self._state)
        row.addWidget(self.button)
        self.button.toggled.connect(self._on_toggled)

    def shorten(self, is_short: bool) -> None:
        """On a narrow map only the button stays."""
        self._state.setVisible(not is_short)
        self.layout().setContentsMargins(0 if is_short else 12, 0, 0, 0)
        self.adjustSize()

    def _on_toggled(self, is_on: bool) -> None:
        self._state.setText("地图跟随选中" if is_on else "地图不自动移动")
        self.button.setText("停止跟随  G" if is_on else "跟随选中  G")
        self.toggled.emit(is_on)
        self.adjustSize()


class OutsideChip(QPushButton):
    """How many incidents the view does not show; a press shows the next of them."""

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(32)
        self.setToolTip("依次查看视野外的事件")
        self.hide()

    def show_count(self, count: int, first: str) -> None:
        """Hidden when the view shows all."""
        text = f"视野外 {count} 起   {first}".rstrip()
        if text == self.text() and self.isVisibleTo(self.parentWidget()) == (count > 0):
            return
        self.setText(text)
        self.setVisible(count > 0)
        self.adjustSize()
        self.resized.emit()
