"""The head of the incident's detail: symbol, title, number, what state it is in, and what can be done now."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.detail_board import Detail
from weihai_command.boards.limit_words import clock_line

from . import icons, theme
from .below_strip import open_menu
from .clock_line import ClockWidget
from .parts import Elided, KeyButton, Plain, restyle

#: How many acts stand as buttons between 记录 and 更多 where there is room; the others are in its menu.
MOST_BUTTONS = 1
ENDING = "close"
#: Acts that other controls of the desk do.
ELSEWHERE = frozenset({"report", "merge", "note"})


class DetailHead(QWidget):
    """`act_wanted(dict of queries.allowed)`, `note_wanted`, `edit_wanted`; dimmed buttons are wanted too and are told why not."""

    act_wanted = Signal(dict)
    note_wanted = Signal()
    edit_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.symbol, self.title = QLabel(), Elided("", step="title")
        self.number, self.grade = Plain("", tone="second"), Plain("", tone="second")
        self.state, self.sync = Plain("", bold=True), Plain("")
        self.clock = ClockWidget()
        self.dispatch = KeyButton("派遣", "F4", primary=True)
        self.note = KeyButton("记录", "F9")
        self.more = KeyButton("更多")
        self.end = KeyButton("结束", "Ctrl+E")
        self.middle = [KeyButton("") for _ in range(MOST_BUTTONS)]
        self._acts: dict[KeyButton, dict[str, Any]] = {}
        self._rest: list[dict[str, Any]] = []
        self._room = MOST_BUTTONS
        self._build()
        self.note.clicked.connect(self.note_wanted)
        self.more.clicked.connect(self.show_more)
        self.more.setToolTip("更多动作（Ctrl+M）")
        for button in (self.dispatch, self.end, *self.middle):
            button.clicked.connect(lambda checked=False, button=button: self.act_wanted.emit(self._acts[button]))

    def show_detail(self, detail: Detail, can: Any, now: Any) -> None:
        """`can(act)` says whether this edition can do an act at all."""
        row = detail.row
        name = row.symbol(now)
        self.symbol.setPixmap(icons.pixmap(name, theme.size("icon_title")))
        self.title.setText(row.title or row.type)
        self.title.setToolTip(words.tip(row.title))
        self.number.setText(row.number)
        grade = words.grade(row.grade) if row.track == "emergency" else "市政案卷"
        self.grade.setText(f"{grade} · {row.type} · 优先 {row.priority}" if row.type != row.title else f"{grade} · 优先 {row.priority}")
        self.state.setText(row.word)
        self.sync.setText("" if row.sync == "synced" else "↑ " + words.sync(row.sync))
        restyle(self.sync, tone="over" if row.sync in ("conflict", "rejected") else "second")
        self.clock.show_line(clock_line(detail.incident, now))
        self._show_acts([each for each in detail.allowed if each["act"] not in ELSEWHERE and can(each["act"])], is_unclaimed=row.is_unclaimed)

    def set_compact(self, compact: bool) -> None:
        self.note.show_key(not compact)
        self.end.show_key(False)
        self._room = 0 if compact else MOST_BUTTONS

    def show_more(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_menu(menu, self.more)

    def menu(self) -> QMenu:
        """What has no button of its own; what the tables do not allow stands there with its reason."""
        menu = QMenu(self)
        menu.addAction("修改…").triggered.connect(self.edit_wanted)
        for entry in self._rest:
            reason = "" if entry["allowed"] else f"  — {entry['reason']}"
            action = menu.addAction(f"{entry['word']}{'…' if entry['needs'] else ''}{reason}".replace("&", "&&"))
            action.triggered.connect(lambda checked=False, entry=entry: self.act_wanted.emit(entry))
        return menu

    def _show_acts(self, acts: list[dict[str, Any]], *, is_unclaimed: bool) -> None:
        self._acts.clear()
        by_name = {each["act"]: each for each in acts}
        dispatch = by_name.pop("dispatch", None)
        end = by_name.pop(ENDING, None)
        # What nobody has taken on yet is claimed first.
        rest = sorted(by_name.values(), key=lambda each: (not each["allowed"], not (is_unclaimed and each["act"] == "claim")))
        room = max(self._room, 1) if is_unclaimed and dispatch is None else self._room
        self._put(self.dispatch, dispatch)
        self._put(self.end, end)
        for place, button in enumerate(self.middle):
            self._put(button, rest[place] if place < min(len(rest), room) and rest[place]["allowed"] else None)
        shown = [self._acts[button]["act"] for button in self.middle if button in self._acts]
        self._rest = [each for each in rest if each["act"] not in shown]

    def _put(self, button: KeyButton, entry: dict[str, Any] | None) -> None:
        button.setVisible(entry is not None)
        if entry is None:
            return
        self._acts[button] = entry
        if button is not self.dispatch:
            button.set_text(str(entry["word"]))
        button.set_dim(not entry["allowed"])
        button.setToolTip(words.tip(str(entry["reason"])) if entry["reason"] else "")

    def entry(self, act: str) -> dict[str, Any] | None:
        """What the tables say of `act` now, None where it leads nowhere from this state."""
        return next((each for each in (*self._acts.values(), *self._rest) if each["act"] == act), None)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 10)
        column.setSpacing(4)
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (first, second, third):
            row.setSpacing(8)
            column.addLayout(row)
        column.insertWidget(2, self.clock)
        first.addWidget(self.symbol)
        first.addWidget(self.title, 1)
        first.addWidget(self.number)
        second.setContentsMargins(36, 0, 0, 4)
        for label in (self.grade, self.state, self.sync):
            second.addWidget(label)
        second.addStretch(1)
        for button in (self.dispatch, self.note, *self.middle, self.more):
            third.addWidget(button)
        third.addStretch(1)
        third.addWidget(self.end)
