"""告警清单: all alarms that are not over, with a filter; each is acknowledged, shelved, ended or made an incident of by itself."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from weihai_command.boards.alarm_board import AlarmBoard
from weihai_command.boards.alarm_list import CHIPS, AlarmListBoard
from weihai_command.boards.alarm_rows import AlarmRow
from weihai_command.boards.incident_board import ROW

from . import theme, warning_badge
from .alarm_form import AlarmForm
from .panel import WatchingPanel
from .parts import Elided, KeyButton, Plain
from .tables import LEFT, Index, RowTable, draw_text, paint_ground

#: Widths of symbol, standing, sentence (the rest), place, since, lasting, times, remark (shares the rest), incident.
WIDTHS = (44, 108, 0, 92, 84, 104, 88, 0, 84)
TEXT = 2
LETTERS = {"S": "shelve", "U": "unshelve", "D": "dismiss", "L": "locate", "C": "chart", "F": "search"}


class AlarmDelegate(QStyledItemDelegate):
    """Who asks for a word stands in bold; what is known stands back."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, table = index.data(ROW), self.parent()
        area, column = QRectF(option.rect), index.column()  # type: ignore[attr-defined]
        if row is None or not isinstance(table, RowTable):
            return
        paint_ground(painter, table, area, index.row(), selected=table.currentIndex().row() == index.row(), first=column == 0)
        if column == 0:
            warning_badge.paint(painter, row.colour, QPointF(area.left() + 24, area.center().y()), 24)
            return
        asks = row.standing in ("unacked", "cleared")
        tone = "text" if column == TEXT or (asks and column == 1) else "text2"
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        draw_text(painter, area.adjusted(4, 0, -8, 0), text, theme.font(bold=row.standing == "unacked" and column == TEXT), theme.colour(tone),
                  LEFT)


class AlarmTable(RowTable):
    """Rows of 32 px; letters are the panel's."""

    def __init__(self, board: AlarmListBoard) -> None:
        super().__init__("告警清单")
        self.board = board
        self.setModel(board)
        self.setItemDelegate(AlarmDelegate(self))
        self._kept = ""
        board.modelAboutToBeReset.connect(self._keep)
        board.modelReset.connect(self._find)

    def row(self) -> AlarmRow | None:
        found: AlarmRow | None = self.board.row_at(self.currentIndex().row())
        return found

    def show_alarm(self, alarm_id: str) -> bool:
        place = self.board.place_of(alarm_id)
        if place >= 0:
            self.selectRow(place)
        return place >= 0

    def _keep(self) -> None:
        row = self.row()
        self._kept, self._place = (row.id if row else ""), max(self.currentIndex().row(), 0)

    def _find(self) -> None:
        # One that left the list leaves its place to the next.
        if not self.show_alarm(self._kept) and self.board.rowCount():
            self.selectRow(min(self._place, self.board.rowCount() - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rest = max(self.viewport().width() - sum(WIDTHS), 200)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width or int(rest * (0.58 if column == TEXT else 0.42)))


class AlarmPanel(WatchingPanel):
    """`locate_wanted(sensor id)`, `chart_wanted(sensor id)`, `incident_wanted(incident id)`; acts go to the board of alarms."""

    locate_wanted = Signal(str)
    chart_wanted = Signal(str)
    incident_wanted = Signal(str)

    def __init__(self, alarms: AlarmBoard, board: AlarmListBoard, parent: QWidget | None = None) -> None:
        super().__init__("告警清单", (1180, 640), parent)
        self.alarms, self.board = alarms, board
        self.table, self.form, self.empty = AlarmTable(board), AlarmForm(), Plain("没有告警", tone="second")
        self.chips: dict[str, QPushButton] = {}
        self.search, self.all = QLineEdit(), KeyButton("看全部", "0")
        self.preview = Elided("", step="small", tone="second")
        self.buttons = {name: KeyButton(word, key) for name, word, key in (
            ("acknowledge", "确认", "F8"), ("shelve", "搁置", "S"), ("unshelve", "取消搁置", "U"), ("dismiss", "消除", "D"), ("incident", "转事件", "Enter"),
            ("locate", "定位", "L"), ("chart", "曲线", "C"),
        )}
        self._wanted = ""
        self._build()
        self._connect()
        self.show_rows()

    def start(self, key: str = "", act: str = "") -> None:
        """Open at an alarm, or with the alarms of a group of the strip; `act` begins what needs words: ack, shelve."""
        group = next((item for item in self.alarms.items if item.key == key and item.is_group), None)
        self._wanted = "" if group else key
        self.board.show_only(frozenset(group.alarms) if group else frozenset(), group.text if group else "")
        self.show_chip("all")
        self.search.clear()
        self.show()
        self.raise_()
        self.table.show_alarm(self._wanted)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if act:
            self.begin(act)

    def show_only(self, alarms: frozenset[str], word: str) -> None:
        """Only these, such as those of an incident that ended."""
        self.start()
        self.board.show_only(alarms, word)

    def begin(self, act: str) -> None:
        """Ask for the words of an act: ack, shelve, dismiss."""
        row = self.table.row()
        if row is not None:
            self.form.start(act, row.id, row.text)

    def show_chip(self, chip: str) -> None:
        self.chips[chip].setChecked(True)
        self.board.show(chip=chip)

    def acknowledge(self) -> None:
        """F8: the row of the list, also while the strip shows another."""
        row = self.table.row()
        if row is not None:
            self.alarms.acknowledge(row.id)

    def raise_incident(self) -> None:
        row = self.table.row()
        if row is not None and row.number and row.alarm.incident_id:
            self.incident_wanted.emit(row.alarm.incident_id)
        elif row is not None:
            self.alarms.raise_incident(row.id)

    def show_rows(self) -> None:
        board = self.board
        for chip, (word, _) in CHIPS.items():
            self.chips[chip].setText(f"{word} {board.count(chip)}")
            self.chips[chip].setAccessibleName(f"筛选 {word}，{board.count(chip)} 条")
        self.remark.setText(board.only_word or f"{board.rowCount()} / {board.count('all')}")
        self.all.setVisible(bool(board.only))
        self.table.setVisible(board.rowCount() > 0)
        self.empty.setVisible(not board.rowCount())
        self.empty.setText("没有符合筛选的告警" if board.count("all") else "没有告警")
        if self._wanted and self.table.show_alarm(self._wanted):
            self._wanted = ""
        elif self.table.row() is None and board.rowCount():
            self.table.selectRow(0)
        self._on_current()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        name = LETTERS.get(event.text().upper()) if not event.modifiers() else None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.hasFocus():
            self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name == "search":
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif name:
            self.buttons[name].click()
        elif event.text() == "0" and self.board.only:
            self._leave_only()
        elif event.text() in "12345" and event.text():
            self.show_chip(list(CHIPS)[int(event.text()) - 1])
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._watches:
            self.form.leave()

    def _on_current(self) -> None:
        row = self.table.row()
        standing = row.standing if row else ""
        self.buttons["acknowledge"].set_dim(standing not in ("unacked", "cleared"))
        self.buttons["shelve"].set_dim(standing not in ("unacked", "acked"))
        self.buttons["unshelve"].set_dim(standing != "shelved")
        self.buttons["incident"].set_text(f"打开 {row.number}" if row and row.number else "转事件")
        self.preview.setText("")
        if row is not None and not row.number:
            self.alarms.ask_proposal(row.id)

    def _show_proposal(self) -> None:
        row, (alarm_id, found) = self.table.row(), self.alarms.proposal
        if row is not None and found is not None and alarm_id == row.id and not row.number:
            self.preview.setText(f"Enter：{found.sentence} · {found.reason}")

    def _act(self, name: str) -> None:
        row = self.table.row()
        if row is None:
            return
        if name in ("shelve", "dismiss"):
            self.begin(name)
        elif name == "unshelve":
            self.alarms.unshelve(row.id)
        elif name == "acknowledge":
            self.acknowledge()
        elif name == "incident":
            self.raise_incident()
        else:
            {"locate": self.locate_wanted, "chart": self.chart_wanted}[name].emit(row.alarm.sensor_id)

    def _submit(self, act: str, alarm_id: str, reason: str, hours: float) -> None:
        if act == "ack":
            self.alarms.acknowledge(alarm_id, reason)
        elif act == "shelve":
            self.alarms.shelve(alarm_id, reason, hours)
        else:
            self.alarms.dismiss(alarm_id, reason)

    def _leave_only(self) -> None:
        self.board.show_only(frozenset(), "")

    def _connect(self) -> None:
        self.board.told_rows.connect(self.show_rows)
        self.alarms.proposed.connect(self._show_proposal)
        self.alarms.acted.connect(lambda *_: self.form.leave())
        self.form.submitted.connect(self._submit)
        self.form.left.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.search.textChanged.connect(lambda text: self.board.show(text=text))
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._on_current())
        self.table.activated_row.connect(lambda _: self.raise_incident())
        self.all.clicked.connect(self._leave_only)
        for name, button in self.buttons.items():
            button.clicked.connect(lambda checked=False, name=name: self._act(name))

    def _build(self) -> None:
        group, top, foot = QButtonGroup(self), QHBoxLayout(), QHBoxLayout()
        for chip, (word, _) in CHIPS.items():
            button = self.chips[chip] = QPushButton(word)
            button.setProperty("chip", True)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda checked=False, chip=chip: self.show_chip(chip))
            group.addButton(button)
            top.addWidget(button)
        self.chips["all"].setChecked(True)
        self.search.setPlaceholderText("F 搜索：文字、地点、传感器、编号")
        self.search.setAccessibleName("搜索告警")
        top.addWidget(self.all)
        top.addStretch(1)
        top.addWidget(self.search, 1)
        for button in self.buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            foot.addWidget(button)
        foot.addWidget(self.preview, 1)
        for row in (top, foot):
            row.setContentsMargins(16, 0, 16, 0)
            row.setSpacing(8)
        self.column.setContentsMargins(0, 12, 0, 12)
        self.empty.setContentsMargins(16, 8, 16, 8)
        self.column.addLayout(top)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.empty, 1)
        self.column.addWidget(self.form)
        self.column.addLayout(foot)
