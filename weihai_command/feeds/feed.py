"""The seam to read-only neighbours. A feed keeps nothing: what it must know of the last time is handed in and handed back as `Memory`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from .platform import Flags, Page


@dataclass(frozen=True, slots=True)
class FeedConfig:
    """One [[feed]] of feeds.toml. `every` in seconds; `fields` our field → path in the source, or "=constant"; `values` per field theirs → ours.

    `topics`: for a broker, filter → our sensor's id.
    """

    name: str
    adapter: str
    source: str
    kind: str
    every: float = 300.0
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    user: str = ""
    folder: Path = field(default_factory=Path)
    topics: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known from the last good pull: `versions` of the ids that the store holds of this feed, `digests` of their contents.

    `next` continues a pull of several pages. Digests may be lost (then every record counts as changed once), versions may not,
    for what is missing from the source is found by comparing with them.
    """

    versions: Mapping[str, int] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    cursor: int | None = None
    next: str | None = None

    def following(self, page: Page) -> Memory:
        """This memory after `page` has been applied."""
        versions = {**self.versions, **{str(row["id"]): int(row["last_modified"]) for row in page.records}}
        for gone, _ in page.deletions:
            versions.pop(gone, None)
        return replace(self, versions=versions, cursor=page.cursor or self.cursor, next=page.next)


class Feed(Protocol):
    """Read until a page has no `next`: `page, memory = feed.read(memory)`. Keep the memory only after the page has been applied.

    Raises Unreachable, Unauthorised or PlatformFault (code `shrunken`: the source lost half of its records at once, or all;
    `accept_shrink` takes it for true). A source that cannot be read as what it says it is gives a page of nothing but `rejected`.
    """

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def every(self) -> float: ...
    @property
    def can(self) -> Flags: ...
    def read(self, memory: Memory, *, accept_shrink: bool = False) -> tuple[Page, Memory]: ...
    def close(self) -> None: ...
