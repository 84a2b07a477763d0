"""What all sources of warnings share: a warning may end by itself, so a list that grows short is only strange where what lasts is missing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from weihai_command.domain.entries import Warning
from weihai_command.domain.record import read as as_record
from weihai_command.domain.warning import expiry

from . import trouble
from .feed import FeedConfig, Memory
from .platform import Flags, Page, Reject
from .whole import Item, compare

#: Below this many warnings that last only a list that is wholly empty counts as shrunken.
SHRINK_FROM = 8
#: What has ended stays so long for those who ask what was in force today.
KEPT_S = 86_400.0
_ROOT = uuid.uuid5(uuid.NAMESPACE_DNS, "warnings.weihai-command")


@dataclass(slots=True)
class Messages:
    """What a source holds now: `nameless` where something in it cannot be told apart; `is_said_empty` where it says itself that nothing holds."""

    items: list[Item] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)
    nameless: bool = False
    is_said_empty: bool = False
    etag: str | None = None
    modified: str | None = None

    def add(self, item: Item) -> None:
        """A message that stands twice in an index is one."""
        if all(each.id != item.id for each in self.items):
            self.items.append(item)


class WarningFeed:
    """Subclasses give `_messages`: what the source holds, None where it says that nothing changed; BadXml and the like are theirs to put aside."""

    can = Flags(deletions=True)

    def __init__(self, config: FeedConfig, *, now: Callable[[], float] = time.time) -> None:
        self.config, self.now = config, now
        self.name, self.kind, self.every = config.name, config.kind, config.every

    def _messages(self, memory: Memory) -> Messages | None:
        raise NotImplementedError

    def id_of(self, name: str) -> str:
        """The id that stays: of the feed and of the message's own name."""
        return str(uuid.uuid5(_ROOT, f"{self.name}:{name}"))

    def read(self, memory: Memory, *, accept_shrink: bool = False) -> tuple[Page, Memory]:
        found = self._messages(memory)
        if found is None:
            return Page([], cursor=memory.cursor, unchanged=True), memory
        if found.rejected and not found.items:
            return Page([], cursor=memory.cursor, rejected=found.rejected, unchanged=True), memory
        now, named = self.now(), self._named(found.items)
        seen = {item.id for item in found.items}
        if not (accept_shrink or found.is_said_empty or found.nameless):
            self._check_size(memory, seen | named, now)
        page, digests = compare(found.items, memory, now, total=len(found.items), nameless=found.nameless, stamp=_stamp)
        kept = {id for id, _ in page.deletions if id in named or _has_ended_lately(memory.digests.get(id), now)}
        if found.nameless:
            kept |= set(memory.versions) - seen
        gone = [each for each in page.deletions if each[0] not in kept]
        digests |= {id: memory.digests[id] for id in kept if id in memory.digests}
        page = replace(page, deletions=gone, rejected=[*found.rejected, *page.rejected], unchanged=not page.records and not gone)
        etag, modified = (None, None) if page.rejected else (found.etag, found.modified)
        return page, replace(memory.following(page), digests=digests, etag=etag, modified=modified)

    def _named(self, items: list[Item]) -> set[str]:
        """The ids of what the present messages refer to: it left the list because it was replaced."""
        names = {name for item in items if isinstance(item.raw, Mapping) for name in item.raw.get("references") or ()}
        return {self.id_of(name) for name in names}

    def _check_size(self, memory: Memory, present: set[str], now: float) -> None:
        lasting = {id for id in memory.versions if (end := _end(memory.digests.get(id))) is None or end > now}
        left = len(lasting & present) + len(present - lasting)
        if (lasting and not present) or (len(lasting) >= SHRINK_FROM and left * 2 < len(lasting)):
            raise trouble.shrunken(self.name, len(lasting), left)


def _stamp(record: Mapping[str, Any]) -> str:
    end = expiry(as_record(Warning, record))
    return f"@{end.timestamp():.0f}" if end else ""


def _end(digest: str | None) -> float | None:
    """When the record of a digest ends; None where nobody knows."""
    _, _, end = (digest or "").partition("@")
    return float(end) if end else None


def _has_ended_lately(digest: str | None, now: float) -> bool:
    end = _end(digest)
    return end is not None and end <= now < end + KEPT_S
