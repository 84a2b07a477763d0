"""The suggestion for a message: a line for each part with its reason, taken by one key; below it what may be the same incident."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.advice import Advice, Part, SimilarRow, taken

from . import theme
from .below_strip import open_menu
from .parts import Elided, KeyButton, Plain, restyle

#: Lines for similar incidents.
MOST_SIMILAR = 2
#: Characters of a choice before it is cut.
LONGEST_NAME = 16
#: Pixels below which a reason is not begun.
LEAST_REASON = 80
UNDECIDED, UNWANTED, ALIKE = "请选", "不采纳", "可能是同一件"


class Reason(Elided):
    """Words beside a choice; where only a stump of them would fit they are left to the tooltip."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= min(LEAST_REASON, self.fontMetrics().horizontalAdvance(self.text())):
            super().paintEvent(event)


class PartLine(QWidget):
    """One part: what it is, the choice, its reason. The choice is a button that offers the others and 不采纳; `decided(place or None)`."""

    decided = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(theme.size("row"))
        self.word, self.reason = Plain("", step="small", tone="second"), Reason("", step="small", tone="second")
        self.choice = KeyButton("")
        self.choice.setProperty("plain", True)
        self.word.setFixedWidth(48)
        self.part: Part | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.word)
        row.addWidget(self.choice)
        row.addWidget(self.reason, 1)
        self.choice.clicked.connect(self._offer)

    def show_part(self, part: Part) -> None:
        self.part = part
        option = part.option
        self.word.setText(part.word)
        self.choice.set_text(_fitting(option.text) if option else f"{len(part.options)} 处可能 {UNDECIDED}" if len(part.options) > 1 else UNWANTED)
        reason = f"依据：{option.reason}" if option and option.reason else "、".join(each.text for each in part.options) if option is None else ""
        self.reason.setText(reason)
        self.reason.setToolTip(words.tip(reason))
        self.choice.setAccessibleName(f"建议{part.word} {option.text if option else UNDECIDED}，{reason}")
        restyle(self.choice, tone="" if option or len(part.options) == 1 else "near")

    def menu(self) -> QMenu:
        """The choices of this part."""
        menu = QMenu(self)
        for place, option in enumerate(self.part.options if self.part else ()):
            menu.addAction(f"{option.text}  — {option.reason}".replace("&", "&&")).triggered.connect(partial(self._decide, place))
        menu.addAction(UNWANTED).triggered.connect(partial(self._decide, None))
        return menu

    def _decide(self, place: int | None, checked: bool = False) -> None:
        self.decided.emit(place)

    def _offer(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_menu(menu, self.choice)


class SimilarLine(QWidget):
    """One incident that may be the same; joining asks once more. `opened`, `join_wanted`.

    With a `head` its buttons stand beside that, so that the whole width is left to what it is.
    """

    opened = Signal()
    join_wanted = Signal()

    def __init__(self, keys: tuple[str, str], join_word: str, head: str = "") -> None:
        super().__init__()
        self._join_word = join_word
        self.row: SimilarRow | None = None
        self.title, self.reason = Elided(""), Elided("", step="small", tone="second")
        self.open, self.join = KeyButton("打开", keys[0]), KeyButton(join_word, keys[1])
        self._build(head)
        self.is_asking = False
        self.open.clicked.connect(self.opened)
        self.join.clicked.connect(self.press_join)

    def show_row(self, row: SimilarRow) -> None:
        if self.row is None or row.id != self.row.id:
            self._ask(False)
        self.row = row
        self.title.setText(f"{row.number} {row.title}".strip())
        self.title.setToolTip(words.tip(row.title))
        self.reason.setText(f"{row.word} · {row.reason}")
        self.reason.setToolTip(words.tip(row.reason))
        self.open.setAccessibleName(f"打开 {row.number}")
        self.join.setAccessibleName(f"{self._join_word} {row.number}")

    def press_join(self) -> None:
        """The first press asks, the second one does it."""
        if not self.is_asking:
            self._ask(True)
            return
        self._ask(False)
        self.join_wanted.emit()

    def _build(self, head: str) -> None:
        told, buttons = QVBoxLayout(), QHBoxLayout()
        told.setSpacing(0)
        buttons.setSpacing(8)
        if head:
            buttons.addWidget(Plain(head, bold=True))
            buttons.addStretch(1)
        for button in (self.open, self.join):
            buttons.addWidget(button)
        for told_line in (self.title, self.reason):
            told.addWidget(told_line)
        outer = QVBoxLayout(self) if head else QHBoxLayout(self)
        outer.setContentsMargins(0, 4, 0, 4)
        outer.setSpacing(2 if head else 8)
        for part in (buttons, told) if head else (told, buttons):
            outer.addLayout(part, 1 if part is told else 0)

    def _ask(self, asking: bool) -> None:
        self.is_asking = asking
        # The question needs its room.
        self.open.setHidden(asking)
        self.join.set_text(f"确认{self._join_word}" if asking else self._join_word)
        restyle(self.join, tone="near" if asking else "")


class AdviceBox(QWidget):
    """`taken(fields)` with what is chosen, `opened(id)`, `join_wanted(id)`. Takes no room while there is nothing to suggest."""

    taken = Signal(dict)
    opened = Signal(str)
    join_wanted = Signal(str)

    def __init__(self, join_word: str = "并入", *, inset: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[Part, ...] = ()
        #: Fewer where a low window has no room for more.
        self.most_similar = MOST_SIMILAR
        self._decided: dict[str, int | None] = {}
        self._is_awaited = False
        #: The key to take it came before the suggestion did.
        self.is_eager = False
        self.take = KeyButton("采纳", "Alt+Enter")
        self.lines = [PartLine() for _ in range(4)]
        others = [SimilarLine(("", ""), join_word) for _ in range(MOST_SIMILAR - 1)]
        self.similar = [SimilarLine(("Alt+O", "Alt+B"), join_word, ALIKE), *others]
        self._suggested, self._likened = QWidget(), QWidget()
        self._build(inset)
        self.hide()

    def wait(self) -> None:
        """A suggestion is being thought of: the key that comes before it takes it when it is there."""
        self._is_awaited = True

    def show_advice(self, advice: Advice) -> None:
        """Show what is lacking; a choice that a person has made stays while its part offers the same."""
        offered = {part.name: part.options for part in self.parts}
        kept = {part.name: self._decided[part.name] for part in advice.parts if part.name in self._decided and offered.get(part.name) == part.options}
        self._decided = kept
        self.parts = tuple(part.with_choice(kept[part.name]) if part.name in kept else part for part in advice.parts)
        self._show_parts()
        shown = advice.similar[: self.most_similar]
        for line, row in zip(self.similar, shown, strict=False):
            line.show_row(row)
        for place, line in enumerate(self.similar):
            line.setVisible(place < len(shown))
        self._likened.setVisible(bool(advice.similar))
        self.setVisible(bool(self.parts or advice.similar))
        is_eager, self.is_eager, self._is_awaited = self.is_eager, False, False
        if is_eager:
            self.press_take()

    def press_take(self) -> bool:
        """Take what is chosen; False where nothing is, or not yet."""
        fields = taken(self.parts)
        if self.isHidden() or not fields:
            self.is_eager = self._is_awaited
            return False
        self.taken.emit(fields)
        return True

    def press_join(self) -> bool:
        return self._press(self.similar[0].press_join)

    def press_open(self) -> bool:
        return self._press(self.similar[0].opened.emit)

    def _press(self, wish) -> bool:  # type: ignore[no-untyped-def]
        if self.isHidden() or self._likened.isHidden():
            return False
        wish()
        return True

    def _show_parts(self) -> None:
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(self.parts))
            if place < len(self.parts):
                line.show_part(self.parts[place])
        self._suggested.setVisible(bool(self.parts))
        self.take.set_dim(not taken(self.parts))

    def _decide(self, line: PartLine, place: int | None) -> None:
        if line.part:
            self._decided[line.part.name] = place
            self.parts = tuple(part.with_choice(place) if part.name == line.part.name else part for part in self.parts)
            self._show_parts()

    def _build(self, inset: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(inset, 0, inset, 4)
        column.setSpacing(0)
        for box, lines in ((self._suggested, (self._head(), *self.lines)), (self._likened, self.similar)):
            inner = QVBoxLayout(box)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.setSpacing(0)
            for widget in lines:
                inner.addWidget(widget)
            column.addWidget(box)
        for line in self.lines:
            line.decided.connect(partial(self._decide, line))
        for each in self.similar:
            each.opened.connect(lambda each=each: self.opened.emit(each.row.id))
            each.join_wanted.connect(lambda each=each: self.join_wanted.emit(each.row.id))
        self.take.clicked.connect(self.press_take)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Plain("建议", bold=True))
        row.addStretch(1)
        row.addWidget(self.take)
        return head


def _fitting(text: str) -> str:
    """`text` in the room of a choice; the radius at its end is never cut off."""
    name, sign, radius = text.partition("（±")
    return f"{name[: LONGEST_NAME - 1]}…{sign}{radius}" if len(name) > LONGEST_NAME else text
