"""Every branch of pull, on the fast twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault, Refused, Unreachable
from weihai_command.feeds.platform import Page
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import audit, holds, mirror, quarantine, settings
from weihai_command.sync import pull as pulling

MakeDesk = Callable[..., Desk]
KINDS = ("incidents", "units")
GAS = "22222222-0000-4000-8000-000000000001"
FIRE, POLICE = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"


class Wrapped:
    """A twin whose answers a test can spoil."""

    def __init__(self, twin: TwinPlatform) -> None:
        self.twin, self.name, self.can = twin, twin.name, twin.can
        self.spoil: Callable[[str, Page, Any], Page] = lambda kind, page, next: page
        self.pages: list[tuple[str, int | None]] = []

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        self.pages.append((kind, since))
        return self.spoil(kind, self.twin.page(kind, since=since, next=next), next)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.twin, name)


@pytest.fixture
def wrapped(twin: TwinPlatform) -> Wrapped:
    return Wrapped(twin)


def incident(n: int, **more: Any) -> tuple[str, dict[str, Any]]:
    return "incidents", {"id": f"33333333-0000-4000-8000-{n:012d}", "title": f"第 {n} 起", "track": "emergency", "state": "new", **more}


def again(desk: Desk, platform: Any, **more: Any) -> pulling.Pulled:
    return pulling.pull(desk.store, platform, desk.now(), kinds=KINDS, **more)


def test_a_first_read_takes_all_pages(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(25)])
    twin.page_rows = 10
    desk = make_desk(wrapped)
    assert mirror.count(desk.store, "incidents") == 26
    assert [since for kind, since in wrapped.pages if kind == "incidents"] == [None] * 3


def test_a_delta_reads_an_overlap_and_applies_only_what_is_newer(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)
    before = mirror.cursor(desk.store, "incidents")
    assert before
    wrapped.pages.clear()
    twin.load([incident(1)])
    assert again(desk, wrapped).rows == {"incidents": 1, "units": 0}
    assert wrapped.pages[0] == ("incidents", before - pulling.OVERLAP_MS)
    after = mirror.cursor(desk.store, "incidents")
    assert after and after > before
    assert again(desk, wrapped).rows == {"incidents": 0, "units": 0}


def test_a_row_that_the_cursor_skipped_comes_by_the_overlap(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    """With concurrent writers a row can become visible with a version below the cursor."""
    desk = make_desk(wrapped)
    twin.load([incident(1), incident(2)])
    hidden = incident(1)[1]["id"]
    wrapped.spoil = lambda kind, page, next: replace(page, records=[row for row in page.records if row["id"] != hidden])
    again(desk, wrapped)
    assert mirror.get(desk.store, "incidents", hidden) is None
    wrapped.spoil = lambda kind, page, next: page
    again(desk, wrapped)
    assert mirror.get(desk.store, "incidents", hidden) is not None


def test_a_cut_page_changes_neither_rows_nor_cursor(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)
    cursor = mirror.cursor(desk.store, "incidents")
    twin.load([incident(n) for n in range(6)])
    twin.page_rows = 4

    def cut(kind: str, page: Page, next: Any) -> Page:
        if next:
            raise PlatformFault("答复不完整", code="bad_page")
        return page

    wrapped.spoil = cut
    with pytest.raises(PlatformFault):
        again(desk, wrapped)
    assert mirror.cursor(desk.store, "incidents") == cursor
    wrapped.spoil = lambda kind, page, next: page
    again(desk, wrapped)
    assert mirror.count(desk.store, "incidents") == 7


def test_a_bad_record_is_quarantined_once_and_let_go_when_it_is_good(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)
    twin.load([incident(1), incident(2, title=7)])
    assert again(desk, wrapped).quarantined == 1
    again(desk, wrapped)
    (row,) = quarantine.rows(desk.store)
    assert (row.record_id, row.field) == (incident(2)[1]["id"], "title")
    assert mirror.get(desk.store, "incidents", incident(1)[1]["id"])
    # What is refused does not count as missing, or every comparison would read all of it again.
    wrapped.pages.clear()
    pulling.reconcile(desk.store, wrapped, "incidents", desk.now())
    assert wrapped.pages == []
    twin.load([incident(2)])
    assert again(desk, wrapped).quarantined == 0 and quarantine.rows(desk.store) == []


def test_one_tombstone_removes_a_row_even_of_a_small_table(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    desk = make_desk(twin)
    twin.delete("incidents", GAS)
    assert again(desk, twin).deleted == 1 and mirror.count(desk.store, "incidents") == 0


def test_a_tombstone_older_than_our_row_removes_nothing(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)
    version = mirror.version(desk.store, "incidents", GAS)
    wrapped.spoil = lambda kind, page, next: replace(page, deletions=[(GAS, version - 1)] if kind == "incidents" else [])
    assert again(desk, wrapped).deleted == 0 and mirror.get(desk.store, "incidents", GAS)


@pytest.mark.parametrize(("total", "gone", "asks"), [(10, 1, False), (10, 2, False), (10, 3, True), (3, 2, True), (40, 8, False), (40, 9, True)])
def test_more_than_a_fifth_gone_at_once_is_asked_first(twin: TwinPlatform, make_desk: MakeDesk, total: int, gone: int, asks: bool) -> None:
    twin.load([incident(n) for n in range(total - 1)])
    desk = make_desk(twin)
    for n in range(gone):
        twin.delete("incidents", incident(n)[1]["id"])
    twin.load([incident(900)])
    pulled = again(desk, twin)
    assert (pulled.held, pulled.deleted) == ((["incidents"], 0) if asks else ([], gone))
    assert mirror.count(desk.store, "incidents") == total + 1 - pulled.deleted
    if asks:
        hold = holds.get(desk.store, "incidents")
        assert hold and (hold.vanished, hold.total) == (gone, total + 1) and "本机一条未删" in hold.detail


def test_an_answered_hold_is_gone_and_so_are_the_rows(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(4)])
    desk = make_desk(twin)
    for n in range(4):
        twin.delete("incidents", incident(n)[1]["id"])
    assert again(desk, twin).held and again(desk, twin).held
    assert again(desk, twin, agreed={"incidents": 4}).deleted == 4
    assert holds.rows(desk.store) == [] and again(desk, twin).deleted == 0


def test_more_than_an_officer_was_told_is_asked_again(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(4)])
    desk = make_desk(twin)
    for n in range(4):
        twin.delete("incidents", incident(n)[1]["id"])
    assert again(desk, twin, agreed={"incidents": 3, "units": 9}).held
    assert again(desk, twin, agreed={"units": 9}).held and mirror.count(desk.store, "incidents") == 5


def test_letting_one_kind_go_is_audited_and_lets_no_other_go(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(4)])
    desk = make_desk(twin)
    for n in range(4):
        twin.delete("incidents", incident(n)[1]["id"])
    twin.delete("units", FIRE)
    twin.delete("units", POLICE)
    assert set(syncing.sync(desk).held) == {"incidents", "units"}
    officer = desk.officer
    assert officer
    desk.officer = replace(officer, role="leader")
    with pytest.raises(Refused, match="值班员"):
        syncing.sync(desk, allow_vanish="units")
    desk.officer = officer
    report = syncing.sync(desk, allow_vanish="units")
    assert (report.deleted, report.held) == (2, ["incidents"])
    line = audit.rows(desk.store)[0]
    assert (line.actor, line.verb, line.subject, line.detail["vanished"]) == ("officer", "accept_vanished", "units", 2)
    assert syncing.sync(desk, allow_vanish=True).deleted == 4


def test_a_hold_is_dropped_when_the_administrator_brings_the_records_back(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(4)])
    desk = make_desk(twin)
    for n in range(4):
        twin.delete("incidents", incident(n)[1]["id"])
    assert again(desk, twin).held
    twin.load([incident(n) for n in range(4)])
    assert not again(desk, twin).held and holds.rows(desk.store) == [] and mirror.count(desk.store, "incidents") == 5


def test_purged_tombstones_are_found_by_comparing_ids(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(9)])
    desk = make_desk(twin)
    twin.delete("incidents", GAS)
    twin.purge_tombstones("incidents")
    assert again(desk, twin).deleted == 0
    pulled = pulling.reconcile(desk.store, twin, "incidents", desk.now())
    assert pulled.deleted == 1 and mirror.get(desk.store, "incidents", GAS) is None


def test_comparing_ids_asks_before_a_mass_goes(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n) for n in range(9)])
    desk = make_desk(twin)
    for n in range(9):
        twin.delete("incidents", incident(n)[1]["id"])
    twin.purge_tombstones("incidents")
    assert pulling.reconcile(desk.store, twin, "incidents", desk.now()).held == ["incidents"]
    assert mirror.count(desk.store, "incidents") == 10


def test_a_server_behind_our_cursor_was_restored(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    """Its rows are older than ours, and ours must go all the same."""
    clock = [2_000_000_000.0]
    twin.now = lambda: clock[0]
    twin.load([incident(n, title="新的") for n in range(9)])
    desk = make_desk(twin)
    old = TwinPlatform(now=lambda: 1_900_000_000.0)
    try:
        old.load([*[incident(n, title="旧的") for n in range(8)], ("incidents", {"id": GAS, "title": "旧的", "track": "emergency", "state": "new"})])
        pulled = again(desk, old)
        assert "incidents" in pulled.whole and pulled.deleted == 1
        assert {row["title"] for row in queries.rows(desk, "incidents")} == {"旧的"}
    finally:
        old.close()


def test_a_restored_server_that_has_overtaken_our_cursor_is_found_by_its_versions(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    twin.load([incident(n, title="新的") for n in range(5)])
    desk = make_desk(twin)
    ours = mirror.version(desk.store, "incidents", incident(3)[1]["id"])
    assert ours
    # The restored row is older than ours, and everything around it has newer versions than our cursor.
    row = {**incident(3)[1], "title": "恢复的", "last_modified": ours - 60_000_000}
    import orjson

    twin._db.execute("UPDATE record SET version=?, raw=? WHERE id=?", (row["last_modified"], orjson.dumps(row), row["id"]))
    assert again(desk, twin).rows["incidents"] == 0
    pulling.reconcile(desk.store, twin, "incidents", desk.now())
    assert mirror.get(desk.store, "incidents", row["id"])["title"] == "恢复的"  # type: ignore[index]


def test_a_cursor_that_the_server_refuses_leads_to_a_whole_read(wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)

    def refuse(kind: str, page: Page, next: Any) -> Page:
        if wrapped.pages[-1][1] is not None:
            raise PlatformFault("不认识这个位置", code="cursor")
        return page

    wrapped.spoil = refuse
    assert again(desk, wrapped).whole == set(KINDS)


def test_ids_are_compared_at_first_and_then_every_ten_minutes(twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    asked: list[str] = []
    real = pulling.reconcile
    monkeypatch.setattr(pulling, "reconcile", lambda store, platform, kind, at, **more: asked.append(kind) or real(store, platform, kind, at, **more))
    syncing.sync(desk)
    assert asked == []
    settings.put(desk.store, "reconciled:units", str(int(desk.epoch() - syncing.RECONCILE_S - 5)))
    settings.put(desk.store, "reconciled:incidents", str(int(desk.epoch() + 5_000)))
    syncing.sync(desk)
    assert asked == ["incidents", "units"]
    syncing.sync(desk)
    assert asked == ["incidents", "units"]


def test_a_new_epoch_in_the_midst_of_a_session_reads_all_again(twin: TwinPlatform, wrapped: Wrapped, make_desk: MakeDesk) -> None:
    desk = make_desk(wrapped)
    twin._db.execute("UPDATE identity SET value='another' WHERE name='epoch'")
    settings.put(desk.store, "reconciled:units", "0")
    wrapped.pages.clear()
    syncing.sync(desk)
    assert {since for _, since in wrapped.pages} == {None}


def test_another_identity_in_the_midst_of_a_session_stops_everything(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    desk = make_desk(twin)
    acts.edit(desk, GAS, {"phone": "1"})
    twin._db.execute("UPDATE identity SET value='another' WHERE name='id'")
    settings.put(desk.store, "reconciled:units", "0")
    with pytest.raises(PlatformFault, match="换了身份"):
        syncing.sync(desk)
    assert not twin.get("incidents", GAS).get("phone") and len(queries.outbox(desk)) == 1  # type: ignore[union-attr]
    assert mirror.count(desk.store, "incidents") == 1


def test_offline_is_told_and_the_link_says_so(twin: TwinPlatform, make_desk: MakeDesk) -> None:
    desk = make_desk(twin)
    assert desk.link.state == "synced" and desk.link.last_ok
    twin.offline = True
    with pytest.raises(Unreachable):
        syncing.sync(desk)
    assert desk.link.state == "offline" and desk.link.error
    twin.offline = False
    syncing.sync(desk)
    assert desk.link.state == "synced" and not desk.link.error
