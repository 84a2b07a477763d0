"""The units board: a column a state, counts in the head, one row of counts where there is little room."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from weihai_command.boards.incident_board import ROW
from weihai_command.boards.unit_board import UnitBoard
from weihai_command.boards.unit_rows import KNOWN, UnitRow, next_states

from . import icons, theme
from .act_form import ActForm
from .parts import PaneTitle, Plain, hint, restyle
from .tables import LEFT, RIGHT, Index, RowTable, draw_mood, draw_text, text_width
from .unit_keys import FEW, MOST, UnitKeys, keys

#: Narrower columns have half the padding.
ROOMY_COLUMN = 140
#: Narrower titles tell fewer keys.
ROOMY_TITLE = 1200


class UnitHead(QHeaderView):
    """State at the left, count at the right, hairlines between the columns."""

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, theme.colour("bg1"))
        number = self.model().headerData(section, Qt.Orientation.Horizontal, ROW)
        pad = 12 if rect.width() >= ROOMY_COLUMN else 6
        area = QRectF(rect).adjusted(pad, 0, -pad, 0)
        draw_text(painter, area, self.model().headerData(section, Qt.Orientation.Horizontal), theme.font(), theme.colour("text2"))
        draw_text(painter, area, str(number), theme.font(bold=bool(number)), theme.colour("text" if number else "stale"), RIGHT)
        painter.setPen(theme.colour("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if section:
            painter.drawLine(rect.topLeft(), rect.bottomLeft())


class UnitDelegate(QStyledItemDelegate):
    """Symbol, name, and the time in the state at the right edge."""

    def __init__(self, table: RowTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        row: UnitRow | None = index.data(ROW)
        if row is not None:
            self._paint_unit(painter, row, area, index, bool(option.state & QStyle.StateFlag.State_Selected))  # type: ignore[attr-defined]

    def _paint_unit(self, painter: QPainter, row: UnitRow, area: QRectF, index: Index, selected: bool) -> None:
        if selected:
            painter.fillRect(area, theme.colour("bg2"))
            painter.fillRect(QRectF(area.left(), area.top(), theme.size("selected_bar"), area.height()), theme.colour("text"))
        pad = 12 if area.width() >= ROOMY_COLUMN else 6
        icons.paint(painter, row.symbol, QPointF(area.left() + pad + 10, area.center().y()), 20)
        self._paint_words(painter, row, area.adjusted(pad + 26, 0, -pad, 0), row.age(index.model().clock.now()), selected)

    def _paint_words(self, painter: QPainter, row: UnitRow, area: QRectF, age: tuple[str, str], selected: bool) -> None:
        """The name comes first; mark and age take what is left at the right."""
        text, mood = age
        right = area.right()
        if row.sync != "synced":
            icons.paint_unsent(painter, QPointF(right - 6, area.center().y()), theme.colour("text"))
            right -= 20
        room, font, small = right - area.left(), theme.font(bold=selected), theme.font("small", bold=mood in ("near", "over"))
        is_warning = mood in ("near", "over") or text == KNOWN
        if is_warning:
            text, font = _warning(row.name, text, mood, room, selected)
        left = room - text_width(row.name, font) - 6
        wanted = text_width(text, small) if text else 0.0
        # Only a reason may be cut: half a time or half a warning says something else.
        if text and (is_warning or left >= (28.0 if row.state in ("unavailable", "assigned") else wanted)):
            width = min(wanted + 1, max(left, wanted + 1) if is_warning else left)
            draw_mood(painter, QRectF(right - width, area.top(), width, area.height()), text, "second" if mood == "plain" else mood, RIGHT, step="small")
            right -= width + 4
        colour = theme.colour("stale" if row.state == "unavailable" else "text")
        draw_text(painter, QRectF(area.left(), area.top(), right - area.left(), area.height()), row.name, font, colour, LEFT)


def _warning(name: str, text: str, mood: str, room: float, selected: bool) -> tuple[str, QFont]:
    """The warning as far as it fits beside the whole name, and the name's font: its words, else its figure, else its shape."""
    small, body, bold = theme.font("small", bold=selected), theme.font(bold=selected), theme.font("small", bold=True)
    shape = "▲" if mood == "near" else "✕"
    for short in (text, text.rpartition(" ")[2] if ":" in text else shape, shape):
        for font in (body, small):
            if text_width(name, font) + text_width(short, bold) + 5 <= room:
                return short, font
    return shape, small


class UnitTable(RowTable):
    """Arrows go from unit to unit; Space opens the steps that are possible next."""

    steps_wanted = Signal(QModelIndex, QPoint)

    def __init__(self, board: UnitBoard) -> None:
        super().__init__("力量板")
        self.setSelectionBehavior(RowTable.SelectionBehavior.SelectItems)
        self.setHorizontalHeader(UnitHead(Qt.Orientation.Horizontal, self))
        self.horizontalHeader().setFixedHeight(theme.size("row"))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setModel(board)
        self.setItemDelegate(UnitDelegate(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(lambda spot: self._ask(self.indexAt(spot)))

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Menu):
            self._ask(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(theme.colour("line"))
        for column in range(1, self.model().columnCount()):
            left = self.columnViewportPosition(column)
            painter.drawLine(left, 0, left, self.viewport().height())

    def _ask(self, index: QModelIndex) -> None:
        if index.isValid() and index.data(ROW) is not None:
            self.steps_wanted.emit(index, self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))


class UnitsBoard(QWidget):
    """`incident_wanted(id)` on Enter, `state_requested(unit_id, state)` for a step, `leave_requested(unit_id, reason)` for leaving duty,
    `call_requested(unit_id, answer)` for a roll call, `move_wanted(unit_id)`, `undo_wanted` for the last step, `unit_chosen(id)` as the selection moves."""

    incident_wanted = Signal(str)
    state_requested = Signal(str, str)
    leave_requested = Signal(str, str)
    call_requested = Signal(str, str)
    move_wanted = Signal(str)
    undo_wanted = Signal()
    unit_chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, board: UnitBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board, self.is_folded = board, False
        self.title = PaneTitle("力量 · 本席")
        self.attention, self.filter, self.keys = Plain(""), QLineEdit(), UnitKeys()
        self._build_title()
        self.table = UnitTable(board)
        self.summary, self.form = _Summary(board), ActForm()
        self._empty = Plain("没有力量。请检查平台连接", tone="second")
        self._build()
        self.setFocusProxy(self.table)
        self.table.activated_row.connect(self._on_activated)
        self.table.steps_wanted.connect(self._show_steps)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        board.modelReset.connect(self._on_reset)
        board.modelAboutToBeReset.connect(self._remember)
        board.dataChanged.connect(lambda *_: self._show_keys())
        board.attention_changed.connect(self._show_attention)
        self._selected = ""
        self._on_reset()

    def fold(self, folded: bool) -> None:
        """Show only the counts (one 32 px row), or the whole board."""
        if folded == self.is_folded:
            return
        self.is_folded = folded
        self.title.fold(folded)
        self.table.setVisible(not folded)
        self.summary.setVisible(folded)
        self._on_reset()
        self.folded.emit(folded)

    def select(self, unit_id: str) -> None:
        index = self.board.index_of(unit_id)
        if index.isValid():
            self.table.setCurrentIndex(index)

    def enter_rows(self) -> None:
        """Put the keyboard on the unit that needs somebody most, else on the present one, else on the first."""
        current: UnitRow | None = self.table.currentIndex().data(ROW) if self.table.currentIndex().isValid() else None
        if self.board.attention and (current is None or current.id not in self.board.attention):
            self.select(self.board.attention[0])
        heads = [self.board.index(0, column) for column in range(self.board.columnCount())]
        first = next((index for index in heads if self.board.unit_at(index)), None)
        if first and not self.table.selectionModel().hasSelection():
            self.table.setCurrentIndex(first)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row: UnitRow | None = self.table.currentIndex().data(ROW) if self.table.currentIndex().isValid() else None
        known = keys(row, self.board.clock.now()) if row else {}
        text = event.text().upper()
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif text == "F":
            self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.key() == Qt.Key.Key_Escape and (self.filter.text() or self.filter.hasFocus()):
            self._leave_filter()
        elif row and text in known and not event.isAutoRepeat():
            self._press(row, known[text][1])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_roomy = event.size().width() >= ROOMY_TITLE
        if is_roomy != (self.keys.most == MOST):
            self.keys.most = MOST if is_roomy else FEW
            self._life.setVisible(is_roomy)
            self._show_keys()

    def _press(self, row: UnitRow, wish: tuple[str, str]) -> None:
        kind, what = wish
        if kind == "state":
            self._want(row, what)
        elif kind == "call":
            self.call_requested.emit(row.id, what)
        else:
            self.move_wanted.emit(row.id)

    def minimumSizeHint(self) -> QSize:
        return QSize(480, theme.size("row") if self.is_folded else 136)

    def steps(self, row: UnitRow) -> QMenu:
        """The menu of next steps, each with a digit."""
        menu = QMenu(self)
        menu.setAccessibleName(f"{row.name} 改状态")
        for place, (state, word) in enumerate(next_states(row.state), 1):
            action = menu.addAction(f"&{place}  {word}")
            action.triggered.connect(lambda checked=False, state=state: self._want(row, state))
        if menu.isEmpty():
            menu.addAction("没有可做的状态变化").setEnabled(False)
        return menu

    def _want(self, row: UnitRow, state: str) -> None:
        """Leaving duty needs a reason; every other step is done at once."""
        if state == "unavailable":
            self.form.ask(row.id, f"{row.name} 离岗", ["reason"])
        else:
            self.state_requested.emit(row.id, state)

    def _on_reason(self, unit_id: str, fields: dict[str, str]) -> None:
        self.leave_requested.emit(unit_id, fields["reason"])
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build_title(self) -> None:
        self._life = Plain("位置时效 30 分钟", step="small", tone="second")
        self.title.row.insertWidget(2, self._life)
        self.title.row.insertWidget(3, self.attention)
        self.filter.setPlaceholderText("F 筛选")
        self.filter.setAccessibleName("筛选力量：名称、种类、技能")
        self.filter.setFixedWidth(120)
        self.filter.textChanged.connect(self.board.search)
        self.filter.returnPressed.connect(self.enter_rows)
        for widget in (self.keys, self.filter):
            self.title.row.addWidget(widget)

    def _leave_filter(self) -> None:
        self.filter.clear()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_keys(self) -> None:
        row = self.table.currentIndex().data(ROW) if self.table.currentIndex().isValid() else None
        self.keys.show_unit(row, self.board.clock.now())

    def _show_attention(self) -> None:
        """How many units need somebody; the folded row says it too."""
        lost, number = self.board.lost, len(self.board.attention)
        text = " · ".join(part for part in (f"✕ 失联 {lost}" if lost else "", f"▲ 待处理 {number}" if number else "") if part)
        for label in (self.attention, self.summary.attention):
            label.setText(text)
            restyle(label, tone="over" if lost else "near")
        self.attention.setToolTip("F6 到最急的一个" if number else "")

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addWidget(self.form)
        self.form.submitted.connect(self._on_reason)
        self.form.left.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        column.addWidget(self._empty, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.table, 1)
        column.addWidget(self.summary)
        self.summary.hide()

    def _show_steps(self, index: QModelIndex, spot: QPoint) -> None:
        menu = self.steps(index.data(ROW))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(spot)

    def _on_activated(self, _row: int) -> None:
        row: UnitRow | None = self.table.currentIndex().data(ROW)
        if row and row.incident_id:
            self.incident_wanted.emit(row.incident_id)

    def _on_current(self, current: QModelIndex) -> None:
        row = current.data(ROW) if current.isValid() else None
        self._show_keys()
        if row is not None:
            self.unit_chosen.emit(row.id)

    def _remember(self) -> None:
        row = self.table.currentIndex().data(ROW) if self.table.currentIndex().isValid() else None
        self._selected = row.id if row else ""

    def _on_reset(self) -> None:
        self.title.count.setText(str(self.board.total))
        self._empty.setVisible(self.board.is_loaded and not self.board.total and not self.is_folded)
        self.summary.show_counts()
        self._show_attention()
        if self._selected:
            self.table.selectionModel().blockSignals(True)
            self.select(self._selected)
            self.table.selectionModel().blockSignals(False)
        self._show_keys()


class _Summary(QWidget):
    """`不可用 5 | 在站 14 | …` in one row."""

    def __init__(self, board: UnitBoard) -> None:
        super().__init__()
        self._board = board
        self.setFixedHeight(theme.size("row"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(Plain("力量", bold=True))
        self.attention = Plain("", step="small")
        self._words = [Plain("", step="small") for _ in board.counts()]
        for word in self._words:
            row.addWidget(word)
        row.addStretch(1)
        row.addWidget(self.attention)
        row.addWidget(hint("F6"))
        row.addWidget(Plain("展开", step="small", tone="second"))

    def show_counts(self) -> None:
        for label, (word, number) in zip(self._words, self._board.counts(), strict=True):
            label.setText(f"{word} {number}")
            restyle(label, tone="" if number else "still")
