"""Who may do what. A role holds the roles whose work it includes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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


#: Digits of an administrative code down to the province, 市, 县, 镇 and 村.
LEVELS = (2, 4, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class Post:
    """Where a department's account belongs: `department` is its code in words.toml, `area` an administrative code ("" = the whole city)."""

    department: str = ""
    area: str = ""

    def covers(self, department: str | None, area: str = "") -> bool:
        """True for a case of the own department whose place is not known to lie outside the own area."""
        return bool(self.department) and self.department == department and (not area or area.startswith(reach(self.area)))


def reach(code: str) -> str:
    """The beginning that all codes within `code` share: 371002 of 371002000, 3710 of 371000, "" of ""."""
    for short, long in reversed(list(zip((0, *LEVELS), LEVELS, strict=False))):
        if len(code) == long and not code[short:].strip("0"):
            code = code[:short]
    return code


def holds(role: str, needed: Iterable[str]) -> bool:
    """True when `role` may act as any of `needed`."""
    return not INCLUDES.get(role, frozenset()).isdisjoint(needed)


def acting_role(role: str, exercise: bool, embedded: bool) -> str:
    """The role whose rights apply: on an embedded exercise city a single person plays officer, shift leader and department."""
    return "exercise" if exercise and embedded and role in {"officer", "shift_leader", "trainer"} else role
