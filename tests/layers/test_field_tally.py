from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtTest import QTest

from layers.field_tally import WAIT_MS, FieldTally
from layers.page_feeds import PageFeeds
from weihai_command.domain.movers import LOST, TAIL, MoverFrame


@pytest.fixture
def feeds(qapp):
    made = PageFeeds("dark")
    yield made
    made.deleteLater()


def test_many_changes_are_counted_once_a_moment_later(feeds, table):
    told = []
    feeds.set_points(table("units", [(122.1, 37.1), (122.2, 37.2)]))
    tally = FieldTally(feeds, lambda kind, counts: told.append((kind, counts)), feeds)
    for _ in range(10):
        tally.note("units")
    assert told == []
    QTest.qWait(WAIT_MS + 50)
    assert told == [("units", {"other": (2, 0, 0)})]


def test_movers_without_a_position_are_not_counted(feeds):
    told, rows = [], np.arange(3)
    lon, lat = np.array([122.3, np.nan, 122.4]), np.array([37.4, np.nan, 37.5])
    look = np.array([0, 0, LOST], np.uint8)
    feeds.update_movers(MoverFrame(3, rows, lon, lat, np.zeros(3, np.float32), look, np.empty(0, np.int64), np.empty((0, TAIL, 2)), ["a", "b", "c"]))
    tally = FieldTally(feeds, lambda kind, counts: told.append((kind, counts)), feeds)
    tally.note("movers")
    QTest.qWait(WAIT_MS + 50)
    assert told == [("movers", {"marine": (2, 0, 1)})]
