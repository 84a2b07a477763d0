"""The parts of the incident's detail between its head and its timeline: facts, units sent."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.detail_board import AssignmentRow

from . import icons, theme
from .parts import Elided, KeyButton, Plain, SectionTitle, restyle


class Facts(QWidget):
    """Word and value in two columns; `reveal_toggled(shown)` unmasks the phone number."""

    reveal_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._cells: list[tuple[Plain, Elided]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 11)
        self._grid.setColumnStretch(3, 9)
        self.description = Plain("", tone="")
        self.description.setWordWrap(True)
        self.place = Plain("")
        self.place.setWordWrap(True)
        self.reveal = KeyButton("显示号码")
        self.reveal.setProperty("plain", True)
        self.reveal.setCheckable(True)
        self.reveal.clicked.connect(self.reveal_toggled)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        title = SectionTitle("事实")
        title.layout().addWidget(self.reveal)
        column.addWidget(title)
        column.addLayout(self._grid)
        column.addWidget(self.place)
        column.addWidget(self.description)

    def show_facts(self, facts: list[tuple[str, str, str]]) -> None:
        for place, (word, text, mood) in enumerate(facts):
            if place == len(self._cells):
                self._add_cell(place)
            label, shown = self._cells[place]
            label.setText(word)
            shown.setText(text)
            shown.setToolTip(words.tip(text))
            restyle(shown, tone="" if mood == "plain" else mood)

    def show_texts(self, place: str, description: str, *, has_phone: bool, revealed: bool) -> None:
        for label, text in ((self.place, place), (self.description, description)):
            label.setText(text)
            label.setVisible(bool(text))
        self.reveal.setVisible(has_phone)
        self.reveal.setChecked(revealed)
        self.reveal.set_text("遮住号码" if revealed else "显示号码")

    def lead_with_words(self, leading: bool) -> None:
        """Of a message its words stand first: they are what there is to go by."""
        place = 1 if leading else self._column.count() - 1
        if self._column.indexOf(self.description) != place:
            self._column.removeWidget(self.description)
            self._column.insertWidget(place, self.description)

    def _add_cell(self, place: int) -> None:
        label, shown = Plain("", tone="second"), Elided("")
        row, pair = divmod(place, 2)
        self._grid.addWidget(label, row, pair * 2)
        self._grid.addWidget(shown, row, pair * 2 + 1)
        self._grid.setRowMinimumHeight(row, 24)
        self._cells.append((label, shown))


class Segments(QWidget):
    """Four short bars: dispatched, under way, on scene, left."""

    def __init__(self) -> None:
        super().__init__()
        self._reached = 0
        self.setFixedSize(56, 24)

    def show_reached(self, reached: int) -> None:
        self._reached = reached
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint_segments(QPainter(self), QRectF(self.rect()), self._reached)


class AssignmentLine(QWidget):
    """One unit on the incident, its way, and the button of its next step."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.size("row_with_button"))
        self.unit_id = self.next_state = ""
        self.symbol, self.name, self.way = QLabel(), Elided(""), Segments()
        self.word, self.age, self.sync = Plain(""), Plain("", tone="second"), Plain("", step="small", tone="second")
        self.button = KeyButton("")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self.word.setFixedWidth(52)
        self.age.setFixedWidth(40)
        self.name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.name.setFixedWidth(72)
        self._compact = False
        for widget in (self.symbol, self.name, self.way, self.word, self.age, self.sync):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.button)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.name.setFixedWidth(64 if compact else 72)
        self.way.setVisible(not compact)
        self.button.show_key(not compact)

    def show_row(self, row: AssignmentRow, place: int) -> None:
        self.unit_id, self.next_state = row.unit.id, row.next_state
        self.symbol.setPixmap(icons.pixmap(row.unit.symbol, theme.size("icon")))
        self.name.setText(row.unit.name)
        self.name.setToolTip(words.tip(row.unit.name))
        self.way.show_reached(row.segments)
        self.word.setText(row.word)
        restyle(self.word, tone="near" if row.is_late else "")
        self.age.setText(row.age)
        self.sync.setText("" if row.sync == "synced" else "↑ " + words.sync(row.sync))
        self.sync.setVisible(row.sync != "synced")
        self.button.setVisible(bool(row.next_state))
        self.button.set_text(row.next_word, f"Alt+{place}" if place <= 9 else "")
        self.set_compact(self._compact)
        self.button.setAccessibleName(f"{row.unit.name} {row.next_word}，Alt+{place}")
        self.button.setToolTip(words.tip(f"{row.unit.name}：{row.next_word}（Alt+{place}）"))


class Assignments(QWidget):
    """`state_requested(unit_id, state)` by button or Alt+digit."""

    state_requested = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.title = SectionTitle("派遣")
        self.lines: list[AssignmentLine] = []
        self._compact = False
        self._none = Plain("还没有派遣力量", tone="second")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 4)
        self._column.setSpacing(0)
        self._column.addWidget(self.title)
        self._column.addWidget(self._none)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        for line in self.lines:
            line.set_compact(compact)

    def show_rows(self, rows: list[AssignmentRow]) -> None:
        while len(self.lines) < len(rows):
            self._add_line()
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(rows))
            if place < len(rows):
                line.show_row(rows[place], place + 1)
        self._none.setVisible(not rows)
        self.title.remark.setText(f"{len(rows)} 个单位" if rows else "")

    def press(self, place: int) -> bool:
        """Do the next step of the `place`-th unit (from 0); False where there is none."""
        found = [line for line in self.lines if not line.isHidden()]
        if place >= len(found) or not found[place].next_state:
            return False
        self.state_requested.emit(found[place].unit_id, found[place].next_state)
        return True

    def _add_line(self) -> None:
        line, place = AssignmentLine(), len(self.lines)
        line.set_compact(self._compact)
        line.button.clicked.connect(lambda: self.press(place))
        self.lines.append(line)
        self._column.addWidget(line)
