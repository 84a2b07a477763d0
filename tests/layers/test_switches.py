from __future__ import annotations

from layers.kinds import FIELDS, field_key
from layers.switches import ALL, NONE, SOME, is_shown, kind_state, of_many, turn_field, turn_kind


def after(on, turns):
    return {**on, **dict(turns)}


def test_a_kind_comes_whole_and_goes_alone():
    on = after({"units@water": False}, turn_kind("units", True))
    assert all(is_shown(on, "units", code) for code, _ in FIELDS)
    assert turn_kind("units", False) == [("units", False)]


def test_a_field_is_switched_by_itself_while_its_kind_is_on():
    assert turn_field({}, "units", "water", False) == [("units@water", False)]
    assert turn_field({"units": True}, "units", "water", True) == [("units@water", True)]


def test_a_field_of_a_kind_that_is_off_comes_without_the_others():
    on = after({"units": False}, turn_field({"units": False}, "units", "water", True))
    assert [code for code, _ in FIELDS if is_shown(on, "units", code)] == ["water"]


def test_the_state_of_a_kind_counts_the_fields_that_it_has():
    on = {field_key("units", "water"): False}
    assert kind_state(on, "units", ["water", "police"]) == SOME
    assert kind_state(on, "units", ["police"]) == ALL and kind_state(on, "units", ["water"]) == NONE
    assert kind_state(on, "units", []) == ALL and kind_state({"units": False}, "units", ["police"]) == NONE
    assert (of_many([True, False]), of_many([True]), of_many([False])) == (SOME, ALL, NONE)
