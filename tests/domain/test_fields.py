"""Which field a thing belongs to, by what it is or by what it says."""

from __future__ import annotations

import pytest

from weihai_command.domain.fields import FIELDS, OTHER, field_of, incident_field, unit_field
from weihai_command.domain.unit import KINDS
from weihai_command.operations import catalogue


def test_the_order_is_that_of_the_layer_tree() -> None:
    assert FIELDS == ("municipal", "water", "weather", "traffic", "marine", "ecology", "police", "emergency", "other")


@pytest.mark.parametrize("stored, field", [
    ("water", "water"), ("emergency", "emergency"), ("", OTHER), (None, OTHER), ("moon", OTHER), ("Water", OTHER), ("other", OTHER), (7, OTHER),
])
def test_a_stored_code_is_one_of_the_fields(stored: object, field: str) -> None:
    assert field_of(stored) == field


def test_every_kind_of_unit_has_a_field() -> None:
    told = {kind: unit_field(kind) for kind in KINDS}
    assert told == {
        "fire": "emergency", "rescue": "emergency", "medical": "emergency", "police": "police", "city": "municipal", "power": "municipal",
        "gas": "municipal", "drain": "water", "sea": "marine", "fish": "marine",
    }
    assert unit_field("drone") == unit_field(None) == OTHER


def test_every_type_of_incident_has_a_field() -> None:
    told = {code: incident_field(each.department, each.category, each.track) for code, each in catalogue.incident_types().items()}
    assert OTHER not in told.values()
    wanted = {
        "gas_leak": "emergency", "fire_house": "emergency", "drowning": "emergency", "medical": "emergency", "typhoon": "emergency",
        "traffic_accident": "traffic", "road_ice": "traffic", "road_flooding": "water", "pipe_burst": "water", "water_cut": "water",
        "oil_spill": "marine", "storm_surge": "marine", "pollution": "ecology", "dirty_water": "ecology", "noise": "ecology", "crowd": "police",
        "manhole_missing": "municipal", "garbage": "municipal", "heating_failure": "municipal", "stray_dog": "municipal",
    }
    assert {code: told[code] for code in wanted} == wanted


def test_every_category_of_the_words_is_known() -> None:
    assert all(incident_field(None, category, None) != OTHER for category in catalogue.words("category"))


def test_a_type_that_is_not_known_goes_by_its_department_then_by_its_track() -> None:
    assert incident_field("maritime", None, "emergency") == "marine"
    assert incident_field("fire", None, "emergency") == "emergency"
    assert incident_field(None, None, "municipal") == "municipal"
    assert incident_field(None, "space", None) == OTHER
