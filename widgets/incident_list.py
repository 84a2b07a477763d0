"""The incident list: search, filter chips, the table by urgency, and what it counts."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from weihai_command.boards.incident_board import ROW, IncidentBoard
from weihai_command.boards.incident_rows import CHIPS

from . import theme
from .incident_delegate import IncidentDelegate, column_widths
from .incident_head import IncidentHead, sorting_words
from .parts import KeyButton, PaneTitle, Plain, hint, restyle, rule, upright
from .row_anchor import RowAnchor
from .tables import RowTable

#: Chips that only some have use for.
TRACKS, OF_OFFICERS, OF_DEPARTMENTS = ("emergency", "municipal"), ("intake", "unsent_units"), ("own",)


class IncidentTable(RowTable):
    """The table itself; `chosen(id)` when another incident becomes the current one by hand, `claim_wanted(id)` on C."""

    chosen = Signal(str)
    claim_wanted = Signal(str)

    def __init__(self, board: IncidentBoard) -> None:
        super().__init__("事件列表")
        self.board, self._compact, self._silent = board, False, False
        #: The row that is marked, and what is open: they differ when a claimed message has left the list and the next one waits.
        self.selected_id = self.open_id = ""
        self._left_from = -1
        self._anchor = RowAnchor(self, self._id_at, board.row_of_id)
        self.head = IncidentHead(self, board)
        self.setHorizontalHeader(self.head)
        self.head.setSectionsClickable(True)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.horizontalHeader().setFixedHeight(theme.size("row"))
        self.setModel(board)
        self.setItemDelegate(IncidentDelegate(self, board))
        self.selectionModel().currentRowChanged.connect(self._on_current)
        board.modelAboutToBeReset.connect(self._before_reset)
        board.modelReset.connect(self._after_reset)

    def select(self, incident_id: str) -> None:
        """Mark the row of `incident_id` without telling anybody; none where the filter hides it."""
        self.selected_id = self.open_id = incident_id
        row = self.board.row_of_id(incident_id)
        self._silent = True
        if row >= 0:
            self.selectRow(row)
            self.scrollTo(self.board.index(row, 0))
        else:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._silent = False

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.lay_out()

    def lay_out(self) -> None:
        metrics = QFontMetrics(theme.font())
        numbers = [self.board.row_at(row).number for row in range(min(self.board.rowCount(), 60))]  # type: ignore[union-attr]
        widest = max((metrics.horizontalAdvance(number) + 12 for number in numbers), default=0)
        for column, width in column_widths(self.viewport().width(), min(widest, 104), compact=self._compact).items():
            self.setColumnHidden(column, width == 0)
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        row = self.board.row_at(self.currentIndex().row())
        if self.head.take_key(event):
            return
        if event.key() == Qt.Key.Key_C and not event.modifiers() and row is not None:
            self.claim_wanted.emit(row.id)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Qt makes the first row current where none is: what is open would change under the officer's hands.
        has_current, was_silent = self.currentIndex().isValid(), self._silent
        self._silent = True
        super().focusInEvent(event)
        if not has_current:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._silent = was_silent

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        row = current.data(ROW)
        if row is not None and not self._silent:
            self._choose(row.id)

    def choose_row(self, place: int) -> None:
        """Make a row the current one and open it, also where it is marked already."""
        self.selectRow(place)
        if (found := self._id_at(place)) and found != self.open_id:
            self._choose(found)

    def _choose(self, incident_id: str) -> None:
        self.selected_id = self.open_id = incident_id
        self.chosen.emit(incident_id)

    def _id_at(self, row: int) -> str:
        found = self.board.row_at(row)
        return found.id if found else ""

    def _before_reset(self) -> None:
        self._silent = True
        self._left_from = self.currentIndex().row()
        self._anchor.take(self.selected_id)

    def _after_reset(self) -> None:
        self.lay_out()
        row = self.board.row_of_id(self.selected_id)
        if row < 0 and self._left_from >= 0 and self.board.chip == "intake" and self.board.keeps_place:
            # A message that somebody claimed: the one that now stands in its place is the next.
            row = min(self._left_from, self.board.rowCount() - 1)
            self.selected_id = self._id_at(row) or self.selected_id
        if row >= 0:
            self.selectRow(row)
        self._keep_place()
        self._silent = False

    def _keep_place(self) -> None:
        """News leave the chosen row where it stood, else the row at the top; another filter or order shows the chosen row, else the beginning."""
        if self.board.keeps_place:
            self._anchor.hold()
        else:
            self.verticalScrollBar().setValue(0)
            self.scrollTo(self.currentIndex())


class SearchField(QLineEdit):
    """Esc empties it, Down goes to the rows."""

    left_downwards = Signal()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class IncidentList(QWidget):
    """`chosen(id)` as the current row moves, `opened(id)` on Enter, `claim_wanted(id)` on C."""

    chosen = Signal(str)
    opened = Signal(str)
    claim_wanted = Signal(str)

    def __init__(self, board: IncidentBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board = board
        self.title = PaneTitle("事件 · 本席")
        self.search = self._search_field()
        self.table = IncidentTable(board)
        self.chips: dict[str, QPushButton] = {}
        self._compact = False
        self._empty, self._clear = Plain("", tone="second"), KeyButton("清除筛选", "Esc")
        self.footer = Plain("", step="small", tone="second")
        self._build()
        self.setFocusProxy(self.table)
        self.table.chosen.connect(self.chosen)
        self.table.claim_wanted.connect(self.claim_wanted)
        self.table.activated_row.connect(self._on_activated)
        self.table.clicked.connect(lambda index: self.table.choose_row(index.row()))
        self.table.left_upwards.connect(lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.search.textChanged.connect(board.search)
        self.search.left_downwards.connect(self.enter_rows)
        self._clear.clicked.connect(self.clear_filter)
        board.counted.connect(self._on_counted)
        self._on_counted()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.table.set_compact(compact)
        self._show_chips()

    def select(self, incident_id: str) -> None:
        self.table.select(incident_id)

    def start_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def enter_rows(self) -> None:
        """Put the keyboard on the rows, on the first one where none is current."""
        if not self.table.currentIndex().isValid() and self.board.rowCount():
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def next_message(self) -> None:
        """Shift+F7: the messages that nobody has claimed, with the keyboard on the first; once more on the next, round and round."""
        place = self.table.currentIndex().row() + (self.table.selected_id == self.table.open_id) if self.board.chip == "intake" else 0
        if self.board.chip != "intake" or self.search.text():
            self.search.clear()
            self.chips["intake"].click()
        place = max(place, 0) % max(self.board.rowCount(), 1)
        row = self.board.row_at(place)
        # A long list may still be narrowing: what stands there is no message then.
        if row is not None and row.is_unclaimed:
            self.table.choose_row(place)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def clear_filter(self) -> None:
        self.search.clear()
        self.chips[self.board.home].click()
        self.enter_rows()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def _search_field(self) -> QLineEdit:
        field = SearchField()
        field.setPlaceholderText("编号、地点、电话")
        field.setAccessibleName("搜索事件")
        field.setFixedWidth(256)
        row = QHBoxLayout(field)
        row.setContentsMargins(0, 0, 8, 0)
        row.addStretch(1)
        row.addWidget(hint("F3"))
        field.setTextMargins(0, 0, 36, 0)
        self.title.row.addWidget(field)
        return field

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self._chip_row())
        middle = QWidget()
        self._stack = QStackedLayout(middle)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty_page())
        column.addWidget(middle, 1)
        column.addWidget(rule())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 16, 6)
        foot.addWidget(self.footer)
        foot.addStretch(1)
        column.addLayout(foot)

    def _chip_row(self) -> QWidget:
        box, group = QWidget(), QButtonGroup(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for key, word, _ in CHIPS:
            if key == "mine":
                row.addWidget(upright())
            chip = QPushButton(word)
            chip.setProperty("chip", True)
            chip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            chip.setCheckable(True)
            chip.setChecked(key == "all")
            chip.clicked.connect(lambda checked=False, key=key: self.board.show_chip(key))
            group.addButton(chip)
            row.addWidget(chip)
            self.chips[key] = chip
        row.addStretch(1)
        return box

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(2)
        column.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _on_counted(self) -> None:
        board = self.board
        for key, word, _ in CHIPS:
            number = board.counts[key]
            self.chips[key].setText(f"{word} {number}")
            self.chips[key].setAccessibleName(f"筛选 {word}，{number} 件")
        self._show_chips()
        self._leave_empty_intake()
        restyle(self.chips["intake"], tone="near" if board.is_intake_late else "")
        self.title.count.setText(str(board.counts["all"]))
        self.footer.setText(f"{sorting_words(board)} · {board.rowCount()} / {board.total}")
        self._empty.setText("正在读取…" if not board.is_loaded else "没有符合筛选的事件" if board.is_narrowed else "没有事件。接报按 F2")
        self._clear.setVisible(board.is_narrowed)
        self._stack.setCurrentIndex(0 if board.rowCount() else 1)

    def _leave_empty_intake(self) -> None:
        """The last message is claimed: back to the list in which it stands."""
        board, mine = self.board, self.board.find(self.table.open_id)
        if board.chip == "intake" and not board.rowCount() and not self.search.text() and mine is not None and mine.owner == board.newest.user:
            self.chips[board.home].click()

    def _show_chips(self) -> None:
        """A department has its own cases first and nothing to take in or to send out; a narrow list leaves the tracks out."""
        is_department = self.board.home == "own"
        hidden = set(OF_OFFICERS if is_department else OF_DEPARTMENTS) | set(TRACKS if self._compact or is_department else ())
        for key, chip in self.chips.items():
            chip.setVisible(key not in hidden or key == self.board.chip)
        self.chips[self.board.chip].setChecked(True)

    def _on_activated(self, row: int) -> None:
        found = self.board.row_at(row)
        if found:
            self.table.choose_row(row)
            self.opened.emit(found.id)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape and self.board.is_narrowed:
            self.clear_filter()
        else:
            super().keyPressEvent(event)
