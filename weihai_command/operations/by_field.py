"""How many cameras, sensors and facilities each field (市政, 水务 …) has, and how many of them are not as they should be."""

from __future__ import annotations

from collections import Counter

from ..domain.fields import FIELDS, field_of
from ..store import mirror
from . import catalogue
from .desk import Desk

#: Kinds that belong to fields, with the states in which they are well.
KINDS = {"video_points": frozenset({"online"}), "sensors": frozenset({"normal"}), "facilities": frozenset({"open", ""})}
_NONE = "其他"


def by_field(desk: Desk, kind: str) -> list[tuple[str, int, int]]:
    """(field's word, all, those not well) in the order of FIELDS, what is none of them last; [] for a kind without fields."""
    if kind not in KINDS:
        return []
    total: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for stored, state, count in mirror.tally(desk.store, kind, ("field", "state")):
        code = field_of(stored)
        total[code] += count
        wrong[code] += 0 if str(state or "") in KINDS[kind] else count
    return [(catalogue.words("field").get(code, _NONE), total[code], wrong[code]) for code in FIELDS if total[code]]
