"""One warning: what it says, what it calls for with one key, what lies inside its area, how it came about."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.warning_board import WarningBoard

from . import warning_badge
from .inside_section import InsideSection
from .parts import Elided, KeyButton, Plain, SectionTitle, rule

#: Items of a plan that are listed before it is started.
MOST_ITEMS = 24


class Lines(QWidget):
    """Rows of a wide text and what stands at the right of it: as many labels as there are rows."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._cells: list[tuple[Plain, ...]] = []

    def show_rows(self, rows: list[tuple[str, ...]], wide: int, tones: tuple[str, ...]) -> None:
        """`wide` is the column that takes the room."""
        while len(self._cells) < len(rows):
            at = len(self._cells)
            cells = tuple(Elided("", tone=tone) if place == wide else Plain("", step="small", tone=tone) for place, tone in enumerate(tones))
            for place, cell in enumerate(cells):
                self._grid.addWidget(cell, at, place)
            self._grid.setRowMinimumHeight(at, 28)
            self._cells.append(cells)
        self._grid.setColumnStretch(wide, 1)
        for at, cells in enumerate(self._cells):
            for place, cell in enumerate(cells):
                cell.setVisible(at < len(rows))
                cell.setText(rows[at][place] if at < len(rows) else "")
                cell.setToolTip(words.tip(rows[at][place]) if at < len(rows) and place == wide else "")
            self._grid.setRowMinimumHeight(at, 28 if at < len(rows) else 0)
        self.setVisible(bool(rows))


class WarningDetail(QWidget):
    """`act_wanted` by the button or Enter: start the response, change its level, or open its incident."""

    act_wanted = Signal()
    located = Signal()

    def __init__(self, board: WarningBoard) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("预警详情")
        self.board = board
        self.symbol, self.title, self.headline = QLabel(), Elided("", step="title", bold=True), Plain("", tone="second")
        self.headline.setWordWrap(True)
        self.facts, self.items, self.steps = Lines(), Lines(), Lines()
        self.offer_title, self.steps_title = SectionTitle("建议响应"), SectionTitle("经过")
        self.remark, self.units = Plain("", tone="second"), Plain("", step="small", tone="second")
        self.button, self.locate = KeyButton("", "Enter", primary=True), KeyButton("定位", "空格")
        self.texts = [(SectionTitle(""), Plain("")) for _ in range(3)]
        self.inside = InsideSection(board)
        self._nothing = Plain("没有打开的预警", tone="second")
        self._scroll = QScrollArea()
        self._build()
        self.button.clicked.connect(self.act_wanted)
        self.locate.clicked.connect(self.located)
        board.changed.connect(self.show_board)
        self.show_board()

    def show_board(self) -> None:
        view = self.board.view
        self._nothing.setVisible(view is None)
        self._scroll.setVisible(view is not None)
        self._head.setVisible(view is not None)
        if view is None:
            return
        self.symbol.setVisible(bool(view.row.colour))
        self.symbol.setPixmap(warning_badge.pixmap(view.row.colour, 40))
        self.title.setText(view.row.title)
        self.title.setToolTip(words.tip(self.title.text()))
        self.headline.setText(view.headline)
        pairs = list(zip(view.facts[::2], view.facts[1::2], strict=True))
        self.facts.show_rows([(*left, *right) for left, right in pairs], 1, ("second", "", "second", ""))
        self._show_offer()
        for (title, label), at in zip(self.texts, range(3), strict=True):
            known = view.texts[at] if at < len(view.texts) else ("", "")
            title.word.setText(known[0])
            label.setText(known[1])
            title.setVisible(bool(known[1]))
            label.setVisible(bool(known[1]))
        self.steps.show_rows(list(view.steps), 1, ("second", ""))
        self.steps_title.remark.setText(f"{len(view.steps)} 条消息")

    def _show_offer(self) -> None:
        view = self.board.view
        if view is None:
            return
        has_offer = bool(view.plan or view.remark) and not view.row.is_over
        self.offer_title.setVisible(has_offer)
        self.offer_title.remark.setText(f"{len(view.items)} 项" if view.items else "")
        self._offer.setVisible(has_offer)
        self.offer_title.word.setText(f"建议{view.level}" if view.level else "建议响应")
        self.remark.setText(" · ".join(part for part in (view.plan, view.remark) if part))
        self.button.setVisible(bool(view.act))
        self.button.set_text(view.button)
        self.units.setText(f"备勤：{view.units}" if view.units else "")
        self.units.setVisible(bool(view.units) and has_offer)
        self.items.show_rows(list(view.items[:MOST_ITEMS]) if has_offer else [], 0, ("", "second", "second"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.button.isVisible():
            self.act_wanted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.located.emit()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._head = self._make_head()
        outer.addWidget(self._head)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._nothing, 1, Qt.AlignmentFlag.AlignCenter)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 0, 16, 16)
        column.setSpacing(0)
        for widget in (self.offer_title, self._offer, self.units, self.items, rule(), self.inside):
            column.addWidget(widget)
        self.units.setWordWrap(True)
        self.units.setContentsMargins(0, 0, 0, 6)
        for title, label in self.texts:
            label.setWordWrap(True)
            label.setContentsMargins(0, 0, 0, 8)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(title)
            column.addWidget(label)
        column.addWidget(self.steps_title)
        column.addWidget(self.steps)
        column.addStretch(1)
        self._scroll.setWidget(content)
        content.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)

    def _make_head(self) -> QWidget:
        head = QWidget()
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.symbol)
        top.addWidget(self.title, 1)
        top.addWidget(self.locate)
        column = QVBoxLayout(head)
        column.setContentsMargins(16, 12, 16, 4)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.headline)
        column.addWidget(self.facts)
        column.addWidget(rule())
        self._offer = QWidget()
        row = QHBoxLayout(self._offer)
        row.setContentsMargins(0, 4, 0, 4)
        self.remark.setWordWrap(True)
        row.addWidget(self.remark, 1)
        row.addWidget(self.button)
        self.symbol.setFixedSize(40, 40)
        return head
