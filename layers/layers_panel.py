"""The panel of layers: what is shown, and how many there are of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from .controls import key_hint
from .kinds import LAYERS, LayerSpec, normal_key, state_key
from .layer_options import LayerOptions

#: The list of positions in doubt shows this many.
MOST_SUSPECT = 30


class LayersPanel(QFrame):
    """A row a layer, and one more for the normal points of a quiet one. Emits the scene's key of what was switched."""

    switched = Signal(str, bool)
    faded = Signal(str, float)
    looked_into = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(0)
        self._grid.setHorizontalSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 6)
        column.addLayout(self._grid)
        self._boxes: dict[str, QCheckBox] = {}
        self._options: dict[str, LayerOptions] = {}
        self._counts: dict[str, QLabel] = {}
        self._suspect: dict[str, Sequence[tuple[str, str, str]]] = {}
        self._doubts: dict[str, QPushButton] = {}
        self._head()
        for spec in LAYERS:
            self._add(spec.kind, spec.word, True)
            self._add_options(spec)
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
        box.toggled.connect(lambda on: self._switch(key, on))
        self._grid.addWidget(box, line, 0)
        self._grid.addWidget(count, line, 1, Qt.AlignmentFlag.AlignRight)
        doubt = QPushButton()
        doubt.setToolTip("位置可疑的记录没有画在图上")
        doubt.clicked.connect(lambda: self._list_suspects(key))
        doubt.hide()
        self._grid.addWidget(doubt, line, 2)
        self._boxes[key], self._counts[key], self._doubts[key] = box, count, doubt

    def _switch(self, key: str, is_on: bool) -> None:
        self.switched.emit(key, is_on)
        kind, _, state = key.partition(".")
        if state:
            # The line of what is not abnormal brings those without a reading too; the popup tells them apart.
            self.switched.emit(state_key(kind, "down"), is_on)

    def _add_options(self, spec: LayerSpec) -> None:
        options = LayerOptions(spec, self)
        options.switched.connect(self.switched)
        options.opened.connect(lambda: self.looked_into.emit(spec.kind))
        options.faded.connect(lambda value: self.faded.emit(spec.kind, value))
        self._options[spec.kind] = options
        self._grid.addWidget(options.button, self._grid.rowCount() - 1, 3)

    def add_views(self, button: QPushButton) -> None:
        """The last line opens the saved views."""
        self._grid.addWidget(button, self._grid.rowCount(), 0, 1, 4)

    def set_checked(self, key: str, is_on: bool) -> None:
        """Show a switch that was made elsewhere; emits nothing."""
        for box in (self._boxes.get(key), *(options.boxes.get(key) for options in self._options.values())):
            if box is not None:
                box.blockSignals(True)
                box.setChecked(is_on)
                box.blockSignals(False)

    def show_fields(self, kind: str, rows: list[tuple[str, int, int]]) -> None:
        """(field, all, those not well) of a kind, in its options."""
        self._options[kind].show_fields(rows)

    def set_opacity(self, kind: str, value: float) -> None:
        """Show a strength that was set elsewhere; emits nothing."""
        self._options[kind].show_opacity(value)

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

    def show_suspects(self, kind: str, suspect: Sequence[tuple[str, str, str]]) -> None:
        """How many records of a kind have a position that cannot be true; the list of (id, source, reason) opens on demand."""
        self._suspect[kind] = suspect
        button = self._doubts[kind]
        button.setText(f"可疑 {len(suspect):,}")
        button.setAccessibleName(f"{self._boxes[kind].text()}位置可疑 {len(suspect)} 条")
        button.setVisible(bool(suspect))

    def suspects(self, kind: str) -> QMenu:
        """The list of a kind's positions in doubt, as a menu to walk through."""
        menu = QMenu(self)
        suspect = self._suspect.get(kind, ())
        for record_id, source, reason in suspect[:MOST_SUSPECT]:
            menu.addAction(" · ".join(" ".join(part.split()) for part in (record_id, source, reason) if part)[:90].replace("&", "&&"))
        if len(suspect) > MOST_SUSPECT:
            menu.addAction(f"另有 {len(suspect) - MOST_SUSPECT:,} 条").setEnabled(False)
        return menu

    def _list_suspects(self, kind: str) -> None:
        menu, button = self.suspects(kind), self._doubts[kind]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


class LayersButton(QPushButton):
    """What the panel folds into."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("图层  L", parent)
        self.setFixedHeight(32)
        self.setToolTip("打开图层面板 (L)")
