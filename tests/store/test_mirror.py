"""Newer versions win, tombstones remove, unknown fields stay, and no transaction holds an officer up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from weihai_command.domain.faults import Usage
from weihai_command.store import mirror
from weihai_command.store.mirror import Applied
from weihai_command.store.store import Store

Make = Callable[..., dict[str, Any]]


def test_only_newer_rows_are_taken(store: Store, incident: Make) -> None:
    assert mirror.apply(store, "incidents", [incident(1, 5), incident(2, 5)]) == Applied(inserted=2)
    assert mirror.apply(store, "incidents", [incident(1, 5, title="same"), incident(2, 4, title="old"), incident(3)]) == Applied(inserted=1)
    assert mirror.apply(store, "incidents", [incident(1, 6, title="new")]) == Applied(updated=1)
    assert mirror.versions(store, "incidents") == {"inc-1": 6, "inc-2": 5, "inc-3": 1}
    assert (mirror.get(store, "incidents", "inc-1") or {})["title"] == "new"
    assert mirror.version(store, "incidents", "inc-2") == 5 and mirror.version(store, "incidents", "none") is None


def test_of_one_id_twice_in_a_page_the_newest_counts(store: Store, incident: Make) -> None:
    assert mirror.apply(store, "incidents", [incident(1, 9, title="new"), incident(1, 3, title="old")]).inserted == 1
    assert (mirror.get(store, "incidents", "inc-1") or {})["title"] == "new"


def test_tombstones_remove_unless_ours_is_newer(store: Store, incident: Make) -> None:
    mirror.apply(store, "incidents", [incident(1, 5), incident(2, 5), incident(3, 5)])
    applied = mirror.apply(store, "incidents", [], [("inc-1", 6), ("inc-2", 4), ("unknown", 9)])
    assert applied == Applied(deleted=1)
    assert set(mirror.versions(store, "incidents")) == {"inc-2", "inc-3"}
    assert mirror.delete(store, "incidents", ["inc-2", "inc-3", "unknown"]) == 2


def test_unknown_fields_and_wrong_types_stay_in_the_record(store: Store, incident: Make) -> None:
    odd = incident(1, grade="high", lon="122.1", lat=[37], colour={"a": 1}, title=5, schema=3)
    mirror.apply(store, "incidents", [odd])
    assert mirror.get(store, "incidents", "inc-1") == odd
    with store.mirror_read() as db:
        assert db.execute("SELECT grade, lon, lat, title FROM mirror_incidents").fetchone() == (None, 122.1, None, "5")


@pytest.mark.parametrize("broken", [{"title": "no id", "last_modified": 1}, {"id": "x", "last_modified": "1"}, {"id": "x"}])
def test_a_record_without_id_or_version_stops_the_whole_call(store: Store, incident: Make, broken: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        mirror.apply(store, "incidents", [incident(1), broken])
    assert mirror.count(store, "incidents") == 0


def test_put_takes_a_reply_and_says_whether_it_was_news(store: Store, incident: Make) -> None:
    assert mirror.put(store, "incidents", incident(1, 5))
    assert not mirror.put(store, "incidents", incident(1, 5)) and not mirror.put(store, "incidents", incident(1, 4))
    assert mirror.put(store, "incidents", incident(1, 6))


def test_feeds_share_a_kind_and_are_counted_apart(store: Store, incident: Make) -> None:
    mirror.apply(store, "incidents", [incident(1)])
    mirror.apply(store, "incidents", [incident(2), incident(3)], feed="quakes")
    assert mirror.count(store, "incidents") == 3 and mirror.count(store, "incidents", "quakes") == 2
    assert set(mirror.versions(store, "incidents", "quakes")) == {"inc-2", "inc-3"}
    assert set(mirror.versions(store, "incidents")) == {"inc-1"}


def test_cursors_by_kind_and_feed(store: Store) -> None:
    assert mirror.cursor(store, "units") is None
    mirror.set_cursor(store, "units", 1_700_000_000_123)
    mirror.set_cursor(store, "units", 7, "other", server_time=1.5)
    mirror.set_cursor(store, "units", 8, "other")
    assert mirror.cursor(store, "units") == 1_700_000_000_123 and mirror.cursor(store, "units", "other") == 8
    mirror.forget_cursor(store, "units", "other")
    assert mirror.cursor(store, "units", "other") is None and mirror.cursor(store, "units") is not None


def test_the_stamp_moves_with_every_change_of_its_kind_only(store: Store, incident: Make) -> None:
    seen = [mirror.stamp(store, "incidents")]
    units = mirror.stamp(store, "units")
    for change in (
        lambda: mirror.apply(store, "incidents", [incident(1)]),
        lambda: mirror.put(store, "incidents", incident(1, 2)),
        lambda: mirror.bulk(store, "incidents", [incident(2)]),
        lambda: mirror.delete(store, "incidents", ["inc-1"]),
        lambda: mirror.apply(store, "incidents", [], [("inc-2", 9)]),
    ):
        change()
        seen.append(mirror.stamp(store, "incidents"))
    assert len(set(seen)) == len(seen)
    mirror.apply(store, "incidents", [], [("nobody", 9)])
    assert mirror.stamp(store, "incidents") == seen[-1] and mirror.stamp(store, "units") == units


def test_bulk_is_all_or_nothing_and_keeps_its_indexes(store: Store, incident: Make) -> None:
    def cut() -> Any:
        yield incident(1)
        raise RuntimeError("source broke")

    with store.mirror_read() as db:
        before = db.execute("SELECT name FROM sqlite_master WHERE tbl_name='mirror_incidents' ORDER BY name").fetchall()
    with pytest.raises(RuntimeError):
        mirror.bulk(store, "incidents", cut())
    assert mirror.count(store, "incidents") == 0
    assert mirror.bulk(store, "incidents", [incident(1), incident(2), incident(1, 3, title="again")]) == 3
    assert mirror.bulk(store, "incidents", [incident(2, 1, title="replaced")]) == 1
    assert mirror.versions(store, "incidents") == {"inc-1": 3, "inc-2": 1}
    assert (mirror.get(store, "incidents", "inc-2") or {})["title"] == "replaced"
    with store.mirror_read() as db:
        assert db.execute("SELECT name FROM sqlite_master WHERE tbl_name='mirror_incidents' ORDER BY name").fetchall() == before


@pytest.mark.parametrize(("seconds", "size", "transactions"), [(0.02, 10, 25), (0.001, 10, 2), (0.001, 30_000, 5)])
def test_a_page_is_cut_by_time_and_by_size(
    store: Store, incident: Make, monkeypatch: pytest.MonkeyPatch, seconds: float, size: int, transactions: int
) -> None:
    """5,000 rows in batches of 100; every look at the clock costs `seconds`, every row has `size` characters more."""
    begun: list[int] = []
    change = store.mirror_change
    monkeypatch.setattr(store, "mirror_change", lambda work: (begun.append(1), change(work))[1])
    monkeypatch.setattr(mirror, "perf_counter", count(step=seconds).__next__)
    rows = 5000 if size < 1000 else 500
    mirror.apply(store, "incidents", [incident(n, extra="x" * size) for n in range(rows)])
    assert mirror.count(store, "incidents") == rows
    assert len(begun) == transactions


def test_an_unknown_kind_is_wrong_usage(store: Store) -> None:
    for call in (mirror.count, mirror.versions):
        with pytest.raises(Usage):
            call(store, "nonsense; DROP TABLE mirror_units")
