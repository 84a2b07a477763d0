"""The log and the shift at the desk: their three panels, joined to their boards, their acts and the keys that open them."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, SignalInstance

from weihai_command.boards.desk_boards import DeskBoards
from weihai_command.boards.handover_board import HandoverBoard
from weihai_command.boards.log_board import LogBoard

from .handover_panel import HandoverPanel
from .incident_detail import IncidentDetail
from .log_panel import LogPanel
from .message_bar import MessageBar
from .note_panel import NotePanel
from .panel import Panel
from .top_bar import TopBar


class Window(Protocol):
    """What of the main window is joined here; it is the panels' parent widget as well."""

    detail: IncidentDetail
    message: MessageBar
    top: TopBar
    incident_selected: SignalInstance

    def open_incident(self, incident_id: str) -> None: ...


class Host(Protocol):
    """Who keeps panels: one is open at a time."""

    def adopt(self, panel: Panel, corner: Qt.Corner) -> None: ...

    def open_alone(self, panel: Panel) -> None: ...


class LogDesk(QObject):
    """Made once by the panels of the desk."""

    def __init__(self, window: Any, boards: DeskBoards, host: Host) -> None:
        super().__init__(window)
        self._window: Window = window
        self._boards, self._host = boards, host
        self.entries, self.shift = LogBoard(boards.bridge, boards.clock), HandoverBoard(boards.bridge, boards.clock)
        self.note, self.log, self.handover = NotePanel(window), LogPanel(self.entries, window), HandoverPanel(self.shift, window)
        for panel in (self.note, self.log, self.handover):
            host.adopt(panel, Qt.Corner.TopRightCorner)
        self._join_acts()
        self._join_news()

    def start_note(self) -> None:
        """F9: for the open incident, or for the city as a whole."""
        detail = self._boards.detail.detail
        self._host.open_alone(self.note)
        self.note.start(detail.row.id if detail else "", f"{detail.row.number} {detail.row.title}"[:60] if detail else "")

    def toggle_log(self) -> None:
        if self.log.isHidden():
            self._host.open_alone(self.log)
            self.log.start(self._boards.detail.incident_id)
        else:
            self.log.leave()

    def toggle_handover(self) -> None:
        if self.handover.isHidden():
            self._host.open_alone(self.handover)
            self.handover.start()
        else:
            self.handover.leave()

    def _join_acts(self) -> None:
        acts = self._boards.acts
        self.note.submitted.connect(acts.note)
        self.log.amend_requested.connect(acts.amend)
        self.handover.signed.connect(acts.hand_over)
        self.handover.taken.connect(acts.sign_handover)
        acts.done.connect(self._on_done)
        acts.refused.connect(self._on_refused)

    def _join_news(self) -> None:
        window = self._window
        for panel in (self.log, self.handover):
            panel.said.connect(window.message.show_done)
            panel.incident_wanted.connect(window.open_incident)
        for board in (self.entries, self.shift):
            board.refused.connect(window.message.show_fault)
        self.shift.changed.connect(lambda: window.top.show_handovers(self.shift.waiting))
        window.top.handover_wanted.connect(self.toggle_handover)
        self._boards.status.changed.connect(self._look_first)

    def _look_first(self) -> None:
        """What waits for a signature is asked with the first picture, then with every change of the log."""
        self._boards.status.changed.disconnect(self._look_first)
        self.shift.refresh()

    def _on_done(self, act: str, _outcome: object) -> None:
        if act == "note":
            self.note.finish()
        elif act == "amend":
            self.log.finish()
        elif act in ("hand_over", "sign_handover"):
            self.handover.finish()

    def _on_refused(self, act: str, _fault: object) -> None:
        if act == "note":
            self.note.refuse()
        elif act in ("hand_over", "sign_handover"):
            self.handover.refuse()
