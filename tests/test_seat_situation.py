"""The leaders' screen from the desk: by its key, over the desk's own city, gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from tests.seats import seated
from tests.settling import until
from weihai_command.seat import Seat


@pytest.fixture
def seat(qapp: Any, tmp_path: Path) -> Iterator[Any]:
    from widgets import theme

    theme.apply(qapp, "dark")
    with seated(qapp, tmp_path) as made:
        yield made
    qapp.setStyleSheet("")


def test_ctrl_2_brings_the_screen_and_escape_takes_it_away(qapp: Any, seat: Seat) -> None:
    for _ in range(2):
        seat.window.activateWindow()
        until(seat.window.isActiveWindow, "active")
        QTest.keyClick(seat.window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        until(lambda: seat.situation.view is not None and seat.situation.view.is_painted(), "painted")
        screen = seat.situation.view.window
        assert screen.isFullScreen() and "演练" in screen.windowTitle()
        assert screen.board.picture.found.open.total == sum(screen.board.picture.found.open.column(column) for column in ("1", "2", "3", "4", "0", "mu"))
        # A click on the map opens the district's incidents.
        seat.situation.view.map.place_clicked.emit(122.1, 37.2)
        assert screen.drawer.isVisible() and screen.drawer.name == "open/文登区/"
        QTest.keyClick(screen.drawer.table, Qt.Key.Key_Escape)
        QTest.keyClick(screen, Qt.Key.Key_Escape)
        assert seat.situation.view is None
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert seat.window.views.name == "desk"


def test_a_desk_that_closes_takes_the_screen_with_it(qapp: Any, seat: Seat) -> None:
    seat.situation.open()
    assert seat.situation.view is not None
    seat.close()
    assert seat.situation.view is None
