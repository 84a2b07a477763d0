"""The list of units for one incident (F4): the plan's picks are checked; type to filter, Space checks, Delete checks none, Enter sends."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from weihai_command.boards.candidate_board import CHECK, DISTANCE, NAME, REASON, STATE, Candidate, CandidateBoard
from weihai_command.boards.incident_board import ROW

from . import icons, theme
from .incident_list import SearchField
from .panel import Panel
from .parts import KeyButton, Plain
from .plan_section import sending
from .tables import RIGHT, Index, RowTable, draw_mood, draw_text, paint_ground


class CandidateDelegate(QStyledItemDelegate):
    """Check box, symbol and name, state, distance, reason; busy units are dimmer and say so."""

    def __init__(self, table: RowTable) -> None:
        super().__init__(table)
        self._table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Candidate | None = index.data(ROW)
        if row is None:
            return
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        selected = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        paint_ground(painter, self._table, area, index.row(), selected=selected, first=index.column() == CHECK)
        if index.column() == CHECK:
            checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            paint_check(painter, QPointF(area.left() + 24, area.center().y()), checked)
        elif index.column() == NAME:
            symbol = f"u-{row.kind}" + ("-b" if row.is_busy else "")
            icons.paint(painter, symbol, QPointF(area.left() + 18, area.center().y()), 20)
            draw_text(painter, area.adjusted(36, 0, 0, 0), row.name, theme.font(bold=selected), theme.colour("stale" if row.is_busy else "text"))
        else:
            mood = "near" if row.is_busy and index.column() == STATE else "second"
            small = "small" if index.column() == REASON else "body"
            align = RIGHT if index.column() == DISTANCE else Qt.AlignmentFlag.AlignVCenter
            draw_mood(painter, area.adjusted(8, 0, -12, 0), index.data() or "", mood, align, step=small)


def paint_check(painter: QPainter, centre: QPointF, checked: bool) -> None:
    """A 16 px box, filled light with a dark tick when checked."""
    box = QRectF(centre.x() - 8, centre.y() - 8, 16, 16)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("text" if checked else "border"))
    painter.setBrush(theme.colour("text") if checked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 3, 3)
    if checked:
        pen = painter.pen()
        pen.setColor(theme.colour("on_text"))
        pen.setWidthF(2)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(box.left() + 4, centre.y()), QPointF(box.left() + 7, centre.y() + 4), QPointF(box.right() - 3, centre.y() - 4)])
    painter.restore()


class CandidateTable(RowTable):
    """Space checks the row; letters belong to the filter above."""

    def __init__(self, board: CandidateBoard) -> None:
        super().__init__("可派的力量")
        self.setModel(board)
        self.setItemDelegate(CandidateDelegate(self))
        head = self.horizontalHeader()
        for column, width in ((CHECK, 44), (NAME, 148), (STATE, 76), (DISTANCE, 92)):
            self.setColumnWidth(column, width)
        head.setSectionResizeMode(REASON, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(lambda index: board.toggle(index.row()) if index.column() == CHECK else None)

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Space:
            self.model().toggle(self.currentIndex().row())  # type: ignore[attr-defined]
        elif event.key() == Qt.Key.Key_Delete:
            self.model().clear()  # type: ignore[attr-defined]
        else:
            super().keyPressEvent(event)


class DispatchPanel(Panel):
    """`submitted(incident_id, unit_ids)`: the checked ones, or the current row where none is checked.

    `move_requested(unit_id, incident_id)` for each busy one among them, after a second Enter on the line that says from where.
    """

    submitted = Signal(str, list)
    move_requested = Signal(str, str)

    def __init__(self, board: CandidateBoard, parent: QWidget | None = None) -> None:
        super().__init__("派遣", (720, 600), parent)
        self.board, self.incident_id = board, ""
        self._current = ""
        self.filter, self.table = SearchField(), CandidateTable(board)
        self.filter.setPlaceholderText("按名称或类别筛选：消防、排水、203 …")
        self.filter.setAccessibleName("筛选力量")
        self.picked, self.why = Plain("", tone="second"), Plain("", step="small", tone="second")
        self.gaps, self.confirm = Plain("", step="small", tone="near"), Plain("", tone="near", bold=True)
        self._asked: list[str] = []
        self.send = KeyButton("派遣", "Enter", primary=True)
        self.column.setContentsMargins(0, 12, 0, 12)
        for widget, inset in ((self.filter, True), (self.table, False)):
            row = QHBoxLayout()
            row.setContentsMargins(16 if inset else 0, 0, 16 if inset else 0, 0)
            row.addWidget(widget)
            self.column.addLayout(row, 0 if inset else 1)
        for label in (self.why, self.gaps, self.confirm):
            label.setWordWrap(True)
            label.setContentsMargins(16, 0, 16, 0)
            self.column.addWidget(label)
        self.picked.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.picked, 1)
        foot.addWidget(self.send)
        self.column.addLayout(foot)
        self.filter.textChanged.connect(self._on_filter)
        self.filter.left_downwards.connect(self._on_down)
        self.table.left_upwards.connect(lambda: self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.table.activated_row.connect(lambda row: self.submit())
        self.send.clicked.connect(self.submit)
        board.dataChanged.connect(lambda *_: self._show_picked())
        board.modelAboutToBeReset.connect(self._note_current)
        board.modelReset.connect(self._keep_current)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._show_picked())

    def show_gaps(self, gaps: Sequence[str]) -> None:
        """What nobody fills, above the line that says who goes."""
        self.gaps.setText("\n".join(gaps))
        self.gaps.setVisible(bool(gaps))

    def start(self, incident_id: str, name: str) -> None:
        self.incident_id = incident_id
        self._ask([])
        self.remark.setText(name)
        self.filter.clear()
        self.show()
        self.raise_()
        self.table.setCurrentIndex(QModelIndex())
        self._pick_first()
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def submit(self) -> None:
        rows = self.board.rows(self._chosen())
        moved = [row for row in rows if row.is_committed]
        if moved and self._asked != [row.id for row in moved]:
            self._ask(moved)
            return
        free = [row.id for row in rows if not row.is_committed]
        self._ask([])
        if free:
            self.submitted.emit(self.incident_id, free)
        for row in moved:
            self.move_requested.emit(row.id, self.incident_id)

    def leave(self) -> None:
        # Esc first takes back the question.
        if self._asked and not self.isHidden():
            self._ask([])
        else:
            super().leave()

    def _ask(self, moved: list[Candidate]) -> None:
        """Say which busy units would leave what they do; nothing moves before Enter comes again."""
        self._asked = [row.id for row in moved]
        told = "、".join(f"{row.name}（{row.state}，{row.told}）" if row.told else f"{row.name}（{row.state}）" for row in moved)
        self.confirm.setText(f"改派 {told}：再按 Enter 确认，Esc 不改派" if moved else "")
        self.confirm.setVisible(bool(moved))
        # The line takes room from the list: the row that it speaks of stays in sight.
        self.layout().activate()
        self.table.scrollTo(self.table.currentIndex())

    def finish(self) -> None:
        self._ask([])
        self.leave()

    def _chosen(self) -> list[str]:
        checked = self.board.picked()
        current = self.board.row_at(self.table.currentIndex().row())
        return checked or ([current.id] if current else [])

    def _on_filter(self, text: str) -> None:
        self.board.search(text)
        self._pick_first()

    def _on_down(self) -> None:
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _note_current(self) -> None:
        row = self.board.row_at(self.table.currentIndex().row())
        self._current = row.id if row else ""

    def _keep_current(self) -> None:
        """News must not move the cursor to another unit: it stays on its own, or on none where that one is gone."""
        place = self.board.place_of(self._current)
        if place >= 0:
            self.table.selectRow(place)
        self._show_picked()

    def _pick_first(self) -> None:
        if self.board.rowCount() and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_picked()

    def _show_picked(self) -> None:
        rows = self.board.rows(self._chosen())
        if self._asked != [row.id for row in rows if row.is_committed]:
            self._ask([])
        named = (sending([row.name for row in rows if not row.is_committed]), sending([row.name for row in rows if row.is_committed], "改派"))
        self.picked.setText("；".join(part for part in named if part) or ("没有选中力量" if self.board.rowCount() else "没有符合的力量"))
        self.send.setEnabled(bool(rows))
        current = self.board.row_at(self.table.currentIndex().row())
        self.why.setText(f"{current.name}：{current.reason}" if current and current.reason else "")
