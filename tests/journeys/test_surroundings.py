"""The surroundings of an incident in the whole seat over the sample city: ring, list, map and audit together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.seats import seated

pytestmark = [pytest.mark.journey, pytest.mark.window]


@pytest.fixture
def seat(qapp: Any, tmp_path: Path) -> Iterator[Any]:
    with seated(qapp, tmp_path, size=(1920, 1080)) as made:
        yield made


def test_a_camera_near_the_incident_is_found_lit_and_opened_by_keys(seat: Any, until: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from weihai_command.operations import queries

    nearby, feeds = seat.nearby, seat.map.feeds
    incident = next(row for row in queries.incidents(seat.desk) if str(row.get("number", "")).startswith("应0417"))
    seat.window.open_incident(incident["id"])
    assert until(lambda: nearby.board.found is not None), "asked"
    assert feeds.scene()["ring"]["radii"] == [2_000.0, 5_000.0]
    assert until(lambda: {"video_points", "incidents"} <= set(feeds.index)), "the map has its points"
    seat.window.detail.open_nearby()
    camera = nearby.board.rows()[0]
    assert until(lambda: feeds.scene()["lit"] == {"kind": "video_points", "row": feeds.row("video_points", camera.id)})
    QTest.keyClick(nearby.section.list, Qt.Key.Key_Return)
    assert until(lambda: nearby.section.card.text()), "the card"
    assert camera.name in nearby.section.card.text()
    assert [(row["verb"], row["subject"]) for row in queries.audit(seat.desk) if row["verb"] == "open_camera"] == [("open_camera", camera.name)]
    seat.map.web.bridge.ring_seen.emit(1_040.0, True)
    assert nearby.board.radius_m == 1_000.0 and feeds.scene()["ring"]["radii"] == [1_000.0]
    assert until(lambda: nearby.board.found.radius_m == 1_000.0), "asked anew"


def test_saved_views_are_kept_in_the_profile(seat: Any) -> None:
    from weihai_command.store.profile import read_settings

    assert seat.map.views.save("北岸") == "北岸"
    assert [view["name"] for view in read_settings(seat.desk.profile.root)["views-officer"]] == ["北岸"]
