"""Taking in an incident (F2): Enter submits, Esc leaves and keeps the draft."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCompleter, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from weihai_command.boards import words
from weihai_command.boards.advice import Advice
from weihai_command.boards.place_words import PlaceWord
from weihai_command.domain.words import SOURCES

from .advice_box import MOST_SIMILAR, AdviceBox
from .choices import Choice
from .panel import Panel
from .parts import KeyButton, Plain, restyle

#: After the last key so long until the words are looked at.
THINK_MS = 250
#: From this height on there is room for all similar incidents below a whole suggestion.
ROOMY = 700
#: Three lines of a narrative stay in sight on the lowest screen.
NARRATIVE = 84
PRIORITIES = [("urgent", "1 紧急"), ("high", "2 高"), ("normal", "3 一般"), ("low", "4 低")]


class ReportPanel(Panel):
    """`submitted(draft)` with the fields of acts.report; `pick_wanted` asks the map for a position; `narrated(draft)` while it is written;
    `repeated(id, text)` when it is told of an incident that is known already."""

    submitted = Signal(dict)
    pick_wanted = Signal()
    narrated = Signal(dict)
    repeated = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("接报", (520, 720), parent)
        self.name, self.type, self.priority = QLineEdit(), Choice(list(words.incident_types().items())), Choice(PRIORITIES)
        self.place_name, self.source, self.text = QLineEdit(), Choice(list(SOURCES.items())), QPlainTextEdit()
        self.phone = QLineEdit()
        self.pick, self.send = KeyButton("点图选位", "Ctrl+P"), KeyButton("接报", "Enter", primary=True)
        self.message = Plain("", step="small", tone="second")
        self.place_word = Plain("", step="small", tone="second")
        #: From Enter until the act is kept or refused: the incident that is meant from here on is the new one.
        self.is_saving = False
        self._position: tuple[float, float] | None = None
        #: What was taken over from a suggestion and has no field of its own: the grade, and the radius of the place.
        self._more: dict[str, Any] = {}
        self.advice = AdviceBox("记入", inset=0)
        #: Enter came while a suggestion was still to be taken over.
        self._sends = False
        self._thinking = QTimer(self, singleShot=True, interval=THINK_MS)
        self._offered = QStringListModel(self)
        self._build()
        self.pick.clicked.connect(self.pick_wanted)
        self.pick.setShortcut("Ctrl+P")
        self.send.clicked.connect(self.submit)
        self.place_name.textEdited.connect(lambda _: self._forget_position())
        self._listen()

    def start(self) -> None:
        self._sends = self.advice.is_eager = False
        self.show()
        self.raise_()
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def draft(self) -> dict[str, Any]:
        """The filled fields, by the names of acts.report."""
        found = {
            "title": self.name.text().strip(), "type": self.type.code(), "priority": self.priority.code(), "source": self.source.code(),
            "description": self.text.toPlainText().strip(), "place": self.place_name.text().strip(), "phone": self.phone.text().strip(),
        }
        draft: dict[str, Any] = {name: value for name, value in (found | self._more).items() if value}
        if self._position:
            draft["lon"], draft["lat"] = self._position
        return draft

    def set_position(self, lon: float, lat: float, name: str = "") -> None:
        """A position from the map, with the name of what lies there."""
        self._position = (lon, lat)
        self.place_name.setText(name)
        self.place_name.setPlaceholderText(f"{lon:.4f} {lat:.4f}")
        self.place_word.hide()
        self._say(f"位置 {lon:.4f} {lat:.4f}", "second")

    def show_advice(self, advice: Advice) -> None:
        """What the words suggest; an answer that comes when the report is gone is dropped."""
        if not self.isHidden() and not self.is_saving:
            self.advice.show_advice(advice)
            sends, self._sends = self._sends, False
            if sends:
                self.submit()

    def take(self, fields: dict[str, Any]) -> None:
        """Fill what is still empty from a suggestion; what the officer has written stays."""
        if "type" in fields and not self.type.currentText().strip():
            self.type.choose(fields["type"])
        if "priority" in fields and not self.priority.currentText().strip():
            self.priority.choose(fields["priority"])
        if "lon" in fields and self._position is None and not self.place_name.text().strip():
            self.set_position(fields["lon"], fields["lat"], fields["place"])
            self._more["radius_m"] = fields["radius_m"]
        if fields.get("grade"):
            self._more["grade"] = fields["grade"]
        self._say("已采纳建议" + (f"，级别 {words.grade(fields['grade'])}" if fields.get("grade") else ""), "second")
        self._think()

    def offer(self, names: list[str]) -> None:
        """Places that the typed name may mean: to choose, never guessed."""
        self._offered.setStringList(names)
        self.place_name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.place_name.completer().complete()

    def show_place(self, told: PlaceWord) -> None:
        """What the typed place is; of several the list opens while the keyboard is on the field. An answer about older words is dropped."""
        if self._position is not None or self.place_name.text().strip() != told.typed.strip():
            return
        self.place_word.setText(told.sentence)
        self.place_word.setVisible(bool(told.sentence))
        restyle(self.place_word, tone="near" if told.is_wrong else "second")
        if list(told.names) != self._offered.stringList():
            self._offered.setStringList(list(told.names))
            if told.names and self.place_name.hasFocus():
                self.place_name.completer().complete()

    def submit(self) -> None:
        if self.is_saving:
            return
        if self.advice.is_eager:
            self._sends = True
            return
        draft = self.draft()
        if not draft.get("title"):
            self._say("请写一句发生了什么", "near")
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        unknown = next((field for field in (self.type, self.priority, self.source) if field.currentText().strip() and not field.code()), None)
        if unknown is not None:
            self._say(f"没有这一项：{unknown.currentText().strip()}", "near")
            unknown.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._say("正在保存…", "second")
        self.is_saving = True
        self.submitted.emit(draft)

    def refuse(self) -> None:
        """The act was refused: the draft stays, the message bar says why."""
        self.is_saving = False
        self._say("没有接报成功，草稿还在", "near")

    def finish(self) -> None:
        """The act is kept: the next report starts empty."""
        self.is_saving = False
        for field in (self.name, self.place_name, self.phone):
            field.clear()
        for choice in (self.type, self.priority, self.source):
            choice.clear_choice()
        self.text.clear()
        self._forget_position()
        self._more.clear()
        self._thinking.stop()
        self.advice.show_advice(Advice())
        self._say("", "second")
        self.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.advice.most_similar = MOST_SIMILAR if self.height() >= ROOMY else 1

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _say(self, text: str, tone: str) -> None:
        self.message.setText(text)
        restyle(self.message, tone=tone)

    def _listen(self) -> None:
        """Whatever changes in the report is thought about, a moment after the last key."""
        for changed in (self.name.textChanged, self.place_name.textChanged, self.type.currentTextChanged, self.priority.currentTextChanged):
            changed.connect(lambda _: self._begin())
        self.text.textChanged.connect(self._begin)
        self._thinking.timeout.connect(self._think)
        self.advice.taken.connect(self.take)
        self.advice.join_wanted.connect(lambda known: self.repeated.emit(known, self._told()))

    def _begin(self) -> None:
        self._thinking.start()
        self.advice.wait()

    def _think(self) -> None:
        if not self.isHidden() and not self.is_saving:
            self.narrated.emit(self.draft())

    def _told(self) -> str:
        """The report in one line of the log."""
        parts = (self.name.text().strip(), self.place_name.text().strip(), " ".join(self.text.toPlainText().split()))
        return "重复来件：" + "；".join(part for part in parts if part)

    def _forget_position(self) -> None:
        self._position = None
        self.place_word.hide()
        self._more.pop("radius_m", None)
        self.place_name.setPlaceholderText("镇街、村居或路名；同名会列出候选")

    def _build(self) -> None:
        completer = QCompleter(self._offered, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.popup().setObjectName("popup")
        self.place_name.setCompleter(completer)
        self.name.setPlaceholderText("一句话：哪里、什么事")
        self.phone.setPlaceholderText("列表里只显示首尾")
        for choice, told in ((self.priority, "1–4"), (self.source, "从哪里来")):
            choice.lineEdit().setPlaceholderText(told)
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(NARRATIVE)
        form = QFormLayout()
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(12)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.place_name, 1)
        where.addWidget(self.pick)
        place = QVBoxLayout()
        place.setSpacing(2)
        place.addLayout(where)
        place.addWidget(self.place_word)
        form.addRow(Plain("标题", tone="second"), self.name)
        form.addRow(Plain("类型", tone="second"), _pair(self.type, "优先级", self.priority, 5, 3))
        form.addRow(Plain("地点", tone="second"), place)
        form.addRow(Plain("来源", tone="second"), _pair(self.source, "来电", self.phone, 1, 1))
        form.addRow(Plain("描述", tone="second"), self.text)
        for word, field in (("标题", self.name), ("类型", self.type), ("优先级", self.priority), ("地点", self.place_name), ("来源", self.source),
                            ("来电", self.phone), ("描述", self.text)):
            field.setAccessibleName(word)
        # On a small desk every line counts: under the bars there are 600 px.
        self.column.setContentsMargins(16, 8, 16, 8)
        self.column.setSpacing(4)
        # What the suggestion leaves of the height is the narrative's.
        self.column.addLayout(form, 1)
        self.column.addWidget(self.advice)
        foot = QHBoxLayout()
        foot.addWidget(self.message, 1)
        foot.addWidget(self.send)
        self.column.addLayout(foot)
        self._forget_position()


def _pair(left: QWidget, word: str, right: QWidget, *shares: int) -> QHBoxLayout:
    """Two short fields in one row, the second with its word before it; `shares` of the width."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for widget, share in zip((left, Plain(word, tone="second"), right), (shares[0], 0, shares[1]), strict=True):
        row.addWidget(widget, share)
    return row
