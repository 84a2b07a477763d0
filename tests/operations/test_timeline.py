"""What the timeline tells: one line a dispatch with the names, and only what waits says that it waits."""

from __future__ import annotations

from tests.operations.conftest import FIRE, GAS
from weihai_command.operations import acts, queries, syncing


def told(desk):
    return [(line["text"], line["sync"]) for line in queries.timeline(desk, GAS)]


def test_a_dispatch_names_its_units_and_is_told_once(desk):
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE])
    assert told(desk) == [("派遣 消防101：处置中", "pending")]


def test_steps_that_the_platform_has_no_longer_wait(desk):
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE])
    acts.status(desk, FIRE, "dispatched")
    syncing.sync(desk)
    acts.status(desk, FIRE, "en_route")
    assert told(desk) == [("消防101 途中", "pending"), ("消防101 已派遣", "synced"), ("派遣 消防101：处置中", "synced")]
