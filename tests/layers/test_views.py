"""Saved views: what is kept is what comes back, and damaged settings are left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from layers.page_feeds import PageFeeds
from layers.views import LONGEST, MOST, MapViews
from layers.views_popup import ViewsPopup


class Map:
    """Feeds and views, switched like the map does it."""

    def __init__(self, parent: QObject) -> None:
        self.feeds = PageFeeds("dark", parent)
        self.views = MapViews(self.feeds, self.feeds.visible.__setitem__, self.feeds.opacity.__setitem__, parent)
        self.kept: list[Any] = []
        self.views.changed.connect(self.kept.append)


@pytest.fixture
def parent(qapp):
    made = QWidget()
    yield made
    made.deleteLater()


@pytest.fixture
def city(parent) -> Map:
    return Map(parent)


def test_a_view_brings_back_place_layers_and_strength(city, parent):
    city.feeds.settle(122.5, 37.1, 13)
    city.feeds.visible["facilities"] = city.feeds.visible["video_points.down"] = False
    city.feeds.opacity["video_points"] = 0.4
    assert city.views.save("  石岛\n港 ") == "石岛 港"
    other = Map(parent)
    other.views.load(json.loads(json.dumps(city.kept[-1])))
    other.feeds.opacity["units"] = 0.3
    other.views.show("石岛 港")
    assert (other.feeds.view["lon"], other.feeds.view["lat"], other.feeds.view["zoom"]) == (122.5, 37.1, 13)
    assert other.feeds.visible == city.feeds.visible
    assert other.feeds.opacity["video_points"] == 0.4 and other.feeds.opacity["units"] == 1.0


def test_a_kept_view_does_not_follow_the_map(city):
    city.views.save("一")
    city.feeds.visible["units"] = False
    assert city.kept[-1][0]["visible"]["units"] is True


def test_names_are_short_one_each_and_not_without_end(city):
    assert city.views.save("   ") == "" and city.kept == []
    assert len(city.views.save("长" * 50)) == LONGEST
    for number in range(MOST + 5):
        city.views.save(f"视图 {number}")
    assert len(city.views.names()) == MOST
    city.views.save("视图 0")
    assert len(city.views.names()) == MOST
    city.views.drop("视图 0")
    assert "视图 0" not in city.views.names() and len(city.kept[-1]) == MOST - 1


@pytest.mark.parametrize("kept", [None, "x", {"a": 1}, [1, None, "x"], [{"name": "一"}], [{"name": 3, "lon": 1, "lat": 1, "zoom": 9}],
                                  [{"name": "一", "lon": float("nan"), "lat": 37, "zoom": 9}], [{"name": "一", "lon": 122, "lat": 137, "zoom": 9}]])
def test_damaged_settings_give_no_view(city, kept):
    city.views.load(kept)
    assert city.views.names() == []


def test_what_another_edition_knew_is_left_out(city):
    city.views.load([{"name": "一", "lon": 122, "lat": 37, "zoom": 9, "visible": {"drones": False, "units": "no", "sensors": False}, "opacity": {"drones": 1}}])
    before = set(city.feeds.visible)
    city.views.show("一")
    assert set(city.feeds.visible) == before and city.feeds.visible["sensors"] is False and city.feeds.visible["units"] is True
    assert "drones" not in city.feeds.opacity


def test_the_list_is_used_by_keys_alone(city, parent):
    popup = ViewsPopup(city.views, parent)
    popup.open()
    popup.field.setText("北岸")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert city.views.names() == ["北岸"] and popup.field.text() == "" and "北岸" in popup._remark.text()
    QTest.keyClick(popup.rows[0], Qt.Key.Key_Down)
    assert popup.focusWidget() is popup.field
    city.feeds.visible["units"] = False
    popup.open()
    QTest.keyClick(popup.rows[0], Qt.Key.Key_Space)
    assert city.feeds.visible["units"] is True and popup.isHidden()
    popup.open()
    QTest.keyClick(popup.rows[0], Qt.Key.Key_Delete)
    assert city.views.names() == [] and popup.rows == []
    popup.hide()


def test_a_view_of_an_edition_without_fields_shows_them_all(city):
    city.feeds.visible["sensors@water"] = False
    city.views.load([{"name": "一", "lon": 122, "lat": 37, "zoom": 9, "visible": {"sensors": True, "sensors@police": False}}])
    city.views.show("一")
    assert city.feeds.visible["sensors@water"] is True and city.feeds.visible["sensors@police"] is False
