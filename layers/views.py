"""Saved views: a name for where the map stands and what it shows. Kept by whoever listens; nothing here writes a file."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.point_index import MAX_ZOOM

from .kinds import BY_KIND
from .page_feeds import PageFeeds

MOST, LONGEST = 30, 20


class MapViews(QObject):
    """`changed(list of dicts)` when one was saved or dropped: JSON for the settings; `load` takes it back.

    `switch(key, on)` and `fade(kind, value)` do to the map what a person would.
    """

    changed = Signal(list)

    def __init__(self, feeds: PageFeeds, switch: Callable[[str, bool], None], fade: Callable[[str, float], None], parent: QObject) -> None:
        super().__init__(parent)
        self._feeds, self._switch, self._fade = feeds, switch, fade
        self._views: dict[str, dict[str, Any]] = {}

    def names(self) -> list[str]:
        return list(self._views)

    def save(self, name: str) -> str:
        """Keep what the map shows now under a name (an old one is replaced); the name as kept, "" where there is none or no room."""
        short = " ".join(name.split())[:LONGEST]
        if not short or (short not in self._views and len(self._views) >= MOST):
            return ""
        view = self._feeds.view
        self._views[short] = {
            "name": short, "lon": round(view["lon"], 5), "lat": round(view["lat"], 5), "zoom": round(view["zoom"]),
            "visible": dict(self._feeds.visible), "opacity": dict(self._feeds.opacity),
        }
        self.changed.emit(list(self._views.values()))
        return short

    def drop(self, name: str) -> None:
        if self._views.pop(name, None):
            self.changed.emit(list(self._views.values()))

    def show(self, name: str) -> None:
        """Go there and show that."""
        view = self._views[name]
        for key, is_on in view["visible"].items():
            self._switch(key, is_on)
        for kind in BY_KIND:
            self._fade(kind, view["opacity"].get(kind, 1.0))
        self._feeds.go(view["lon"], view["lat"], view["zoom"])

    def load(self, kept: object) -> None:
        """Views from the settings; what is damaged or of another edition is left out."""
        read = [_read(each, self._feeds.visible) for each in kept[:MOST]] if isinstance(kept, list) else []
        self._views = {view["name"]: view for view in read if view}


def _read(raw: object, known: dict[str, bool]) -> dict[str, Any] | None:
    if not isinstance(raw, dict):
        return None
    name, numbers = raw.get("name"), [raw.get(key) for key in ("lon", "lat", "zoom")]
    if not isinstance(name, str) or not all(isinstance(each, (int, float)) and math.isfinite(each) for each in numbers):
        return None
    lon, lat, zoom = numbers
    if not name.strip() or abs(lon) > 180 or abs(lat) > 85 or not 0 <= zoom <= MAX_ZOOM:
        return None
    switches, strengths = raw.get("visible"), raw.get("opacity")
    visible = {key: on for key, on in switches.items() if key in known and isinstance(on, bool)} if isinstance(switches, dict) else {}
    # A view of an edition without fields showed them all.
    visible = {key: True for key in known if "@" in key} | visible
    opacity = {kind: float(value) for kind, value in strengths.items() if kind in BY_KIND and isinstance(value, (int, float))} \
        if isinstance(strengths, dict) else {}
    return {"name": name.strip()[:LONGEST], "lon": lon, "lat": lat, "zoom": zoom, "visible": visible, "opacity": opacity}
