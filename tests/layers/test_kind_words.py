from __future__ import annotations

from layers.kind_words import word_of


def test_what_holds_vessels_and_vehicles_says_both_and_each_within_its_field():
    assert (word_of("movers"), word_of("movers", "marine"), word_of("movers", "traffic")) == ("船舶车辆", "船舶", "车辆")
    assert word_of("sensors") == word_of("sensors", "water") == "传感器"
