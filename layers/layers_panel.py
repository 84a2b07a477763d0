"""The panel of layers: what is shown, and how many there are of each."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from .controls import key_hint
from .kinds import LAYERS, LayerSpec, normal_key


class LayersPanel(QFrame):
    """A row a layer, and one more for the normal points of a quiet one. Emits the scene's key of what was switched."""

    switched = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.addLayout(self._grid)
        self._boxes: dict[str, QCheckBox] = {}
        self._counts: dict[str, QLabel] = {}
        self._head()
        for spec in LAYERS:
            self._add(spec.kind, spec.word, True)
            if spec.quiet:
                self._add(normal_key(spec.kind), f"正常{spec.word}", False)
        self.setMinimumWidth(176)

    def _head(self) -> None:
        title = QLabel("图层")
        title.setObjectName("head")
        title.setFixedHeight(24)
        self._grid.addWidget(title, 0, 0)
        self._grid.addWidget(key_hint("L"), 0, 1, Qt.AlignmentFlag.AlignRight)

    def _add(self, key: str, word: str, is_on: bool) -> None:
        line = self._grid.rowCount()
        box = QCheckBox(word)
        box.setChecked(is_on)
        count = QLabel("0")
        count.setObjectName("quiet")
        box.toggled.connect(lambda on: self.switched.emit(key, on))
        self._grid.addWidget(box, line, 0)
        self._grid.addWidget(count, line, 1, Qt.AlignmentFlag.AlignRight)
        self._boxes[key], self._counts[key] = box, count

    def set_checked(self, key: str, is_on: bool) -> None:
        """Show a switch that was made elsewhere; emits nothing."""
        box = self._boxes[key]
        box.blockSignals(True)
        box.setChecked(is_on)
        box.blockSignals(False)

    def take_focus(self) -> None:
        """The keyboard goes to the first switch."""
        next(iter(self._boxes.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_counts(self, spec: LayerSpec, total: int, abnormal: int) -> None:
        """The numbers of one layer; a quiet one counts its abnormal points and the normal ones apart."""
        if not spec.quiet:
            self._counts[spec.kind].setText(f"{total:,}")
            return
        self._counts[spec.kind].setText(f"异常 {abnormal:,}")
        self._counts[normal_key(spec.kind)].setText(f"{total - abnormal:,}")


class LayersButton(QPushButton):
    """What the panel folds into."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("图层  L", parent)
        self.setFixedHeight(32)
        self.setToolTip("打开图层面板 (L)")
