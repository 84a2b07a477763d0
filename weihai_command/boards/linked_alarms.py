"""The alarms that the open incident is tied to."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from .alarm_board import TOUCHED
from .alarm_rows import AlarmRow, row
from .bridge import Bridge
from .detail_board import DetailBoard


class LinkedAlarms(QObject):
    """`changed` when there are others, or the incident is another one; worst first."""

    changed = Signal()

    def __init__(self, bridge: Bridge, detail: DetailBoard) -> None:
        super().__init__()
        self._bridge, self._detail = bridge, detail
        self.rows: list[AlarmRow] = []
        detail.settled.connect(self.refresh)
        detail.opened.connect(lambda _: self._take("", []))
        bridge.changed.connect(lambda kinds: self.refresh() if kinds & TOUCHED else None)

    def refresh(self) -> None:
        incident, queries, desk = self._detail.incident_id, self._bridge.queries, self._bridge.desk
        if incident:
            self._bridge.ask("linked-alarms", lambda: queries.alarm_desk.of_incident(desk, incident), lambda found: self._take(incident, found))

    def _take(self, incident_id: str, found: list[Any]) -> None:
        names = self._bridge.names()
        rows = [row(each, names) for each in found] if incident_id == self._detail.incident_id else []
        if rows != self.rows:
            self.rows = rows
            self.changed.emit()
