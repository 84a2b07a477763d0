"""The map asks for incidents after the list has them, and keeps the index of places that stayed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.fake_desk import FakeCity
from weihai_command.boards import map_board
from weihai_command.boards.map_board import MapBoard
from weihai_command.domain.points import PointTable


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[str, PointTable]:
    """What the store pictures of each kind."""
    made = {
        kind: PointTable(kind, ["a"], np.array([122.1]), np.array([37.4]), np.zeros(1, np.uint8), np.zeros(1, np.uint8), ("x",)) for kind in map_board.picture.PICTURED
    }
    monkeypatch.setattr(map_board.picture, "table", lambda desk, kind: made[kind])
    return made


def test_incidents_are_asked_for_after_the_list_has_them(qapp: Any, pump: Any, city: FakeCity, tables: dict[str, PointTable]) -> None:
    boards, shown = city.boards(), []
    board = MapBoard(boards.bridge, boards.detail, boards.incidents)
    board.pictured.connect(lambda table, index: shown.append(table.kind))
    board.start(("incidents", "units"))
    boards.bridge.changed.emit(frozenset({"incidents"}))
    assert "points:incidents" not in city.runner.asked and "points:units" in city.runner.asked
    pump()
    assert shown == ["units", "incidents"] and city.runner.asked.count("points:incidents") == 1
    boards.close()


def test_the_index_of_places_that_stayed_is_kept(boards: Any, pump: Any, tables: dict[str, PointTable]) -> None:
    board, found = MapBoard(boards.bridge, boards.detail, boards.incidents), []
    board.pictured.connect(lambda table, index: found.append(index))
    for change in ({}, {"flags": np.ones(1, np.uint8)}, {"lon": np.array([122.2])}):
        tables["incidents"] = replace(tables["incidents"], **change)
        board.start(("incidents",))
        pump()
    first, second, third = found
    assert second.order is first.order and second.table.flags[0] == 1
    assert third.order is not first.order and third.x[0] != first.x[0]
