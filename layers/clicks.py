"""What a click on the map means: a place, a mark, a stack of marks, a cluster, or nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from .page_feeds import PageFeeds
from .picking import Mark, ids, is_one_spot, stack
from .showing import shown
from .stack_list import StackList
from .view_rules import Extent, fitting_zoom, spot


class Clicks(QObject):
    """Turns the page's clicks into what they mean; `extent` is kept by the view."""

    picked = Signal(str, str)
    place_clicked = Signal(float, float)
    cluster_opened = Signal()
    fanned_out = Signal(list)

    def __init__(self, feeds: PageFeeds, fan: StackList, parent: QObject) -> None:
        super().__init__(parent)
        self._feeds, self._fan = feeds, fan
        self.extent: Extent | None = None
        fan.picked.connect(self.picked)

    def take(self, lon: float, lat: float, zoom: float, kind: str, box: list[float]) -> None:
        """A click at a place; `kind` and `box` (west, south, east, north) of the cluster under it, or '' and []."""
        self._fan.hide()
        if self._feeds.modes["picking"]:
            self.place_clicked.emit(lon, lat)
            return
        index = self._feeds.indexes()
        found = ids(index, stack(index, self._feeds.visible, lon, lat, round(zoom), only_standing=bool(kind)))
        if found and not self._fans(found):
            self.picked.emit(*found[0])
        elif found:
            self._fan_out(found, (lon, lat))
        elif kind and self.extent:
            self._open_cluster(kind, (box[0], box[1], box[2], box[3]))

    def _fans(self, found: list[Mark]) -> bool:
        """Several of the uppermost kind are a list at once; one over others is picked, and a second click lists them all."""
        return len(found) > 1 and (found[1][0] == found[0][0] or found[0] == self._feeds.selected)

    def _open_cluster(self, kind: str, box: Extent) -> None:
        west, south, east, north = box
        assert self.extent is not None
        if is_one_spot(box):
            # 32 bits of the page move a point by centimetres.
            index, pad = self._feeds.indexes(), 1e-6
            rows = index[kind].box(west - pad, south - pad, east + pad, north + pad)
            rows = rows[shown(index[kind].table, self._feeds.visible, rows)]
            self._fan_out(ids(index, [(kind, row) for row in rows.tolist()]), (west, south))
            return
        self._feeds.go((west + east) / 2, (south + north) / 2, fitting_zoom(box, self.extent, self._feeds.view["zoom"]))
        self.cluster_opened.emit()

    def _fan_out(self, marks: list[Mark], place: tuple[float, float]) -> None:
        labels = {mark: self._label(mark) for mark in marks}
        self._fan.open(marks, labels, spot(place, self.extent, self._fan.room()) if self.extent else (0, 0))
        self.fanned_out.emit(marks)

    def _label(self, mark: Mark) -> str:
        kind, record_id = mark
        row = self._feeds.row(kind, record_id)
        index = self._feeds.indexes()
        return (index[kind].table.labels.get(row) if row is not None and kind in index else None) or record_id
