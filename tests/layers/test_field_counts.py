"""Counts by field against a look at every point, and the words and keys of fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from layers.field_counts import field_counts
from layers.kinds import FIELDS, LAYERS, field_key, state_of
from layers.mover_rows import MOVER_FIELDS, MoverRows
from layers.page_feeds import PageFeeds
from weihai_command.domain import fields
from weihai_command.domain.movers import LATE, LOST, RESTS, TAIL, VEHICLE, MoverFrame
from weihai_command.domain.points import ABNORMAL, CLOSED
from weihai_command.operations import catalogue

SYMBOLS = ("sen", "sen-r", "sen-s", "cam-x")


def test_counts_are_those_of_a_look_at_every_point(table: Callable[..., Any]) -> None:
    random = np.random.default_rng(6)
    places = [(122.0, 37.4)] * 2000
    symbol, field = random.integers(0, 4, 2000), random.integers(0, 9, 2000)
    flags = random.choice([0, ABNORMAL, CLOSED, ABNORMAL | CLOSED], 2000)
    points = table("sensors", places, SYMBOLS, symbol=symbol, flags=flags, field=field, fields=fields.FIELDS)
    points.lon[::7] = np.nan
    seen = {code: [0, 0, 0] for code in fields.FIELDS}
    for row in range(2000):
        if row % 7 == 0:
            continue
        state = state_of(SYMBOLS[symbol[row]], bool(flags[row] & ABNORMAL))
        state = "down" if flags[row] == CLOSED else state
        told = seen[fields.FIELDS[field[row]]]
        told[0] += 1
        told[1] += state == "abnormal"
        told[2] += state == "down"
    assert field_counts(points) == {code: tuple(told) for code, told in seen.items()}


def test_fields_without_points_and_tables_without_either_say_nothing(table: Callable[..., Any]) -> None:
    one = table("facilities", [(122.0, 37.4)], ("f-pump",), field=[1], fields=fields.FIELDS)
    assert field_counts(one) == {"water": (1, 0, 0)}
    assert field_counts(table("facilities", [], ())) == {}
    assert field_counts(table("facilities", [(122.0, 37.4)])) == {"other": (1, 0, 0)}


def test_movers_count_as_vessels_and_vehicles_with_the_lost_among_them() -> None:
    look = np.array([0, RESTS, LATE, LOST, VEHICLE, VEHICLE | LOST | RESTS, 0], np.uint8)
    lon = np.array([122.0] * 6 + [np.nan])
    none = np.empty(0, np.int64)
    rows = MoverRows()
    rows.take(MoverFrame(7, np.arange(7), lon, np.full(7, 37.0), np.zeros(7, np.float32), look, none, np.empty((0, TAIL, 2)), [*"abcdefg"]))
    points = rows.table()
    assert [points.symbols[code] for code in points.symbol] == ["way", "rest", "late", "lost", "way", "lost", "way"]
    assert field_counts(points) == {"marine": (4, 0, 1), "traffic": (2, 0, 1)}


def test_the_panel_has_the_codes_and_words_of_the_city() -> None:
    assert tuple(code for code, _ in FIELDS) == fields.FIELDS
    assert dict(FIELDS) == catalogue.words("field") | {"other": "其他"}
    assert set(MOVER_FIELDS) <= set(fields.FIELDS)


def test_every_field_of_every_kind_starts_shown(qapp: Any) -> None:
    visible = PageFeeds("dark").visible
    assert all(visible[field_key(spec.kind, code)] is True for spec in LAYERS for code, _ in FIELDS)
    assert field_key("sensors", "water") == "sensors@water"
