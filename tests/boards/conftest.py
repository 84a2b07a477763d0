from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import pytest

from tests.fake_desk import FakeCity, busy_city
from weihai_command.boards.desk_boards import DeskBoards


@pytest.fixture
def city() -> FakeCity:
    return busy_city()


@pytest.fixture
def pump(qapp) -> Callable[[], None]:
    """Let queued answers and the gathering of changes arrive, and what is asked for because of them."""
    from PySide6.QtTest import QTest

    def settle() -> None:
        for wait_ms in (60, 5, 5):
            # A wait that took much longer than it should was full of work, which may have asked for more.
            for _ in range(10):
                began = perf_counter()
                QTest.qWait(wait_ms)
                if (perf_counter() - began) * 1000 < wait_ms + 20:
                    break

    return settle


@pytest.fixture
def boards(qapp, city, pump) -> Iterator[DeskBoards]:
    made = city.boards()
    made.refresh()
    pump()
    yield made
    made.close()
