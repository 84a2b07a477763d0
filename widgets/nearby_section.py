"""What stands around the open incident: a line of counts, and on demand the list of one kind with its nearest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from weihai_command.boards.incident_board import ROW
from weihai_command.boards.nearby_board import NearbyBoard, distance_word, radius_word

from . import icons, theme
from .parts import Plain, hint, rule
from .tables import LEFT, RIGHT, Index, draw_text

#: Rows of the open list; pixels of a symbol and of what keeps its count apart.
ROWS, _ICON, _GAP = 5, 20, 14
#: Room of the state by kind (pixels), and of the distance.
_STATE, _OTHER_STATE, _FAR = {"video_points": 40.0, "units": 56.0}, 116.0, 68.0


class NearbyDelegate(QStyledItemDelegate):
    """Symbol, name, state, straight distance; what is down is dimmer."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW)
        if row is None:
            return
        area = QRectF(option.rect)  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour("bg2" if selected else "hover"))
        if selected:
            painter.fillRect(QRectF(area.left(), area.top(), theme.size("selected_bar"), area.height()), theme.colour("text"))
        icons.paint(painter, row.symbol if row.symbol in icons.names() else "cam", QPointF(area.left() + 26, area.center().y()), 20)
        room = _STATE.get(row.kind, _OTHER_STATE)
        tone = theme.colour("stale" if row.is_down else "text")
        draw_text(painter, area.adjusted(44, 0, -room - _FAR - 24, 0), row.name, theme.font(), tone, LEFT)
        draw_text(painter, QRectF(area.right() - room - _FAR - 16, area.top(), room, area.height()), row.word, theme.font("small"), theme.colour("text2"))
        draw_text(painter, QRectF(area.right() - _FAR - 16, area.top(), _FAR, area.height()), distance_word(row.distance_m), theme.font(), tone, RIGHT)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, theme.size("row"))


class NearbyList(QListView):
    """`lit(kind, id)` for the row under the pointer or the current one ("" = none), `wanted(kind, id)` on Enter or click."""

    lit = Signal(str, str)
    wanted = Signal(str, str)

    def __init__(self, board: NearbyBoard) -> None:
        super().__init__()
        self.setModel(board)
        self.setItemDelegate(NearbyDelegate(self))
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.grow(False)
        self._kept = ("", "")
        board.modelAboutToBeReset.connect(self._keep)
        board.modelReset.connect(self._find)
        self.entered.connect(self._light)
        self.clicked.connect(self._want)
        self.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.light_current()
        return super().eventFilter(watched, event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._light(current)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are keys of the pane."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._want(self.currentIndex())
        elif event.text().strip() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _light(self, index: Index) -> None:
        row = index.data(ROW) if index.isValid() else None
        self.lit.emit(row.kind if row else "", row.id if row else "")

    def grow(self, grows: bool) -> None:
        """As high as its page, or ROWS rows."""
        self.setMinimumHeight(ROWS * theme.size("row"))
        self.setMaximumHeight(16_777_215 if grows else ROWS * theme.size("row"))

    def light_current(self) -> None:
        self._light(self.currentIndex())

    def _keep(self) -> None:
        row = self.currentIndex().data(ROW) if self.currentIndex().isValid() else None
        self._kept = (row.kind, row.id) if row else ("", "")

    def _find(self) -> None:
        """A renewed answer leaves the cursor on what it was on."""
        board = self.model()
        at = board.row_of(*self._kept) if isinstance(board, NearbyBoard) else -1
        self.setCurrentIndex(board.index(at, 0) if at >= 0 else QModelIndex())

    def _want(self, index: Index) -> None:
        row = index.data(ROW) if index.isValid() else None
        if row:
            self.wanted.emit(row.kind, row.id)


class Tallies(QWidget):
    """Symbols with their counts, as many as fit."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self.parts: list[tuple[QLabel, Plain]] = []
        self._ruler = Plain("", step="small", parent=self)
        self._ruler.hide()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_counts(self, counts: list[tuple[str, str, int]], room: int) -> None:
        """The first of (symbol, word, count) that `room` pixels hold."""
        counts = counts[: self._fitting([f"{count:,}" for _, _, count in counts], room)]
        while len(self.parts) < len(counts):
            icon, number = QLabel(), Plain("", step="small")
            self._row.addWidget(icon)
            self._row.addWidget(number)
            self.parts.append((icon, number))
        for at, (icon, number) in enumerate(self.parts):
            is_shown = at < len(counts)
            icon.setVisible(is_shown)
            number.setVisible(is_shown)
            if is_shown:
                symbol, word, count = counts[at]
                icon.setPixmap(icons.pixmap(symbol if symbol in icons.names() else "cam", _ICON))
                number.setText(f"{count:,}")
                number.setMinimumWidth(number.fontMetrics().horizontalAdvance(number.text()) + 6)
                number.setToolTip(word)


    def _fitting(self, texts: list[str], room: int) -> int:
        used = 0
        for at, text in enumerate(texts):
            used += _ICON + self._ruler.fontMetrics().horizontalAdvance(text) + _GAP
            if used > room:
                return at
        return len(texts)


class NearbySection(QWidget):
    """`lit(kind, id)` points at a mark of the map; rows open by Enter, [ and ] move the ring, `toggle` folds."""

    lit = Signal(str, str)
    toggled = Signal(bool)

    def __init__(self, board: NearbyBoard) -> None:
        super().__init__()
        self.board = board
        self.setAccessibleName("周边")
        self.title, self.tallies = Plain("", bold=True), Tallies()
        self.head = QPushButton()
        self.list = NearbyList(board)
        self.card = Plain("", step="small")
        self.card.setWordWrap(True)
        self._chips = QButtonGroup(self)
        self._compact = False
        self._steps, self._key = self._make_steps(), hint("Ctrl+N")
        self._body = self._make_body()
        self._build()
        self._connect()
        self.show_board()

    @property
    def is_open(self) -> bool:
        return not self._body.isHidden()

    def set_compact(self, compact: bool) -> None:
        """On a narrow desk it is a page of its own, always open."""
        self._compact = compact
        self._steps.setHidden(compact)
        self._key.setHidden(compact)
        self.list.grow(compact)
        self.fold(not compact)

    def fold(self, folded: bool) -> None:
        self._body.setHidden(folded)
        self.head.setAccessibleDescription("已收起" if folded else "已展开")
        if folded:
            self.lit.emit("", "")
        self.toggled.emit(not folded)

    def toggle(self) -> None:
        """Open with the keyboard on the list, or fold."""
        self.fold(self.is_open and not self._compact)
        if self.is_open:
            self.enter()

    def enter(self) -> None:
        """The keyboard goes to the list."""
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.board.index(0, 0))
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.light_current()

    def show_mark(self, kind: str, record_id: str) -> None:
        """The map's word: make its row the current one, where it is in the list."""
        at = self.board.row_of(kind, record_id)
        if at >= 0:
            self.list.setCurrentIndex(self.board.index(at, 0))

    def show_board(self) -> None:
        board = self.board
        self.title.setText(f"周边 {radius_word(board.radius_m)}")
        found = {group.kind: group for group in board.groups}
        counts = [each for kind in ("video_points", "facilities") if kind in found for each in found[kind].tallies]
        room = self.width() - self.title.sizeHint().width() - (0 if self._compact else self._key.sizeHint().width()) - 64
        self.tallies.show_counts(counts, room)
        self.head.setAccessibleName("，".join([self.title.text(), *(f"{word} {count}" for _, word, count in counts)]))
        for chip in self._chips.buttons():
            group = found.get(chip.property("kind"))
            if group:
                chip.setText(f"{group.word} {group.total:,}")
            chip.setChecked(chip.property("kind") == board.kind)
        self.card.setVisible(bool(self.card.text()))

    def press(self, event: QKeyEvent) -> bool:
        """[ and ] change the ring; False for any other key."""
        if event.key() not in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight) or self.board.place is None:
            return False
        self.board.step_radius(1 if event.key() == Qt.Key.Key_BracketRight else -1)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        kinds = [chip.property("kind") for chip in self._chips.buttons()]
        here = kinds.index(self.board.kind)
        if self.press(event):
            return
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._show_kind(kinds[(here + (1 if event.key() == Qt.Key.Key_Right else -1)) % len(kinds)])
        elif event.key() == Qt.Key.Key_Escape and self.is_open and not self._compact:
            self.fold(True)
            self.head.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_board()

    def _connect(self) -> None:
        self.board.changed.connect(self.show_board)
        self.board.ringed.connect(self._on_ringed)
        self.board.opened.connect(self._on_opened)
        self.head.clicked.connect(self.toggle)
        self.list.lit.connect(self.lit)
        self.list.wanted.connect(self.board.open)

    def _on_ringed(self) -> None:
        self.card.setText("")
        self.show_board()

    def _on_opened(self, kind: str, record_id: str, text: str) -> None:
        self.card.setText(text)
        self.card.setVisible(True)

    def _show_kind(self, kind: str) -> None:
        self.board.show_kind(kind)
        self.card.setText("")
        self.show_board()
        if self.list.hasFocus():
            self.enter()

    def _build(self) -> None:
        self.head.setProperty("plain", True)
        self.head.setFixedHeight(theme.size("row_with_button"))
        row = QHBoxLayout(self.head)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        self.title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self.title)
        row.addWidget(self._key)
        row.addStretch(1)
        row.addWidget(self.tallies)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (rule(), self.head, self._body):
            column.addWidget(widget)
        self._body.hide()

    def _make_steps(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for key, word, direction in (("[", "缩小周边圈", -1), ("]", "放大周边圈", 1)):
            button = QPushButton(key)
            button.setFixedSize(32, 32)
            button.setProperty("plain", True)
            button.setAccessibleName(word)
            button.setToolTip(f"{word}（{key}）")
            button.clicked.connect(lambda checked=False, direction=direction: self.board.step_radius(direction))
            row.addWidget(button)
        return box

    def _make_body(self) -> QWidget:
        body, line = QWidget(), QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 4)
        line.setSpacing(8)
        for kind, word in (("video_points", "摄像机"), ("units", "力量"), ("sensors", "传感器"), ("facilities", "设施")):
            chip = QPushButton(word)
            chip.setProperty("chip", True)
            chip.setProperty("kind", kind)
            chip.setCheckable(True)
            chip.clicked.connect(lambda checked=False, kind=kind: self._show_kind(kind))
            self._chips.addButton(chip)
            line.addWidget(chip)
        line.addStretch(1)
        line.addWidget(self._steps)
        self.card.setContentsMargins(16, 6, 16, 8)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.list)
        column.addWidget(self.card)
        self.list.setAccessibleName("周边列表")
        return body
