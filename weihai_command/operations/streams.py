"""Which feeds of feeds.toml are pulled, and which send by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..feeds.feed import FeedConfig

STREAMS = frozenset({"mqtt"})


def without_streams(configs: Iterable[FeedConfig]) -> list[FeedConfig]:
    """Those that are pulled."""
    return [each for each in configs if each.adapter not in STREAMS]
