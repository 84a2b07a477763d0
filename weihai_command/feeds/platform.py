"""The seam to a platform: what a page, a reply and a platform are. Who speaks to one needs only this file; nothing here does I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from weihai_command.domain.city import ServerMeta


@dataclass(frozen=True, slots=True)
class Flags:
    """What a source can do, honestly: a source without versions is read-only."""

    deltas: bool = False
    deletions: bool = False
    writes: bool = False
    versions: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that a source holds but nobody can use: the field that is wrong, why (Chinese), and what came."""

    record_id: str
    field: str
    reason: str
    raw: Any = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some records and deletions of one kind, as they came; `deletions` are (id, version).

    `next` fetches the following page (None = this was the last). `cursor` is the version up to which everything has been seen when this
    page has been applied. `server_time` is the source's clock in epoch seconds (for feeds: when the source was generated, if it says so).
    `unchanged` means that the source itself says that nothing is new since the last time.
    """

    records: list[dict[str, Any]]
    deletions: list[tuple[str, int]] = field(default_factory=list)
    next: str | None = None
    cursor: int | None = None
    server_time: float | None = None
    total: int | None = None
    rejected: list[Reject] = field(default_factory=list)
    unchanged: bool = False


APPLIED = "applied"
STALE = "stale"
MISSING = "missing"
TRANSIENT = "transient"
UNAUTHORISED = "unauthorised"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of one write; trouble on the way is `transient` and never raises, for the write may have arrived.

    `record` is the platform's record after an applied write; `existing` the one that stood in the way of a stale write;
    `field` the field that the platform refused, where it says so; `retry_after` seconds. `sent` is False only where it is
    certain that nothing left this machine (no connection was made).
    """

    status: str
    record: dict[str, Any] | None = None
    existing: dict[str, Any] | None = None
    error: str = ""
    retry_after: float | None = None
    server_time: float | None = None
    field: str | None = None
    sent: bool = True


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One write as the platform remembers it: `action` create | update | delete, `record` as it was right after (with its version)."""

    kind: str
    id: str
    action: str
    record: dict[str, Any]


class Platform(Protocol):
    """A source that can be read in deltas and written conditionally. Reads raise Unreachable, Unauthorised or PlatformFault.

    Codes of PlatformFault that a caller may act on: `cursor` (the platform does not know such a version: it was restored),
    `bad_page` (a cut or unreadable answer: nothing of it may be used), `not_ours` (this is not our platform).
    """

    @property
    def name(self) -> str: ...
    @property
    def can(self) -> Flags: ...
    def meta(self) -> ServerMeta: ...
    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page: ...
    def versions(self, kind: str) -> dict[str, int]: ...
    def get(self, kind: str, id: str) -> dict[str, Any] | None: ...
    def create(self, kind: str, record: dict[str, Any], op_id: str) -> Reply: ...
    def patch(self, kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply: ...
    def history(self, op_id: str) -> list[HistoryEntry]: ...
    def offset(self) -> float | None: ...
    def wake(self) -> None: ...
