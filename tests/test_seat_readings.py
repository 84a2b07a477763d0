"""The seat takes readings: the sample city's alarms reach the strip by themselves, and nothing is left when it closes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from layers.map_view import MapView
from weihai_command.operations import opening
from weihai_command.seat import Seat


@pytest.fixture
def seat(qapp: Any, tmp_path: Path) -> Iterator[Seat]:
    view = MapView("dark", tmp_path / "cache")
    made = Seat(opening.open_sample(tmp_path, "small"), view)
    yield made
    made.close()
    made.window.close()
    made.window.deleteLater()
    for _ in range(20):
        qapp.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)


def _until(app: Any, condition: Callable[[], Any], words: str) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, words
        app.processEvents()
        time.sleep(0.01)


@pytest.mark.window
def test_the_strip_shows_what_the_sensors_measured(qapp: Any, seat: Seat) -> None:
    assert seat.boards.alarms.count("unacked") == 0 and seat.readings.is_behind
    seat.start()
    _until(qapp, lambda: seat.boards.alarms.count("unacked") == 3, "three alarms")
    _until(qapp, lambda: not seat.readings.is_behind, "all is shown")
    ingest = seat.readings.ingest
    assert ingest is not None and ingest.ledger.counts.longest_lag_s > 0
    pump = next(item for item in seat.boards.alarms.items if "前池水位" in item.text)
    assert "4.62" in pump.text
    # Sensors that are read anew are known to the thread.
    before = ingest.table
    seat.runner.announce({"sensors"})
    _until(qapp, lambda: ingest.table is not before, "the table is read anew")


@pytest.mark.window
def test_a_feeds_toml_that_is_wrong_is_told_and_the_rest_works(qapp: Any, seat: Seat) -> None:
    told: list[str] = []
    seat.readings.lost.connect(lambda fault: told.append(fault.happened))
    (seat.desk.profile.root / "feeds.toml").write_text("[[feed]]\nname = 3\n", "utf-8")
    seat.start()
    _until(qapp, lambda: seat.boards.alarms.count("unacked") == 3, "three alarms")
    assert any("feeds.toml" in each for each in told)
