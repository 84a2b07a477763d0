"""Keys in the panel and in what opens beside it: they are not the map's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layers.views_popup import ViewsPopup


def press(window: Any, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(window, key)


def test_arrows_in_a_popup_never_move_the_map(city_map: Any) -> None:
    view = city_map.view
    view.activateWindow()
    options = view.stage.panel.kinds.options["sensors"]
    options.open()
    city_map.until(lambda: QApplication.focusWidget() is options.slider, "the keyboard is on the slider")
    press(options.windowHandle(), Qt.Key.Key_Left, Qt.Key.Key_Down)
    assert options.slider.value() == 80 and city_map.person_moves == 0
    press(options.windowHandle(), Qt.Key.Key_Escape)
    assert options.isHidden()
    view.views.save("一")
    views = view.findChild(ViewsPopup)
    views.open()
    press(views.windowHandle(), Qt.Key.Key_Down)
    assert views.focusWidget() is views.field and city_map.person_moves == 0
    views.hide()


def test_the_panel_is_walked_by_keys_alone(city_map: Any, table: Callable[..., Any]) -> None:
    view, panel = city_map.view, city_map.view.stage.panel
    city_map.feed(table("sensors", [(122.1, 37.4)] * 3))
    city_map.until(lambda: panel.tree.fields.branches, "counted")
    view.activateWindow()
    top = view.windowHandle()
    panel.segments["kind"].setFocus()
    press(top, Qt.Key.Key_Right)
    assert panel.segment == "field"
    press(top, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is panel.tree
    press(top, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert view.feeds.visible["sensors@other"] is False and city_map.person_moves == 0
    press(top, Qt.Key.Key_Backtab, Qt.Key.Key_L)
    assert panel.isHidden()


def test_a_popup_stays_within_the_window(city_map: Any) -> None:
    view = city_map.view
    options = view.stage.panel.kinds.options["movers"]
    options.show_fields([(f"领域 {number}", number, 0) for number in range(40)])
    options.open()
    frame = view.frameGeometry()
    assert options._fields.itemAtPosition(10, 0).widget().text() == "另有 30 个领域"
    assert frame.contains(options.geometry())
    options.show_fields([])
    assert frame.contains(options.geometry())
    options.hide()
