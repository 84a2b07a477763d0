"""The rules as data: what the program's own file says, what a sensor says itself, and what is refused."""

from __future__ import annotations

import math
import tomllib
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

from weihai_command.domain.alarm_rules import LINK, AlarmRules, Rule, columns, own_rule, rules_of
from weihai_command.domain.faults import StoreFault

WORDS = files("resources") / "words"


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((WORDS / name).read_text("utf-8"))


@pytest.fixture(scope="module")
def rules() -> AlarmRules:
    return rules_of(table("alarm_rules.toml"), "alarm_rules.toml")


def test_every_quantity_of_the_city_has_its_rule_and_the_limits_of_its_table(rules: AlarmRules) -> None:
    quantities = table("quantities.toml")
    assert set(rules.quantities) == set(quantities)
    for code, row in quantities.items():
        for side in ("high", "low"):
            steps = getattr(rules.rule(code), side)
            assert row.get(side) is None or steps[0][0] == row[side], code
            assert all(rules.rule(code).valid[0] <= limit <= rules.rule(code).valid[1] for limit, _ in steps), code


def test_the_ten_fields_and_the_types_are_there(rules: AlarmRules) -> None:
    assert {"供水", "供热", "燃气", "水利", "气象", "空气", "交通", "海洋", "管廊", "桥梁"} <= set(rules.causes.values())
    types = table("types.toml")
    for rule in rules.quantities.values():
        assert rule.cause in rules.causes and (not rule.incident or rule.incident in types) and rule.priority in {"urgent", "high", "normal", "low"}
    assert {rules.causes[rule.cause] for rule in rules.quantities.values()} | {rules.causes[LINK]} == set(rules.causes.values())


def test_the_alarms_of_the_sample_city(rules: AlarmRules) -> None:
    found = {code: [severity for limit, severity in rules.rule(code).high if value > limit][-1]
             for code, value in (("pump_level", 4.62), ("gas_concentration", 0.9), ("road_water", 18.0))}
    assert found == {"pump_level": 2, "gas_concentration": 3, "road_water": 3}


def test_a_cause_groups_what_belongs_together(rules: AlarmRules) -> None:
    assert rules.cause("water_pressure", "low") == rules.cause("turbidity", "high") == "supply"
    assert rules.cause("water_pressure", "silence") == rules.cause("gas_pressure", "silence") == LINK
    assert rules.cause("unheard_of", "high") == "unheard_of"


@pytest.mark.parametrize(("sensor", "high", "low"), [
    ({}, ((4.2, 2), (4.8, 1)), ((0.5, 3),)),
    ({"high": 3.0}, ((3.0, 2), (3.6, 1)), ((0.5, 3),)),
    ({"low": 0.2, "high": None}, ((4.2, 2), (4.8, 1)), ((0.2, 3),)),
    ({"high": math.nan, "low": True}, ((4.2, 2), (4.8, 1)), ((0.5, 3),)),
    ({"limits": {"high": [[9.0, 1], [5.0, 3]]}, "high": 3.0}, ((5.0, 3), (9.0, 1)), ((0.5, 3),)),
    ({"limits": {"low": []}}, ((4.2, 2), (4.8, 1)), ()),
    ({"limits": {"high": "none"}, "high": 3.0}, ((3.0, 2), (3.6, 1)), ((0.5, 3),)),
    ({"limits": ["high"]}, ((4.2, 2), (4.8, 1)), ((0.5, 3),)),
])
def test_a_sensors_own_limits_win(sensor: dict[str, Any], high: Any, low: Any) -> None:
    found = own_rule({"quantity": "q", **sensor}, AlarmRules({"q": Rule(high=((4.2, 2), (4.8, 1)), low=((0.5, 3),))}))
    assert np.allclose(np.array(found.high), np.array(high)) and np.allclose(np.array(found.low), np.array(low))


def test_what_no_rule_names_goes_by_its_own_limits(rules: AlarmRules) -> None:
    found = own_rule({"quantity": "new", "high": 7.0}, rules)
    assert (found.high, found.low, found.silence) == (((7.0, 3),), (), 3.0)


def test_columns_share_rules_and_pad_ladders() -> None:
    known = AlarmRules({"q": Rule(high=((4.2, 2), (4.8, 1)), silence=5), "r": Rule(low=((2.0, 3),), silence=0)})
    made = columns([{"quantity": "q", "period_s": 60.0}, {"quantity": "r", "period_s": -1}, {"quantity": "q", "period_s": 60.0, "high": 4.0}], known)
    assert len(made) == 3 and made.limit.shape == (2, 3, 4)
    assert made.limit[0].tolist() == [[4.2, 4.8, math.inf, math.inf], [math.inf] * 4, [4.0, pytest.approx(4.6), math.inf, math.inf]]
    assert made.limit[1, 1].tolist() == [-2.0, math.inf, math.inf, math.inf]
    assert made.silence.tolist() == [300.0, math.inf, 300.0] and made.gap.tolist() == [300.0, 1800.0, 300.0]
    assert len(columns([], known)) == 0


@pytest.mark.parametrize("row", [
    {"high": [[1.0, 3], [1.0, 2]]}, {"high": [[1.0, 2], [2.0, 3]]}, {"high": [[1.0, 0]]}, {"high": [["x", 1]]}, {"low": [[math.inf, 1]]},
    {"high": [[1, 5], [2, 4], [3, 3], [4, 2], [5, 1]]}, {"hysteresis": -1}, {"duration_s": "long"}, {"silence_severity": 9}, {"valid": [1.0, "x"]},
    {"repetition": [3]}, {"speling": 1},
])
def test_a_rule_that_cannot_be_used_is_named(row: dict[str, Any]) -> None:
    with pytest.raises(StoreFault, match="pump_level") as told:
        rules_of({"quantity": {"pump_level": row}}, "alarm_rules.toml")
    assert told.value.code == "bad_rules"


def test_without_tables_there_are_the_programs_own() -> None:
    assert rules_of({}, "x") == AlarmRules()
    assert rules_of({"chatter": {"times": 2}, "escalation": {"1": [30, 10]}}, "x").settings.steps == {1: (10.0, 30.0)}
    with pytest.raises(StoreFault, match="escalation"):
        rules_of({"escalation": {"8": [1]}}, "x")
