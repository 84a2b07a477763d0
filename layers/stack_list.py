"""The list that a stack of marks fans out into: arrows choose, Enter opens, Escape closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from .kinds import BY_KIND

_WIDTH, _ROW, _MOST_ROWS = 320, 28, 10
#: Beyond so many a list helps nobody; the rest is counted.
_MOST = 500

Mark = tuple[str, str]


class _Rows(QListWidget):
    """A list that keeps the map's own keys from being heard while it has the keyboard."""

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class StackList(QFrame):
    """Hidden until something fans out. Names that come later replace the ids."""

    picked = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("plate")
        self._marks: list[Mark] = []
        self._head = QLabel()
        self._head.setObjectName("head")
        self.list = _Rows()
        self.list.setAccessibleName("同一位置的目标")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(lambda _: self._pick())
        self.list.itemClicked.connect(lambda _: self._pick())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self._head)
        column.addWidget(self.list)
        self.hide()

    def open(self, marks: Sequence[Mark], labels: Mapping[Mark, str], at: tuple[float, float]) -> None:
        """List the marks beside a spot of the parent (pixels) and take the keyboard."""
        self._marks = list(marks[:_MOST])
        self._head.setText(f"此处 {len(marks):,} 个目标" + (f"，列出前 {_MOST}" if len(marks) > _MOST else ""))
        self.list.clear()
        for mark in self._marks:
            item = QListWidgetItem(self._text(mark, labels.get(mark, mark[1])))
            item.setSizeHint(QSize(0, _ROW))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._place(at)
        self.show()
        self.raise_()
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def name(self, names: Mapping[Mark, str]) -> None:
        """Say names instead of ids, as far as they are known."""
        for row, mark in enumerate(self._marks):
            if mark in names:
                self.list.item(row).setText(self._text(mark, names[mark]))

    def room(self) -> tuple[int, int]:
        """Width and height of what the list opens over."""
        return self.parentWidget().width(), self.parentWidget().height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick()
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _text(mark: Mark, label: str) -> str:
        return f"{BY_KIND[mark[0]].word}  {label}"

    def _place(self, at: tuple[float, float]) -> None:
        width, height = self.room()
        tall = min(self.list.count(), _MOST_ROWS) * _ROW + 52
        self.resize(min(_WIDTH, width - 8), min(tall, height - 8))
        left = at[0] + 14 if at[0] + 14 + self.width() <= width else at[0] - 14 - self.width()
        self.move(round(max(4, min(left, width - self.width() - 4))), round(max(4, min(at[1] - 20, height - self.height() - 4))))

    def _pick(self) -> None:
        # Enter is told twice: by the list, and by its key.
        row = self.list.currentRow() if self.isVisible() else -1
        if self.isVisible():
            self._leave()
        if row >= 0:
            self.picked.emit(*self._marks[row])

    def _leave(self) -> None:
        self.hide()
        self.parentWidget().setFocus(Qt.FocusReason.PopupFocusReason)
