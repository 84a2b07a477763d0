"""The rest of the big city's incidents: plain ones made from the list of types, by the shares of towns and villages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from weihai_command.domain.unit import Unit

from .sample_city_ground import Ground, ground, rng, words

OPEN_MUNICIPAL, ENDED_MUNICIPAL, OPEN_EMERGENCY, ENDED_EMERGENCY = 130, 60, 18, 12
STATES = ("reported", "verifying", "registered", "dispatched", "accepted", "handling", "handling", "handled", "checking", "returned", "suspended")
#: Emergency type → the kind of unit that goes there. Only what happens on land and every day.
EVERYDAY = {
    "traffic_accident": "police", "medical": "medical", "fire_house": "fire", "lift_trapped": "fire", "fire_vehicle": "fire", "public_order": "police",
    "person_missing": "police",
}  # fmt: skip
SOURCES = ("hotline_12345", "hotline_12345", "grid", "city_management", "video_ai", "public")


def more_incidents(units: Mapping[str, Unit]) -> Iterator[dict[str, Any]]:
    """Told incidents (as in resources/words/sample_city.toml), each with its rule of types.toml."""
    made, random, types = ground(), rng("more incidents"), words("types.toml")
    municipal = [code for code, rule in types.items() if rule["track"] == "municipal"]
    for number in range(OPEN_MUNICIPAL + ENDED_MUNICIPAL):
        code = municipal[int(random.integers(len(municipal)))]
        is_open = number < OPEN_MUNICIPAL
        yield _municipal(made, random, code, types[code], f"案{1400 + number}", is_open)
    free = {kind: [unit.name for unit in units.values() if unit.kind == kind and _is_spare(unit)] for kind in set(EVERYDAY.values())}
    for number in range(OPEN_EMERGENCY + ENDED_EMERGENCY):
        code = list(EVERYDAY)[int(random.integers(len(EVERYDAY)))]
        unit = free[EVERYDAY[code]].pop()
        yield _emergency(made, random, code, types[code], f"应{1001 + number:04d}", unit, number < OPEN_EMERGENCY)


def _is_spare(unit: Unit) -> bool:
    """Units of the told incidents have small numbers and are spoken for."""
    return unit.state == "available" and int(unit.name[2:]) >= (600 if unit.kind == "fire" else 50 if unit.kind == "police" else 10)


def _common(made: Ground, random: np.random.Generator, code: str, rule: dict[str, Any], number: str) -> dict[str, Any]:
    village = int(random.choice(len(made.share), p=made.share))
    town = made.towns[int(made.town[village])]
    title = f"{town.name}{made.villages[village]}{rule['name']}"
    return {"number": number, "type": code, "rule": rule, "town": town.name, "village": made.villages[village], "title": title}


def _municipal(
    made: Ground, random: np.random.Generator, code: str, rule: dict[str, Any], number: str, is_open: bool
) -> dict[str, Any]:
    row = _common(made, random, code, rule, number)
    state = STATES[int(random.integers(len(STATES)))] if is_open else "closed"
    age = float(random.integers(20, 600)) + (0 if is_open else 600)
    row |= {
        "text": f"反映{row['title']}，请核实处理。", "state": state, "priority": ("normal", "low", "low", "high")[int(random.integers(4))],
        "source": SOURCES[int(random.integers(len(SOURCES)))], "age": age, "since": round(age * float(random.uniform(0.1, 0.6)), 1),
    }  # fmt: skip
    reason = {"returned": "不属于本单位职责", "suspended": "等待材料"}.get(state)
    return row | ({"due": float(random.integers(-60, 480))} if is_open and state != "suspended" else {}) | ({"reason": reason} if reason else {})


def _emergency(
    made: Ground, random: np.random.Generator, code: str, rule: dict[str, Any], number: str, unit: str, is_open: bool
) -> dict[str, Any]:
    row = _common(made, random, code, rule, number)
    age = float(random.integers(8, 90)) + (0 if is_open else 120)
    state = ("dispatching", "en_route", "en_route", "on_scene", "on_scene")[int(random.integers(5))] if is_open else "available"
    sent, since = age - 1, 1.5 if state == "dispatching" else round(age * 0.4, 1)
    row |= {
        "text": f"{row['title']}，已通知就近力量。", "state": "active" if is_open else "ended", "grade": 4, "priority": "high",
        "source": "linked_110_119_120", "age": age, "since": age - 1, "units": [f"{unit} {state} {1.5 if state == 'dispatching' else sent} {since}"],
    }  # fmt: skip
    return row | ({"due": float(random.integers(5, 60))} if is_open else {"since": round(age * 0.3, 1), "outcome": "处置完毕"})
