"""The panel of layers: what is shown and how many there are, by kind or as a tree by field. Holds the switches; draws no map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from weihai_command.domain.freshness import Freshness

from .controls import key_hint
from .field_counts import Counts
from .field_tree import FieldTree
from .kind_list import KindList
from .kinds import BY_KIND, FIELDS, LayerSpec
from .note_line import Note
from .switches import kind_state, turn_kind

_WIDTH, _HEAD, _FOOT = 248, 32, 32
_BY_KIND, _BY_FIELD = "kind", "field"


class Segment(QPushButton):
    """One of the panel's two views; left and right go to the other, not across the map."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.accept()
            return True
        return super().event(event)


class LayersPanel(QFrame):
    """Emits the scene's key of what was switched. `resized` when it wants another height."""

    switched = Signal(str, bool)
    faded = Signal(str, float)
    looked_into = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        self._on: dict[str, bool] = {}
        self._fresh: dict[str, Freshness] = {}
        self._words: dict[str, str] = {}
        self.segments: dict[str, QPushButton] = {}
        self._pages = QStackedWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 10, 8)
        self._column.setSpacing(6)
        self._column.addLayout(self._head())
        # After the head, so that Tab goes on from it into the list.
        self.kinds, self.tree = KindList(self), FieldTree(self)
        self.tree.fields.watch(self._on)
        self._column.addWidget(self._pages, 1)
        self._pages.addWidget(_scrolling(self.kinds))
        self._pages.addWidget(self.tree)
        self._join()
        self.setFixedWidth(_WIDTH)

    def add_views(self, button: QPushButton) -> None:
        """The last line opens the saved views."""
        self._column.addWidget(button)

    def fit(self, most: int) -> None:
        """As high as what it holds, but never above `most` pixels: then it scrolls."""
        page = self.kinds.sizeHint().height() if self.segment == _BY_KIND else self.tree.wanted_height()
        foot = self._column.count() > 2
        margins = self._column.contentsMargins()
        rest = margins.top() + margins.bottom() + _HEAD + self._column.spacing() + foot * (_FOOT + self._column.spacing()) + 2
        doubt = max((button.sizeHint().width() + 6 for button in self.kinds.doubts.values() if not button.isHidden()), default=0)
        self.setFixedSize(_WIDTH + doubt, max(0, min(page + rest, most)))

    @property
    def segment(self) -> str:
        """`kind` or `field`."""
        return _BY_FIELD if self._pages.currentIndex() else _BY_KIND

    def look(self) -> dict[str, Any]:
        """Which view is open and what is unfolded, for the settings (JSON)."""
        return {"segment": self.segment, "open": self.tree.open_fields()}

    def set_look(self, kept: object) -> None:
        """Take up a kept look; what is damaged or missing is as at first."""
        kept = kept if isinstance(kept, dict) else {}
        codes = kept.get("open")
        self.tree.set_open([code for code, _ in FIELDS if isinstance(codes, list) and code in codes])
        self.segments[_BY_FIELD if kept.get("segment") == _BY_FIELD else _BY_KIND].setChecked(True)

    def set_checked(self, key: str, is_on: bool) -> None:
        """Show a switch that was made elsewhere; emits nothing."""
        self._on[key] = is_on
        kind = key.partition("@")[0]
        if kind in BY_KIND:
            self.kinds.set_state(kind, kind_state(self._on, kind, self.tree.fields.fields(kind)))
            self.tree.viewport().update()
        else:
            self.kinds.set_checked(key, is_on)

    def show_fields(self, kind: str, rows: list[tuple[str, int, int]]) -> None:
        """(field, all, those not well) of a kind, in its options."""
        self.kinds.options[kind].show_fields(rows)

    def show_counts(self, spec: LayerSpec, total: int, abnormal: int) -> None:
        """The numbers of one layer."""
        self.kinds.show_count(spec, total, abnormal)

    def show_field_counts(self, kind: str, counts: Counts) -> None:
        """The numbers of one layer by field."""
        self.tree.fields.take(kind, counts)
        self.kinds.set_state(kind, kind_state(self._on, kind, counts))

    def show_freshness(self, kind: str, found: Freshness) -> None:
        """How old the data of a layer is; the row says so only where it is late or lost."""
        self._fresh[kind] = found
        self.kinds.options[kind].show_sources(found.lines)
        self._note(kind)

    def show_remark(self, kind: str, words: str) -> None:
        """Plain words under a layer's row, "" for none."""
        if self._words.get(kind, "") != words:
            self._words[kind] = words
            self._note(kind)

    def set_opacity(self, kind: str, value: float) -> None:
        """Show a strength that was set elsewhere; emits nothing."""
        self.kinds.options[kind].show_opacity(value)

    def take_focus(self) -> None:
        """The keyboard goes to the first switch."""
        first = next(iter(self.kinds.boxes.values())) if self.segment == _BY_KIND else self.tree
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_suspects(self, kind: str, suspect: Sequence[tuple[str, str, str]]) -> None:
        """How many records of a kind have a position that cannot be true; the list of (id, source, reason) opens on demand."""
        self.kinds.show_suspects(kind, suspect)

    def suspects(self, kind: str) -> QMenu:
        """The list of a kind's positions in doubt, as a menu to walk through."""
        return self.kinds.suspects(kind)

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        self.kinds.dress(theme)
        self.tree.dress(theme)

    def _head(self) -> QHBoxLayout:
        row, title = QHBoxLayout(), QLabel("图层")
        title.setObjectName("head")
        row.setSpacing(0)
        row.addWidget(title)
        row.addStretch(1)
        group = QButtonGroup(self)
        for place, (name, word) in enumerate(((_BY_KIND, "按种类"), (_BY_FIELD, "按领域"))):
            button = Segment(word)
            button.setObjectName(f"segment{place}")
            button.setCheckable(True)
            button.setChecked(place == 0)
            button.setAccessibleName(f"图层{word}")
            button.toggled.connect(lambda on, place=place: on and self._turn_to(place))
            group.addButton(button)
            row.addWidget(button)
            self.segments[name] = button
        row.addStretch(1)
        row.addWidget(key_hint("L"))
        return row

    def _join(self) -> None:
        self.kinds.turned.connect(self._turn)
        self.kinds.switched.connect(self._switch)
        self.kinds.faded.connect(self.faded)
        self.kinds.looked_into.connect(self.looked_into)
        self.tree.fields.switched.connect(self._switch)
        self.tree.resized.connect(self.resized)

    def _turn_to(self, page: int) -> None:
        self._pages.setCurrentIndex(page)
        self.resized.emit()

    def _turn(self, kind: str, is_on: bool) -> None:
        for key, on in turn_kind(kind, is_on):
            self._switch(key, on)

    def _switch(self, key: str, is_on: bool) -> None:
        self.set_checked(key, is_on)
        self.switched.emit(key, is_on)

    def _note(self, kind: str) -> None:
        found = self._fresh.get(kind, Freshness())
        lines = "\n".join(found.lines)
        self.kinds.show_note(kind, Note(found.level, found.words, self._words.get(kind, "")), lines)
        self.tree.fields.note(kind, Note(found.level, found.words), lines)
        self.resized.emit()


def _scrolling(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setObjectName("kinds")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


class LayersButton(QPushButton):
    """What the panel folds into."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("图层  L", parent)
        self.setFixedHeight(32)
        self.setToolTip("打开图层面板 (L)")
