"""What a layer offers besides its switch: how strongly it is drawn, and which of its states are shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from .kind_words import word_of
from .kinds import STATES, LayerSpec, state_key
from .popup import Popup

#: What a record of a kind is called that is not well, where 异常 says too much.
_UNWELL = {"video_points": "离线", "facilities": "关闭", "sensors": "异常与故障"}
#: Fields that are listed; a foreign platform may know more than the city has.
MOST_FIELDS = 10
#: Percent: a layer never vanishes by its slider, for that is what the switch is for.
LEAST, STEP = 20, 10


class LayerOptions(Popup):
    """A popup under its `button`. `switched(key, on)` for a state, `faded(0.2 … 1)`."""

    opened = Signal()
    switched = Signal(str, bool)
    faded = Signal(float)

    def __init__(self, spec: LayerSpec, panel: QWidget) -> None:
        super().__init__(QPushButton("⋯", panel), panel)
        self._word = word_of(spec.kind)
        self.button.setObjectName("dots")
        self.button.setFixedSize(32, 32)
        self.button.setAccessibleName(f"{self._word}：不透明度与状态")
        self.button.setToolTip("不透明度与状态")
        self.button.clicked.connect(self.open)
        self._unwell = _UNWELL.get(spec.kind, "异常")
        self.boxes: dict[str, QCheckBox] = {}
        self.slider, self._percent = QSlider(Qt.Orientation.Horizontal), QLabel("100 %")
        self._sources = QLabel()
        self._sources.setTextFormat(Qt.TextFormat.PlainText)
        self._sources.setObjectName("quiet")
        self._sources.hide()
        self._fields = QGridLayout()
        self._fields.setHorizontalSpacing(16)
        self._build(spec)

    def open(self) -> None:
        """Show it beside its button with the keyboard on the slider; Escape or a click elsewhere closes it."""
        self.stand()
        self.show()
        self.slider.setFocus(Qt.FocusReason.PopupFocusReason)
        self.opened.emit()

    def show_fields(self, rows: list[tuple[str, int, int]]) -> None:
        """(field, all, those not well), one line each."""
        while item := self._fields.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        rest = rows[MOST_FIELDS:]
        more = [(f"另有 {len(rest)} 个领域", sum(total for _, total, _ in rest), sum(wrong for *_, wrong in rest))] if rest else []
        for line, (word, total, wrong) in enumerate([*rows[:MOST_FIELDS], *more]):
            for column, text in enumerate((word, f"{total:,}", f"{self._unwell} {wrong:,}" if wrong else "")):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setObjectName("quiet" if column == 2 else "")
                self._fields.addWidget(label, line, column, Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
        if self.isVisible():
            self.stand()

    def show_sources(self, lines: Sequence[str]) -> None:
        """Who brought the data, when, and how long ago; one line a source."""
        self._sources.setText("\n".join(lines))
        self._sources.setVisible(bool(lines))

    def show_opacity(self, value: float) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(round(value * 100))
        self.slider.blockSignals(False)
        self._percent.setText(f"{self.slider.value()} %")

    def _build(self, spec: LayerSpec) -> None:
        head = QLabel(self._word)
        head.setObjectName("head")
        self.slider.setRange(LEAST, 100)
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(STEP)
        self.slider.setValue(100)
        self.slider.setFixedWidth(140)
        self.slider.setAccessibleName(f"{self._word}不透明度")
        self.slider.valueChanged.connect(self._on_slid)
        self._percent.setFixedWidth(48)
        line = QHBoxLayout()
        for widget in (QLabel("不透明度"), self.slider, self._percent):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(head)
        column.addLayout(line)
        for state, word in STATES.get(spec.kind, ()):
            key = state_key(spec.kind, state)
            box = QCheckBox(word)
            box.setChecked(not spec.quiet or state == "abnormal")
            box.toggled.connect(lambda on, key=key: self.switched.emit(key, on))
            column.addWidget(box)
            self.boxes[key] = box
        column.addLayout(self._fields)
        column.addWidget(self._sources)

    def _on_slid(self, value: int) -> None:
        self._percent.setText(f"{value} %")
        self.faded.emit(value / 100)
