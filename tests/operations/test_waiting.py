"""A conflict about a unit is told by its call sign, and nothing in it reads as an id."""

from __future__ import annotations

import re

from tests.operations.conftest import FIRE, GAS
from weihai_command.boards.field_words import readable
from weihai_command.operations import acts, queries, syncing


def test_a_conflict_about_a_unit_names_it_and_where_it_is(desk, twin):
    acts.dispatch(desk, GAS, [FIRE])
    flood = "33333333-0000-4000-8000-000000000009"
    twin.load([("incidents", {"id": flood, "number": "应0009C", "title": "积水", "track": "emergency", "state": "active", "history": []})])
    there = twin.get("units", FIRE)
    twin.patch("units", FIRE, {"state": "dispatching", "incident_id": flood, "assignment_id": "44444444-0000-4000-8000-000000000009"}, there["last_modified"], "stranger")
    syncing.sync(desk)
    (raw,) = queries.conflicts(desk)
    assert (raw["kind"], raw["number"], raw["name"]) == ("units", "应0001A", "消防101")
    told = {field["field"]: (field["base"], field["mine"], field["theirs"]) for field in readable(raw, {})["fields"]}
    assert told["incident_id"] == ("空", "应0001A", "应0009C") and told["assignment_id"] == ("空", "应0001A 的派遣单", "另一张派遣单")
    assert not [value for sides in told.values() for value in sides if re.search(r"[0-9a-f]{8}-", value)]


def test_a_conflict_about_an_incident_names_the_units_of_its_list(desk, twin):
    acts.dispatch(desk, GAS, [FIRE])
    twin.patch("incidents", GAS, {"phone": "x"}, twin.get("incidents", GAS)["last_modified"], "stranger")
    syncing.sync(desk)
    (raw,) = queries.conflicts(desk)
    assert raw["name"] == "" and {field["field"]: field["mine"] for field in readable(raw, {})["fields"]}["unit_ids"] == "消防101"
