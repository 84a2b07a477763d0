"""Fetch what changed: page → validate → small transactions → cursor last. A cut page changes nothing; a bad record is quarantined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..domain.faults import PlatformFault
from ..domain.kinds import KINDS
from ..feeds.platform import Page, Platform
from ..store import holds, listing, mirror, quarantine
from ..store.store import Store

#: The origin of rows that come from the platform itself; rows of a feed carry the feed's name.
PLATFORM = ""
#: Server time that every delta reads again: with concurrent writers Kinto's cursor skips rows.
OVERLAP_MS = 30_000
#: More than this share of a table gone at once stops the pull until an officer agrees; one record may always go.
VANISH_SHARE = 0.2
VANISH_FLOOR = 1
#: kind -> rows that an officer lets go.
Agreed = Mapping[str, int]
NONE: Agreed = MappingProxyType({})
#: Kinds in the order an officer needs them; masses last.
ORDER = ("incidents", "units", "assignments", "log", "warnings", "plans", "facilities", "sensors", "video_points")


@dataclass(slots=True)
class Pulled:
    """Per kind the rows that changed, all rows removed, records refused, and kinds held back for an officer's word."""

    rows: dict[str, int] = field(default_factory=dict)
    deleted: int = 0
    quarantined: int = 0
    held: list[str] = field(default_factory=list)
    #: Kinds that were read from the start, and so need no comparison of ids.
    whole: set[str] = field(default_factory=set)

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, n in self.rows.items() if n}

    def add(self, other: Pulled) -> None:
        """Take in what another read brought."""
        for kind, n in other.rows.items():
            self.rows[kind] = self.rows.get(kind, 0) + n
        self.deleted += other.deleted
        self.quarantined += other.quarantined
        self.held += [kind for kind in other.held if kind not in self.held]


def pull(
    store: Store, platform: Platform, at: str, *, kinds: tuple[str, ...] = ORDER, full: bool = False, agreed: Agreed = NONE
) -> Pulled:
    """Bring every kind up to date (Unreachable, Unauthorised pass through; what was applied before stays).

    `agreed`: how many rows of a kind an officer lets go; more than that is asked again.
    """
    pulled = Pulled()
    for kind in kinds:
        # Units come after the incidents: whoever sends one writes the unit first, then the list.
        written = listing.newest(store) if kind == "units" else 0
        _kind(store, platform, kind, None if full else mirror.cursor(store, kind, PLATFORM), at, pulled, agreed)
        if kind == "units":
            listing.units_read(store, written)
    return pulled


def _kind(store: Store, platform: Platform, kind: str, cursor: int | None, at: str, pulled: Pulled, agreed: Agreed) -> None:
    if cursor is None:
        _whole(store, platform, kind, at, pulled, agreed)
        return
    try:
        _delta(store, platform, kind, cursor, at, pulled, agreed)
    except PlatformFault as fault:
        if fault.code != "cursor":
            raise
        _whole(store, platform, kind, at, pulled, agreed)


def _delta(store: Store, platform: Platform, kind: str, cursor: int, at: str, pulled: Pulled, agreed: Agreed) -> None:
    tombstones: list[tuple[str, int]] = []
    newest = 0
    for page in _pages(platform, kind, max(1, cursor - OVERLAP_MS)):
        newest = max(newest, page.cursor or 0)
        # A server whose newest row is older than our cursor was restored from a backup: its deltas say nothing about our rows.
        if page.next is None and newest < cursor:
            _whole(store, platform, kind, at, pulled, agreed)
            return
        tombstones += page.deletions
        _apply(store, kind, page.records, at, platform, pulled)
    known = mirror.versions(store, kind, PLATFORM) if tombstones else {}
    gone = [(record_id, version) for record_id, version in tombstones if known.get(record_id, version) < version]
    if _held(store, kind, PLATFORM, len(gone), len(known), at, pulled, agreed):
        return
    _remove(store, kind, [record_id for record_id, _ in gone], pulled)
    mirror.set_cursor(store, kind, newest, PLATFORM)


def _whole(store: Store, platform: Platform, kind: str, at: str, pulled: Pulled, agreed: Agreed) -> None:
    """Read the collection from the start and remove what is no longer there."""
    pulled.whole.add(kind)
    there: set[str] = set()
    newest = 0
    for page in _pages(platform, kind, None):
        newest = max(newest, page.cursor or 0)
        there.update(str(record.get("id")) for record in page.records)
        _apply(store, kind, page.records, at, platform, pulled, restored=True)
    known = mirror.versions(store, kind, PLATFORM)
    vanished = [record_id for record_id in known if record_id not in there]
    if _held(store, kind, PLATFORM, len(vanished), len(known), at, pulled, agreed):
        return
    _remove(store, kind, vanished, pulled)
    if newest:
        mirror.set_cursor(store, kind, newest, PLATFORM)


def _remove(store: Store, kind: str, ids: list[str], pulled: Pulled) -> None:
    if ids:
        mirror.delete(store, kind, ids)
        pulled.deleted += len(ids)
        pulled.rows[kind] = pulled.rows.get(kind, 0) + len(ids)


def reconcile(store: Store, platform: Platform, kind: str, at: str, *, agreed: Agreed = NONE) -> Pulled:
    """Compare ids and versions with the server: purged tombstones and a restored server leave no trace in a delta."""
    pulled = Pulled()
    # Ours first: whatever arrives in between makes the server's list newer, never ours.
    known = mirror.versions(store, kind, PLATFORM)
    there = platform.versions(kind)
    refused = quarantine.waiting_ids(store, platform.name, kind)
    if any(version != known.get(record_id) for record_id, version in there.items() if record_id not in refused):
        _whole(store, platform, kind, at, pulled, agreed)
        return pulled
    vanished = [record_id for record_id in known if record_id not in there]
    if not _held(store, kind, PLATFORM, len(vanished), len(known), at, pulled, agreed):
        _remove(store, kind, vanished, pulled)
    return pulled


def _pages(platform: Platform, kind: str, since: int | None) -> Iterator[Page]:
    """Page after page; one that is cut raises before anything of it is applied, and the cursor stays where it was."""
    page = platform.page(kind, since=since)
    yield page
    asked: set[str] = set()
    while page.next:
        # Something between us and the platform that drops the query would give the first page for ever.
        if page.next in asked:
            raise PlatformFault(f"{platform.name} 的分页没有尽头", "已接收的数据都在", "稍后会自动重试；若反复出现请联系管理员", code="bad_page")
        asked.add(page.next)
        page = platform.page(kind, since=since, next=page.next)
        yield page


def _held(store: Store, kind: str, feed: str, gone: int, total: int, at: str, pulled: Pulled, agreed: Agreed) -> bool:
    """Stop and ask when more than a fifth of a table would vanish."""
    has_agreed = 0 < gone <= agreed.get(kind, 0)
    if has_agreed or gone <= VANISH_FLOOR or gone <= total * VANISH_SHARE:
        if has_agreed or not gone:
            holds.clear(store, kind)
        return False
    word = KINDS[kind].word
    detail = f"平台上一次少了 {gone} 条{word}（本机共 {total} 条）。本机一条未删，请值班长核实后再决定"
    holds.put(store, kind, feed, at, gone, total, detail)
    pulled.held.append(kind)
    return True


def _apply(
    store: Store, kind: str, records: list[dict[str, Any]], at: str, platform: Platform, pulled: Pulled, *, restored: bool = False
) -> None:
    # Reading the models costs half a second; a verb that only looks at the store never pays it.
    from ..feeds.wire import validate_all

    good, bad = validate_all(kind, records)
    for record, reason in bad:
        pulled.quarantined += 1
        quarantine.put(store, platform.name, kind, str(record.get("id", "")), reason.field, reason.reason, record, at)
    if good and quarantine.count(store, platform.name):
        quarantine.resolve_records(store, platform.name, kind, [str(record["id"]) for record in good])
    if restored:
        _lower(store, kind, good, PLATFORM)
    applied = mirror.apply(store, kind, good, [], PLATFORM)
    pulled.rows[kind] = pulled.rows.get(kind, 0) + applied.inserted + applied.updated


def _lower(store: Store, kind: str, records: list[dict[str, Any]], feed: str) -> None:
    """A restored server holds older versions than ours: take its word, or the newer-only rule would keep the lost ones."""
    known = mirror.versions(store, kind, feed)
    older = [str(record["id"]) for record in records if known.get(str(record["id"]), 0) > int(record["last_modified"])]
    if older:
        mirror.delete(store, kind, older)
