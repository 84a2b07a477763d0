"""F1: every key and every command of the desk, made from the tables that bind and read them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QTabBar, QWidget

from weihai_command.domain.commands import COMMANDS

from .keys import KEYS
from .panel import Panel
from .parts import Plain, hint

PAGES = ("1  按键", "2  命令")
HOW = "名称写开头几个字母即可，也可写中文或拼音首字母：/d、/派遣、/pq 相同。事件写数字，力量写呼号的一部分或首字母；只写一个点“.”就是打开的事件。"


class KeySheet(Panel):
    """Two pages, read-only; 1 and 2 turn them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("按键表", (760, 800), parent)
        self.tabs = QTabBar()
        for word in PAGES:
            self.tabs.addTab(word)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.setExpanding(False)
        self.scrolls = [_scrolled(_keys()), _scrolled(_commands())]
        self.column.addWidget(self.tabs)
        for scroll in self.scrolls:
            self.column.addWidget(scroll)
        self.tabs.currentChanged.connect(self.show_page)
        self.show_page(0)

    @property
    def scroll(self) -> QScrollArea:
        return self.scrolls[self.tabs.currentIndex()]

    def start(self) -> None:
        self.show()
        self.raise_()
        self.scroll.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_page(self, page: int) -> None:
        self.tabs.setCurrentIndex(page)
        for place, scroll in enumerate(self.scrolls):
            scroll.setVisible(place == page)
        if self.isVisible():
            self.scroll.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("1", "2"):
            self.show_page(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)


def arrows(sequence: str) -> str:
    """The keys as they are engraved: `Ctrl+Shift+←`."""
    for name, sign in (("Left", "←"), ("Right", "→"), ("Up", "↑"), ("Down", "↓")):
        sequence = sequence.replace(name, sign)
    return sequence


def _keys() -> QWidget:
    content, grid = _grid()
    for row, key in enumerate(KEYS):
        grid.addWidget(hint(arrows(key.sequence)), row, 0, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(Plain(key.word), row, 1)
        grid.addWidget(Plain(key.where, step="small", tone="second"), row, 2)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(KEYS), 1)
    return content


def _commands() -> QWidget:
    content, grid = _grid()
    how = Plain(HOW, step="small", tone="second")
    how.setWordWrap(True)
    grid.addWidget(how, 0, 0, 1, 3)
    for place, row in enumerate(COMMANDS, 1):
        grid.addWidget(Plain(row.usage), place, 0)
        grid.addWidget(Plain(f"{row.word} {row.sounds}".strip(), step="small", tone="second"), place, 1)
        told = Plain(row.help, step="small")
        told.setWordWrap(True)
        grid.addWidget(told, place, 2)
    grid.setColumnStretch(2, 1)
    grid.setRowStretch(len(COMMANDS) + 1, 1)
    return content


def _grid() -> tuple[QWidget, QGridLayout]:
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(12, 8, 12, 8)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    return content, grid


def _scrolled(content: QWidget) -> QScrollArea:
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    return scroll
