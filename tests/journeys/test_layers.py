"""The layers panel in the whole seat over the sample city: the tree by field, ages, and what is kept for each role."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.window]


@pytest.fixture
def open_seat(qapp: Any, tmp_path: Path) -> Iterator[Any]:
    """Opens the seat, and the same one again after `close`."""
    from layers.map_view import MapView
    from weihai_command.operations import opening
    from weihai_command.seat import Seat

    made = []

    def start() -> Any:
        seat = Seat(opening.open_sample(tmp_path, "small"), MapView("dark", tmp_path / "cache"))
        made.append(seat)
        seat.window.resize(1920, 1080)
        seat.start()
        seat.window.show()
        return seat

    yield start
    for seat in made:
        seat.close()
        seat.window.deleteLater()
    qapp.processEvents()


def test_the_tree_counts_the_city_by_field_and_switches_the_map(open_seat: Any, until: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from layers.field_model import COUNT

    seat = open_seat()
    panel, feeds = seat.map.stage.panel, seat.map.feeds
    assert until(lambda: {"video_points", "sensors"} <= set(panel.tree.fields._counts)), "counted"
    words = [branch.word for branch in panel.tree.fields.branches]
    assert words == [word for word in ["市政", "水务", "气象", "交通", "海洋渔业", "生态", "公安", "应急", "其他"] if word in words] and "水务" in words
    top = panel.tree.fields.index(words.index("水务"), 0)
    assert int(top.data(COUNT).replace(",", "")) == sum(counts.get("water", (0,))[0] for counts in panel.tree.fields._counts.values())
    panel.segments["field"].click()
    panel.tree.setCurrentIndex(top)
    QTest.keyClick(panel.tree, Qt.Key.Key_Space)
    assert feeds.visible["sensors@water"] is False and feeds.visible["sensors@municipal"] is True
    assert panel.kinds.boxes["sensors"].checkState() == Qt.CheckState.PartiallyChecked
    assert until(lambda: panel.kinds.boxes["units"].toolTip() == "示例城市 · 内置") and seat.freshness.freshness("units") == (0, "")


def test_views_and_the_panels_look_belong_to_the_role(open_seat: Any) -> None:
    seat = open_seat()
    panel = seat.map.stage.panel
    panel.set_look({"segment": "field", "open": ["water"]})
    seat.map.set_layer_visible("sensors@police", False)
    seat.map.views.save("北岸")
    seat._keep_layout()
    seat._role = "leader"
    seat._restore_layout()
    assert seat.map.views.names() == [] and panel.look() == {"segment": "kind", "open": []}
    seat.map.set_layer_visible("sensors@police", True)
    seat.close()
    again = open_seat()
    assert again.map.views.names() == ["北岸"] and again.map.stage.panel.segment == "field"
    again.map.views.show("北岸")
    assert again.map.feeds.visible["sensors@police"] is False


def test_near_the_ground_the_row_below_says_where_the_view_is(open_seat: Any, until: Any) -> None:
    seat = open_seat()
    assert until(lambda: seat.map.extent is not None), "the page stands somewhere"
    assert seat.map.status.where == ""
    seat.map.show_place(122.1503, 37.4520, 16)
    assert until(lambda: seat.map.status.where == "皇冠街道")
    seat.map.show_place(122.13, 37.42, 10)
    assert until(lambda: seat.map.status.where == "")
