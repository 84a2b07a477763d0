"""The alarms of the open incident: a line each with its badge, what is wrong, how it stands; a press opens it in the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from weihai_command.boards.alarm_rows import AlarmRow
from weihai_command.boards.words import tip
from weihai_command.domain.alarm import STANDINGS

from . import theme, warning_badge
from .parts import Plain
from .tables import RIGHT, draw_text, text_width

#: Lines that stand there; the others are counted.
MOST = 3


class AlarmLine(QPushButton):
    """One alarm of an incident."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("plain", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row: AlarmRow | None = None
        self._state = ""

    def show_row(self, row: AlarmRow, now: datetime) -> None:
        cells = row.cells(now)
        self._row, self._state = row, f"{STANDINGS[row.standing]} · {cells[3]} 起"
        self.setAccessibleName(f"告警 {row.text} {self._state}")
        self.setToolTip(tip(f"{row.alarm.name}\n{row.text}\n{self._state} · {cells[4]}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme.size("row_read_only"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, row = QPainter(self), self._row
        if row is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), theme.colour("hover"))
        warning_badge.paint(painter, row.colour, QPointF(12, self.height() / 2), 22)
        small, area = theme.font("small"), self.rect().toRectF()
        room = text_width(self._state, small) + 8
        asks = row.standing in ("unacked", "cleared")
        draw_text(painter, area.adjusted(32, 0, -room - 4, 0), row.text, theme.font(bold=asks), theme.colour("text"))
        draw_text(painter, area.adjusted(area.width() - room, 0, 0, 0), self._state, small, theme.colour("text2"), RIGHT)


class AlarmLines(QWidget):
    """`chosen(alarm id)`; hidden while the incident has none."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("关联的告警")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 8)
        self._column.setSpacing(0)
        self.lines = [AlarmLine() for _ in range(MOST)]
        self.more = Plain("", step="small", tone="second")
        self._ids: list[str] = []
        for place, line in enumerate(self.lines):
            line.clicked.connect(lambda checked=False, place=place: self.chosen.emit(self._ids[place]))
            self._column.addWidget(line)
        self._column.addWidget(self.more)
        self.show_rows([], None)

    @property
    def is_there(self) -> bool:
        return bool(self._ids)

    def show_rows(self, rows: Sequence[AlarmRow], now: datetime | None) -> None:
        """These, worst first."""
        self._ids = [row.id for row in rows]
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(rows))
            if place < len(rows) and now is not None:
                line.show_row(rows[place], now)
        self.more.setText(f"还有 {len(rows) - MOST} 条告警")
        self.more.setVisible(len(rows) > MOST)
        self.setFixedHeight((theme.size("row_read_only") * min(len(rows), MOST) + 12 + (20 if len(rows) > MOST else 0)) if rows else 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
