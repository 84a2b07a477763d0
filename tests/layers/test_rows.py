from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from layers import rows
from layers.rows import PATCH, UNPLACED, WHOLE, KindRows
from weihai_command.domain.point_index import PointIndex
from weihai_command.domain.points import PointTable


def head(data: bytes) -> list[int]:
    return np.frombuffer(data, "<i4", 7).tolist()


def made(table: Callable[..., Any], count: int = 4) -> KindRows:
    places = [(122.0 + row / 10, 37.4) for row in range(count)]
    field = {"field": [1, *[0] * (count - 2), 1], "fields": ("water", "weather")}
    points = table("sensors", places, ("sen", "sen-r"), labels={1: "一号"}, **field)
    points.lon[-1] = np.nan
    return KindRows(PointIndex(points), version=5)


def test_a_new_page_gets_the_whole_table(table: Callable[..., Any]) -> None:
    data = made(table).answer(0)
    _, mode, version, count, meta, placed, crowded = head(data)
    assert (mode, version, count, placed, crowded) == (WHOLE, 5, 4, 3, 0)
    x = np.frombuffer(data, "<f4", 4, 32)
    assert np.allclose(x[:3] + rows.ORIGIN[0], [122 / 360 + 0.5, 122.1 / 360 + 0.5, 122.2 / 360 + 0.5], atol=1e-9)
    assert sorted(np.frombuffer(data, "<i4", 3, 32 + 32).tolist()) == [0, 1, 2]
    flags = np.frombuffer(data, np.uint8, 4, 32 + 32 + 12 + 4)
    assert flags.tolist() == [0, 0, 0, UNPLACED]
    assert np.frombuffer(data, np.uint8, 4, 32 + 32 + 12 + 8).tolist() == [1, 0, 0, 1]
    assert json.loads(data[-meta:]) == {"symbols": ["sen", "sen-r"], "fields": ["water", "weather"], "labels": {"1": "一号"}}
    assert len(data) == 32 + 11 * 4 + 4 * 3 + meta


def test_a_page_that_lags_gets_the_changed_rows_once(table: Callable[..., Any]) -> None:
    kept = made(table)
    kept.patch(np.array([2, 0]), np.array([1, 1], np.uint8), np.array([1, 1], np.uint8))
    kept.patch(np.array([2]), np.array([0], np.uint8), np.array([0], np.uint8))
    data = kept.answer(5)
    assert head(data)[1:4] == [PATCH, 7, 2]
    assert np.frombuffer(data, "<i4", 2, 32).tolist() == [0, 2]
    assert list(data[40:]) == [1, 0, 1, 0]
    assert np.frombuffer(kept.answer(6), "<i4", 1, 32).tolist() == [2]


def test_a_page_from_before_the_geometry_or_from_nowhere_gets_all(table: Callable[..., Any]) -> None:
    kept = made(table)
    assert head(kept.answer(4))[1] == WHOLE
    assert head(kept.answer(99))[1] == WHOLE
    assert head(kept.answer(5))[1:4] == [PATCH, 5, 0]


def test_patches_beyond_the_limit_are_forgotten(table: Callable[..., Any], monkeypatch: Any) -> None:
    monkeypatch.setattr(rows, "_PATCH_LIMIT", 3)
    kept = made(table)
    for _ in range(3):
        kept.patch(np.array([0, 1]), np.zeros(2, np.uint8), np.zeros(2, np.uint8))
    assert head(kept.answer(5))[1] == WHOLE
    assert head(kept.answer(7))[1:4] == [PATCH, 8, 2]


def changed(table: PointTable, **what: Any) -> PointIndex:
    """An index of the same places with other states or labels."""
    return PointIndex(table).of(replace(table, **what))


def test_a_table_of_the_same_places_is_a_patch(table: Callable[..., Any]) -> None:
    kept = made(table)
    one = changed(kept.table, symbol=np.array([0, 1, 0, 0], np.uint8), labels={1: "二号"})
    assert kept.follow(one) and kept.table is one.table
    data = kept.answer(5)
    _, mode, version, count, meta, *_ = head(data)
    assert (mode, version, count) == (PATCH, 6, 1) and data[32:38] == np.array([1], "<i4").tobytes() + bytes([1, 0])
    assert json.loads(data[38:]) == {"labels": {"1": "二号"}} and len(data) == 38 + meta
    assert kept.follow(changed(kept.table, flags=np.array([1, 0, 0, 0], np.uint8)))
    assert head(kept.answer(6))[1:5] == [PATCH, 7, 1, 0], "a page that has the label is not told it again"
    assert head(kept.answer(4))[1] == WHOLE and json.loads(kept.answer(4)[-head(kept.answer(4))[4] :])["labels"] == {"1": "二号"}


def test_a_table_of_other_places_or_fields_is_none(table: Callable[..., Any]) -> None:
    kept = made(table)
    old = kept.table
    for other in ({"ids": list(old.ids)}, {"lon": old.lon.copy()}, {"lat": old.lat.copy()}, {"field": np.zeros(4, np.uint8)}, {"symbols": ("sen", "sen-y")}, {"labels": {}}):
        assert not kept.follow(changed(old, **other))
    assert kept.table is old and kept.version == 5
