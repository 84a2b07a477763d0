"""The panels over the desk and the keys that open them. One is open at a time; an open one is left by its own key again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, QRect, Qt

from weihai_command.boards.candidate_board import CandidateBoard, candidates
from weihai_command.boards.desk_boards import DeskBoards
from weihai_command.boards.initials import warm

from .alarm_desk import AlarmDesk
from .chart_desk import ChartDesk
from .dispatch_panel import DispatchPanel
from .incident_detail import IncidentDetail
from .incident_list import IncidentList
from .key_sheet import KeySheet
from .log_desk import LogDesk
from .outbox_panel import OutboxPanel
from .panel import Panel
from .report_panel import ReportPanel
from .sign_in import SignInPanel
from .type_ahead import TypeAhead


class Panes(Protocol):
    """What the panels need of the window that they stand over; it is their parent widget as well."""

    list: IncidentList
    detail: IncidentDetail

    def free_room(self) -> QRect: ...


class Panels(QObject):
    """Made after the panes, so that they stand above them."""

    def __init__(self, window: Any, boards: DeskBoards) -> None:
        super().__init__(window)
        self._window: Panes = window
        self._boards = boards
        self.candidates = CandidateBoard()
        self.report, self.dispatch = ReportPanel(window), DispatchPanel(self.candidates, window)
        self.outbox, self.sign_in, self.keys = OutboxPanel(boards.status, window), SignInPanel(window), KeySheet(window)
        self._corners: dict[Panel, Qt.Corner] = {
            self.report: Qt.Corner.TopLeftCorner, self.dispatch: Qt.Corner.TopRightCorner, self.outbox: Qt.Corner.TopRightCorner,
            self.sign_in: Qt.Corner.TopRightCorner, self.keys: Qt.Corner.TopLeftCorner,
        }
        for panel in self._corners:
            panel.closed.connect(self._give_back)
        self.ahead = TypeAhead(window)
        self.log_desk = LogDesk(window, boards, self)
        self.toggle_log, self.toggle_handover = self.log_desk.toggle_log, self.log_desk.toggle_handover
        self.alarm_desk, self.chart_desk = AlarmDesk(window, boards, self), ChartDesk(window, boards, self)
        self.alarm_desk.charted.connect(self.chart_desk.open)
        self.open_chart = self.chart_desk.open_chart
        boards.detail.changed.connect(self._refresh_candidates)
        boards.detail.changed.connect(self._go_on)
        boards.acts.refused.connect(lambda act, _: self.ahead.forget() if act == "report" else None)
        boards.units.modelReset.connect(self._refresh_candidates)

    def place(self) -> None:
        """Stand beside the pane that the panel belongs to, never over the top bar."""
        room = self._window.free_room()
        for panel, corner in self._corners.items():
            space = room
            if panel in (self.report, self.keys):
                space = room.adjusted(min(self._window.list.width() + 8, max(room.width() - panel.wanted[0], 0)), 0, 0, 0)
            if panel is self.dispatch:
                space = room.adjusted(0, 0, -min(self._window.detail.width() + 8, max(room.width() - panel.wanted[0], 0)), 0)
            panel.place(space, corner)

    def start_report(self) -> None:
        self._boards.bridge.ask("initials", warm, lambda _: None)
        self._only(self.report)
        self.report.start()

    def start_dispatch(self) -> None:
        self._when_read(self._window.detail.start_dispatch)

    def open_dispatch(self) -> None:
        """The list of units for the open incident."""
        detail = self._boards.detail.detail
        if detail is None:
            return
        self._fill(fresh=True)
        self._only(self.dispatch)
        self.dispatch.start(detail.row.id, f"{detail.row.number} {detail.row.title}"[:40])

    def start_search(self) -> None:
        self._window.list.start_search()

    def start_note(self) -> None:
        self._when_read(self.log_desk.start_note)

    def adopt(self, panel: Panel, corner: Qt.Corner) -> None:
        """Take in a panel that somebody else made."""
        self._corners[panel] = corner
        panel.closed.connect(self._give_back)

    def open_alone(self, panel: Panel) -> None:
        """Put the others away; the panel itself is shown by its owner."""
        self._only(panel)

    def open_nearby(self) -> None:
        self._window.detail.open_nearby()

    def start_close(self) -> None:
        self._when_read(lambda: self._window.detail.start_act("close"))

    def show_more_acts(self) -> None:
        if self._boards.detail.detail:
            self._window.detail.head.show_more()

    def toggle_outbox(self) -> None:
        self._toggle(self.outbox)

    def toggle_keys(self) -> None:
        self._toggle(self.keys)

    def toggle_sign_in(self) -> None:
        if not self.sign_in.isHidden():
            self.sign_in.leave()
            return
        status = self._boards.status
        self._only(self.sign_in)
        self.sign_in.start(status.officer, signed_in=status.is_signed_in, waiting=status.waiting)

    def _is_behind(self) -> bool:
        """Whether the incident that the officer means is still being written or read."""
        return self.report.is_saving or self._boards.detail.is_behind

    def _when_read(self, wish: Callable[[], None]) -> None:
        if self._is_behind():
            self.ahead.hold(wish)
            self._boards.detail.hurry()
        else:
            self.ahead.forget()
            wish()

    def _go_on(self) -> None:
        if self.ahead.is_waiting and self._is_behind():
            self._boards.detail.hurry()
        elif self.ahead.is_waiting:
            self.ahead.settle()

    def _toggle(self, panel: OutboxPanel | KeySheet) -> None:
        if panel.isHidden():
            self._only(panel)
            panel.start()
        else:
            panel.leave()

    def _only(self, wanted: Panel) -> None:
        for panel in self._corners:
            if panel is not wanted:
                panel.hide()
        self.place()

    def _give_back(self) -> None:
        """The keyboard goes back to where the officer works."""
        # A list that does not show what is open is no place to go on from.
        is_listed = self._window.list.table.currentIndex().isValid()
        is_detail = self._boards.detail.detail and (self.sender() is self.dispatch or not is_listed)
        target = self._window.detail if is_detail else self._window.list.table
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, *, fresh: bool) -> None:
        detail = self._boards.detail.detail
        if detail:
            rows = candidates(detail.recommended, self._boards.units.all_units(), detail.row.id, detail.plan)
            self.candidates.take(rows, fresh=fresh, picked=detail.view.unit_ids)
            self.dispatch.show_gaps(detail.view.gaps)

    def _refresh_candidates(self) -> None:
        if not self.dispatch.isHidden():
            self._fill(fresh=False)
