from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fake_desk import FakeCity, busy_city
from tests.settling import settle
from weihai_command.boards.desk_boards import DeskBoards


@pytest.fixture
def city() -> FakeCity:
    return busy_city()


@pytest.fixture
def pump(qapp) -> Callable[[], None]:
    return settle


@pytest.fixture
def boards(qapp, city, pump) -> Iterator[DeskBoards]:
    made = city.boards()
    made.refresh()
    pump()
    yield made
    made.close()


@pytest.fixture
def themed(qapp) -> Iterator[None]:
    """The desk's look, taken off again for the tests that follow."""
    from widgets import theme

    theme.apply(qapp, "dark")
    yield
    qapp.setStyleSheet("")


@pytest.fixture
def window(themed, boards, pump):
    """The whole window at 1920×1080 with a grey map."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QWidget

    from widgets.main_window import MainWindow

    middle = QWidget()
    middle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = MainWindow(middle, boards)
    made.show()
    made.activateWindow()
    pump()
    yield made
    made.close()
    made.deleteLater()
    pump()
