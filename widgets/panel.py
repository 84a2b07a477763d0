"""A panel over the desk: not modal, never over the top bar or the alarm strip, left by Esc."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from . import theme
from .parts import KeyButton, Plain


class Panel(QFrame):
    """`column` takes the content; `closed` when it was left. Where it stands is the main window's business."""

    closed = Signal()

    def __init__(self, title: str, wanted: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.wanted = wanted
        head = QWidget()
        head.setObjectName("paneltitle")
        head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        head.setFixedHeight(theme.size("dock_title"))
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 0, 8, 0)
        self.title, self.remark = Plain(title, bold=True), Plain("", tone="second")
        row.addWidget(self.title)
        row.addWidget(self.remark)
        row.addStretch(1)
        self._leave = KeyButton("关闭", "Esc")
        self._leave.setProperty("plain", True)
        self._leave.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._leave.clicked.connect(self.leave)
        row.addWidget(self._leave)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(16, 12, 16, 16)
        self.column.setSpacing(8)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        outer.addWidget(head)
        outer.addLayout(self.column, 1)
        self.hide()

    def place(self, room: QRect, corner: Qt.Corner = Qt.Corner.TopLeftCorner) -> None:
        """Stand in a corner of `room` (the window's coordinates), no larger than it."""
        width, height = min(self.wanted[0], room.width()), min(self.wanted[1], room.height())
        right = corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner)
        low = corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner)
        spot = QPoint(room.right() - width + 1 if right else room.left(), room.bottom() - height + 1 if low else room.top())
        self.setGeometry(QRect(spot.x(), spot.y(), width, height))

    def leave(self) -> None:
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)


class WatchingPanel(Panel):
    """A panel whose `board` is kept fresh by `board.watch(True)` while it is on the screen, and only then."""

    board: Any
    _watches = False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watches = True
        self.board.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # A panel is hidden while it is made, before it has a board.
        if self._watches:
            self.board.watch(False)
