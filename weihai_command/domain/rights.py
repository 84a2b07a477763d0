"""Who may do what. A role holds the roles whose work it includes."""

from __future__ import annotations

from collections.abc import Iterable

#: role -> the roles in the tables that it may act as.
INCLUDES: dict[str, frozenset[str]] = {
    "officer": frozenset({"officer"}),
    "shift_leader": frozenset({"officer", "shift_leader"}),
    "department": frozenset({"department"}),
    "leader": frozenset(),
    "admin": frozenset(),
    "trainer": frozenset(),
    "trainee": frozenset({"officer"}),
    "observer": frozenset(),
    "feed": frozenset({"feed"}),
    # The one seat of an embedded exercise city plays every part.
    "exercise": frozenset({"officer", "shift_leader", "department"}),
}


def holds(role: str, needed: Iterable[str]) -> bool:
    """True when `role` may act as any of `needed`."""
    return not INCLUDES.get(role, frozenset()).isdisjoint(needed)


def acting_role(role: str, exercise: bool, embedded: bool) -> str:
    """The role whose rights apply: on an embedded exercise city a single person plays officer, shift leader and department."""
    return "exercise" if exercise and embedded and role in {"officer", "shift_leader", "trainer"} else role
