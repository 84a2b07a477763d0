"""The sensors of the leaders' screen, by field: how many, which of them say nothing, which are out of bounds, and how that was through the last day."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from ..domain.foreign import moment
from ..domain.freshness import level
from ..domain.movers import FRESH
from ..domain.situation import FieldRow
from ..store import alarms as kept
from ..store import mirror, tallies
from ..store.store import Store
from . import catalogue, readings, situation_trends
from .desk import Desk
from .situation_settings import Field, settings

#: States of a sensor that say nothing, and those that are beyond a limit.
SILENT, BEYOND = frozenset({"fault", "stale", "lost", "offline"}), frozenset({"high", "low", "alarm"})
#: Kinds of alarm that say the same.
SILENT_KINDS = frozenset({"silence", "fault"})
#: A field without a period of its own.
PERIOD_S = 3600.0
#: Seconds between two looks at the newest readings, more where there are many sensors.
LOOK_S = 8.0


@dataclass(frozen=True, slots=True)
class Condition:
    """Ids of the sensors that say nothing and of those out of bounds, by their state and by the alarms that stand; what says nothing is in no bounds."""

    silent: dict[str, frozenset[str]]
    beyond: dict[str, frozenset[str]]


def condition(desk: Desk) -> Condition:
    """By quantity, as of now."""
    silent: set[tuple[str, str]] = set()
    beyond: set[tuple[str, str]] = set()
    for ident, quantity, state in tallies.listed(desk.store, "sensors", "state", sorted(SILENT | BEYOND), "quantity", "state"):
        (silent if state in SILENT else beyond).add((quantity, ident))
    for alarm in kept.active(desk.store):
        (silent if alarm.kind in SILENT_KINDS else beyond).add((alarm.quantity, alarm.sensor_id))
    return Condition(_by_quantity(silent), _by_quantity(beyond - silent))


def _by_quantity(pairs: set[tuple[str, str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for quantity, ident in pairs:
        found.setdefault(quantity, set()).add(ident)
    return {quantity: frozenset(ids) for quantity, ids in found.items()}


def members(each: Field, ids: dict[str, frozenset[str]]) -> frozenset[str]:
    """The sensors of a field among those of all quantities."""
    return frozenset().union(*(ids.get(quantity, frozenset()) for quantity in each.quantities))


def sensors(desk: Desk) -> tuple[FieldRow, ...]:
    """A row for each field that has sensors, in the order of the settings."""
    totals = Counter({str(quantity): count for quantity, count in mirror.tally(desk.store, "sensors", ("quantity",))})
    seen = _seen(desk)
    now, found, drawn = desk.clock(), condition(desk), situation_trends.lines(desk)
    rows = []
    for each in settings(desk.profile.root).fields:
        total = sum(totals[quantity] for quantity in each.quantities)
        at = max((known for quantity in each.quantities if (known := seen.get(quantity))), default=None)
        rest = each.rest if each.rests(now.date()) else ""
        late = FRESH if desk.city.embedded or at is None or rest else level((now - at).total_seconds(), _period(each))
        rows.append(FieldRow(each.key, each.name, total, total - len(members(each, found.silent)), len(members(each, found.beyond)), at, late, rest, drawn.get(each.key, ())))
    return tuple(row for row in rows if row.total)


def _seen(desk: Desk) -> dict[str, datetime]:
    """When each quantity was last heard of: by the records, and by the readings where this desk keeps some."""
    told = {quantity: at for quantity, text in tallies.newest(desk.store, "sensors", "quantity", "observed_at").items() if (at := moment(text))}
    for quantity, at in _read.of(desk).items():
        told[quantity] = max(at, told.get(quantity, at))
    return told


class _Read:
    """The newest readings by quantity, looked at now and then: a hundred thousand sensors take a second."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Store, tuple[float, dict[str, datetime]]] = WeakKeyDictionary()

    def of(self, desk: Desk) -> dict[str, datetime]:
        if not situation_trends.has_readings(desk):
            return {}
        at, found = self._known.get(desk.store, (-LOOK_S, {}))
        if time.monotonic() - at >= LOOK_S * self._many(desk):
            began = time.monotonic()
            found = self._look(desk)
            self._known[desk.store] = began, found
        return found

    @staticmethod
    def _many(desk: Desk) -> int:
        return 1 + mirror.count(desk.store, "sensors") // 10_000

    @staticmethod
    def _look(desk: Desk) -> dict[str, datetime]:
        pairs = tallies.pairs(desk.store, "sensors", "quantity")
        last = readings.of(desk).last([ident for ident, _ in pairs]).at
        newest: dict[str, float] = {}
        for (_, quantity), at in zip(pairs, last.tolist(), strict=True):
            if at == at:
                newest[quantity] = max(at, newest.get(quantity, at))
        return {quantity: datetime.fromtimestamp(at, UTC) for quantity, at in newest.items()}


_read = _Read()


def _period(each: Field) -> float:
    """The longest wait between two readings of the field, seconds."""
    periods = [float(row["period_s"]) for quantity in each.quantities if (row := catalogue.quantity(quantity)).get("period_s")]
    return max(periods, default=PERIOD_S)
