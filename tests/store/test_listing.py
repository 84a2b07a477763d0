"""A list is in doubt from when it is written until the units are read after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weihai_command.store import listing, mirror
from weihai_command.store.store import Store


def test_a_list_written_after_the_units_were_asked_for_is_newer_than_they_are(store: Store, incident: Callable[..., dict[str, Any]]) -> None:
    assert listing.newest(store) == 0
    mirror.apply(store, "incidents", [incident(1), incident(2)])
    assert not listing.is_older(store, "inc-1")
    asked = listing.newest(store)
    mirror.put(store, "incidents", incident(2, 2))
    listing.units_read(store, asked)
    assert [listing.is_older(store, each) for each in ("inc-1", "inc-2", "inc-3")] == [False, True, False]
    listing.units_read(store, listing.newest(store))
    assert not listing.is_older(store, "inc-2")
    assert mirror.cursor(store, "units") is None
