"""The plots of the chart: one above the other for each unit, one time axis for all; limits, spans of alarms, a cursor. pyqtgraph is loaded here."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from . import theme

#: Lines of one plot, one after the other: colour and style.
LINES = tuple((colour, style) for style in (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine) for colour in ("text", "focus", "text2"))
SEVERITIES = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
WORDS = {1: "红", 2: "橙", 3: "黄", 4: "蓝"}
#: Seconds between two marks of the time axis, and pixels that a mark wants.
STEPS = (10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000)
MARK_PX = 84
#: Width of the value axes: all plots begin at the same pixel.
AXIS_PX = 64


class TimeAxis(pg.AxisItem):
    """Marks at whole times of this machine's zone: 16:30, 7月16日."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        wanted = (maxVal - minVal) * MARK_PX / max(size, 1.0)
        step = next((each for each in STEPS if each >= wanted), STEPS[-1])
        shift = datetime.fromtimestamp(minVal, UTC).astimezone().utcoffset()
        offset = shift.total_seconds() if shift else 0.0
        first = math.ceil((minVal + offset) / step) * step - offset
        return [(step, [first + place * step for place in range(int((maxVal - first) // step) + 1)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        made = [datetime.fromtimestamp(each, UTC).astimezone() for each in values]
        if spacing < 60:
            return [f"{each:%H:%M:%S}" for each in made]
        return [f"{each.month}月{each.day}日" if spacing >= 86_400 or (each.hour, each.minute) == (0, 0) else f"{each:%H:%M}" for each in made]


class Plots(pg.GraphicsLayoutWidget):
    """`spanned(since, until)` when the hand moved the time axis, `pointed(epoch seconds)` as the cursor moves."""

    spanned = Signal(float, float)
    pointed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("曲线")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(pg.GraphicsLayoutWidget.Shape.NoFrame)
        self.ci.layout.setContentsMargins(0, 4, 12, 0)
        self.ci.layout.setVerticalSpacing(14)
        self.plots: list[Any] = []
        self.lines: list[Any] = []
        self._cursors: list[Any] = []
        self.at: float | None = None
        self._silent = False
        self.scene().sigMouseMoved.connect(self._on_mouse)

    @property
    def plot_width(self) -> int:
        """Pixels of the time axis."""
        return max(self.width() - AXIS_PX - 16, 100)

    def show_curves(self, curves: list[Any], since: float, until: float) -> None:
        """One plot a unit, in the order of the curves."""
        self._silent = True
        self.setBackground(theme.colour("bg1"))
        self.clear()
        self.plots, self.lines, self._cursors = [], [], []
        units = list(dict.fromkeys((each.unit, each.word) if not each.unit else (each.unit, "") for each in curves))
        for place, unit in enumerate(units):
            group = [each for each in curves if ((each.unit, each.word) if not each.unit else (each.unit, "")) == unit]
            self._add_plot(place, group, curves, is_last=place == len(units) - 1)
        self.show_span(since, until)
        self._silent = False
        self.point(self.at)

    def show_span(self, since: float, until: float) -> None:
        was_silent, self._silent = self._silent, True
        for plot in self.plots[:1]:
            plot.setXRange(since, until, padding=0)
        self._silent = was_silent

    def point(self, at: float | None) -> None:
        """Stand the cursor at a time (epoch seconds)."""
        self.at = at
        for cursor in self._cursors:
            cursor.setVisible(at is not None)
            if at is not None:
                cursor.setValue(at)

    def _add_plot(self, place: int, group: list[Any], curves: list[Any], *, is_last: bool) -> None:
        bottom = TimeAxis("bottom")
        plot = self.addPlot(row=place, col=0, axisItems={"bottom": bottom})
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        plot.setLabel("left", group[0].unit or group[0].word, **{"color": theme.colour("text2").name(), "font-size": "14px"})
        plot.getAxis("left").setWidth(AXIS_PX)
        plot.getAxis("left").enableAutoSIPrefix(False)
        for name in ("left", "bottom"):
            axis = plot.getAxis(name)
            axis.setPen(theme.colour("line"))
            axis.setTextPen(theme.colour("text2"))
            axis.setStyle(tickFont=theme.font("small"), showValues=name == "left" or is_last)
        plot.showGrid(x=True, y=False, alpha=0.12)
        if self.plots:
            plot.setXLink(self.plots[0])
        else:
            plot.sigXRangeChanged.connect(self._on_range)
        self.plots.append(plot)
        for each in group:
            _draw_spans(plot, each)
        _draw_limits(plot, group)
        for each in group:
            self._draw_line(plot, each, curves.index(each))
        plot.setYRange(*_reach(group), padding=0.06)
        cursor = pg.InfiniteLine(angle=90, pen=pg.mkPen(theme.colour("focus"), width=1))
        cursor.setVisible(False)
        plot.addItem(cursor, ignoreBounds=True)
        self._cursors.append(cursor)

    def _draw_line(self, plot: Any, curve: Any, place: int) -> None:
        colour, style = LINES[place % len(LINES)]
        pen = pg.mkPen(theme.colour(colour), width=1.6, style=style)
        # A lone reading is no line: it is seen as a dot.
        dots = len(curve.at) <= 60
        self.lines.append(plot.plot(
            curve.at, curve.value, pen=pen, connect="finite", antialias=True, symbol="o" if dots else None, symbolSize=4, symbolPen=None,
            symbolBrush=theme.colour(colour),
        ))

    def _on_range(self, _plot: Any, span: tuple[float, float]) -> None:
        if not self._silent:
            self.spanned.emit(float(span[0]), float(span[1]))

    def _on_mouse(self, spot: QPointF) -> None:
        if self.plots:
            self.point(float(self.plots[0].vb.mapSceneToView(spot).x()))
            self.pointed.emit(self.at)



def _draw_spans(plot: Any, curve: Any) -> None:
    for span in curve.spans:
        shade = QColor(theme.colour(SEVERITIES.get(span.severity, "text2")))
        shade.setAlpha(44)
        ended = span.ended if span.ended is not None else 4_102_444_800.0
        area = pg.LinearRegionItem((span.begun, ended), movable=False, brush=shade, pen=pg.mkPen(None))
        area.setZValue(-20)
        plot.addItem(area, ignoreBounds=True)


def _draw_limits(plot: Any, group: list[Any]) -> None:
    low, high = _reach(group)
    for limit, severity in dict.fromkeys(step for each in group for step in (*each.high, *each.low)):
        if low <= limit <= high and severity in SEVERITIES:
            colour = theme.colour(SEVERITIES[severity])
            line = pg.InfiniteLine(
                limit, angle=0, pen=pg.mkPen(colour, width=1, style=Qt.PenStyle.DashLine), label=f"{WORDS[severity]} {limit:g}",
                labelOpts={"position": 0.008, "color": colour, "anchors": [(0, 1), (0, 1)]},
            )
            line.label.setFont(theme.font("small"))
            plot.addItem(line, ignoreBounds=True)


def _reach(group: list[Any]) -> tuple[float, float]:
    """From the least to the most that a plot shows: its values and their mildest limits, unless those are far away."""
    values = np.concatenate([each.value[np.isfinite(each.value)] for each in group])
    mild = [each.high[0][0] for each in group if each.high] + [each.low[0][0] for each in group if each.low]
    if not len(values):
        low, high = (min(mild), max(mild)) if mild else (0.0, 1.0)
    else:
        low, high = float(values.min()), float(values.max())
        room = max(high - low, abs(high) * 0.02, 1e-9)
        near = [each for each in mild if low - 3 * room <= each <= high + 3 * room]
        low, high = min([low, *near]), max([high, *near])
    # Room for the words over the highest limit.
    gap = max(high - low, abs(high) * 0.02, 1e-6) * 0.14
    return low - gap, high + gap


def value_at(curve: Any, at: float) -> float | None:
    """The reading that stands nearest to a time, None where the line is broken."""
    if not len(curve.at):
        return None
    place = int(np.clip(np.searchsorted(curve.at, at), 0, len(curve.at) - 1))
    if place and abs(curve.at[place - 1] - at) <= abs(curve.at[place] - at):
        place -= 1
    value = float(curve.value[place])
    return value if math.isfinite(value) else None
