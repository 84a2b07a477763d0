"""What the page fetches: the scene (JSON) and the rows of each kind, all with versions. Never draws, never moves a window."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.domain.movers import MoverFrame
from weihai_command.domain.point_index import MAX_ZOOM, PointIndex
from weihai_command.domain.points import PointTable

from .kinds import BY_KIND, FIELDS, LAYERS, STATES, field_key, normal_key, state_key
from .links import MapLink
from .mover_rows import KIND as MOVERS
from .mover_rows import MoverRows
from .palette import palette
from .rows import KindRows

#: Where the map starts: the built-up coast of the city.
HOME = (122.13, 37.42, 11)


class PageFeeds(QObject):
    """Holds the truth of what the page shows; `ticked(feed, version)` says that there is something newer, once a turn."""

    ticked = Signal(str, int)

    def __init__(self, theme: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index: dict[str, PointIndex] = {}
        self.visible = {spec.kind: True for spec in LAYERS}
        #: Areas of warnings (layers/areas.py): a quiet map has none.
        self.visible["areas"] = False
        self.visible |= {state_key(kind, state): True for kind, states in STATES.items() for state, _ in states}
        self.visible |= {field_key(spec.kind, code): True for spec in LAYERS for code, _ in FIELDS}
        for spec in LAYERS:
            # A quiet kind starts with what is wrong now: neither its normal points nor those that say nothing.
            self.visible |= {normal_key(spec.kind): not spec.quiet} | ({state_key(spec.kind, "down"): False} if spec.quiet else {})
        #: Kind -> 0.2 … 1, where it is not 1.
        self.opacity: dict[str, float] = {}
        self.view: dict[str, Any] = dict(zip(("lon", "lat", "zoom"), HOME, strict=True)) | {"seq": 0}
        self._is_wished = False
        self.modes = {"picking": False, "measuring": False}
        self.theme = theme
        self._covers: list[list[int]] = []
        self.selected: tuple[str, str] | None = None
        self.links: list[MapLink] = []
        self.movers = MoverRows()
        #: What else belongs into the scene, by its owner (layers/surround.py).
        self.around: Callable[[], dict[str, Any]] = dict
        self._rows: dict[str, KindRows] = {}
        self._scene_version = 1
        self._dirty: set[str] = set()
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._tick)

    def set_points(self, table: PointTable, index: PointIndex | None = None) -> None:
        """Take a new table of a kind, with its index if there is one; KeyError for a kind without a layer."""
        index = index or PointIndex(table)
        kind = BY_KIND[table.kind].kind
        known = self._rows.get(kind)
        self.index[kind] = index
        # What only changed its state goes to the page row by row.
        if known is None or not known.follow(index):
            self._rows[kind] = KindRows(index, self.version(kind) + 1)
        self._announce(table.kind)
        # Ends of lines and the selected mark are kept by id; their rows may have changed.
        if table.kind in {"units", "incidents"} or (self.selected and self.selected[0] == table.kind):
            self.touch()

    def update_points(self, kind: str, rows: NDArray[np.integer], symbol: NDArray[np.uint8], flags: NDArray[np.uint8]) -> None:
        """New states of some rows; the geometry stays as it is."""
        self._rows[kind].patch(rows, symbol, flags)
        self._announce(kind)

    def update_movers(self, frame: MoverFrame) -> None:
        """What moves has moved."""
        was_unknown = self.selected is not None and self.row(*self.selected) is None
        self.movers.take(frame)
        self._announce(MOVERS)
        if was_unknown and self.selected and self.row(*self.selected) is not None:
            self.touch()

    def indexes(self) -> dict[str, PointIndex]:
        """The indexes by kind, that of the movers as they stand now."""
        return {**self.index, MOVERS: self.movers.index()} if len(self.movers) else self.index

    def version(self, kind: str) -> int:
        """The newest version of a kind's rows; 0 before the first table."""
        if kind == MOVERS:
            return self.movers.version
        return self._rows[kind].version if kind in self._rows else 0

    def touch(self) -> None:
        """The scene changed: let the page fetch it."""
        self._scene_version += 1
        self._announce("scene")

    def cover(self, boxes: list[list[int]]) -> None:
        """Where controls lie over the map (pixels)."""
        if boxes != self._covers:
            self._covers = boxes
            self.touch()

    def go(self, lon: float, lat: float, zoom: float) -> None:
        """Wish for another view."""
        self.view = {"lon": lon, "lat": lat, "zoom": max(6, min(MAX_ZOOM, round(zoom))), "seq": self.view["seq"] + 1}
        self._is_wished = True
        self.touch()

    def settle(self, lon: float, lat: float, zoom: float) -> None:
        """The page stands here now; a page that has to start again starts here."""
        # What the page says before it has heard of a wish must not overwrite the wish.
        if not self._is_wished:
            self.view |= {"lon": lon, "lat": lat, "zoom": zoom}

    def place(self, kind: str, record_id: str) -> tuple[float, float] | None:
        """Longitude and latitude of a record, or None when it is unknown or has no true position."""
        row = self.row(kind, record_id)
        if row is None:
            return None
        if kind == MOVERS:
            return float(self.movers.lon[row]), float(self.movers.lat[row])
        table = self.index[kind].table
        return float(table.lon[row]), float(table.lat[row])

    def row(self, kind: str, record_id: str) -> int | None:
        """The row of a record that can be drawn."""
        if kind == MOVERS:
            return self.movers.row(record_id)
        if kind not in self.index:
            return None
        try:
            row = self.index[kind].table.ids.index(record_id)
        except ValueError:
            return None
        return row if self.index[kind].placed[row] else None

    def answer(self, name: str, have: int) -> bytes | None:
        """The bytes of a feed for a page that has version `have`; None for an unknown one."""
        if name == "scene":
            self._is_wished = False
            return json.dumps(self.scene(), ensure_ascii=False).encode()
        if name == MOVERS:
            return self.movers.answer(have)
        return self._rows[name].answer(have) if name in self._rows else None

    def scene(self) -> dict[str, Any]:
        """Everything but the points, as the page wants it."""
        return {
            "version": self._scene_version, "theme": self.theme, "palette": palette(self.theme), "view": self.view,
            "visible": self.visible, "opacity": self.opacity, "selected": self._selection(), "links": list(filter(None, map(self._line, self.links))),
            "feeds": {kind: rows.version for kind, rows in self._rows.items()} | {MOVERS: self.movers.version}, "covers": self._covers, **self.modes, **self.around(),
        }

    def _selection(self) -> dict[str, Any] | None:
        row = self.row(*self.selected) if self.selected else None
        return None if row is None or self.selected is None else {"kind": self.selected[0], "row": row}

    def _line(self, link: MapLink) -> dict[str, Any] | None:
        unit, incident = self.row("units", link.unit_id), self.row("incidents", link.incident_id)
        if unit is None or incident is None:
            return None
        return {
            "row": unit, "label": link.label, "committed": link.committed,
            "from": self._world("units", unit), "to": self._world("incidents", incident),
        }

    def _world(self, kind: str, row: int) -> tuple[float, float]:
        return self.index[kind].world(row)

    def _announce(self, name: str) -> None:
        self._dirty.add(name)
        self._turn.start()

    def _tick(self) -> None:
        dirty, self._dirty = self._dirty, set()
        for name in sorted(dirty):
            self.ticked.emit(name, self._scene_version if name == "scene" else self.version(name))
