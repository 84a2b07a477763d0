"""Quarantine, holds, accounts, feed status, settings."""

from __future__ import annotations

import pytest

from weihai_command.store import accounts, feed_status, holds, quarantine, settings
from weihai_command.store.accounts import Account
from weihai_command.store.feed_status import FeedStatus
from weihai_command.store.holds import Hold
from weihai_command.store.store import Store


def test_the_same_refusal_is_counted_once_with_its_newest_content(store: Store) -> None:
    for n in range(3):
        quarantine.put(store, "kinto", "units", "u1", "lon", "不是数字", {"id": "u1", "n": n}, f"t{n}")
    quarantine.put(store, "kinto", "units", "u1", "lat", "不是数字", {"id": "u1"}, "t0")
    quarantine.put(store, "other", "units", "u1", "lon", "不是数字", "cut page", "t9")
    found = quarantine.rows(store)
    assert quarantine.count(store) == 3 and quarantine.count(store, "kinto") == 2
    assert [(row.feed, row.field, row.at, row.raw) for row in found[:2]] == [
        ("other", "lon", "t9", "cut page"), ("kinto", "lon", "t2", '{"id":"u1","n":2}'),
    ]
    assert len(quarantine.rows(store, 1)) == 1 and len(quarantine.rows(store, feed="other")) == 1


def test_resolved_entries_are_kept_and_may_come_again(store: Store) -> None:
    for record_id in ("u1", "u2"):
        quarantine.put(store, "kinto", "units", record_id, "lon", "不是数字", {}, "t")
    assert quarantine.resolve(store, [quarantine.rows(store)[0].id, 999]) == 1 and quarantine.count(store) == 1
    assert quarantine.resolve_records(store, "kinto", "units", ["u1", "u2", "u3"]) == 1 and quarantine.count(store) == 0
    quarantine.put(store, "kinto", "units", "u1", "lon", "不是数字", {}, "t2")
    assert quarantine.count(store) == 1
    with store.desk_read() as db:
        assert db.execute("SELECT COUNT(*) FROM quarantine").fetchone() == (3,)


def test_a_kind_holds_one_question(store: Store) -> None:
    holds.put(store, "units", "", "t1", 40, 100, "少了")
    holds.put(store, "units", "", "t2", 50, 100)
    assert holds.rows(store) == [holds.get(store, "units")] == [Hold("units", "", "t2", 50, 100, "")]
    holds.clear(store, "units")
    holds.clear(store, "units")
    assert holds.rows(store) == [] and holds.get(store, "units") is None


def test_accounts(store: Store) -> None:
    wang = Account("wang", "王强", "officer", "$argon2id$…", "t")
    accounts.put(store, Account("wang", "王", "leader"))
    accounts.put(store, wang)
    accounts.put(store, Account("li", "李", "leader"))
    assert accounts.get(store, "wang") == wang and [each.user for each in accounts.rows(store)] == ["li", "wang"]
    accounts.remove(store, "wang")
    assert accounts.get(store, "wang") is None


def test_feed_status(store: Store) -> None:
    assert feed_status.get(store, "quakes") == FeedStatus("quakes")
    status = FeedStatus("quakes", "incidents", "t1", "t2", "连不上", "etag", 7)
    feed_status.put(store, FeedStatus("quakes"))
    feed_status.put(store, status)
    assert feed_status.get(store, "quakes") == status and feed_status.rows(store) == [status]
    feed_status.remove(store, "quakes")
    assert feed_status.rows(store) == []


def test_settings_write_only_what_changed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.put(store, "a", "1")
    with monkeypatch.context() as patched:
        patched.setattr(store, "desk_write", lambda: pytest.fail("written again"))
        settings.put(store, "a", "1")
    assert settings.get(store, "a") == "1" and settings.get(store, "b", "none") == "none"
    settings.remove(store, "a")
    assert settings.get(store, "a") == ""


def test_a_question_for_ids_reads_no_content(store: Store) -> None:
    for n in range(3):
        quarantine.put(store, "kinto", "units", f"u{n}", "lon", "far", "x" * 70_000, "2026-07-16T08:00:00+08:00")
    with store.desk_read() as db:
        read: list[str] = []
        db.set_trace_callback(read.append)
        try:
            assert quarantine.waiting_ids(store, "kinto", "units") == {"u0", "u1", "u2"}
            assert quarantine.resolve_records(store, "kinto", "units", ["other"]) == 0
        finally:
            db.set_trace_callback(None)
        assert len(read) >= 2 and "raw" not in " ".join(read)
    assert {len(row.raw) for row in quarantine.rows(store)} == {quarantine.LONGEST}
    assert {len(row.raw) for row in quarantine.rows(store, longest=2_000)} == {2_000}
