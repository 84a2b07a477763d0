"""Entries of the command log with what corrects them: nothing is edited, a correction is an entry of its own that names the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .foreign import moment
from .rights import holds

#: Kinds that people write; the rest is written by acts and tells of the record, so another act corrects it.
AMENDABLE = frozenset({"note", "radio", "phone", "roll_call", "handover"})
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """An entry and its corrections, oldest first; two desks that corrected the same entry are both here."""

    first: Row
    amendments: tuple[Row, ...] = ()

    @property
    def last(self) -> Row:
        """What holds now."""
        return self.amendments[-1] if self.amendments else self.first

    @property
    def earlier(self) -> tuple[Row, ...]:
        """What was corrected, newest first."""
        return tuple(reversed((self.first, *self.amendments)[:-1]))

    @property
    def touched(self) -> float:
        """Epoch seconds of the newest of them."""
        return max(seconds(row) for row in (self.first, *self.amendments))


def chains(rows: Iterable[Row]) -> list[Chain]:
    """Log rows as chains, in the order of their first entries; a correction whose entry is not among them begins a chain of its own."""
    known = {str(row.get("id")): row for row in rows}
    found: dict[str, list[Row]] = {}
    for row in known.values():
        found.setdefault(_root(row, known), []).append(row)
    made = []
    for root, members in found.items():
        later = sorted((row for row in members if row.get("id") != root), key=_order)
        made.append(Chain(known[root], tuple(later)))
    return made


def may_amend(entry: Row, user: str, role: str) -> bool:
    """Everybody corrects his own entries, a shift leader any; what acts wrote is corrected by acts."""
    return str(entry.get("kind", "note")) in AMENDABLE and (entry.get("by") == user or holds(role, ("shift_leader",)))


def seconds(row: Row) -> float:
    """Epoch seconds of an entry's time, 0 where it has none that can be read."""
    at = moment(row.get("at"))
    return at.timestamp() if at else 0.0


def _order(row: Row) -> tuple[float, str]:
    return seconds(row), str(row.get("id"))


def _root(row: Row, known: Mapping[str, Row]) -> str:
    seen: set[str] = set()
    here = str(row.get("id"))
    # A stranger's entries may correct one another in a ring: then each stands for itself.
    while (before := str(known[here].get("amends") or "")) in known and here not in seen:
        seen.add(here)
        here = before
    return str(row.get("id")) if here in seen else here
