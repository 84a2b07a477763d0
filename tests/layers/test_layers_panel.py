from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget

from layers.layers_panel import MOST_SUSPECT, LayersPanel


@pytest.fixture
def panel(qapp):
    stage = QWidget()
    yield LayersPanel(stage)
    stage.deleteLater()


def test_positions_in_doubt_are_counted_and_listed(panel):
    assert panel._doubts["units"].isHidden()
    panel.show_suspects("units", [("u-1", "hydro", "经纬度写反"), ("u&2", "", "在海里")])
    button = panel._doubts["units"]
    assert not button.isHidden() and button.text() == "可疑 2"
    assert [action.text() for action in panel.suspects("units").actions()] == ["u-1 · hydro · 经纬度写反", "u&&2 · 在海里"]
    panel.show_suspects("units", [])
    assert button.isHidden()


def test_a_long_list_says_how_many_more(panel):
    panel.show_suspects("sensors", [(f"s-{place}", "", "缺经度") for place in range(MOST_SUSPECT + 5)])
    texts = [action.text() for action in panel.suspects("sensors").actions()]
    assert len(texts) == MOST_SUSPECT + 1 and texts[-1] == "另有 5 条"


def heard(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def test_each_layer_has_a_strength_and_its_states(panel):
    faded, switched = heard(panel.faded), heard(panel.switched)
    cameras, sensors = panel._options["video_points"], panel._options["sensors"]
    assert [box.text() for box in cameras.boxes.values()] == ["在线", "离线"]
    assert [box.isChecked() for box in sensors.boxes.values()] == [False, True, False]
    cameras.slider.setValue(40)
    cameras.boxes["video_points.down"].setChecked(False)
    assert faded == [("video_points", 0.4)] and switched == [("video_points.down", False)]


def test_a_switch_made_elsewhere_shows_in_every_box_and_tells_nobody(panel):
    faded, switched = heard(panel.faded), heard(panel.switched)
    panel.set_checked("sensors.normal", True)
    panel.set_opacity("units", 0.5)
    assert panel._boxes["sensors.normal"].isChecked() and panel._options["sensors"].boxes["sensors.normal"].isChecked()
    assert panel._options["units"].slider.value() == 50
    assert faded == switched == []


def test_the_line_of_quiet_points_brings_all_that_are_not_abnormal(panel):
    switched = heard(panel.switched)
    panel._boxes["sensors.normal"].setChecked(True)
    assert switched == [("sensors.normal", True), ("sensors.down", True)]


def test_options_tell_the_fields_when_they_are_opened(panel):
    asked = heard(panel.looked_into)
    options = panel._options["sensors"]
    options.open()
    assert asked == [("sensors",)]

    def texts():
        grid = options._fields
        return [grid.itemAt(at).widget().text() for at in range(grid.count())]

    panel.show_fields("sensors", [("水务", 1564, 52), ("<b>", 1, 0)])
    assert texts() == ["水务", "1,564", "异常 52", "<b>", "1", ""]
    panel.show_fields("sensors", [("水务", 2, 0)])
    assert texts() == ["水务", "2", ""]
    options.hide()
