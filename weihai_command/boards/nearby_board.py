"""What stands around the open incident: asked anew when the incident, the ring or the things in it change; shows one kind as a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, QTimer, Signal

from weihai_command.operations import nearby, upkeep
from weihai_command.operations.nearby import Group, Nearby, Row, Shown

from .bridge import Bridge
from .detail_board import DetailBoard
from .incident_board import ROW, Index
from .live_board import LiveBoard
from .words import tip

KINDS = frozenset({"video_points", "units", "sensors", "facilities"})
#: Radii (metres) that the keys step through; a drag may take any other.
STEPS = (500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0, 8_000.0, 10_000.0, 15_000.0, 20_000.0)
#: What is dragged, and what machines report, is asked for at this pace (milliseconds).
DRAG_MS, REPORT_MS = 80, 2_000
#: A drag stops at hundreds of metres.
GRAIN = 100.0
Place = tuple[float, float]


class NearbyBoard(QAbstractListModel):
    """Rows of `kind`. `changed` with a new answer, `ringed` when the ring is another (`place`, `radius_m`), `opened(kind, id, sentence)`."""

    changed = Signal()
    ringed = Signal()
    opened = Signal(str, str, str)

    def __init__(self, bridge: Bridge, detail: DetailBoard) -> None:
        super().__init__()
        self._bridge, self._detail = bridge, detail
        self.place: Place | None = None
        self.radius_m, self.kind = nearby.RADIUS, "video_points"
        self.found: Nearby | None = None
        self._is_asked = False
        self._shown: Callable[[], Shown] = Shown
        self._drag = QTimer(self, singleShot=True, interval=DRAG_MS)
        self._report = QTimer(self, singleShot=True, interval=REPORT_MS)
        for timer in (self._drag, self._report):
            timer.timeout.connect(self.refresh)
        for told in (detail.changed, detail.settled):
            told.connect(self._on_detail)
        detail.opened.connect(lambda _: self._on_detail())
        bridge.changed.connect(self._on_changed)
        self._on_detail()

    def refresh(self) -> None:
        """Ask for what is inside the ring now."""
        if self.place is None:
            return
        self._is_asked = True
        desk, (lon, lat), radius, shown = self._bridge.desk, self.place, self.radius_m, self._shown()
        self._bridge.ask("nearby", lambda: nearby.nearby(desk, lon, lat, radius, shown=shown), self._take)

    def follow(self, living: LiveBoard) -> None:
        """From here on states are those that the map shows."""
        self._shown = living.shown
        living.restated.connect(lambda kind, *_: self._on_changed(frozenset({kind})))

    def set_radius(self, metres: float, *, is_final: bool = True) -> None:
        """Draw the ring wider or narrower; while it is dragged the question waits a little."""
        wanted = max(nearby.LEAST, min(nearby.MOST, round(metres / GRAIN) * GRAIN))
        if wanted != self.radius_m:
            self.radius_m = wanted
            self.ringed.emit()
        self._drag.stop()
        if is_final:
            self.refresh()
        else:
            self._drag.start()

    def step_radius(self, direction: int) -> None:
        """The next radius of STEPS, wider (1) or narrower (-1)."""
        wider = [step for step in STEPS if step > self.radius_m]
        narrower = [step for step in STEPS if step < self.radius_m]
        if wider and direction > 0:
            self.set_radius(wider[0])
        elif narrower and direction < 0:
            self.set_radius(narrower[-1])

    def show_kind(self, kind: str) -> None:
        """List another kind."""
        self.beginResetModel()
        self.kind = kind
        self.endResetModel()

    def open(self, kind: str, record_id: str) -> None:
        """Place, owner, state and last change in a sentence; opening a camera is written to the audit."""
        desk, now = self._bridge.desk, self._shown().now
        self._bridge.ask("mark", lambda: upkeep.opened_mark(desk, kind, record_id, now), lambda text: self.opened.emit(kind, record_id, text))

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.found.groups if self.found else ()

    def rows(self) -> tuple[Row, ...]:
        return next((group.rows for group in self.groups if group.kind == self.kind), ())

    def row_of(self, kind: str, record_id: str) -> int:
        """The line of a record in the list, -1 when it is not in it."""
        return next((at for at, row in enumerate(self.rows()) if (row.kind, row.id) == (kind, record_id)), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows())

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        rows = self.rows()
        if not 0 <= index.row() < len(rows):
            return None
        row = rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(row.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name} {row.word} {distance_word(row.distance_m)}"
        return None

    def _on_detail(self) -> None:
        shown, wanted = self._detail.detail, self._detail.incident_id
        place = _place(shown.incident) if shown is not None and shown.row.id == wanted else None if not wanted else self.place
        if place != self.place:
            # What stood around another place goes at once, also while the officer walks the list.
            self.place, self._is_asked = place, False
            self._set(None)
            self.ringed.emit()
        if self._detail.is_settled and not self._detail.is_behind and not self._is_asked:
            self.refresh()

    def _take(self, found: Nearby) -> None:
        if self.place == (found.lon, found.lat) and found.radius_m == self.radius_m:
            self._set(found)

    def _set(self, found: Nearby | None) -> None:
        if found == self.found:
            return
        self.beginResetModel()
        self.found = found
        self.endResetModel()
        self.changed.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS and not self._report.isActive():
            self._report.start()


def radius_word(metres: float) -> str:
    return f"{metres / 1000:g} 公里" if metres >= 1000 else f"{metres:.0f} 米"


def distance_word(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def _place(raw: Mapping[str, Any]) -> Place | None:
    lon, lat = raw.get("lon"), raw.get("lat")
    if not isinstance(lon, (int, float)) or not isinstance(lat, (int, float)):
        return None
    return (float(lon), float(lat)) if abs(lon) <= 180 and abs(lat) < 85 else None
