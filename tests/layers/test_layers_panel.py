from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from layers.kind_list import MOST_SUSPECT
from layers.kinds import BY_KIND, FIELDS, field_key
from layers.layers_panel import LayersPanel
from weihai_command.domain.freshness import Freshness
from weihai_command.domain.movers import LATE


@pytest.fixture
def panel(qapp):
    stage = QWidget()
    yield LayersPanel(stage)
    stage.deleteLater()


def test_positions_in_doubt_are_counted_and_listed(panel):
    assert panel.kinds.doubts["units"].isHidden()
    panel.show_suspects("units", [("u-1", "hydro", "经纬度写反"), ("u&2", "", "在海里")])
    button = panel.kinds.doubts["units"]
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
    cameras, sensors = panel.kinds.options["video_points"], panel.kinds.options["sensors"]
    assert [box.text() for box in cameras.boxes.values()] == ["在线", "离线"]
    assert [box.isChecked() for box in sensors.boxes.values()] == [False, True, False]
    cameras.slider.setValue(40)
    cameras.boxes["video_points.down"].setChecked(False)
    assert faded == [("video_points", 0.4)] and switched == [("video_points.down", False)]


def test_a_switch_made_elsewhere_shows_in_every_box_and_tells_nobody(panel):
    faded, switched = heard(panel.faded), heard(panel.switched)
    panel.set_checked("sensors.normal", True)
    panel.set_opacity("units", 0.5)
    assert panel.kinds.boxes["sensors.normal"].isChecked() and panel.kinds.options["sensors"].boxes["sensors.normal"].isChecked()
    assert panel.kinds.options["units"].slider.value() == 50
    assert faded == switched == []


def test_the_line_of_quiet_points_brings_all_that_are_not_abnormal(panel):
    switched = heard(panel.switched)
    panel.kinds.boxes["sensors.normal"].setChecked(True)
    assert switched == [("sensors.normal", True), ("sensors.down", True)]


def test_options_tell_the_fields_when_they_are_opened(panel):
    asked = heard(panel.looked_into)
    options = panel.kinds.options["sensors"]
    options.open()
    assert asked == [("sensors",)]

    def texts():
        grid = options._fields
        return [grid.itemAt(at).widget().text() for at in range(grid.count())]

    panel.show_fields("sensors", [("水务", 1564, 52), ("<b>", 1, 0)])
    assert texts() == ["水务", "1,564", "异常与故障 52", "<b>", "1", ""]
    panel.show_fields("sensors", [("水务", 2, 0)])
    assert texts() == ["水务", "2", ""]
    options.hide()


COUNTS = {"sensors": {"water": (1564, 52, 3), "traffic": (9, 0, 0)}, "units": {"water": (2, 1, 0)}}


@pytest.fixture
def filled(panel):
    for kind, counts in COUNTS.items():
        panel.show_field_counts(kind, counts)
    return panel


def test_a_kind_with_a_hidden_field_has_a_dash_and_a_press_brings_it_whole(filled):
    switched, box = heard(filled.switched), filled.kinds.boxes["sensors"]
    filled.set_checked("sensors@water", False)
    assert box.checkState() == Qt.CheckState.PartiallyChecked and switched == []
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.checkState() == Qt.CheckState.Checked
    assert switched == [*((field_key("sensors", code), True) for code, _ in FIELDS), ("sensors", True)]
    switched.clear()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert switched == [("sensors", False)] and box.checkState() == Qt.CheckState.Unchecked


def test_a_field_that_a_kind_does_not_have_makes_no_dash(filled):
    filled.set_checked("sensors@police", False)
    assert filled.kinds.boxes["sensors"].checkState() == Qt.CheckState.Checked
    filled.set_checked("sensors@water", False)
    filled.set_checked("sensors@traffic", False)
    assert filled.kinds.boxes["sensors"].checkState() == Qt.CheckState.Unchecked


def test_the_row_speaks_of_its_age_only_when_it_is_late(panel):
    note = panel.kinds.notes["sensors"]
    panel.show_freshness("sensors", Freshness(0, "", ("水文站 · 16:42:00 · 8 秒前",)))
    assert note.isHidden() and panel.kinds.boxes["sensors"].toolTip() == "水文站 · 16:42:00 · 8 秒前"
    assert panel.kinds.options["sensors"]._sources.text() == "水文站 · 16:42:00 · 8 秒前"
    panel.show_freshness("sensors", Freshness(LATE, "过期 12 分", ("水文站",)))
    assert not note.isHidden() and note.note.text == "过期 12 分"
    panel.show_remark("sensors", "失联 3")
    assert note.note.text == "过期 12 分 · 失联 3" == panel.kinds.boxes["sensors"].accessibleDescription()
    panel.show_freshness("sensors", Freshness())
    panel.show_remark("sensors", "")
    assert note.isHidden()


def test_the_look_is_kept_and_damage_is_the_look_at_first(filled):
    filled.set_look({"segment": "field", "open": ["water", "nowhere"]})
    assert filled.segment == "field" and filled.look() == {"segment": "field", "open": ["water"]}
    for damaged in (None, [], {"segment": 3, "open": 7}):
        filled.set_look(damaged)
        assert filled.look() == {"segment": "kind", "open": []}


def test_the_panel_never_grows_beyond_its_room(filled):
    filled.fit(2_000)
    whole = filled.height()
    filled.show_freshness("units", Freshness(LATE, "过期 1 分"))
    filled.fit(2_000)
    assert filled.height() > whole
    filled.fit(120)
    assert filled.height() == 120
    filled.segments["field"].click()
    filled.tree.set_open(["water"])
    filled.fit(2_000)
    assert 120 < filled.height() < 2_000


def test_counts_have_separators_and_a_quiet_kind_has_two(panel):
    panel.show_counts(BY_KIND["sensors"], 21_564, 1_052)
    assert [panel.kinds._counts[key].text() for key in ("sensors", "sensors.normal")] == ["异常 1,052", "20,512"]
