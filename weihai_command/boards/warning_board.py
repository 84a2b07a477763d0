"""The warnings of the view 预警: their list, the one that is open, what lies inside its area, and the start of a response."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from weihai_command.operations.nearby import Group

from .act_board import ActBoard
from .asking import Asking
from .bridge import Bridge
from .clock import Clock
from .rows_model import RowsModel
from .warning_rows import WarningRow, WarningView, listed, news, warning_view

#: What a change of these kinds may say of a warning, or of its response.
KINDS = frozenset({"warnings", "log", "incidents", "plans"})
#: And these of what lies inside.
INSIDE = frozenset({"units", "sensors", "facilities", "video_points"})


class WarningRows(RowsModel):
    """One column: the delegate draws the row, the text is what is spoken."""

    heads = ("预警",)

    def cells(self, row: WarningRow) -> tuple[str, ...]:
        return (row.spoken,)

    def flags(self, index: Any) -> Qt.ItemFlag:
        row = self.row_at(index.row())
        return super().flags(index) if row and row.id else Qt.ItemFlag.ItemIsEnabled

    def place_of(self, warning_id: str) -> int:
        return next((at for at, row in enumerate(self.rows) if warning_id and row.id == warning_id), -1)


class WarningBoard(QObject):
    """`listed` when the list changed, `changed` when what is open changed, `drawn(list)` the areas for the map; `incident_wanted(id)`;
    `arrived(sentence)` for what came, changed or ended here since the first reading."""

    listed = Signal()
    changed = Signal()
    drawn = Signal(list)
    incident_wanted = Signal(str)
    arrived = Signal(str)

    def __init__(self, bridge: Bridge, clock: Clock, acts: ActBoard) -> None:
        super().__init__()
        self._bridge, self._clock, self._acts = bridge, clock, acts
        self.rows = WarningRows()
        self.count = 0
        self.worst: str | None = None
        self.warning_id = ""
        self.view: WarningView | None = None
        self.groups: tuple[Group, ...] = ()
        self.is_counted = False
        #: Counting what lies inside a city takes a moment: only while somebody looks.
        self.is_shown = False
        self._found: Any = None
        self._areas: list[Any] = []
        self._list = Asking(bridge, "warnings", self._read, self._take)
        clock.aged.connect(self._on_aged)
        bridge.changed.connect(self._on_changed)
        acts.done.connect(self._on_done)

    def refresh(self) -> None:
        self._list.ask()

    def show(self, shown: bool) -> None:
        """Whether somebody looks at the view."""
        self.is_shown = shown
        if shown:
            self.refresh()
            self._ask_inside()

    def open(self, warning_id: str) -> None:
        if warning_id and warning_id != self.warning_id:
            self.warning_id, self.groups, self.is_counted = warning_id, (), False
            self._ask_view()
            self._ask_inside()

    def act(self) -> None:
        """What the button does: start or raise the response, or open its incident."""
        if self.view is None or not self.view.act:
            return
        if self.view.act == "open":
            self.incident_wanted.emit(self.view.incident_id)
        else:
            self._acts.perform("respond", self.warning_id, {})

    def _read(self) -> tuple[Any, list[Any]]:
        found, desk = self._bridge.queries.warnings, self._bridge.desk
        return found.overview(desk), found.areas(desk)

    def _take(self, found: tuple[Any, list[Any]]) -> None:
        before, (self._found, areas) = self._found, found
        if before is not None and (told := news(before, self._found)):
            self.arrived.emit("；".join(told))
        self.count = len(self._found.now)
        self.worst = self._found.now[0].chain.head.colour if self._found.now else None
        self._show_rows()
        if areas != self._areas:
            self._areas = areas
            self.drawn.emit(areas)
        known = [row.id for row in self.rows.rows if row.id]
        if self.warning_id not in known:
            # The head of a chain changed, or the warning is gone: the first one is open.
            self.warning_id, self.view, self.groups = known[0] if known else "", None, ()
            self._ask_inside()
        self._ask_view()

    def _show_rows(self) -> None:
        self.rows.take(listed(self._found, self._clock.now()))
        self.listed.emit()

    def _ask_view(self) -> None:
        wanted = self.warning_id
        each = next((one for one in (*self._found.now, *self._found.over) if one.id == wanted), None) if self._found else None
        if each is None:
            self.view = None
            self.changed.emit()
            return
        queries, desk = self._bridge.queries, self._bridge.desk
        self._bridge.ask("warning", lambda: queries.warnings.proposal(desk, wanted), lambda offer: self._take_view(wanted, each, offer))

    def _take_view(self, wanted: str, each: Any, offer: Any) -> None:
        if wanted == self.warning_id:
            self.view = warning_view(each, offer, self._clock.now())
            self.changed.emit()

    def _ask_inside(self) -> None:
        wanted = self.warning_id
        if wanted and self.is_shown:
            queries, desk = self._bridge.queries, self._bridge.desk
            self._bridge.ask("warning:inside", lambda: queries.warnings.inside_of(desk, wanted), lambda found: self._take_inside(wanted, found))

    def _take_inside(self, wanted: str, found: tuple[Group, ...]) -> None:
        if wanted == self.warning_id:
            self.groups, self.is_counted = found, True
            self.changed.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS:
            self.refresh()
        if kinds & INSIDE:
            self._ask_inside()

    def _on_aged(self) -> None:
        """They end by themselves: what has just ended is told by the next reading."""
        if self._found is None:
            return
        now = self._clock.now()
        if any(each.chain.expires and each.chain.expires <= now for each in self._found.now) or any(each.state == "coming" for each in self._found.now):
            self.refresh()
        elif self.is_shown:
            self._show_rows()
            self._ask_view()

    def _on_done(self, act: str, outcome: Any) -> None:
        if act == "respond" and self.is_shown:
            self.incident_wanted.emit(str(outcome.id))
