"""The layers by kind: a row a kind with its switch, count and options, one more for the normal points of a quiet one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QMenu, QPushButton, QWidget

from .kind_words import word_of
from .kinds import LAYERS, LayerSpec, normal_key, state_key
from .layer_options import LayerOptions
from .note_line import Note, NoteLine
from .popup import keeps
from .switches import ALL, NONE

#: The list of positions in doubt shows this many.
MOST_SUSPECT = 30
_STATES = {NONE: Qt.CheckState.Unchecked, ALL: Qt.CheckState.Checked}


class KindBox(QCheckBox):
    """Checked, unchecked, or a dash where only some of a kind's fields are shown; a press never makes the dash."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.setTristate(True)
        self.setCheckState(Qt.CheckState.Checked)

    def nextCheckState(self) -> None:
        self.setCheckState(Qt.CheckState.Unchecked if self.checkState() == Qt.CheckState.Checked else Qt.CheckState.Checked)


class KindList(QWidget):
    """`turned(kind, on)` for a kind, `switched(key, on)` for states, `faded(kind, 0.2 … 1)`, `looked_into(kind)` when its options open."""

    turned = Signal(str, bool)
    switched = Signal(str, bool)
    faded = Signal(str, float)
    looked_into = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setVerticalSpacing(0)
        self.grid.setHorizontalSpacing(6)
        self.grid.setColumnStretch(0, 1)
        self.boxes: dict[str, QCheckBox] = {}
        self.options: dict[str, LayerOptions] = {}
        self.notes: dict[str, NoteLine] = {}
        self.doubts: dict[str, QPushButton] = {}
        self._counts: dict[str, QLabel] = {}
        self._suspect: dict[str, Sequence[tuple[str, str, str]]] = {}
        for spec in LAYERS:
            self._add_kind(spec)
            if spec.quiet:
                self._add_normal(spec)
        self._add_areas()
        self.grid.setRowStretch(self.grid.rowCount(), 1)

    def set_state(self, kind: str, state: int) -> None:
        """Show how much of a kind is on (layers/switches.py); emits nothing."""
        box = self.boxes[kind]
        box.blockSignals(True)
        box.setCheckState(_STATES.get(state, Qt.CheckState.PartiallyChecked))
        box.blockSignals(False)

    def set_checked(self, key: str, is_on: bool) -> None:
        """Show a state that was switched elsewhere; emits nothing."""
        normal = self.boxes.get(key) if not isinstance(self.boxes.get(key), KindBox) else None
        for box in (normal, *(options.boxes.get(key) for options in self.options.values())):
            if box is not None:
                box.blockSignals(True)
                box.setChecked(is_on)
                box.blockSignals(False)

    def show_count(self, spec: LayerSpec, total: int, abnormal: int) -> None:
        """The numbers of one layer; a quiet one counts its abnormal points and the normal ones apart."""
        self._counts[spec.kind].setText(f"异常 {abnormal:,}" if spec.quiet else f"{total:,}")
        if spec.quiet:
            self._counts[normal_key(spec.kind)].setText(f"{total - abnormal:,}")

    def show_note(self, kind: str, note: Note, lines: str) -> None:
        """What is to be said of a kind's age; `lines` for its tooltip."""
        self.notes[kind].show_note(note)
        for widget in (self.boxes[kind], self._counts[kind], self.notes[kind]):
            widget.setToolTip(lines)
        self.boxes[kind].setAccessibleDescription(note.text)

    def show_suspects(self, kind: str, suspect: Sequence[tuple[str, str, str]]) -> None:
        """How many records of a kind have a position that cannot be true; the list of (id, source, reason) opens on demand."""
        self._suspect[kind] = suspect
        button = self.doubts[kind]
        button.setText(f"可疑 {len(suspect):,}")
        button.setAccessibleName(f"{self.boxes[kind].text()}位置可疑 {len(suspect)} 条")
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

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        for note in self.notes.values():
            note.dress(theme)

    def event(self, event: QEvent) -> bool:
        # Up and down walk through the list; the map hears the other keys.
        if keeps(event) and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.accept()
            return True
        return super().event(event)

    def _add_kind(self, spec: LayerSpec) -> None:
        kind, box = spec.kind, KindBox(word_of(spec.kind))
        box.clicked.connect(lambda: self.turned.emit(kind, box.isChecked()))
        line = self._add(kind, box)
        self.doubts[kind] = doubt = QPushButton(self)
        doubt.setToolTip("位置可疑的记录没有画在图上")
        doubt.clicked.connect(lambda: self._list_suspects(kind))
        doubt.hide()
        self.grid.addWidget(doubt, line, 2)
        self.options[kind] = options = LayerOptions(spec, self)
        options.switched.connect(self.switched)
        options.opened.connect(lambda: self.looked_into.emit(kind))
        options.faded.connect(lambda value: self.faded.emit(kind, value))
        self.grid.addWidget(options.button, line, 3)
        self.notes[kind] = note = NoteLine(22)
        self.grid.addWidget(note, line + 1, 0, 1, 4)

    def _add_normal(self, spec: LayerSpec) -> None:
        key, box = normal_key(spec.kind), QCheckBox(f"正常{spec.word}")
        box.toggled.connect(lambda on: self._turn_normal(spec.kind, on))
        self._add(key, box)

    def _add_areas(self) -> None:
        box = QCheckBox("预警区")
        box.toggled.connect(lambda on: self.switched.emit("areas", on))
        self._add("areas", box)

    def show_number(self, key: str, number: int) -> None:
        """The count of a line that is no kind of points."""
        self._counts[key].setText(f"{number:,}")

    def _add(self, key: str, box: QCheckBox) -> int:
        """The line that the box was given."""
        line = self.grid.rowCount()
        count = QLabel("0")
        count.setObjectName("quiet")
        self.grid.addWidget(box, line, 0)
        self.grid.addWidget(count, line, 1, Qt.AlignmentFlag.AlignRight)
        self.boxes[key], self._counts[key] = box, count
        return line

    def _turn_normal(self, kind: str, is_on: bool) -> None:
        # The line of what is not abnormal brings those without a reading too; the popup tells them apart.
        self.switched.emit(normal_key(kind), is_on)
        self.switched.emit(state_key(kind, "down"), is_on)

    def _list_suspects(self, kind: str) -> None:
        menu, button = self.suspects(kind), self.doubts[kind]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
