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
