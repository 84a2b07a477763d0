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
