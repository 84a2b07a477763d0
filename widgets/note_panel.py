"""F9: one entry of the command log, of the open incident or of the city as a whole. It stays until the entry is kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTabBar, QWidget

from weihai_command.domain.log_words import NOTES

from .panel import Panel
from .parts import Elided, KeyButton

KINDS = tuple(NOTES)


class NotePanel(Panel):
    """`submitted(incident id or "", text, kind, party)`. Alt+1/2/3 choose the kind, Alt+0 between the incident and the whole city."""

    submitted = Signal(str, str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("写指挥日志", (520, 252), parent)
        self.kinds, self.about = QTabBar(), Elided("", tone="second")
        self.party, self.text = QLineEdit(), QLineEdit()
        self.scope, self._send = KeyButton("", "Alt+0"), KeyButton("记下", "Enter", primary=True)
        self._incident, self._name, self._of_city = "", "", False
        self.is_saving = False
        for place, (_, word) in enumerate(NOTES.items(), 1):
            self.kinds.addTab(f"{word}  Alt+{place}")
            QShortcut(QKeySequence(f"Alt+{place}"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(
                lambda place=place: self.kinds.setCurrentIndex(place - 1)
            )
        QShortcut(QKeySequence("Alt+0"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(self.turn_scope)
        self._build()
        self.kinds.currentChanged.connect(lambda _: self._show())
        self.scope.clicked.connect(self.turn_scope)
        self._send.clicked.connect(self.submit)

    @property
    def kind(self) -> str:
        return KINDS[self.kinds.currentIndex()]

    def start(self, incident_id: str, name: str) -> None:
        """For the incident `name`; without one for the whole city. What was typed and not kept stays."""
        self._incident, self._name, self._of_city = incident_id, name, not incident_id
        self._show()
        self.show()
        self.raise_()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def turn_scope(self) -> None:
        self._of_city = not self._of_city or not self._incident
        self._show()

    def submit(self) -> None:
        text = self.text.text().strip()
        if not text:
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.is_saving:
            self.is_saving = True
            party = "" if self.kind == "note" else self.party.text().strip()
            self.submitted.emit("" if self._of_city else self._incident, text, self.kind, party)

    def finish(self) -> None:
        """The entry is kept."""
        if self.is_saving:
            self.is_saving = False
            self.text.clear()
            self.party.clear()
            self.leave()

    def refuse(self) -> None:
        self.is_saving = False

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)

    def _show(self) -> None:
        self.about.setText("全城，不属于某一起事件" if self._of_city else self._name)
        self.scope.set_text("改为这起事件" if self._of_city else "改为全城")
        self.scope.setVisible(bool(self._incident))
        self.party.setVisible(self.kind != "note")
        self.party.setPlaceholderText("呼号或台名" if self.kind == "radio" else "通话的对方")

    def _build(self) -> None:
        self.kinds.setDrawBase(False)
        self.kinds.setExpanding(False)
        self.kinds.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        for field, name in ((self.party, "对方"), (self.text, "内容")):
            field.setAccessibleName(name)
        self.text.setPlaceholderText("发生了什么、谁说的、怎么办")
        self.kinds.setAccessibleName("记录的种类")
        for widget in (self.kinds, self.about, self.party, self.text):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        foot = QHBoxLayout()
        foot.addWidget(self.scope)
        foot.addStretch(1)
        foot.addWidget(self._send)
        self.column.addLayout(foot)
