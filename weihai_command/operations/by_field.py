"""How many cameras, sensors and facilities each field (市政, 水务 …) has, and how many of them are not as they should be."""

from __future__ import annotations

from collections import Counter

from ..domain.foreign import one_line
from ..store import mirror
from . import catalogue
from .desk import Desk

#: Kinds that belong to fields, with the states in which they are well.
KINDS = {"video_points": frozenset({"online"}), "sensors": frozenset({"normal"}), "facilities": frozenset({"open", ""})}
_NONE = "未分领域"


def by_field(desk: Desk, kind: str) -> list[tuple[str, int, int]]:
    """(field's word, all, those not well) in the order of the catalogue, unknown fields last; [] for a kind without fields."""
    if kind not in KINDS:
        return []
    total: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for field, state, count in mirror.tally(desk.store, kind, ("field", "state")):
        code = str(field or "")
        total[code] += count
        wrong[code] += 0 if str(state or "") in KINDS[kind] else count
    words = catalogue.words("field")
    order = {code: at for at, code in enumerate(words)}
    codes = sorted(total, key=lambda code: (order.get(code, len(order)), code))
    return [(words.get(code) or one_line(code, 12) or _NONE, total[code], wrong[code]) for code in codes]
