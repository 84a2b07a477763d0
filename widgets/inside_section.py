"""What lies inside a warning's area: counts by kind, and on demand the rows of one kind."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.warning_board import WarningBoard
from weihai_command.operations.warnings import PARTS

from . import icons
from .parts import Elided, Plain, SectionTitle

#: Rows that are listed of a kind; the count tells how many there are.
MOST = 12
#: Below this the chips do not stand in one line.
ROOMY = 410


class InsideLine(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.symbol, self.name, self.word = QLabel(), Elided(""), Plain("", step="small", tone="second")
        self.symbol.setFixedSize(20, 20)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.setFixedHeight(28)
        row.addWidget(self.symbol)
        row.addWidget(self.name, 1)
        row.addWidget(self.word)


class InsideSection(QWidget):
    """`chosen(kind)` when other rows are wanted."""

    chosen = Signal(str)

    def __init__(self, board: WarningBoard) -> None:
        super().__init__()
        self.board = board
        self.kind = ""
        self.title = SectionTitle("区域内")
        self.counts = Plain("", step="small", tone="second")
        self.counts.setWordWrap(True)
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._chip_row = QGridLayout()
        self._chip_row.setSpacing(4)
        self.lines = [InsideLine() for _ in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addLayout(self._chip_row)
        column.addWidget(self.counts)
        for line in self.lines:
            column.addWidget(line)
        board.changed.connect(self.show_board)

    def show_board(self) -> None:
        groups = {group.kind: group for group in self.board.groups}
        self.setVisible(self.board.view is not None and not self.board.view.row.is_over)
        self.title.remark.setText("" if groups else "没有说明边界" if self.board.view and self.board.is_counted else "")
        for kind, group in groups.items():
            self._chip(kind).setText(f"{group.word} {group.total:,}")
        for kind, chip in self._chips.items():
            chip.setVisible(kind in groups)
        if self.kind not in groups:
            self.kind = next(iter(groups), "")
        self._show_rows()

    def show_kind(self, kind: str) -> None:
        self.kind = kind
        self._show_rows()

    def _show_rows(self) -> None:
        group = next((each for each in self.board.groups if each.kind == self.kind), None)
        rows = group.rows if group else ()
        for kind, chip in self._chips.items():
            chip.setChecked(kind == self.kind)
        tallies = " · ".join(f"{word} {count:,}" for _, word, count in group.tallies) if group else ""
        more = f"；列出前 {MOST} 个" if group and group.total > MOST else ""
        self.counts.setText(tallies + more if tallies else more.lstrip("；"))
        self.counts.setVisible(bool(self.counts.text()))
        for at, line in enumerate(self.lines):
            line.setVisible(at < len(rows))
            if at < len(rows):
                row = rows[at]
                line.symbol.setVisible(row.symbol in icons.names())
                if row.symbol in icons.names():
                    line.symbol.setPixmap(icons.pixmap(row.symbol, 20))
                line.name.setText(row.name)
                line.name.setToolTip(words.tip(row.name))
                line.word.setText(row.word)

    def _chip(self, kind: str) -> QPushButton:
        if kind not in self._chips:
            chip = QPushButton()
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            chip.clicked.connect(lambda: self.show_kind(kind))
            self._group.addButton(chip)
            self._chips[kind] = chip
            self._arrange()
        return self._chips[kind]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """All in one line, or on a narrow desk in lines of three."""
        across = len(PARTS) + 1 if self.width() >= ROOMY else 3
        for at, chip in enumerate(self._chips.values()):
            self._chip_row.addWidget(chip, at // across, at % across, Qt.AlignmentFlag.AlignLeft)
        for column in range(len(PARTS) + 2):
            self._chip_row.setColumnStretch(column, column == across)
