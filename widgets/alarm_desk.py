"""Alarms joined to the desk: strip, list and sounds, their keys, and what becomes of an alarm."""

from __future__ import annotations

import time
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from weihai_command.boards.alarm_list import AlarmListBoard
from weihai_command.boards.desk_boards import DeskBoards
from weihai_command.boards.linked_alarms import LinkedAlarms

from .alarm_panel import AlarmPanel
from .alarm_strip import AlarmStrip
from .incident_detail import IncidentDetail
from .message_bar import MessageBar
from .panel import Panel
from .top_bar import TopBar


class Window(Protocol):
    """What of the main window is joined here; it is the list's parent widget as well."""

    alarms: AlarmStrip
    detail: IncidentDetail
    message: MessageBar
    top: TopBar

    def open_incident(self, incident_id: str) -> None: ...


class Host(Protocol):
    """Who keeps panels: one is open at a time."""

    def adopt(self, panel: Panel, corner: Qt.Corner) -> None: ...

    def open_alone(self, panel: Panel) -> None: ...


class AlarmDesk(QObject):
    """Made once by the panels of the desk. `located(sensor id)`: the map is to show it; `charted(sensor id)`: its readings are wanted."""

    located = Signal(str)
    charted = Signal(str)

    def __init__(self, window: Any, boards: DeskBoards, host: Host) -> None:
        super().__init__(window)
        self._window: Window = window
        self._boards, self._host = boards, host
        self.board, self.strip = boards.alarms, self._window.alarms
        self.panel = AlarmPanel(self.board, AlarmListBoard(boards.bridge, boards.clock), window)
        self.linked = LinkedAlarms(boards.bridge, boards.detail)
        host.adopt(self.panel, Qt.Corner.TopLeftCorner)
        self._join_strip()
        self._join_news()

    def next_alarm(self) -> None:
        """F7: the next of the strip; the list goes along while it is open."""
        self.board.next()
        if self.panel.isVisible() and self.board.current is not None:
            self.panel.table.show_alarm(self.board.current.key)

    def acknowledge_alarm(self) -> None:
        """F8: the row of the list while it is open, else the alarm of the strip."""
        if self.panel.isVisible():
            self.panel.acknowledge()
        else:
            self.board.acknowledge()

    def acknowledge_with_reason(self) -> None:
        self._begin("ack")

    def shelve_alarm(self) -> None:
        self._begin("shelve")

    def alarm_incident(self) -> None:
        """Ctrl+I: what the strip or the list says it will do."""
        if self.panel.isVisible():
            self.panel.raise_incident()
        else:
            self.board.raise_incident()

    def locate_alarm(self) -> None:
        item = self.board.current
        if item is not None and item.sensor_id:
            self.located.emit(item.sensor_id)

    def toggle_alarms(self) -> None:
        if self.panel.isHidden():
            self.open_list(self.board.current.key if self.board.current else "")
        else:
            self.panel.leave()

    def open_list(self, key: str, act: str = "") -> None:
        self._host.open_alone(self.panel)
        self.panel.start(key, act)

    def mute_alarms(self) -> None:
        """Ctrl+B: silent for some minutes, or heard again."""
        self.board.sounds.mute(time.monotonic())
        self._show_mute()

    def offer_clearing(self, incident_id: str, number: str) -> None:
        """An incident ended: its alarms that still stand are listed, to be acknowledged or ended one by one."""
        queries, desk = self._boards.bridge.queries, self._boards.bridge.desk
        self._boards.bridge.ask(
            "alarms-left", lambda: [each for each in queries.alarm_desk.of_incident(desk, incident_id) if each.alarm.standing != "closed"],
            lambda left: self._offer(left, number),
        )

    def _offer(self, left: list[Any], number: str) -> None:
        if left:
            self._host.open_alone(self.panel)
            self.panel.show_only(frozenset(each.alarm.id for each in left), f"{number} 已结束，还有 {len(left)} 条告警：D 消除，F8 确认")

    def _begin(self, act: str) -> None:
        if self.panel.isVisible():
            self.panel.begin(act)
        elif self.board.current is not None:
            self.open_list(self.board.current.key, act)

    def _join_strip(self) -> None:
        strip, window = self.strip, self._window
        strip.locate_wanted.connect(self.located)
        strip.list_wanted.connect(self.open_list)
        strip.mute_wanted.connect(self.mute_alarms)
        self.linked.changed.connect(self._show_linked)
        window.detail.alarms.chosen.connect(self.open_list)
        self.panel.locate_wanted.connect(self.located)
        self.panel.chart_wanted.connect(self.charted)
        self.panel.incident_wanted.connect(window.open_incident)
        self.board.clock.ticked.connect(self._show_mute)
        self.board.changed.connect(self._show_mute)

    def _join_news(self) -> None:
        board, window, acts = self.board, self._window, self._boards.acts
        board.said.connect(window.message.show_done)
        board.refused.connect(window.message.show_fault)
        board.list_wanted.connect(self.open_list)
        board.raised.connect(self._on_raised)
        board.changed.connect(lambda: window.top.show_load(board.load))
        acts.done.connect(self._on_done)

    def _on_raised(self, incident_id: str, alarm_id: str, op_id: str) -> None:
        self._boards.unit_acts.offer_undo(lambda: self.board.take_back(alarm_id, op_id))
        self.panel.leave()
        self._window.open_incident(incident_id)

    def _on_done(self, act: str, outcome: Any) -> None:
        if act in ("close", "merge", "force_close", "cancel"):
            self.offer_clearing(str(getattr(outcome, "id", "")), str(getattr(outcome, "number", "")))

    def _show_linked(self) -> None:
        self._window.detail.alarms.show_rows(self.linked.rows, self._boards.clock.now())
        self._window.detail.show_board()

    def _show_mute(self) -> None:
        self.strip.show_mute(self.board.sounds.muted_left(time.monotonic()))
