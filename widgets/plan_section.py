"""Who is to be sent, in the incident's detail: role by role with reasons, what is missing, and one key for all of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.plan_rows import MOST, PlanRow, PlanView

from . import icons, theme
from .parts import Elided, KeyButton, Plain, SectionTitle

_STEPS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
#: Title, note with its buttons, the sentence of who goes, and the space below them, in pixels.
_HEAD = 116
_NAME = re.compile(r"[\u4e00-\u9fff]+\d+")
_DIGITS = "①②③④⑤⑥⑦⑧⑨"
_QUIET = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier


class PlanLine(QWidget):
    """One unit with its role and reason and the button that sends it alone."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.unit_id = ""
        self._compact = False
        self.symbol, self.name, self.button = QLabel(), Elided(""), KeyButton("派", str(place + 1))
        self.head, self.reason = Elided("", step="small", tone="second"), Elided("", step="small", tone="second")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(3, 1)
        self.name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.name.setFixedWidth(72)
        self._grid.addWidget(self.symbol, 0, 0)
        self._grid.addWidget(self.name, 0, 1)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """On a narrow desk the reason has a line of its own."""
        self._compact = compact
        self._grid.addWidget(self.button, 0, 4, 2 if compact else 1, 1)
        self._grid.addWidget(self.head, 0, 2, 1, 2 if compact else 1)
        self._grid.addWidget(self.reason, *((1, 1, 1, 3) if compact else (0, 3)))
        policy = QSizePolicy.Policy
        self.head.setSizePolicy(policy.Ignored if compact else policy.Fixed, policy.Preferred)
        self.setFixedHeight(theme.size("row_with_button") + (8 if compact and self.reason.text() else 0))
        self.reason.setVisible(not compact or bool(self.reason.text()))

    def show_row(self, row: PlanRow) -> None:
        self.unit_id = row.unit_id
        self.symbol.setPixmap(icons.pixmap(row.symbol if row.symbol in icons.names() else "u-rescue", theme.size("icon")))
        self.name.setText(row.name)
        self.name.setToolTip(words.tip(row.name))
        self.head.setText(row.head)
        self.reason.setText(row.told)
        self.reason.setToolTip(words.tip(row.reason))
        self.button.setAccessibleName(f"派 {row.name}，{row.head}，{row.told}")
        self.set_compact(self._compact)


class PlanSection(QWidget):
    """`send_requested(unit_ids)` by button, digit or 0 for all that are named; `level_wanted(level)` by + and −.
    Where the pane is short of room the rows are folded into one sentence that names the same units with the same digits."""

    send_requested = Signal(list)
    level_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.plan = PlanView()
        self.title = SectionTitle("推荐")
        self.note, self.sending = Elided("", step="small", tone="second"), Plain("")
        self.gaps = Plain("", step="small", tone="near")
        self.lines = [PlanLine(place) for place in range(MOST)]
        self.all, self.more, self.unfold = KeyButton("全部派出", "0", primary=True), KeyButton("升级", "+"), KeyButton("展开")
        self._is_short = self._is_opened = False
        self._none = Plain("没有可推荐的力量。按 F4 从全部力量中选", tone="second")
        self._column, self._foot = column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        self.unfold.setProperty("plain", True)
        self.title.layout().addWidget(self.unfold)
        column.addWidget(self.title)
        # Who goes and who is missing stand before the rows: they are seen whatever is scrolled.
        column.addWidget(self.sending)
        column.addLayout(foot)
        for widget in (self.gaps, self._none, *self.lines):
            column.addWidget(widget)
        for label in (self.sending, self.gaps, self._none):
            label.setWordWrap(True)
            label.setContentsMargins(0, 4, 0, 4)
        foot.setSpacing(8)
        foot.setContentsMargins(0, 0, 0, 4)
        foot.addWidget(self.note, 1)
        foot.addStretch(0)
        foot.addWidget(self.more)
        foot.addWidget(self.all)
        for place, line in enumerate(self.lines):
            line.button.clicked.connect(lambda checked=False, place=place: self._send_one(place))
        self.all.clicked.connect(self._send_all)
        self.more.clicked.connect(lambda: self._want_level(1))
        self.unfold.clicked.connect(self._toggle)

    def set_compact(self, compact: bool) -> None:
        for line in self.lines:
            line.set_compact(compact)
        # Beside the buttons a narrow desk leaves it four words.
        if compact:
            self._column.insertWidget(self._column.indexOf(self._foot), self.note)
        else:
            self._foot.insertWidget(0, self.note, 1)

    def show_plan(self, plan: PlanView, *, fresh: bool = False) -> None:
        """`fresh` where the pane turns to another incident: its rows are folded again."""
        self.plan = plan
        self._is_opened = self._is_opened and not fresh
        self.title.remark.setText(" · ".join(part for part in (plan.summary, "距离为估算") if part))
        self.title.setToolTip(words.tip("\n".join(plan.passed)) if plan.passed else "")
        self.note.setText(" · ".join(part for part in (plan.fault, plan.note and f"要点：{plan.note}") if part))
        self.note.setToolTip(words.tip(self.note.text()))
        for line, row in zip(self.lines, plan.rows, strict=False):
            line.show_row(row)
        self._show_rows()
        self._none.setVisible(not plan.rows and not plan.is_awaited)
        self.gaps.setText(_NAME.sub(lambda found: "\u2060".join(found[0]), "\n".join(plan.gaps)))
        self.gaps.setVisible(bool(plan.gaps))
        self.all.setVisible(bool(plan.names))
        self.all.set_text("派出" if len(plan.names) == 1 else "全部派出")
        self.all.setAccessibleName("派出 " + "、".join(plan.names))
        self.more.setVisible(bool(plan.summary) and plan.raised(1) is not None)

    def fit(self, room: int) -> None:
        """Fold the rows where more than `room` pixels would be taken."""
        self._is_short = _HEAD + 24 * len(self.plan.gaps) + theme.size("row_with_button") * len(self.plan.rows) > room
        self._show_rows()

    def _toggle(self) -> None:
        self._is_opened = not self._is_opened
        self._show_rows()

    def _show_rows(self) -> None:
        rows, folded = self.plan.rows, self._is_short and not self._is_opened
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(rows) and not folded)
        self.unfold.setVisible(self._is_short and bool(rows))
        self.unfold.set_text("收起" if self._is_opened else "展开")
        word = "将派" if self.plan.names else "就近"
        self.sending.setText(numbered([row.name for row in rows], word) if folded else sending(self.plan.names))
        self.sending.setVisible(bool(self.sending.text()))

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key means here; False where it means nothing."""
        if event.modifiers() & ~_QUIET:
            return False
        if event.key() in _STEPS:
            return self._want_level(_STEPS[Qt.Key(event.key())])
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        return self._send_all() if event.key() == Qt.Key.Key_0 else self._send_one(event.key() - Qt.Key.Key_1)

    def _send_one(self, place: int) -> bool:
        if self.isHidden() or not 0 <= place < len(self.plan.rows):
            return False
        self.send_requested.emit([self.plan.rows[place].unit_id])
        return True

    def _send_all(self) -> bool:
        if self.isHidden() or not self.plan.unit_ids:
            return False
        self.send_requested.emit(list(self.plan.unit_ids))
        return True

    def _want_level(self, step: int) -> bool:
        level = self.plan.raised(step)
        if self.isHidden() or not self.plan.summary or level is None:
            return False
        self.level_wanted.emit(level)
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())


def sending(names: Sequence[str], word: str = "将派") -> str:
    """`将派 消防101、急救07`, "" for nobody; a line never breaks within a name."""
    return f"{word} " + "、".join("\u2060".join(name) for name in names) if names else ""


def numbered(names: Sequence[str], word: str) -> str:
    """`将派 ① 消防101 ② 急救07`: the same with the digit that sends each alone."""
    return "  ".join([word, *("\u2060".join(digit + "\u00a0" + name) for digit, name in zip(_DIGITS, names, strict=False))]) if names else ""
