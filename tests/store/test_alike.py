"""Of thousands of open incidents only those are read that place, time and type speak for."""

from __future__ import annotations

import numpy as np
import pytest

from weihai_command.store import mirror
from weihai_command.store.alike import Open, alike

HERE = (122.1, 37.4, 3_000.0)
NOON = "2026-07-16T12:00:00+08:00"


def every(found: Open) -> np.ndarray:
    return np.arange(len(found.row))


def asked(store, near=HERE, days=None, choose=every) -> list[str]:
    return [row["id"] for row in alike(store, "gas_leak", ["gas_leak", "explosion"], near, days, choose)]


@pytest.fixture(autouse=True)
def city(store, incident) -> None:
    place = {"lon": 122.1, "lat": 37.4, "type": "gas_leak", "reported_at": NOON}
    mirror.apply(store, "incidents", [
        incident(1, **place), incident(2, **{**place, "type": "explosion", "reported_at": "now"}), incident(3, **{**place, "lon": 122.2}),
        incident(4, **place, state="ended"), incident(5, **{**place, "type": "noise", "lat": 37.41}), incident(6, type="gas_leak"),
        incident(7, type="gas_leak", reported_at="2026-07-10T12:00:00+08:00"),
    ])


def test_the_columns_tell_place_time_and_kinship(store) -> None:
    seen: list[Open] = []
    assert asked(store, choose=lambda found: [seen.append(found), every(found)][1]) == ["inc-1", "inc-2", "inc-5"]
    found, = seen
    assert found.kin.tolist() == [1.0, 0.5, 0.0] and np.allclose(found.lon, 122.1) and np.allclose(found.lat, [37.4, 37.4, 37.41])
    assert found.at[0] == 1_784_174_400 and np.isnan(found.at[1]), "what is no date is no time"


def test_without_a_place_the_same_type_of_these_days_or_of_no_known_time(store) -> None:
    assert asked(store, None, ("2026-07-15", "2026-07-18")) == ["inc-1", "inc-3", "inc-6"]
    assert asked(store, None) == ["inc-1", "inc-3", "inc-6", "inc-7"]


def test_only_what_is_chosen_is_read_and_what_has_open_steps_always(store, act) -> None:
    assert asked(store, choose=lambda found: np.array([1])) == ["inc-2"]
    assert asked(store, (0.0, 0.0, 10.0)) == []
    act("op-1", "inc-3", {"title": "改过"})
    act("op-2", "inc-9", {"title": "新报", "state": "new"}, method="create")
    found = alike(store, "gas_leak", [], HERE, None, lambda found: np.array([0]))
    assert [(row["id"], row["title"], row["sync"]) for row in found] == [
        ("inc-1", "海滨路积水 1", "synced"), ("inc-3", "改过", "pending"), ("inc-9", "新报", "pending"),
    ]
