"""What the map shows of the store: a table of points a kind, read off the window's thread, asked for again when the kind changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import PointTable
from weihai_command.operations import picture

from .asking import Asking
from .bridge import Bridge
from .detail_board import DetailBoard
from .incident_board import IncidentBoard


class MapBoard(QObject):
    """`pictured(PointTable, PointIndex)` for a kind with something new; `linked(list)` of (unit id, label, committed) for the open incident."""

    pictured = Signal(object, object)
    linked = Signal(list)

    def __init__(self, bridge: Bridge, detail: DetailBoard, incidents: IncidentBoard) -> None:
        super().__init__()
        self._bridge, self._detail, self._incidents = bridge, detail, incidents
        self._index: dict[str, PointIndex] = {}
        self._asking = {kind: Asking(bridge, f"points:{kind}", self._reading(kind), lambda found: self.pictured.emit(*found)) for kind in picture.PICTURED}
        bridge.changed.connect(self._on_changed)
        detail.opened.connect(lambda _: self.linked.emit([]))
        detail.settled.connect(self.relink)

    def start(self, kinds: tuple[str, ...] = picture.PICTURED) -> None:
        """Ask for every kind once; for incidents after the list has read them, which reads them in half the time when nobody else does."""
        for kind in kinds:
            if kind != "incidents" or self._incidents.is_loaded:
                self._asking[kind].ask()
            else:
                self._incidents.loaded.connect(self._asking[kind].ask)

    def relink(self) -> None:
        """Lines of the open incident, none where nothing is open."""
        wanted = self._detail.incident_id
        if not wanted:
            self.linked.emit([])
            return
        self._bridge.ask("links", lambda: picture.links(self._bridge.desk, wanted), self._take_links)

    def _take_links(self, found: list[Any]) -> None:
        self.linked.emit(found)

    def _reading(self, kind: str) -> Callable[[], tuple[PointTable, PointIndex]]:
        return lambda: self._read(kind)

    def _read(self, kind: str) -> tuple[PointTable, PointIndex]:
        """Table and index, both made off the window's thread: a third of a million points take it 75 ms."""
        table = picture.table(self._bridge.desk, kind)
        known = self._index.get(kind)
        index = self._index[kind] = known.of(table) if known else PointIndex(table)
        return table, index

    def _on_changed(self, kinds: frozenset[str]) -> None:
        for kind in picture.PICTURED:
            if kind in kinds and (kind != "incidents" or self._incidents.is_loaded):
                self._asking[kind].ask()
        if kinds & {"incidents", "units"}:
            self.relink()
