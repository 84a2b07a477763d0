"""The rows behind a figure, in a quiet table over the panel; Esc closes it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from weihai_command.domain.situation import Listing
from widgets import theme

from .sheet import STEPS, font

_NOWHERE = QModelIndex()


class ListingModel(QAbstractTableModel):
    """A listing as a table."""

    def __init__(self) -> None:
        super().__init__()
        self._found = Listing("", (), ())

    def take(self, found: Listing) -> None:
        self.beginResetModel()
        self._found = found
        self.endResetModel()

    def rowCount(self, parent: Any = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._found.rows)

    def columnCount(self, parent: Any = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._found.heads)

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return str(self._found.rows[index.row()][index.column()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._found.heads[section]
        return None


class Drawer(QFrame):
    """`closed` when it goes."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("drawer")
        self.name = ""
        self.model = ListingModel()
        self._title, self._count, self._lines = QLabel(), QLabel(), QLabel()
        for label in (self._title, self._count, self._lines):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._lines.setWordWrap(True)
        self.table = QTableView()
        self._set_up_table()
        column = QVBoxLayout(self)
        column.setSpacing(8)
        for widget in (self._title, self._lines, self.table, self._count):
            column.addWidget(widget)
        column.setStretchFactor(self.table, 1)
        self.hide()

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName("明细")
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def show_waiting(self, name: str, place: QRect, scale: float) -> None:
        """Stand there, without rows yet."""
        self.name = name
        self._dress(scale)
        self.take(name, Listing("…", (), ()))
        self.setGeometry(place)
        self.show()
        self.raise_()
        self.table.setFocus()

    def take(self, name: str, found: Listing) -> None:
        """The rows of a figure; those of another one come too late."""
        if name != self.name:
            return
        self._title.setText(found.title)
        self._lines.setText("\n".join(found.lines))
        self._lines.setVisible(bool(found.lines))
        total = found.total or len(found.rows)
        more = f"，显示前 {len(found.rows)} 条" if total > len(found.rows) else ""
        self._count.setText(f"共 {total:,} 条{more}　Esc 返回")
        self.model.take(found)
        self._fit_columns()
        if found.rows:
            self.table.selectRow(0)

    def _dress(self, scale: float) -> None:
        colours = theme.colours(theme.mode())
        body, small, title = (round(STEPS[step][0] * scale) for step in ("small", "small", "title"))
        self.setStyleSheet(
            f"#drawer {{ background: {colours['bg1']}; border: 1px solid {colours['border']}; border-radius: 4px; }}"
            f"#drawer QLabel {{ color: {colours['text2']}; }}"
            f"#drawer QTableView {{ background: {colours['bg1']}; color: {colours['text']}; border: none; selection-background-color: {colours['bg2']};"
            f" selection-color: {colours['text']}; outline: none; }}"
            f"#drawer QHeaderView::section {{ background: {colours['bg1']}; color: {colours['text2']}; border: none; border-bottom: 1px solid {colours['line']};"
            f" padding: 0 {round(3 * scale)}px; font-size: {small}px; }}"
        )
        self._title.setFont(font(title, True))
        self._title.setStyleSheet(f"color: {colours['text']};")
        for widget, size in ((self._lines, small), (self._count, small), (self.table, body), (self.table.horizontalHeader(), small)):
            widget.setFont(font(size, False))
        self.table.verticalHeader().setDefaultSectionSize(round(36 * scale))
        self.table.horizontalHeader().setFixedHeight(round(40 * scale))
        edge = round(20 * scale)
        self.layout().setContentsMargins(edge, edge - 4, edge, edge - 4)

    def _fit_columns(self) -> None:
        """Every column as wide as its words, the widest takes what is left."""
        self.table.resizeColumnsToContents()
        count = self.model.columnCount()
        if not count:
            return
        widths = [self.table.columnWidth(place) + 16 for place in range(count)]
        widest = max(range(count), key=widths.__getitem__)
        free = self.width() - self.layout().contentsMargins().left() * 2 - 20
        rest = free - sum(widths) + widths[widest]
        for place, width in enumerate(widths):
            self.table.setColumnWidth(place, max(60, rest) if place == widest else width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            super().keyPressEvent(event)
