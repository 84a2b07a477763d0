"""Small parts that every pane is made of: plain labels, key hints, buttons with a key, rules, pane titles."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from . import theme


def restyle(widget: QWidget, **properties: Any) -> None:
    """Set dynamic properties and let the style sheet look again; nothing when all are set already."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    for each in (widget, *widget.findChildren(QLabel)):
        each.style().unpolish(each)
        each.style().polish(each)


class Plain(QLabel):
    """A label that never reads its text as markup."""

    def __init__(self, text: str = "", *, step: str = "body", tone: str = "", bold: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("step", step)
        self.setProperty("tone", tone)
        self.setProperty("bold", bold)
        self.setText(text)


class Elided(Plain):
    """One line that ends in … where it is short of room; the whole text is its tooltip."""

    def __init__(self, text: str = "", **kinds: Any) -> None:
        super().__init__(text, **kinds)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


def hint(key: str) -> QLabel:
    """A key as it stands on the keyboard, in a small frame."""
    label = Plain(key, step="small")
    label.setProperty("hint", True)
    label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label


class KeyButton(QPushButton):
    """A button that shows its key. `dim` looks disabled but still answers, by saying why not."""

    def __init__(self, text: str, key: str = "", *, primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("primary", primary)
        self.setProperty("keyed", True)
        self._refusing = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._label = Plain(text)
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12 if not key else 8, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._label, 0, Qt.AlignmentFlag.AlignCenter)
        self._hint = hint(key)
        self._row.addWidget(self._hint)
        self._hint.setVisible(bool(key))
        self.setAccessibleName(f"{text} {key}".strip())

    def set_text(self, text: str, key: str | None = None) -> None:
        self._label.setText(text)
        if key is not None:
            self._hint.setText(key)
            self._hint.setVisible(bool(key))
        self.setAccessibleName(f"{text} {self._hint.text()}".strip())
        self.updateGeometry()

    def show_key(self, shown: bool) -> None:
        self._hint.setVisible(shown and bool(self._hint.text()))
        self.updateGeometry()

    def text_shown(self) -> str:
        return self._label.text()

    def set_dim(self, dim: bool) -> None:
        self._refusing = dim
        restyle(self, dim=dim or not self.isEnabled())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            restyle(self, dim=self._refusing or not self.isEnabled())

    def sizeHint(self) -> QSize:
        return QSize(max(self._row.sizeHint().width(), 44), theme.size("button"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def rule() -> QFrame:
    """A hairline across."""
    line = QFrame()
    line.setProperty("rule", True)
    return line


def upright() -> QFrame:
    line = QFrame()
    line.setProperty("upright", True)
    return line


class PaneTitle(QWidget):
    """The 40 px head of a pane, which is also the handle that moves its dock: name, count, what the pane adds at the right."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("docktitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.size("dock_title"))
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(16, 0, 16, 0)
        self.row.setSpacing(8)
        self.row.addWidget(Plain(text, bold=True))
        self.count = Plain("", tone="second")
        self.row.addWidget(self.count)
        self.row.addStretch(1)

    def fold(self, folded: bool) -> None:
        self.setFixedHeight(0 if folded else theme.size("dock_title"))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        # A dock asks its title for nothing but this.
        return QSize(super().sizeHint().width(), self.maximumHeight())


class Grip(QWidget):
    """The slim handle that moves a dock without a title."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(8)
        self.setCursor(Qt.CursorShape.SizeAllCursor)

    def sizeHint(self) -> QSize:
        return QSize(64, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg1"))
        painter.fillRect(self.width() // 2 - 16, 3, 32, 2, theme.colour("line"))


class SectionTitle(QWidget):
    """A bold word and a quiet remark at the right, 32 px, over a hairline."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(theme.size("section_title"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.word = Plain(text, bold=True)
        self.remark = Plain("", step="small", tone="second")
        row.addWidget(self.word)
        row.addStretch(1)
        row.addWidget(self.remark)
