from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.widgets.situation import wall_examples as examples
from weihai_command.domain.freshness import level
from weihai_command.domain.movers import LATE, LOST
from weihai_command.domain.situation import Stamp
from widgets import theme
from widgets.situation import sheet
from widgets.situation.panel import FigureButton
from widgets.situation.screen import ORDER, Settings, SituationScreen

Make = Callable[..., SituationScreen]


def _press(widget: QWidget, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(widget, key)


def _focused(window: SituationScreen) -> FigureButton:
    found = window.focusWidget()
    assert isinstance(found, FigureButton)
    return found


def test_every_panel_stands_where_the_plan_says_and_paints(screen: Make) -> None:
    window = screen()
    assert window.plan is not None
    for name, panel in window.panels.items():
        box = window.plan.panels[name]
        assert (panel.x(), panel.y(), panel.width(), panel.height()) == (round(box.x), round(box.y), round(box.w), round(box.h))
        assert panel.sheet is not None and panel.sheet.texts
    assert window.map.scales[-1] == (1.0, [1920.0 - window.plan.map.x], [])  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [(1920, 1080), (3840, 1080), (5760, 2160)])
def test_every_figure_says_and_opens_what_it_counts(screen: Make, pump: Callable[[], None], size: tuple[int, int]) -> None:
    window = screen(*size)
    figures = window.figures()
    assert len(figures) > 60
    for figure in figures:
        assert figure.accessibleName()
        if figure.name == "heat":
            continue
        figure.click()
        assert window.board.asked[-1] == figure.name and window.drawer.isVisible()  # type: ignore[attr-defined]
        place = window.drawer.geometry()
        assert not any(place.left() < x < place.right() for x in window.wall().seams_x) and not any(place.top() < y < place.bottom() for y in window.wall().seams_y)
        assert window.rect().contains(place)
        _press(window.drawer.table, Qt.Key.Key_Escape)
        assert not window.drawer.isVisible() and window.isVisible()


def test_arrows_reach_every_figure_and_enter_opens(screen: Make, pump: Callable[[], None]) -> None:
    window = screen()
    window.setFocus()
    _press(window, Qt.Key.Key_Down)
    seen = {_focused(window)}
    # From every figure all four ways, until nothing new is met.
    waiting = list(seen)
    while waiting:
        here = waiting.pop()
        for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            here.setFocus()
            _press(here, key)
            if _focused(window) not in seen:
                seen.add(_focused(window))
                waiting.append(_focused(window))
    missed = [figure.name for figure in window.figures() if figure not in seen]
    assert not missed
    last = _focused(window)
    _press(last, Qt.Key.Key_Return)
    assert window.board.asked[-1:] == [last.name] or last.name == "heat"  # type: ignore[attr-defined]


def test_escape_leaves_and_home_brings_the_city_back(screen: Make) -> None:
    window = screen()
    left: list[int] = []
    window.left.connect(lambda: left.append(1))
    _press(window, Qt.Key.Key_Home)
    assert window.map.returns == 1 and not left  # type: ignore[attr-defined]
    _press(window, Qt.Key.Key_Escape)
    assert left == [1]


def test_hot_spots_switch_by_key_and_by_click(screen: Make, pump: Callable[[], None]) -> None:
    window = screen()
    wishes: list[bool] = []
    window.heat_wanted.connect(wishes.append)
    assert not window.strip.isVisible()
    _press(window, Qt.Key.Key_H)
    assert wishes == [True] and window.strip.isVisible()
    assert any(text.text == "前 8 周接报 1,135 件 · 按星期和小时" for text in window.strip.sheet.texts)  # type: ignore[union-attr]
    next(button for button in window.legend.buttons if button.name == "heat").click()
    assert wishes == [True, False] and not window.strip.isVisible()


def test_rows_of_an_earlier_figure_come_too_late(screen: Make) -> None:
    from weihai_command.domain.situation import Listing

    window = screen()
    window.open("units")
    window.drawer.show_waiting("video", QRect(0, 0, 400, 400), 1.0)
    window.drawer.take("units", Listing("力量", ("呼号",), (("消防101",),)))
    assert window.drawer.model.rowCount() == 0
    window.drawer.take("video", Listing("视频", ("名称",), (("一路",),), (), 900))
    assert window.drawer.model.rowCount() == 1 and "共 900 条，显示前 1 条" in window.drawer._count.text()


def _greys(image: QImage, token: str) -> int:
    wanted = QColor(theme.colours("dark")[token]).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(0, image.width(), 2) for y in range(0, image.height(), 2))


def test_the_figures_of_a_stopped_feed_are_visibly_old_within_two_periods(screen: Make, pump: Callable[[], None]) -> None:
    """A camera feed of 60 s stops: two periods later its panel is hatched, its figure grey, its age told; the others stay as they are."""
    period = 60.0
    window = screen()
    panel, other = window.panels["video"], window.panels["units"]
    fresh, untouched = panel.grab().toImage(), other.grab().toImage()
    at, board = examples.NOW, window.board
    for seconds in (60, 119, 121, 130):
        now = at + timedelta(seconds=seconds)
        found = examples.situation()
        stamps = {**found.stamps, "video": Stamp(at, level(seconds, period), "摄像机")}
        board.time = now  # type: ignore[attr-defined]
        board.show(replace(found, stamps=stamps))  # type: ignore[attr-defined]
        pump()
    old = panel.grab().toImage()
    assert panel.sheet is not None and panel.sheet.is_late
    assert _greys(fresh, "text") > 400 and _greys(old, "text") < _greys(fresh, "text") / 2 and _greys(old, "stale") > 400
    bare = [sum(image.pixelColor(x, y) == theme.colour("bg1") for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)) for image in (fresh, old)]
    assert bare[1] < 0.9 * bare[0], "no hatch"
    assert any("数据停在 16:42 · 已过 2 分钟" in text.text for text in panel.sheet.texts)
    assert other.grab().toImage() == untouched


def test_the_age_grows_though_nothing_is_read(screen: Make, pump: Callable[[], None]) -> None:
    window = screen(found=examples.late(LATE))
    for minutes, words in ((28, "已过 28 分钟"), (31, "已过 31 分钟"), (31 + 300, "已过 5 小时")):
        window.board.time = examples.NOW + timedelta(minutes=minutes - 28)  # type: ignore[attr-defined]
        window.board.pass_time(0)  # type: ignore[attr-defined]
        assert all(any(text.text.endswith(words) for text in panel.sheet.texts) for panel in window.panels.values()), words  # type: ignore[union-attr]


def test_eight_hours_alone_leave_nothing_behind(screen: Make, pump: Callable[[], None]) -> None:
    """A reading a minute, with counts that change, sources that go and come, a drawer now and then."""
    window = screen(1920, 1080)

    def hour(number: int) -> None:
        for step in range(60):
            found = examples.late(LOST, 40) if step % 17 == 0 else examples.situation(1 + (step + number) % 3)
            window.board.time += timedelta(seconds=60)  # type: ignore[attr-defined]
            window.board.show(found)  # type: ignore[attr-defined]
            window.board.clock.ticked.emit()
            if step % 20 == 0:
                window.open("open/*")
                _press(window.drawer.table, Qt.Key.Key_Escape)
                window.grab()
        pump()
        gc.collect()

    def weighed() -> int:
        # Widths of words are remembered, so many and no more: a bound of its own.
        sheet._width.cache_clear()
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    hour(0)
    hour(1)
    widgets = len(window.findChildren(QWidget))
    tracemalloc.start()
    try:
        # What stands on the screen was made anew before it is weighed, and is the same city when it is weighed again.
        hour(2)
        before = weighed()
        for number in range(3, 9):
            hour(number)
        grown = weighed() - before
    finally:
        tracemalloc.stop()
    assert len(window.findChildren(QWidget)) == widgets

    assert grown < 100_000, grown
    assert len(window.map.scales) == 1, "the map was laid out again"  # type: ignore[attr-defined]


def test_settings_of_the_wall_hold(screen: Make) -> None:
    window = screen(3840, 1080, settings=Settings((1280.0, 2560.0), (), 18.0))
    assert window.plan is not None and window.plan.body == pytest.approx(18.0, abs=0.3)
    for panel in window.panels.values():
        assert not any(panel.x() < x < panel.x() + panel.width() for x in (1280, 2560))


def test_panels_do_not_overlap_in_the_window(screen: Make) -> None:
    for size in ((1366, 768), (1920, 1080), (5760, 2160)):
        window = screen(*size)
        parts = [window.header, window.legend, window.map, *(window.panels[name] for name in ORDER)]
        for one, other in combinations(parts, 2):
            assert not one.geometry().intersects(other.geometry()), (size, one.objectName(), other.objectName())


def test_an_empty_city_is_shown_as_such(screen: Make) -> None:
    window = screen(found=examples.empty())
    texts: list[Any] = [text.text for panel in window.panels.values() for text in panel.sheet.texts]  # type: ignore[union-attr]
    assert texts.count("无数据") >= 6
