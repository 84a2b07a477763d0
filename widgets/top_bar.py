"""The top of the desk: city, views, alarms of ten minutes, connection and outbox, date and clock, officer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPolygon
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from weihai_command.boards import words
from weihai_command.boards.clock import Clock
from weihai_command.boards.status_board import StatusBoard

from . import theme
from .below_strip import HintsBelow
from .parts import KeyButton, Plain, restyle, upright

#: The first view; the others join as they are built.
VIEWS = (("desk", "值班", 1),)
MOODS = {"plain": "second", "near": "amber", "over": "over"}


class Diamond(QWidget):
    """The mark beside the alarm figure, in the figure's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.mood = "plain"
        self.setFixedSize(18, 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour({"plain": "stale", "near": "orange", "over": "red"}[self.mood]))
        painter.drawPolygon(QPolygon([QPoint(9, 2), QPoint(16, 9), QPoint(9, 16), QPoint(2, 9)]))


class TopBar(QWidget):
    """`outbox_wanted` and `officer_wanted` are the two chips that open a panel; `view_wanted(name)` a tab."""

    outbox_wanted = Signal()
    officer_wanted = Signal()
    handover_wanted = Signal()
    view_wanted = Signal(str)

    def __init__(self, board: StatusBoard, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board, self._clock_board, self._hints = board, clock, HintsBelow(self)
        self.city, self.product = Plain(board.city, step="title", bold=True), Plain("城市运行指挥平台", tone="second")
        self._alarm_word = Plain("近 10 分钟告警", tone="second")
        self._alarm_mark, self.alarms = Diamond(), Plain("0", step="title")
        self.chip, self.officer = KeyButton(""), KeyButton("")
        self.date, self.clock = Plain("", tone="second"), Plain("", step="title", bold=True)
        self.officer.setProperty("plain", True)
        self.handover = KeyButton("")
        restyle(self.handover, tone="near")
        self.handover.hide()
        self._tabs: dict[str, tuple[int, QPushButton]] = {}
        self._view = VIEWS[0][0]
        self._build()
        for view in VIEWS:
            self.add_view(*view)
        self.show_view(VIEWS[0][0])
        self.set_compact(False)
        self.chip.clicked.connect(self.outbox_wanted)
        self.officer.clicked.connect(self.officer_wanted)
        self.handover.clicked.connect(self.handover_wanted)
        board.changed.connect(self.show_status)
        clock.ticked.connect(self.show_time)
        self.show_status()
        self.show_time()

    def set_compact(self, compact: bool) -> None:
        self.setFixedHeight(40 if compact else theme.size("topbar"))
        self.product.setVisible(not compact)
        self._alarm_word.setText("告警" if compact else "近 10 分钟告警")

    def show_status(self) -> None:
        text, mood = self.board.chip()
        self.chip.set_text("↑ " + text if self.board.waiting and self.board.sends else text)
        self.chip.setAccessibleName(f"连接与待发：{text}")
        restyle(self.chip, tone=mood)
        self._show_alarms()
        self.city.setText(self.board.city)
        self.officer.set_text(self.board.officer)
        self.officer.setAccessibleName(f"席位：{self.board.officer}")

    def show_load(self, number: int) -> None:
        """How many alarms asked for an officer in the last ten minutes."""
        self.board.status["alarms_10min"] = number
        self._show_alarms()

    def _show_alarms(self) -> None:
        number, mood = self.board.alarms()
        self.alarms.setText(str(number))
        restyle(self.alarms, tone=MOODS[mood])
        self._alarm_mark.mood = mood
        self._alarm_mark.update()

    def show_handovers(self, waiting: int) -> None:
        """How many handovers wait for the next officer."""
        self.handover.set_text("待接班" if waiting == 1 else f"待接班 {waiting}")
        self.handover.setVisible(waiting > 0)

    def add_chip(self, chip: QWidget) -> None:
        """Stand another chip before the one of the connection."""
        self._row.insertWidget(self._row.indexOf(self.chip), chip)
        chip.installEventFilter(self._hints)

    def add_view(self, name: str, word: str, digit: int) -> None:
        """A tab in the order of the digits that open them."""
        tab = QPushButton(f"{word}  {digit}")
        tab.setProperty("view", True)
        tab.setCheckable(True)
        tab.setToolTip(f"{word}（Ctrl+{digit}）")
        tab.installEventFilter(self._hints)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        tab.clicked.connect(lambda: self._want(name))
        self._tab_row.insertWidget(sum(known < digit for known, _ in self._tabs.values()), tab)
        self._tabs[name] = (digit, tab)

    def show_view(self, name: str) -> None:
        """Which of them is open."""
        self._view = name
        for each, (_, tab) in self._tabs.items():
            tab.setChecked(each == name)

    def _want(self, name: str) -> None:
        # The click has turned the tab already; what is open is told by show_view alone.
        self.show_view(self._view)
        self.view_wanted.emit(name)

    def show_time(self) -> None:
        now = self._clock_board.now()
        self.date.setText(words.date_line(now))
        self.clock.setText(now.astimezone().strftime("%H:%M:%S"))

    def _build(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(12)
        row.addWidget(self.city)
        row.addWidget(self.product)
        row.addSpacing(24)
        self._tab_row = QHBoxLayout()
        self._tab_row.setSpacing(0)
        row.addLayout(self._tab_row)
        row.addStretch(1)
        for widget in (self._alarm_word, self._alarm_mark, self.alarms, self.handover, self.chip, self.date, self.clock, upright(), self.officer):
            row.addWidget(widget)
            if widget in (self.alarms, self.chip):
                row.addSpacing(12)
