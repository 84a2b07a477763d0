"""The line of a field through the last day: what some of its sensors measured, hour by hour. From the readings that this desk keeps."""

from __future__ import annotations

import threading
import time
from weakref import WeakKeyDictionary

from ..domain.situation import Line
from ..store import tallies
from ..store.store import Store
from . import catalogue, readings
from .desk import Desk
from .situation_settings import Field, settings

HOURS, HOUR_S = 24, 3_600.0
#: So many sensors stand for a field, evenly taken of those that measure its first quantity.
MEMBERS = 8
#: Lines are drawn anew after this (seconds).
LIFE_S = 300.0


class _Drawn:
    """Of each store the lines as last drawn. The first question is not kept waiting: it is given none, the next one draws them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: WeakKeyDictionary[Store, tuple[float, dict[str, Line]]] = WeakKeyDictionary()

    def of(self, desk: Desk) -> dict[str, Line]:
        with self._lock:
            known = self._known.get(desk.store)
            if known is None:
                self._known[desk.store] = (0.0, {})
                return {}
            drawn, found = known
            if not drawn or time.monotonic() - drawn > LIFE_S:
                found = {each.key: line(desk, each) for each in settings(desk.profile.root).fields}
                self._known[desk.store] = (time.monotonic(), found)
            return found


_drawn = _Drawn()


def lines(desk: Desk) -> dict[str, Line]:
    """Field → the hourly means of the last day; {} before they were drawn, () for a field without readings."""
    return _drawn.of(desk) if has_readings(desk) else {}


def has_readings(desk: Desk) -> bool:
    """Whether this desk keeps readings at all; asking for one would begin their file."""
    return desk.readings is not None or desk.profile.readings_db.exists()


def members(desk: Desk, each: Field) -> list[str]:
    """The ids of the sensors that stand for a field."""
    known = sorted(ident for ident, in tallies.listed(desk.store, "sensors", "quantity", each.quantities[:1]))
    return known[:: max(1, -(-len(known) // MEMBERS))]


def line(desk: Desk, each: Field) -> Line:
    """(24,): of each of the last full hours the mean of the readings; None for an hour without any, () where all are.

    The present hour is left out: the few that spoke in it would stand for all.
    """
    last = int(desk.clock().timestamp() // HOUR_S)
    first = last - HOURS
    sums, counts = [0.0] * HOURS, [0] * HOURS
    for ident in members(desk, each):
        found = readings.of(desk).trend(ident, first * HOUR_S, last * HOUR_S - 1, HOUR_S)
        for start, count, mean in zip(found.start.tolist(), found.n.tolist(), found.mean.tolist(), strict=True):
            place = int(start // HOUR_S) - first
            if 0 <= place < HOURS and mean == mean:
                sums[place] += mean * count
                counts[place] += count
    return tuple(total / count if count else None for total, count in zip(sums, counts, strict=True)) if any(counts) else ()


def words(desk: Desk, each: Field) -> str:
    """What the line of a field shows."""
    name = catalogue.words("quantity").get(each.quantities[0], each.quantities[0])
    return f"曲线：{name}，前 24 小时每小时均值（取 {len(members(desk, each))} 台）"
