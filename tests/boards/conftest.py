from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fake_desk import FakeCity, busy_city
from tests.settling import settle
from weihai_command.boards import detail_board
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


@pytest.fixture(autouse=True)
def nobody_walks(monkeypatch) -> None:
    """One incident opened right after another is read whole at once: only its own test waits for the officer to stay."""
    monkeypatch.setattr(detail_board, "STAY_MS", detail_board.PAINTED_MS)
