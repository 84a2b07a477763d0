"""M: where a committed unit goes instead. Open emergencies by urgency, narrowed by what is typed; Enter moves, as one act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from weihai_command.boards.incident_rows import IncidentRow, matches, urgency
from weihai_command.domain.incident import EMERGENCY

from . import theme
from .panel import Panel
from .parts import Plain

#: More than these nobody reads: a word narrows them.
MOST = 100
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


def targets(rows: Iterable[IncidentRow | None], present: str) -> list[IncidentRow]:
    """The open emergencies besides `present`, the most urgent first."""
    return sorted((row for row in rows if row is not None and row.track == EMERGENCY and not row.ended and row.id != present), key=urgency)


def line(row: IncidentRow, now: datetime) -> str:
    return "  ".join(part for part in (row.number, row.priority, row.title, row.type if row.type != row.title else "", row.place, row.left(now)[0]) if part)


class MovePanel(Panel):
    """`move_requested(unit_id, incident_id)`; it closes when the move is kept."""

    move_requested = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("改派", (620, 420), parent)
        self.field, self.list = QLineEdit(), QListWidget()
        self.field.setPlaceholderText("编号、标题、类型或地点；Enter 改派到选中的一件")
        self.field.setAccessibleName("改派到")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("在办的应急事件")
        self._none = Plain("没有别的在办应急事件", tone="second")
        for widget in (self.field, self.list, self._none):
            self.column.addWidget(widget)
        self._unit, self._rows, self._now = "", [], datetime.min.replace(tzinfo=UTC)
        self.field.textChanged.connect(lambda _: self._fill())
        self.list.itemDoubleClicked.connect(lambda _: self.submit())

    def start(self, unit_id: str, name: str, rows: list[IncidentRow], now: datetime) -> None:
        """Open for one unit; `rows` are where it may go."""
        self._unit, self._rows, self._now = unit_id, rows, now
        self.title.setText(f"改派 {name} 到")
        self.field.clear()
        self._fill()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.move_requested.emit(self._unit, str(item.data(Qt.ItemDataRole.UserRole)))

    def finish(self) -> None:
        """The move is kept."""
        self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif event.key() in _STEPS and self.list.count():
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + _STEPS[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def _fill(self) -> None:
        found = [row for row in self._rows if matches(row, self.field.text())]
        self.list.clear()
        for row in found[:MOST]:
            item = QListWidgetItem(line(row, self._now))
            item.setSizeHint(QSize(0, theme.size("row")))
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        self._none.setText("没有别的在办应急事件" if not self._rows else "没有符合的事件")
