"""The alarm strip: 40 px under the top bar that nothing ever covers. The worst that nobody has acknowledged, two more beside it, and the keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from weihai_command.boards.alarm_board import AlarmBoard
from weihai_command.boards.alarm_rows import Item

from . import theme, warning_badge
from .parts import Elided, KeyButton, Plain, restyle, upright

#: Half a second bright, half a second dim: 1 Hz.
FLASH_MS = 500
DIM = 0.3
#: How long an alarm stands in the strip before it is asked what an incident of it would be.
REST_MS = 300
BESIDE = 2
#: Pixels of the sentence that stay when the strip is short of room.
LEAST = 300
#: A strip narrower than this has room for one alarm only.
NARROW = 1200
WORDS = {"join": "并入", "new": "转事件", "linked": "已关联"}


class Snug(Elided):
    """A line as wide as its words while there is room, and never narrower than `least` while they are longer."""

    def __init__(self, least: int, **kinds: bool) -> None:
        super().__init__("", **kinds)
        self.least = least
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.least, self.sizeHint().width()), 20)


class FlashingSymbol(QWidget):
    """The badge of a severity; while it `flashes` it goes dim and bright once a second, and nothing else of the strip moves."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self.name, self.is_dim, self.flashes = size, "", False, False
        self.setFixedSize(size + 4, size + 4)

    def show_symbol(self, name: str, *, flashes: bool) -> None:
        self.name, self.flashes = name, flashes
        self.is_dim = self.is_dim and flashes
        self.update()

    def turn(self, is_dim: bool) -> None:
        if self.flashes and self.is_dim != is_dim:
            self.is_dim = is_dim
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(DIM if self.is_dim else 1.0)
        warning_badge.paint(painter, self.name, QPointF(self.width() / 2, self.height() / 2), self._size)


class Beside(QWidget):
    """Another unacknowledged alarm: symbol and a line; `chosen(key)` on a click."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.symbol, self.words = FlashingSymbol(24), Elided("", tone="second")
        self._key = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.symbol)
        row.addWidget(self.words, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def show_item(self, item: Item | None) -> None:
        self.setVisible(item is not None)
        if item is not None:
            self._key = item.key
            self.symbol.show_symbol(item.colour, flashes=not item.is_over)
            self.words.setText(" ".join(part for part in (item.text.partition("，")[0], item.place, "已恢复" if item.is_over else "") if part))
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self.symbol.width() + 12 + self.words.fontMetrics().horizontalAdvance(self.words.text()), 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(72, 32)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self._key)


class AlarmStrip(QWidget):
    """`locate_wanted(sensor id)`, `list_wanted(key)`: the list, at the item it opens with ("" for all), `mute_wanted`."""

    locate_wanted = Signal(str)
    list_wanted = Signal(str)
    mute_wanted = Signal()

    def __init__(self, board: AlarmBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarms")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("告警条")
        self.setFixedHeight(theme.size("alarm_strip"))
        self.board = board
        self.symbol, self.words = FlashingSymbol(28), Snug(LEAST, bold=True)
        self.place, self.since, self.quiet = Plain("", tone="second"), Plain("", tone="second"), Plain("没有未确认的告警", tone="second")
        self.acknowledge, self.locate = KeyButton("确认", "F8", primary=True), KeyButton("定位")
        self.incident = KeyButton("转事件", "Ctrl+I")
        self.beside = [Beside() for _ in range(BESIDE)]
        self.line = upright()
        self.mute, self.device = KeyButton("静音", "Ctrl+B"), KeyButton("无声音设备")
        self.open, self.next = KeyButton("", "Ctrl+K"), KeyButton("下一条", "F7")
        self._is_compact = self._is_still = False
        self._flash = QTimer(self, interval=FLASH_MS)
        self._flash.timeout.connect(self._turn)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        self._build()
        self._connect()
        self.show_alarms()

    def set_compact(self, compact: bool) -> None:
        self._is_compact = compact
        self.words.least = LEAST // 2 if compact else LEAST
        self.show_alarms()

    def hold_still(self) -> None:
        """For a picture: all symbols bright."""
        self._is_still = True
        self._flash.stop()
        for symbol in self._symbols():
            symbol.turn(False)

    def show_device(self, is_there: bool) -> None:
        """Whether anything can be heard at all."""
        self.device.setVisible(not is_there)

    def show_mute(self, left: float) -> None:
        """The button counts down while it is silent; it is there while something could be heard."""
        self.mute.set_text(f"静音 {int(left) // 60}:{int(left) % 60:02d}" if left > 0 else "静音", "" if self._is_compact else None)
        self.mute.show_key(not self._is_compact)
        restyle(self.mute, tone="near" if left > 0 else "plain")
        self.mute.setVisible(left > 0 or any(item.severity <= 3 and not item.is_over for item in self.board.items))

    def show_alarms(self) -> None:
        board, item = self.board, self.board.current
        for widget in (self.symbol, self.words, self.since, self.acknowledge):
            widget.setVisible(item is not None)
        self.quiet.setVisible(item is None)
        self.quiet.setText(self._quiet_words())
        restyle(self, quiet=item is None)
        self._show_item(item)
        self._show_beside(board.beside if item else [])
        self._show_counts()
        self._show_proposal()
        self._time()
        runs = any(symbol.flashes for symbol in self._symbols()) and not self._is_still
        if runs != self._flash.isActive():
            (self._flash.start if runs else self._flash.stop)()
        if item is not None and not item.is_group and board.proposal[0] != item.key:
            self._rest.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_beside(self.board.beside if self.board.current else [])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.list_wanted.emit(self.board.current.key if self.board.current else "")

    def _quiet_words(self) -> str:
        if not self.board.is_read:
            return "正在读取告警…"
        known = [f"{word} {number}" for word, number in (("已确认", self.board.count("acked")), ("已搁置", self.board.count("shelved"))) if number]
        return " · ".join(["没有未确认的告警", *known])

    def _show_item(self, item: Item | None) -> None:
        shown = item is not None
        is_single = shown and not item.is_group  # type: ignore[union-attr]
        self.place.setVisible(shown and bool(item.place))  # type: ignore[union-attr]
        self.locate.setVisible(is_single and not self._is_compact)
        self.incident.setVisible(is_single)
        if item is None:
            self.symbol.show_symbol("", flashes=False)
            return
        self.symbol.show_symbol(item.colour, flashes=not item.is_over)
        self.words.setText(item.text + ("（已恢复）" if item.is_over else "") + ("（反复）" if item.is_quiet else ""))
        self.words.setToolTip("")
        self.place.setText(item.place)
        self.acknowledge.set_text("列出" if item.is_group else "确认")

    def _show_beside(self, others: list[Item]) -> None:
        room = BESIDE if not self._is_compact else 1 if self.width() >= NARROW else 0
        for place, each in enumerate(self.beside):
            each.show_item(others[place] if place < min(room, len(others)) else None)
        self.line.setVisible(bool(others[:room]))

    def _show_counts(self) -> None:
        board = self.board
        over = board.count("cleared")
        self.open.set_text(f"未确认 {board.count('unacked')}" + (f" · 已恢复 {over}" if over and not self._is_compact else ""))
        self.open.show_key(not self._is_compact)
        self.next.setVisible(len(board.items) > 1)

    def _show_proposal(self) -> None:
        item = self.board.current
        if item is None or item.is_group:
            return
        key, found = self.board.proposal
        kind, number = ("linked", item.number) if item.number else (found.kind, found.number) if key == item.key and found else ("new", "")
        self.incident.set_text(f"{WORDS[kind]} {number}".strip())
        self.incident.show_key(not self._is_compact)
        self.incident.set_dim(kind == "linked")

    def _ask(self) -> None:
        item = self.board.current
        if item is not None and not item.is_group:
            self.board.ask_proposal(item.key)

    def _time(self) -> None:
        item = self.board.current
        if item is not None:
            now, reminded = self.board.clock.now(), f" · 已催 {item.reminders} 次" if item.reminders else ""
            self.since.setText((item.since(now) if not self._is_compact else item.since(now).partition(" 起 ")[2]) + reminded)

    def _turn(self) -> None:
        is_dim = not next((symbol.is_dim for symbol in self._symbols() if symbol.flashes), True)
        for symbol in self._symbols():
            symbol.turn(is_dim)

    def _symbols(self) -> list[FlashingSymbol]:
        return [self.symbol, *(each.symbol for each in self.beside if not each.isHidden())]

    def _locate(self) -> None:
        item = self.board.current
        if item is not None and item.sensor_id:
            self.locate_wanted.emit(item.sensor_id)

    def _connect(self) -> None:
        board = self.board
        board.changed.connect(self.show_alarms)
        board.proposed.connect(self._show_proposal)
        board.clock.ticked.connect(self._time)
        self.acknowledge.clicked.connect(lambda: board.acknowledge())
        self.locate.clicked.connect(self._locate)
        self.incident.clicked.connect(lambda: board.raise_incident())
        self.next.clicked.connect(board.next)
        self.open.clicked.connect(lambda: self.list_wanted.emit(""))
        self.mute.clicked.connect(self.mute_wanted)
        for each in self.beside:
            each.chosen.connect(board.choose)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(12)
        self.device.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        restyle(self.device, tone="over")
        self.device.hide()
        self.mute.hide()
        self.open.setProperty("plain", True)
        for widget in (self.symbol, self.words, self.place, self.since, self.quiet, self.acknowledge, self.locate, self.incident, self.line, *self.beside):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.device, self.mute, self.open, self.next):
            row.addWidget(widget)
