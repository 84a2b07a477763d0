"""曲线: readings of some sensors over time with their limits and alarms; zoomed and moved by hand and by keys, as curves or as a table."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from weihai_command.boards.chart_board import SPANS, ChartBoard
from weihai_command.boards.rows_model import RowsModel
from weihai_command.operations import curves as kept

from . import theme
from .panel import WatchingPanel
from .parts import KeyButton, Plain
from .tables import RIGHT, RowTable

#: Rows of the table: widths of time, sensor (the rest), value, unit.
WIDTHS = (176, 0, 108, 88)
ZOOMS = {"+": 0.5, "=": 0.5, "-": 2.0, "_": 2.0}


class Swatch(QWidget):
    """A piece of the line that a sensor is drawn with."""

    def __init__(self) -> None:
        super().__init__()
        self.colour, self.style_ = "text", Qt.PenStyle.SolidLine
        self.setFixedSize(28, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(theme.colour(self.colour), 2, self.style_))
        painter.drawLine(2, self.height() // 2, self.width() - 4, self.height() // 2)


class Legend(QWidget):
    """One line a sensor: its line, its name, what it says under the cursor or last."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 0, 16, 0)
        self._column.setSpacing(0)
        self.lines: list[tuple[Swatch, Plain, Plain]] = []

    def show_lines(self, told: list[tuple[str, Qt.PenStyle, str, str]]) -> None:
        """(colour, style, name, value) each."""
        while len(self.lines) < len(told):
            line = (Swatch(), Plain(""), Plain("", bold=True))
            row = QHBoxLayout()
            row.setSpacing(8)
            for place, widget in enumerate(line):
                row.addWidget(widget, 1 if place == 1 else 0)
            self._column.addLayout(row)
            self.lines.append(line)
        for place, widgets in enumerate(self.lines):
            for widget in widgets:
                widget.setVisible(place < len(told))
            if place < len(told):
                widgets[0].colour, widgets[0].style_ = told[place][:2]
                widgets[0].update()
                widgets[1].setText(told[place][2])
                widgets[2].setText(told[place][3])


class ReadingsModel(RowsModel):
    """The readings themselves."""

    heads = kept.HEADS

    def cells(self, row: Any) -> tuple[str, ...]:
        return kept.cells(row)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # type: ignore[override]
        return int(RIGHT) if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 2 else super().data(index, role)


class ReadingsTable(RowTable):
    """As wide as the panel."""

    def __init__(self, model: ReadingsModel) -> None:
        super().__init__("读数", theme.size("row_read_only"))
        self.setModel(model)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, width or max(self.viewport().width() - sum(WIDTHS), 120))


class ChartPanel(WatchingPanel):
    """`said(sentence)`. Keys: ← → move, + - zoom, 1 … 5 spans, , . the cursor, T the table, X the CSV, Delete the last sensor, End now."""

    said = Signal(str)

    def __init__(self, board: ChartBoard, parent: QWidget | None = None) -> None:
        super().__init__("曲线", (1040, 640), parent)
        self.board, self.model = board, ReadingsModel()
        self.table, self.legend, self.empty = ReadingsTable(self.model), Legend(), Plain("", tone="second")
        self.note = Plain("", step="small", tone="near")
        self.spans: dict[str, QPushButton] = {}
        self.buttons = {name: KeyButton(word, key) for name, word, key in (
            ("out", "缩小", "-"), ("in", "放大", "+"), ("back", "前移", "←"), ("forth", "后移", "→"), ("now", "到现在", "End"), ("table", "表格", "T"),
            ("export", "导出 CSV", "X"),
        )}
        self.plots: Any = None
        self._modules: Any = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self._connect()

    def start(self, sensor_id: str, *, adds: bool = False) -> None:
        """Open for a sensor; `adds` puts it beside those that are shown already."""
        if adds and self.isVisible():
            self.board.add(sensor_id)
        else:
            self.board.show_sensors([sensor_id])
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take_plots(self) -> None:
        """pyqtgraph is there: the plots are made once."""
        if self.plots is None:
            self._modules = import_module("widgets.chart_plots")
            self.plots = self._modules.Plots()
            self._stack.insertWidget(0, self.plots)
            self.plots.spanned.connect(self.board.show_span)
            self.plots.pointed.connect(lambda _: self._show_legend())
        self.show_board()

    def show_board(self) -> None:
        board = self.board
        sentence, has_data = board.sentence(), any(each.count for each in board.curves)
        self.empty.setText(sentence)
        self.note.setText(sentence if has_data else "")
        self.note.setVisible(has_data and bool(sentence))
        names = [each.name for each in board.curves]
        self.title.setText(f"曲线 · {names[0]}" if len(names) == 1 else f"曲线 · {len(names)} 个传感器" if names else "曲线")
        self.remark.setText(_span_words(board.since, board.until))
        if self.plots is not None and has_data:
            self.board.pixels = self.plots.plot_width
            self.plots.show_curves(board.curves, board.since, board.until)
        page: QWidget = self.table if board.is_tabled else self.plots if has_data and self.plots is not None else self._empty_page
        self._stack.setCurrentWidget(page)
        self._show_legend()
        self._show_spans()

    def sizeHint(self) -> QSize:
        return QSize(*self.wanted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text, key = event.text(), event.key()
        if text in ZOOMS:
            self.board.zoom(ZOOMS[text])
        elif text in SPANS and text:
            self.board.show_length(SPANS[text][0])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.board.pan(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_End:
            self.board.show_length(self.board.length)
        elif text in (",", "."):
            self._step_cursor(1 if text == "." else -1)
        elif text.upper() in ("T", "X"):
            self.buttons["table" if text.upper() == "T" else "export"].click()
        elif key == Qt.Key.Key_Delete and self.board.sensors:
            self.board.remove(self.board.sensors[-1])
        else:
            super().keyPressEvent(event)

    def _step_cursor(self, direction: int) -> None:
        """The cursor goes on by a two-hundredth of the span; first it stands at the end."""
        if self.plots is not None:
            board = self.board
            at = self.plots.at if self.plots.at is not None else board.until
            self.plots.point(min(max(at + direction * board.length / 200, board.since), board.until))
            self._show_legend()

    def _show_legend(self) -> None:
        if self._modules is None:
            self.legend.show_lines([])
            return
        at, told = self.plots.at, []
        for place, each in enumerate(self.board.curves):
            value = self._modules.value_at(each, self.board.until if at is None else at)
            colour, style = self._modules.LINES[place % len(self._modules.LINES)]
            words = "无读数" if value is None else f"{value:.4g} {each.unit}".strip()
            told.append((colour, style, each.name, words if at is None else f"{datetime.fromtimestamp(at, UTC).astimezone():%H:%M:%S}  {words}"))
        self.legend.show_lines(told)

    def _show_spans(self) -> None:
        chosen = next((key for key, (seconds, _) in SPANS.items() if self.board.follows and abs(seconds - self.board.length) < 1), "")
        self._group.setExclusive(False)
        for key, chip in self.spans.items():
            chip.setChecked(key == chosen)
        self._group.setExclusive(bool(chosen))

    def _on_spanned(self) -> None:
        self.remark.setText(_span_words(self.board.since, self.board.until))
        self._show_spans()
        if self.plots is not None:
            self.plots.show_span(self.board.since, self.board.until)

    def _on_tabled(self) -> None:
        self.model.take(self.board.rows)
        if self.board.is_tabled and self.board.total > len(self.board.rows):
            self.note.setText(f"列出最新 {len(self.board.rows)} 条，共 {self.board.total} 条；导出的 CSV 是全部")
            self.note.show()

    def _turn_table(self) -> None:
        self.board.show_table(not self.board.is_tabled)
        self.buttons["table"].set_text("曲线" if self.board.is_tabled else "表格")
        self.show_board()

    def _connect(self) -> None:
        board = self.board
        board.changed.connect(self.show_board)
        board.spanned.connect(self._on_spanned)
        board.tabled.connect(self._on_tabled)
        board.exported.connect(lambda path: self.said.emit(f"已导出 {path}"))
        wishes = {"out": lambda: board.zoom(2.0), "in": lambda: board.zoom(0.5), "back": lambda: board.pan(-1), "forth": lambda: board.pan(1),
                  "now": lambda: board.show_length(board.length), "table": self._turn_table, "export": board.export}
        for name, wish in wishes.items():
            self.buttons[name].clicked.connect(lambda checked=False, wish=wish: wish())

    def _build(self) -> None:
        top, foot, self._group = QHBoxLayout(), QHBoxLayout(), QButtonGroup(self)
        for key, (seconds, word) in SPANS.items():
            chip = self.spans[key] = QPushButton(f"{word}  {key}")
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(lambda checked=False, seconds=seconds: self.board.show_length(seconds))
            self._group.addButton(chip)
            top.addWidget(chip)
        top.addStretch(1)
        top.addWidget(self.note)
        for button in self.buttons.values():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            foot.addWidget(button)
        foot.addStretch(1)
        for row in (top, foot):
            row.setContentsMargins(16, 0, 16, 0)
            row.setSpacing(8)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._empty_page = QWidget()
        middle = QVBoxLayout(self._empty_page)
        middle.addWidget(self.empty, 0, Qt.AlignmentFlag.AlignCenter)
        box = QWidget()
        self._stack = QStackedLayout(box)
        self._stack.addWidget(self._empty_page)
        self._stack.addWidget(self.table)
        self.column.setContentsMargins(0, 12, 0, 12)
        self.column.addLayout(top)
        self.column.addWidget(box, 1)
        self.column.addWidget(self.legend)
        self.column.addLayout(foot)


def _span_words(since: float, until: float) -> str:
    begun, ended = (datetime.fromtimestamp(each, UTC).astimezone() for each in (since, until))
    day = "" if begun.date() == ended.date() else f"{ended.month}月{ended.day}日 "
    return f"{begun.month}月{begun.day}日 {begun:%H:%M} — {day}{ended:%H:%M}"
