"""Views around the map: docks come and go, the desk comes back as it was, keys of the desk lead back to it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QWidget

from widgets.views import View


@pytest.fixture
def other(window: Any, pump: Any) -> View:
    docks = []
    for name, area in (("one", Qt.DockWidgetArea.LeftDockWidgetArea), ("two", Qt.DockWidgetArea.RightDockWidgetArea)):
        dock, pane = QDockWidget(name, window), QWidget()
        dock.setObjectName(f"dock-{name}")
        pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dock.setWidget(pane)
        window.addDockWidget(area, dock)
        dock.hide()
        docks.append(dock)
    told: list[bool] = []
    view = View("warnings", tuple(docks), tuple(dock.widget() for dock in docks), shown=told.append)
    window.views.join(view)
    window.top.add_view("warnings", "预警", 3)
    window.told = told
    pump()
    return view


def shown(window: Any) -> list[str]:
    return sorted(dock.objectName() for dock in window.findChildren(QDockWidget) if dock.isVisible())


DESK = ["dock-detail", "dock-list", "dock-units"]


def test_a_view_takes_the_docks_place_and_the_desk_comes_back_as_it_was(window: Any, other: View, pump: Any) -> None:
    before = {name: dock.geometry() for name, dock in window.docks.items()}
    kept = window.layout_state()
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert shown(window) == ["dock-one", "dock-two"] and window.top.isVisible() and window.statusBar().isVisible() and window.told == [True]
    # What is kept for the next start is the desk.
    assert window.layout_state() == kept
    assert other.panes[0].hasFocus()
    window.next_pane()
    assert window.map.hasFocus() or other.panes[1].hasFocus()
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    pump()
    assert shown(window) == DESK and window.told == [True, False]
    assert {name: dock.geometry() for name, dock in window.docks.items()} == before


def test_the_tabs_show_what_is_open(window: Any, other: View, pump: Any) -> None:
    def checked() -> list[str]:
        return [name for name, (_, tab) in window.top._tabs.items() if tab.isChecked()]

    assert checked() == ["desk"]
    for _ in range(2):
        QTest.mouseClick(window.top._tabs["warnings"][1], Qt.MouseButton.LeftButton)
        pump()
        assert checked() == ["warnings"] and window.views.name == "warnings"


@pytest.mark.parametrize(("key", "modifier"), [(Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_F4, Qt.KeyboardModifier.NoModifier)])
def test_keys_of_the_desk_lead_back_to_it(window: Any, other: View, pump: Any, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    window.views.show("warnings")
    QTest.keyClick(window, key, modifier)
    pump()
    assert shown(window) == DESK


def test_an_opened_incident_and_a_chosen_unit_lead_back_too(window: Any, other: View, pump: Any) -> None:
    for lead in (lambda: window.open_incident("i-应0417"), lambda: window.select_unit("u-消防101")):
        window.views.show("warnings")
        lead()
        pump()
        assert shown(window) == DESK


def test_a_view_that_this_edition_lacks_changes_nothing_and_one_with_a_window_opens_it(window: Any, pump: Any) -> None:
    window.views.show("warnings")
    assert shown(window) == DESK and window.views.name == "desk"
    opened: list[int] = []
    window.views.join(View("situation", opens=lambda: opened.append(1)))
    window.views.show("situation")
    pump()
    assert opened == [1] and shown(window) == DESK
