"""The checklist of the open incident: what its plan asks for, what is ticked; starting it and ticking are acts."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from .act_board import ActBoard
from .bridge import Bridge
from .checklist_rows import ChecklistView, checklist_view
from .clock import Clock
from .detail_board import DetailBoard

KINDS = frozenset({"log", "incidents", "plans"})


class ChecklistBoard(QObject):
    """`changed` when there is another view; it is empty while an incident is on its way."""

    changed = Signal()

    def __init__(self, bridge: Bridge, clock: Clock, detail: DetailBoard, acts: ActBoard) -> None:
        super().__init__()
        self._bridge, self._clock, self._detail, self._acts = bridge, clock, detail, acts
        self.view = ChecklistView()
        self._state: Any = None
        self._of = ""
        detail.changed.connect(self._follow)
        bridge.changed.connect(lambda kinds: self._ask() if kinds & KINDS else None)
        clock.aged.connect(self._show)

    def start(self) -> None:
        """Put the plan that is offered onto the incident."""
        if self.view.start and self._of:
            self._acts.perform("respond", "", {"incident_id": self._of})

    def tick(self, key: str, done: bool) -> None:
        if self._of:
            self._acts.perform("tick", self._of, {"item": key, "done": done})

    def _follow(self) -> None:
        """The incident that is shown: what is asked of it belongs to no other."""
        shown = self._detail.detail.row.id if self._detail.detail else ""
        if shown != self._of:
            self._of, self._state = shown, None
            self._show()
            self._ask()

    def _ask(self) -> None:
        wanted = self._of
        if wanted:
            queries, desk = self._bridge.queries, self._bridge.desk
            self._bridge.ask("checklist", lambda: queries.plan_state(desk, wanted), lambda found: self._take(wanted, found))

    def _take(self, wanted: str, found: Any) -> None:
        if wanted == self._of:
            self._state = found
            self._show()

    def _show(self) -> None:
        view = checklist_view(self._state, self._clock.now())
        if view != self.view:
            self.view = view
            self.changed.emit()
