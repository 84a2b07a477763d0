"""The quiet chip 督办 3 and its list: which cases run out of time. It is hidden while there are none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from weihai_command.boards.supervision_board import SupervisionBoard

from .below_strip import lines_below, open_menu
from .parts import KeyButton, restyle

#: Lines of the list; the rest is counted below them.
MOST_LINES = 20


class SupervisionChip(KeyButton):
    """`incident_wanted(id)` when a line of the list is chosen."""

    incident_wanted = Signal(str)

    def __init__(self, board: SupervisionBoard, parent: QWidget | None = None) -> None:
        super().__init__("督办", "Ctrl+D", parent=parent)
        self._board = board
        self.show_key(False)
        self.clicked.connect(self.show_list)
        board.changed.connect(self.show_count)
        self.show_count()

    def show_count(self) -> None:
        number = len(self._board.notices)
        self.set_text(f"督办 {number}")
        self.show_key(False)
        self.setToolTip(f"{number} 件时限已用过半（Ctrl+D）")
        restyle(self, tone="near" if self._board.is_over else "plain")
        self.setVisible(number > 0)

    def show_list(self) -> None:
        if self._board.notices:
            menu = self.menu_of()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            open_menu(menu, self)

    def menu_of(self) -> QMenu:
        """The list; the first line is chosen, so that Enter opens it."""
        menu, lines = QMenu(self), self._board.lines()
        room = min(MOST_LINES, lines_below(self) - 1)
        for incident, words in lines[:room]:
            action = menu.addAction(words.replace("&", "&&"))
            action.triggered.connect(lambda checked=False, incident=incident: self.incident_wanted.emit(incident))
        if len(lines) > room:
            menu.addAction(f"还有 {len(lines) - room} 件，打开上面的以后列出").setEnabled(False)
        menu.setActiveAction(menu.actions()[0])
        return menu
