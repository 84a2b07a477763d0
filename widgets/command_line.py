"""The keyboard line at the bottom of the window: opened by `/`, completed by Tab, run by Enter, left by Esc. What lines mean is the board's."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from shiboken6 import isValid

from weihai_command.boards.command_board import CommandBoard
from weihai_command.domain.command_line import Command, Completion, Reading, Refusal

from . import theme
from .command_list import CommandList

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
#: Longer lines are nobody's typing.
LONGEST = 2000


class CommandEdit(QLineEdit):
    """The field; `pressed(key)` for the keys that are the line's own, `left` when the mouse went elsewhere. `ghost` stands behind the text."""

    pressed = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(LONGEST)
        self.setAccessibleName("命令行")
        self.ghost = ""

    def focusNextPrevChild(self, forward: bool) -> bool:
        # Tab completes here and leads nowhere.
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        own = {Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape, *ENTER}
        is_end = self.cursorPosition() == len(self.text()) and not self.hasSelectedText()
        if key in own or (key == Qt.Key.Key_Right and self.ghost and is_end) or (key == Qt.Key.Key_Backspace and len(self.text()) < 2):
            self.pressed.emit(key)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.ghost or self.cursorPosition() != len(self.text()):
            return
        painter = QPainter(self)
        painter.setPen(theme.colour("text2"))
        area = self.rect().adjusted(self.cursorRect().center().x() + 1, 0, -8, 0)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.ghost)


class CommandLine(QWidget):
    """`said(sentence, is_wrong)` what the line would do; `closed` when it is left. The keyboard goes back to where it was."""

    said = Signal(str, bool)
    closed = Signal()

    def __init__(self, board: CommandBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self.edit, self.list = CommandEdit(), CommandList(self)
        self._offers: list[Completion] = []
        self._back: QWidget | None = None
        self._past = 0
        self._draft = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 0, 0)
        row.addWidget(self.edit)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.pressed.connect(self._on_pressed)
        self.edit.left.connect(lambda: self.leave(give_back=False))
        self.list.taken.connect(self._take)
        board.read.connect(self._on_names)
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def start(self) -> None:
        """Open with a slash; the widget that has the keyboard gets it back."""
        if not self.is_open:
            self._back = QApplication.focusWidget()
        self._past, self._draft = 0, ""
        self.board.open()
        self.show()
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._show("/")

    def leave(self, *, give_back: bool = True) -> None:
        """Put the line away."""
        if not self.is_open:
            return
        self.board.close()
        self.list.hide()
        if give_back and self._back is not None and isValid(self._back) and self._back.isVisible():
            self._back.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.hide()
        self.closed.emit()

    def set_line_width(self, width: int) -> None:
        self.setFixedWidth(width)

    def _on_edited(self, text: str) -> None:
        self._past = 0
        self._refresh(text)

    def _on_names(self) -> None:
        """New names came: what is marked stays marked."""
        if not self.is_open:
            return
        marked = self.list.marked
        self._refresh(self.edit.text())
        self.list.step(marked + 1)

    def _show(self, text: str) -> None:
        self.edit.setText(text)
        self._refresh(text)

    def _refresh(self, text: str) -> None:
        reading = self.board.reading(text)
        self._offers = self.board.offers(text) if self.board.is_ready else []
        self.edit.ghost = self._ghost(text)
        self.edit.update()
        self.list.show_offers(self._offers if not self._past else [], reading.row.usage if reading.row else "/命令 …", self.edit)
        self.said.emit(reading.sentence if self.board.is_ready else "正在读名称…", isinstance(reading, Refusal))

    def _ghost(self, text: str) -> str:
        """What the best completion would add, where it only adds."""
        whole = self._offers[0].applied(text).rstrip() if self._offers else ""
        return whole[len(text) :] if whole.startswith(text) and text.strip() not in ("", "/") else ""

    def _on_pressed(self, key: int) -> None:
        if key in ENTER:
            self._enter()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Right):
            self._take(max(self.list.marked, 0))
        elif key == Qt.Key.Key_Escape and self.list.marked >= 0:
            self.list.step(-MARKS_BACK)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.leave()
        elif key == Qt.Key.Key_Down and not self._past:
            self.list.step(1)
        elif key == Qt.Key.Key_Up and self.list.marked >= 0:
            self.list.step(-1)
        else:
            self._recall(1 if key == Qt.Key.Key_Up else -1)

    def _recall(self, by: int) -> None:
        """An older or newer line of this officer's; 0 is what was typed."""
        lines = self.board.history
        if not self._past:
            self._draft = self.edit.text()
        self._past = max(0, min(self._past + by, len(lines)))
        self._show(lines[-self._past] if self._past else self._draft)

    def _take(self, row: int) -> None:
        if 0 <= row < len(self._offers):
            self._past = 0
            self._show(self._offers[row].applied(self.edit.text()))
            self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        text = self.edit.text()
        if self.list.marked >= 0:
            self._take(self.list.marked)
        elif text.strip() in ("", "/"):
            self.leave()
        elif not self.board.is_ready:
            # The names are on their way, and the next line may be typed meanwhile.
            self.leave()
            self.board.submit_early(text)
        elif isinstance(self.board.reading(text), Command):
            # First away: what the line does may take the keyboard elsewhere.
            self.leave()
            self.board.submit(text)
        else:
            self._choose(self.board.reading(text))

    def _choose(self, reading: Reading) -> None:
        """Enter on a line that is not clear: the only way on is taken, of several the first is marked."""
        if len(self._offers) == 1 and not isinstance(reading, Refusal):
            self._take(0)
        else:
            self.list.step(1)
            self.said.emit(reading.sentence, True)


#: Enough steps back to mark nothing.
MARKS_BACK = 10_000
