"""The plan of the open incident: one line an item, a box to tick, who does it and until when."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.checklist_rows import ChecklistRow, ChecklistView

from . import theme
from .parts import Elided, KeyButton, Plain, SectionTitle, restyle

#: Lines that are seen at once of a list that is unfolded.
MOST = 8
_TONES = {"plain": "second", "still": "second", "near": "near", "over": "over"}


class TickBox(QCheckBox):
    """A box whose border and tick are seen on every ground; the keyboard's ring stands around it."""

    def sizeHint(self) -> QSize:
        return QSize(22, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(3, self.height() / 2 - 8, 16, 16)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 4, 4)
        painter.setPen(QPen(theme.colour("stale" if self.isChecked() else "text2"), 1.4))
        painter.drawRoundedRect(box, 2, 2)
        if self.isChecked():
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.drawPolyline(QPolygonF([QPointF(6.5, box.center().y()), QPointF(9.8, box.center().y() + 3.4), QPointF(15.4, box.center().y() - 3.6)]))

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)


class ChecklistLine(QWidget):
    """`ticked(key, done)` by a click or by the space bar."""

    ticked = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.key = ""
        self.box, self.text, self.note = TickBox(), Elided(""), Plain("", step="small", tone="second")
        self.setFixedHeight(theme.size("row") - 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.box)
        row.addWidget(self.text, 1)
        row.addWidget(self.note)
        self.box.clicked.connect(self._tick)

    def show_row(self, row: ChecklistRow) -> None:
        self.key = row.key
        self.box.setChecked(row.is_done)
        self.box.setAccessibleName(row.whole)
        self.text.setText(row.text)
        self.text.setToolTip(words.tip(row.whole))
        restyle(self.text, tone="second" if row.is_done else "")
        self.note.setText(("↑ " if row.sync != "synced" else "") + row.note)
        restyle(self.note, tone=_TONES[row.mood])

    def mousePressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.button() == Qt.MouseButton.LeftButton:
            self.box.click()

    def _tick(self, done: bool) -> None:
        # The box shows what the store says: it follows when the act is kept.
        self.box.setChecked(not done)
        self.ticked.emit(self.key, done)


class ChecklistSection(QWidget):
    """`ticked(key, done)`, `start_wanted`; `changed` when it wants another height or comes and goes, `entered` when the keyboard comes to it."""

    ticked = Signal(str, bool)
    start_wanted = Signal()
    changed = Signal()
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("预案")
        self.view = ChecklistView()
        self._is_whole = False
        self.title = SectionTitle("预案")
        self.start, self.unfold = KeyButton("启动"), KeyButton("展开")
        self.unfold.setProperty("plain", True)
        self.title.layout().addWidget(self.unfold)
        self.title.layout().addWidget(self.start)
        self.lines: list[ChecklistLine] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.title)
        self._scroll, content = QScrollArea(), QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(content)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        outer.addWidget(self._scroll)
        self.start.clicked.connect(self.start_wanted)
        self.unfold.clicked.connect(self._toggle)
        self.hide()

    def show_view(self, view: ChecklistView) -> None:
        if view.title != self.view.title:
            self._is_whole = False
        self.view = view
        self.title.setFixedHeight(theme.size("row_with_button") if view.start else theme.size("section_title"))
        self.title.word.setText(view.title)
        self.title.remark.setText(view.remark)
        self.start.setVisible(bool(view.start))
        self.start.set_text(view.start or "启动")
        self._show_rows()
        self.changed.emit()

    def enter(self) -> None:
        """The keyboard goes to what is to be done next, or to the button that starts the plan."""
        if not self.view.is_there:
            return
        self.entered.emit()
        line = next((each for each in self.lines if not each.isHidden() and not each.box.isChecked()), None)
        (line.box if line else self.start).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _toggle(self) -> None:
        self._is_whole = not self._is_whole
        self._show_rows()
        self.changed.emit()

    def _show_rows(self) -> None:
        rows = self.view.rows if self._is_whole else self.view.short
        while len(self.lines) < len(rows):
            line = ChecklistLine()
            line.ticked.connect(self.ticked)
            self._column.addWidget(line)
            self.lines.append(line)
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(rows))
            if place < len(rows):
                line.show_row(rows[place])
        self.unfold.setVisible(len(self.view.short) < len(self.view.rows))
        self._scroll.setFixedHeight(min(len(rows), MOST) * (theme.size("row") - 4) + (6 if rows else 0))
        self.unfold.set_text("收起" if self._is_whole else f"全部 {len(self.view.rows)}")
