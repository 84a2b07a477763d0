"""What the panel calls a kind: one that holds two sorts of things says both, and within a field the one that is there."""

from __future__ import annotations

from .kinds import BY_KIND

_BOTH = {"movers": "船舶车辆"}
_WITHIN = {("movers", "traffic"): "车辆"}


def word_of(kind: str, field: str = "") -> str:
    """The word of a kind, or of what it has in a field."""
    return _WITHIN.get((kind, field), BY_KIND[kind].word) if field else _BOTH.get(kind, BY_KIND[kind].word)
