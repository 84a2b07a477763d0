"""交接班: the shift on one page, counts first, each row opens its incident; the leaving officer signs, the next one takes over."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from weihai_command.boards import words
from weihai_command.boards.handover_board import HandoverBoard, PageModel, counts_line, page_rows, page_text
from weihai_command.boards.incident_board import ROW
from weihai_command.domain.foreign import one_line

from . import theme
from .panel import WatchingPanel
from .parts import KeyButton, Plain
from .tables import Index, RowTable, draw_mood, draw_text, paint_ground

WIDTHS = (100, 0, 212, 116)
KEPT_HEADS = ("交班时间", "交班", "接班", "备注")
KEPT_WIDTHS = (128, 120, 200, 0)
KEPT_HEIGHT = 168
SIGN, SURE = "交班签名", "再按一次确认：签名后不能撤回"


class PageDelegate(QStyledItemDelegate):
    """Section lines stand bold on a ground of their own; rows beneath them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, area, column = index.data(ROW), QRectF(option.rect), index.column()  # type: ignore[attr-defined]
        table = self.parent()
        if row.is_head:
            painter.fillRect(area, theme.colour("bg0"))
        if isinstance(table, RowTable) and (not row.is_head or table.currentIndex().row() == index.row()):
            paint_ground(painter, table, area, index.row(), selected=table.currentIndex().row() == index.row(), first=column == 0)
        cell = area.adjusted(8, 0, -4, 0)
        if row.is_head:
            # The head's own words run over the number's column.
            wide = cell.adjusted(0, 0, 60, 0) if column == 0 else cell.adjusted(60, 0, 0, 0)
            draw_text(painter, wide, row.cells[column], theme.font("body", bold=column == 0), theme.colour("text" if column == 0 else "text2"))
        else:
            draw_mood(painter, cell, row.cells[column], row.mood if column == 3 else "second" if column == 2 else "plain")


class HandoverPanel(WatchingPanel):
    """`signed(remarks)` by the one who leaves, `taken(handover id)` by the next, `incident_wanted(id)`, `said(sentence)`."""

    signed = Signal(str)
    taken = Signal(str)
    incident_wanted = Signal(str)
    said = Signal(str)

    def __init__(self, board: HandoverBoard, parent: QWidget | None = None) -> None:
        super().__init__("交接班", (1040, 760), parent)
        self.board, self.model = board, PageModel()
        self.tabs, self.counts, self.page = QTabBar(), Plain("", tone="second"), RowTable("交班内容")
        self.kept = QTableWidget(0, len(KEPT_HEADS))
        self.remarks = QLineEdit()
        self.note = Plain("", step="small", tone="second")
        self.copy, self.text, self.csv = KeyButton("复制", "Ctrl+C"), KeyButton("导出文本"), KeyButton("导出 CSV")
        self.sign, self.take = KeyButton(SIGN, "Ctrl+Enter", primary=True), KeyButton("接班签名", "Ctrl+Enter", primary=True)
        self._sure = False
        self._build()
        self._connect()
        self._show()

    def start(self) -> None:
        self.show()
        self.raise_()
        if self.board.waiting:
            self.tabs.setCurrentIndex(1)
        self._focus()

    def finish(self) -> None:
        """Signed: the list of what is kept shows it."""
        self._sure = False
        self.remarks.clear()
        self.tabs.setCurrentIndex(1)
        self.board.refresh()

    def refuse(self) -> None:
        self._sure = False
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._sure = False

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self._sign() if self.tabs.currentIndex() == 0 else self._take()
        elif event.key() == Qt.Key.Key_C and control:
            self._copy()
        elif event.key() in (Qt.Key.Key_1, Qt.Key.Key_2) and not event.modifiers():
            self.tabs.setCurrentIndex(event.key() - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def current(self) -> dict[str, Any] | None:
        """The kept handover that is chosen."""
        row = self.kept.currentRow()
        return self.board.kept[row] if 0 <= row < len(self.board.kept) else None

    def _is_kept(self) -> bool:
        return self.tabs.currentIndex() == 1

    def _shown(self) -> tuple[str, str, dict[str, Any]]:
        """(title, remarks, data) of the page that stands there."""
        if not self._is_kept():
            return f"交接班（未签名） {words.day_and_clock(self.board.summary.get('at'), self.board.now())}", self.remarks.text(), self.board.summary
        kept = self.current()
        if kept is None:
            return "", "", {}
        names = self.board.names()
        taken = "、".join(f"{_name(each['by'], names)} {words.day_and_clock(each['at'], self.board.now())}" for each in kept["signed"]) or "待接班"
        return f"交接班 {words.day_and_clock(kept['at'], self.board.now())} 交班 {_name(kept['by'], names)} 接班 {taken}", str(kept["text"]), kept["data"]

    def _show(self) -> None:
        kept, names = self._is_kept(), self.board.names()
        self.tabs.setTabText(1, "2  交接班记录" + (f" · {self.board.waiting} 待接班" if self.board.waiting else ""))
        self._fill(names)
        _, remarks, data = self._shown()
        self.counts.setText(counts_line(data) if data else "还没有交接班记录")
        self.model.take(page_rows(data, names, self.board.now()) if data else [])
        for widget in (self.kept, self.take):
            widget.setVisible(kept)
        for widget in (self.remarks, self.sign):
            widget.setVisible(not kept)
        chosen = self.current() if kept else None
        self.take.setEnabled(bool(chosen and chosen["waits"]))
        self.sign.set_text(SURE if self._sure else SIGN)
        earlier = [f"原：{one_line(each['text'], 120)}" for each in (chosen or {}).get("originals", ())]
        self.note.setText("　".join([words.masked(one_line(f"备注：{remarks}", 400)), *earlier]) if chosen else "签名后待接班人登录签名，双方签名长期保存；更正请在指挥日志里另写")
        self.remark.setText("待接班" if self.board.waiting else "")

    def _fill(self, names: dict[str, str]) -> None:
        rows = self.board.kept
        self.kept.blockSignals(True)
        self.kept.setRowCount(len(rows))
        for place, row in enumerate(rows):
            taken = "、".join(_name(each["by"], names) for each in row["signed"]) or "待接班"
            cells = (words.day_and_clock(row["at"], self.board.now()), _name(row["by"], names), taken, words.masked(one_line(row["text"], 200)))
            for column, cell in enumerate(cells):
                self.kept.setItem(place, column, QTableWidgetItem(cell + (" · 更正" if column == 3 and row["originals"] else "")))
        self.kept.blockSignals(False)
        if rows and self.kept.currentRow() < 0:
            self.kept.selectRow(next((place for place, row in enumerate(rows) if row["waits"]), 0))

    def _focus(self) -> None:
        (self.kept if self._is_kept() and self.board.kept else self.page).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _sign(self) -> None:
        # What is signed stays for ever: the first key only asks.
        if not self._sure:
            self._sure = True
            self._show()
            return
        self._sure = False
        self.signed.emit(self.remarks.text().strip())

    def _take(self) -> None:
        chosen = self.current()
        if chosen and chosen["waits"]:
            self.taken.emit(str(chosen["id"]))

    def _copy(self) -> None:
        title, remarks, data = self._shown()
        QGuiApplication.clipboard().setText(page_text(title, words.masked(remarks), data, self.board.names(), self.board.now()))
        self.said.emit("已复制交接班内容")

    def _export(self, csv: bool) -> None:
        title, remarks, data = self._shown()
        if data:
            self.board.export(data, title, words.masked(remarks), csv=csv)

    def _open(self, place: int) -> None:
        row = self.model.row_at(place)
        if row and row.incident_id:
            self.incident_wanted.emit(row.incident_id)

    def _on_tab(self) -> None:
        self._sure = False
        self._show()
        self._focus()

    def _connect(self) -> None:
        self.board.changed.connect(self._show)
        self.board.exported.connect(lambda path: self.said.emit(f"已导出 {path}"))
        self.tabs.currentChanged.connect(lambda _: self._on_tab())
        self.kept.currentCellChanged.connect(lambda *_: self._show())
        self.page.activated_row.connect(self._open)
        self.sign.clicked.connect(self._sign)
        self.take.clicked.connect(self._take)
        self.copy.clicked.connect(self._copy)
        self.text.clicked.connect(lambda: self._export(False))
        self.csv.clicked.connect(lambda: self._export(True))

    def _build(self) -> None:
        for name in ("1  本班交班", "2  交接班记录"):
            self.tabs.addTab(name)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.remarks.setAccessibleName("备注")
        self.remarks.setPlaceholderText("备注：需要接班人特别注意的")
        self.counts.setWordWrap(True)
        self.note.setWordWrap(True)
        self.page.setModel(self.model)
        self.page.setItemDelegate(PageDelegate(self.page))
        for place, width in enumerate(WIDTHS):
            self.page.setColumnWidth(place, width)
        self.page.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        _dress(self.kept)
        self.column.setContentsMargins(0, 0, 0, 12)
        self.column.addWidget(self.tabs)
        for widget, inset in ((self.kept, 8), (self.counts, 16), (self.page, 8), (self.note, 16), (self.remarks, 16)):
            box = QHBoxLayout()
            box.setContentsMargins(inset, 0, inset, 0)
            box.addWidget(widget)
            self.column.addLayout(box, 1 if widget is self.page else 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        for widget in (self.copy, self.text, self.csv):
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(self.sign)
        foot.addWidget(self.take)
        self.column.addLayout(foot)


def _name(user: Any, names: dict[str, str]) -> str:
    return one_line(names.get(str(user), user), 40)


def _dress(table: QTableWidget) -> None:
    """As the desk's other tables: whole rows, no grid."""
    table.setAccessibleName("交接班记录")
    table.setHorizontalHeaderLabels(list(KEPT_HEADS))
    table.setFixedHeight(KEPT_HEIGHT)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setFrameShape(QTableWidget.Shape.NoFrame)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.size("row"))
    head = table.horizontalHeader()
    head.setHighlightSections(False)
    head.setFixedHeight(theme.size("row"))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for place, width in enumerate(KEPT_WIDTHS):
        table.setColumnWidth(place, width)
    head.setSectionResizeMode(len(KEPT_WIDTHS) - 1, QHeaderView.ResizeMode.Stretch)
