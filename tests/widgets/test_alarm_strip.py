"""The strip at the desk: what it says, its keys, and that nothing ever stands over it."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip

from tests.fake_desk import NOW, alarm, conflict
from tests.widgets.test_supervision_chip import notice
from widgets.panel import Panel


def show(window, city, pump, *rows):
    city.alarm_rows = list(rows)
    window.boards.alarms.refresh()
    pump()


def strip_rect(window) -> QRect:
    strip = window.alarms
    return QRect(strip.mapToGlobal(strip.rect().topLeft()), strip.size())


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window.focusWidget() or window, key, modifier)


def ready(window):
    window.boards.alarms._turned = float("-inf")


@pytest.fixture
def three(window, city, pump):
    rows = (
        alarm("1", 2, text="泵站前池水位 4.62 m，限 4.20"), alarm("2", 3, text="燃气浓度 0.9 %VOL，限 0.5", place="皇冠街道"),
        alarm("3", 3, text="路面积水 18 cm，限 15", place="羊亭镇"),
    )
    show(window, city, pump, *rows)
    return rows


def test_it_stands_under_the_bars_and_is_quiet_when_all_is_well(window):
    strip = window.alarms
    assert strip.height() == 40 and strip.y() == window.band.geometry().bottom() + 1 and strip.width() == window.width()
    assert strip.quiet.isVisible() and strip.quiet.text() == "没有未确认的告警"
    assert not strip.acknowledge.isVisible() and not strip._flash.isActive() and not strip.mute.isVisible()


def test_it_says_what_where_since_when_and_what_else(window, three):
    strip = window.alarms
    assert (strip.words.text(), strip.place.text()) == ("泵站前池水位 4.62 m，限 4.20", "凤林街道")
    assert strip.since.text().endswith("起 2 分 00 秒") and strip.symbol.name == "orange"
    assert [each.words.text() for each in strip.beside] == ["燃气浓度 0.9 %VOL 皇冠街道", "路面积水 18 cm 羊亭镇"]
    assert strip.open.text_shown() == "未确认 3" and window.top.alarms.text() == "3"


@pytest.mark.parametrize(("count", "mood"), [(2, "plain"), (3, "near"), (10, "near"), (11, "over")])
def test_the_chip_of_ten_minutes_is_grey_amber_red(window, city, pump, count, mood):
    show(window, city, pump, *(alarm(str(number)) for number in range(count)))
    assert window.top.alarms.text() == str(count) and window.top._alarm_mark.mood == mood


def test_keys_go_on_acknowledge_and_open_the_list(window, city, pump, three):
    press(window, Qt.Key.Key_F7)
    assert window.alarms.words.text().startswith("燃气浓度")
    ready(window)
    press(window, Qt.Key.Key_F8)
    pump()
    assert city.calls == [("ack_alarm", "a-2", "", {})] and "已确认" in window.message.text()
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.panels.alarm_desk.panel.isVisible()
    press(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not window.panels.alarm_desk.panel.isVisible()


def test_shift_f7_walks_the_messages(window, city, pump):
    window.list.chips["all"].click()
    press(window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    assert window.boards.incidents.chip == "intake"


def test_only_the_symbols_flash_and_stop_when_somebody_knows(window, city, pump, three):
    strip = window.alarms
    assert strip._flash.isActive() and strip._flash.interval() == 500
    before = strip.grab().toImage()
    strip._turn()
    after = strip.grab().toImage()
    symbols = [strip.symbol, *(each.symbol for each in strip.beside)]
    places = [QRect(symbol.mapTo(strip, symbol.rect().topLeft()), symbol.size()) for symbol in symbols]
    changed = [(x, y) for x in range(before.width()) for y in range(before.height()) if before.pixel(x, y) != after.pixel(x, y)]
    assert changed and all(any(place.contains(*spot) for place in places) for spot in changed)
    show(window, city, pump)
    assert not strip._flash.isActive()
    show(window, city, pump, alarm("4", 2, state="cleared", cleared_at=NOW.timestamp()))
    assert not strip._flash.isActive() and strip.words.text().endswith("（已恢复）")


def test_it_says_what_one_key_would_make_of_it_and_does_that(window, city, pump, three):
    city.alarm_proposal = SimpleNamespace(kind="join", number="应0417", sentence="并入 应0417 燃气泄漏", reason="地点和时间相近")
    window.alarms._ask()
    pump()
    assert window.alarms.incident.text_shown() == "并入 应0417"
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert city.calls == [("alarm_incident", "a-1", {})] and window.boards.detail.incident_id == "i-应0417"
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert city.calls[-1] == ("take_alarm_incident_back", "a-1", "op", {})


def test_mute_is_a_key_and_counts_down(window, three):
    strip = window.alarms
    assert strip.mute.isVisible() and strip.mute.text_shown() == "静音"
    press(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert strip.mute.text_shown() in ("静音 5:00", "静音 4:59") and strip.mute.property("tone") == "near"
    press(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert strip.mute.text_shown() == "静音"


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1024, 640)])
def test_nothing_of_it_is_cut_or_overlaps(window, city, pump, size, three):
    window.resize(*size)
    window.alarms.show_device(False)
    pump()
    strip = window.alarms
    shown = sorted((each for each in strip.children() if getattr(each, "isVisible", lambda: False)()), key=lambda each: each.x())
    assert all(one.geometry().right() < other.x() for one, other in pairwise(shown))
    assert shown[-1].geometry().right() <= strip.width() and window.width() == size[0]
    assert strip.words.width() >= (150 if size[0] < 1600 else strip.words.sizeHint().width())
    assert strip.acknowledge.width() >= strip.acknowledge.sizeHint().width()


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (1024, 640)])
def test_no_panel_stands_over_it(window, city, pump, size, three):
    city.conflict_rows = [conflict()]
    window.resize(*size)
    pump()
    strip = strip_rect(window)
    panels = window.findChildren(Panel)
    assert len(panels) >= 9
    for panel in panels:
        panel.show()
        window.panels.place()
        spot = QRect(panel.mapToGlobal(panel.rect().topLeft()), panel.size())
        assert not spot.intersects(strip), panel.accessibleName()
        panel.hide()
    assert all(not QRect(dock.mapToGlobal(dock.rect().topLeft()), dock.size()).intersects(strip) for dock in window.docks.values())


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_no_menu_and_no_hint_stands_over_it(window, city, pump, size, three):
    window.resize(*size)
    city.notice_rows = [notice(f"案{place}") for place in range(30)]
    window.boards.supervision.refresh()
    window.open_incident("i-应0417")
    pump()
    strip = strip_rect(window)
    for opened in (window.show_supervised, window.detail.head.show_more):
        opened()
        popup = QApplication.activePopupWidget()
        assert popup is not None and not popup.geometry().intersects(strip)
        popup.close()
        pump()
    tabs = [each for each in window.top.findChildren(QPushButton) if each.property("view")]
    for chip in (window.supervised, *tabs):
        _hint_over(chip)
        hint = next((each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QTipLabel" and each.isVisible()), None)
        assert hint is not None and not hint.geometry().intersects(strip), chip.text()
        QToolTip.hideText()


def _hint_over(widget) -> None:
    from PySide6.QtCore import QEvent, QPoint
    from PySide6.QtGui import QHelpEvent

    spot = QPoint(4, widget.height() - 2)
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, spot, widget.mapToGlobal(spot)))
