"""The ring around the open incident and the mark that a list points at. Holds the wish, tells what the person drags."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from .bridge import Bridge
from .keys import bind
from .page_feeds import PageFeeds
from .rows import ORIGIN, offsets


class Surround(QObject):
    """Over a map's `widget`, whose page speaks through `bridge`: `dragged(metres, is_final)` while a person moves the ring's handle, `stepped(±1)` by the keys [ and ]."""

    dragged = Signal(float, bool)
    stepped = Signal(int)

    def __init__(self, feeds: PageFeeds, bridge: Bridge, widget: QWidget) -> None:
        super().__init__(widget)
        self._feeds = feeds
        bridge.ring_seen.connect(self.dragged)
        bind(widget, {"[": lambda: self.stepped.emit(-1), "]": lambda: self.stepped.emit(1)})
        feeds.around = self.scene
        self._ring: dict[str, Any] | None = None
        self._lit: tuple[str, str] | None = None

    def show_ring(self, place: tuple[float, float] | None, radii: tuple[float, ...] = ()) -> None:
        """Dotted circles (metres) around a place (lon, lat); the last of `radii` has the handle. None takes them away."""
        ring = None
        if place is not None and radii:
            (x, y) = _world(*place)
            ring = {"x": x, "y": y, "lat": place[1], "radii": list(radii)}
        if ring != self._ring:
            self._ring = ring
            self._feeds.touch()

    def light(self, kind: str, record_id: str | None) -> None:
        """White corners at a record besides the selected one; none for None."""
        lit = (kind, record_id) if record_id is not None else None
        if lit != self._lit:
            self._lit = lit
            self._feeds.touch()

    def scene(self) -> dict[str, Any]:
        """As the page wants it."""
        row = self._feeds.row(*self._lit) if self._lit else None
        return {"ring": self._ring, "lit": None if row is None or self._lit is None else {"kind": self._lit[0], "row": row}}


def _world(lon: float, lat: float) -> tuple[float, float]:
    x, y = offsets(np.array([lon], np.float64), np.array([lat], np.float64))
    return float(x[0]) + ORIGIN[0], float(y[0]) + ORIGIN[1]
