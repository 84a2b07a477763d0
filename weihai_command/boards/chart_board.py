"""Curves of readings: which sensors, which span of time, and what the screen needs of them. Nothing is read while nobody looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.domain.faults import Refused
from weihai_command.operations import curves

from .alarm_rows import clock
from .bridge import Bridge, as_fault
from .clock import Clock

#: Sensors on one time axis at most; seconds of the spans by key; the shortest and the longest.
MOST = 6
SPANS = {"1": (3_600.0, "1 小时"), "2": (6 * 3_600.0, "6 小时"), "3": (86_400.0, "24 小时"), "4": (7 * 86_400.0, "7 天"), "5": (30 * 86_400.0, "30 天")}
LEAST_S, LONGEST_S = 60.0, 400 * 86_400.0
#: A span that is dragged is asked for when the hand rests (milliseconds).
REST_MS = 120
#: Part of the span by which keys move it.
STEP = 0.25


class ChartBoard(QObject):
    """`changed` with new curves; `tabled` with new rows; `spanned` when the time axis is another; `exported(file)`, `refused(Fault)`.

    `kept()` gives where readings are kept, None where this desk has none; it is called by readers only.
    """

    changed = Signal()
    tabled = Signal()
    spanned = Signal()
    exported = Signal(str)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, clock_: Clock, kept: Callable[[], Any], ask: Any = curves) -> None:
        super().__init__()
        self._bridge, self.clock, self._kept, self._ask = bridge, clock_, kept, ask
        self.sensors: list[str] = []
        self.curves: list[Any] = []
        self.rows: list[Any] = []
        self.total = 0
        self.length, self.follows = SPANS["3"][0], True
        self.until = self.now()
        self.pixels = 800
        self.is_watched = self.is_tabled = self.is_read = False
        self.has_store = True
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.refresh)
        clock_.aged.connect(self._on_aged)
        bridge.changed.connect(lambda kinds: self.refresh() if kinds & {"alarms"} else None)

    def now(self) -> float:
        return self.clock.now().timestamp()

    @property
    def since(self) -> float:
        return self.until - self.length

    def show_sensors(self, sensor_ids: list[str]) -> None:
        """These and no others."""
        self.sensors, self.curves, self.rows, self.is_read = list(dict.fromkeys(sensor_ids))[:MOST], [], [], False
        self.changed.emit()
        self.refresh()

    def add(self, sensor_id: str) -> None:
        """One more on the same time axis."""
        if sensor_id in self.sensors:
            return
        if len(self.sensors) >= MOST:
            self.refused.emit(Refused(f"一张图最多 {MOST} 个传感器", "没有改动", "按 Delete 去掉一个再加"))
            return
        self.sensors.append(sensor_id)
        self.refresh()

    def remove(self, sensor_id: str) -> None:
        if sensor_id in self.sensors and len(self.sensors) > 1:
            self.sensors.remove(sensor_id)
            self.curves = [each for each in self.curves if each.sensor_id != sensor_id]
            self.changed.emit()
            self.refresh()

    def watch(self, watched: bool) -> None:
        self.is_watched = watched
        self._on_aged()

    def show_table(self, shown: bool) -> None:
        self.is_tabled = shown
        self.refresh()

    def show_length(self, seconds: float) -> None:
        """The last so many seconds."""
        self.length, self.follows = seconds, True
        self._move(self.now())

    def show_span(self, since: float, until: float) -> None:
        """What the hand has dragged the axis to; asked for when it rests."""
        if abs(since - self.since) < 1e-3 and abs(until - self.until) < 1e-3:
            return
        self.length = min(max(until - since, LEAST_S), LONGEST_S)
        self.until, self.follows = until, abs(until - self.now()) < 0.02 * self.length
        self._rest.start()
        self.spanned.emit()

    def zoom(self, factor: float) -> None:
        """Longer (above 1) or shorter, around the middle, or around now where it follows."""
        middle, length = self.until - self.length / 2, min(max(self.length * factor, LEAST_S), LONGEST_S)
        self.length = length
        self._move(self.now() if self.follows else middle + length / 2)

    def pan(self, direction: int) -> None:
        until = self.until + direction * STEP * self.length
        self.follows = until >= self.now()
        self._move(self.now() if self.follows else until)

    def refresh(self) -> None:
        if not self.is_watched or not self.sensors:
            return
        kept, desk, sensors, since, until, pixels = self._kept, self._bridge.desk, list(self.sensors), self.since, self.until, self.pixels
        ask = self._ask
        self._bridge.ask("chart", lambda: (store := kept()) and ask.curves(desk, store, sensors, since, until, pixels), self._take)
        if self.is_tabled:
            self._bridge.ask("chart-table", lambda: (store := kept()) and ask.table(desk, store, sensors, since, until), self._take_table)

    def export(self) -> None:
        """All readings of the span into a CSV; the audit is told."""
        kept, bridge, ask, sensors, since, until = self._kept, self._bridge, self._ask, list(self.sensors), self.since, self.until
        if not sensors or not self.has_store:
            return

        def write() -> Any:
            rows, _ = ask.table(bridge.desk, kept(), sensors, since, until, None)
            return bridge.acts.export_csv(bridge.desk, "传感器读数", ask.HEADS, [ask.cells(row) for row in rows])

        # On a reader: a month of readings is long, and nobody's act waits for a file.
        bridge.consult("chart-export", write, lambda path: self.exported.emit(str(path)), lambda fault: self.refused.emit(as_fault(fault)), frozenset())

    def sentence(self) -> str:
        """Why there is nothing to see, or which sensor is late; "" when all is well."""
        if not self.is_read:
            return "正在读取…"
        if not self.has_store:
            return "这一席没有读数库"
        if not self.curves:
            return "传感器已不在数据中"
        if not any(each.count for each in self.curves):
            newest = max((each.newest for each in self.curves if each.newest is not None), default=None)
            return "还没有读数" if newest is None else f"这段时间没有读数，最后一条 {clock(newest, self.clock.now())}"
        late = [each for each in self.curves if each.late(self.now())]
        return "；".join(f"{each.name} 停在 {clock(each.newest, self.clock.now())}" for each in late)

    def _move(self, until: float) -> None:
        self.until = until
        self.spanned.emit()
        self.refresh()

    def _take(self, found: list[Any] | None) -> None:
        self.curves, self.is_read, self.has_store = found or [], True, found is not None
        self.changed.emit()

    def _take_table(self, found: tuple[list[Any], int] | None) -> None:
        self.rows, self.total = found or ([], 0)
        self.tabled.emit()

    def _on_aged(self) -> None:
        if self.is_watched and self.follows:
            self._move(self.now())
        elif self.is_watched:
            self.refresh()
