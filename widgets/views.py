"""The views of the top bar: each brings its own docks around the map, or a window of its own. The bars stay over all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QWidget

DESK = "desk"
LAYOUT_VERSION = 1
#: Wishes that a view other than the desk serves as well; for all others the desk comes back first.
EVERYWHERE = frozenset({
    "toggle_keys", "toggle_outbox", "toggle_sign_in", "toggle_theme", "open_command", "toggle_log", "toggle_handover", "start_report", "next_pane",
    "next_alarm", "acknowledge_alarm", "acknowledge_with_reason", "shelve_alarm", "toggle_alarms", "mute_alarms", "undo",
    "previous_pane", "show_desk", "show_warnings", "show_situation", "show_supervised",
})


@dataclass(frozen=True, slots=True)
class View:
    """`docks` stand around the map while it is open, `panes` take the keyboard by F6; `opens` is called instead for a window of its own."""

    name: str
    docks: tuple[QDockWidget, ...] = ()
    panes: tuple[QWidget, ...] = ()
    opens: Callable[[], None] | None = None
    shown: Callable[[bool], None] | None = None


class Views(QObject):
    """`changed(name)` when another one stands around the map. `window` is the main window, whose own docks are the desk."""

    changed = Signal(str)

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._window = window
        self._views: dict[str, View] = {}
        self._desk: QByteArray | None = None
        self.name = DESK

    def join(self, view: View) -> None:
        """Take in a view; its docks are the window's already, and hidden."""
        self._views[view.name] = view

    def show_desk(self) -> None:
        self.show(DESK)

    def show_warnings(self) -> None:
        self.show("warnings")

    def show_situation(self) -> None:
        self.show("situation")

    def show(self, name: str) -> None:
        """Nothing for a view that this edition does not have; one with a window of its own leaves the desk as it is."""
        view = self._views.get(name)
        if view and view.opens:
            view.opens()
            self.changed.emit(self.name)
            return
        if name == self.name or (view is None and name != DESK):
            return
        if self.name == DESK:
            self._desk = self._window.saveState(LAYOUT_VERSION)
        self._leave()
        self.name = name
        if view is None:
            self._bring_back()
        else:
            self._lay_out(view)
        self.changed.emit(name)

    def desk_state(self) -> QByteArray | None:
        """How the desk's docks stood when it was left; None while they stand."""
        return None if self.name == DESK else self._desk

    def panes(self) -> tuple[QWidget, ...]:
        """What takes the keyboard in the open view; () on the desk."""
        view = self._views.get(self.name)
        return view.panes if view else ()

    def _leave(self) -> None:
        view = self._views.get(self.name)
        for dock in view.docks if view else self._window.docks.values():
            dock.hide()
        if view and view.shown:
            view.shown(False)

    def _bring_back(self) -> None:
        for dock in self._window.docks.values():
            dock.show()
        if self._desk is not None:
            self._window.restoreState(self._desk, LAYOUT_VERSION)
        self._window.list.enter_rows()

    def _lay_out(self, view: View) -> None:
        for dock in view.docks:
            dock.show()
        widths = [self._window.docks[name].width() for name in ("list", "detail")][: len(view.docks)]
        self._window.resizeDocks(list(view.docks), widths, Qt.Orientation.Horizontal)
        if view.shown:
            view.shown(True)
        if view.panes:
            enter: Any = view.panes[0]
            (enter.enter_rows if hasattr(enter, "enter_rows") else enter.setFocus)()
