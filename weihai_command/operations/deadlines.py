"""Deadlines and holidays as this desk has them: the program's files, and those of the same name in the data folder before them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from ..domain.calendar import Calendar, Year, year_of
from ..domain.clocks import Rules, benchmarks_of, limits_of
from ..domain.faults import StoreFault
from . import user_toml

T = TypeVar("T")
LIMITS = "deadlines.toml"


#: The data folder of this process; there is one.
_chosen: list[Path | None] = [None]


def rules(root: Path | None = None) -> Rules:
    """The rules of the data folder `root`, or of the one that was begun with, read once; a file that is wrong is left out."""
    return _read(root or _chosen[0])[0]


def begin(root: Path | None) -> list[str]:
    """Go by the files of the data folder `root` from now on; sentences for a person about those that are wrong."""
    forget()
    _chosen[0] = root
    has_own = root is not None and any(is_ours(each.name) for each in root.glob("*.toml"))
    return [fault.sentence() for fault in faults(root)] if has_own else []


def faults(root: Path | None) -> tuple[StoreFault, ...]:
    """What is wrong with the files of a data folder."""
    return _read(root)[1]


def is_ours(name: str) -> bool:
    """Whether a file of this name is looked for in the data folder."""
    return _is_year(name) or name == LIMITS


def forget() -> None:
    """Go by the program's own files again, and read what is there anew when next asked."""
    _chosen[0] = None
    _read.cache_clear()


@cache
def _read(root: Path | None) -> tuple[Rules, tuple[StoreFault, ...]]:
    found: list[StoreFault] = []
    built = files("resources") / "words"
    years = {year.year: year for each in built.iterdir() if _is_year(each.name) for year in [year_of(tomllib.loads(each.read_text("utf-8")), each.name)]}
    told = tomllib.loads((built / LIMITS).read_text("utf-8"))
    limits, goals = limits_of(told, LIMITS), benchmarks_of(told, LIMITS)
    for each in sorted(root.glob("*.toml")) if root else ():
        if _is_year(each.name):
            own: Year | None = _own(each, year_of, found)
            years |= {own.year: own} if own else {}
        elif each.name == LIMITS:
            mine = _own(each, lambda raw, name: (limits_of(raw, name), benchmarks_of(raw, name)), found) or ({}, {})
            limits = {group: {**limits[group], **mine[0].get(group, {})} for group in limits}
            goals |= mine[1]
    kinds = {code: str(row["category"]) for code, row in tomllib.loads((built / "types.toml").read_text("utf-8")).items()}
    return Rules(Calendar(years.values()), limits["stage"], limits["category"], limits["type"], kinds, goals), tuple(found)


def _is_year(name: str) -> bool:
    return name.startswith("calendar-") and name.endswith(".toml")


def _own(file: Path, parse: Callable[[dict[str, Any], str], T], found: list[StoreFault]) -> T | None:
    """What a file of the data folder says, None where it is wrong; why goes to `found`."""
    try:
        return user_toml.read(file, parse)
    except StoreFault as fault:
        found.append(fault)
    return None
