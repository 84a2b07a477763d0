from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fake_desk import FakeCity, busy_city
from weihai_command.boards.desk_boards import DeskBoards


@pytest.fixture
def city() -> FakeCity:
    return busy_city()


@pytest.fixture
def pump(qapp) -> Callable[[], None]:
    """Let queued answers and the gathering of changes arrive."""
    from PySide6.QtTest import QTest

    return lambda: QTest.qWait(60)


@pytest.fixture
def boards(qapp, city, pump) -> Iterator[DeskBoards]:
    made = city.boards()
    made.refresh()
    pump()
    yield made
    made.close()
